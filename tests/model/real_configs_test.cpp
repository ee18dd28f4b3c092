// SPDX-License-Identifier: Apache-2.0
// Real config.json files against the parameter totals and cache sizes that are known of them.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "core/csv.hpp"
#include "core/faults.hpp"
#include "core/shared_data.hpp"
#include "ridgepoint/model/parameters.hpp"

namespace ridgepoint::model {
namespace {

using ridgepoint::testing::csv_rows;
using ridgepoint::testing::faults_of;

const std::set<std::string> kLlamaShaped{
    "llama", "yi (llama arch)", "smollm (llama arch)", "mistral",    "qwen2", "qwen3",
    "phi3",  "olmo2",           "internlm2",           "starcoder2", "gemma", "gemma2"};

class RealConfigs : public ridgepoint::testing::SharedData {
 protected:
  static std::vector<std::map<std::string, std::string>> truth() {
    return csv_rows(text_of("model-configs/truth.csv"));
  }
  static Result<Architecture> read(const std::string& file) {
    return read_architecture(text_of("model-configs/" + file), file);
  }
};

TEST_F(RealConfigs, OfTheLlamaShapeHaveTheirKnownSizes) {
  constexpr ByteSize kTwoBytes{2, 1};
  int compared = 0;
  for (const auto& row : truth()) {
    if (!kLlamaShaped.contains(row.at("family"))) continue;
    const Result<Architecture> model = read(row.at("file"));
    ASSERT_EQ(faults_of(model), "");
    EXPECT_EQ(std::to_string(total_parameters(*model).value()), row.at("total_params"))
        << row.at("file");
    EXPECT_EQ(std::to_string(kv_bytes_per_token(*model, kTwoBytes).to_integer().value()),
              row.at("kv_bytes_per_token_bf16"))
        << row.at("file");
    // Once every window is full.
    constexpr std::int64_t kLong = 1 << 20;
    const Count growth = kv_bytes_per_sequence(*model, kLong + 1, kTwoBytes) -
                         kv_bytes_per_sequence(*model, kLong, kTwoBytes);
    EXPECT_EQ(std::to_string(growth.to_integer().value()), row.at("kv_growth_beyond_window_bf16"))
        << row.at("file");
    ++compared;
  }
  EXPECT_GE(compared, 33);
}

TEST_F(RealConfigs, OfOtherShapesAreRefusedRatherThanMiscounted) {
  int refused = 0;
  for (const auto& row : truth()) {
    if (kLlamaShaped.contains(row.at("family"))) continue;
    EXPECT_FALSE(read(row.at("file"))) << row.at("file");
    ++refused;
  }
  EXPECT_GE(refused, 30);
}

}  // namespace
}  // namespace ridgepoint::model
