// SPDX-License-Identifier: Apache-2.0
// Real config.json files against the parameter totals and cache sizes that are known of them.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "core/csv.hpp"
#include "core/faults.hpp"
#include "core/shared_data.hpp"
#include "ridgepoint/model/parameters.hpp"

namespace ridgepoint::model {
namespace {

using ridgepoint::testing::csv_rows;
using ridgepoint::testing::faults_of;

constexpr ByteSize kTwoBytes{2, 1};

class RealConfigs : public ridgepoint::testing::SharedData {
 protected:
  static std::vector<std::map<std::string, std::string>> truth() {
    return csv_rows(text_of("model-configs/truth.csv"));
  }
  static Result<Architecture> read(const std::string& file) {
    return read_architecture(text_of("model-configs/" + file), file);
  }
};

std::string text(const Count& count) {
  const auto integer = count.to_integer();
  return integer ? std::to_string(*integer) : "not whole";
}

TEST_F(RealConfigs, HaveTheirKnownSizesToTheLastParameter) {
  int compared = 0;
  for (const auto& row : truth()) {
    const std::string& file = row.at("file");
    const Result<Architecture> model = read(file);
    EXPECT_EQ(faults_of(model), "") << file;
    if (!model) continue;
    EXPECT_EQ(std::to_string(total_parameters(*model).value()), row.at("total_params")) << file;
    EXPECT_EQ(std::to_string(active_parameters(*model).value()), row.at("active_params")) << file;
    EXPECT_EQ(text(kv_bytes_per_token(*model, kTwoBytes)), row.at("kv_bytes_per_token_bf16"))
        << file;
    EXPECT_EQ(text(kv_bytes_per_token_beyond_window(*model, kTwoBytes)),
              row.at("kv_growth_beyond_window_bf16"))
        << file;
    EXPECT_EQ(text(state_bytes_per_sequence(*model)), row.at("state_bytes_per_seq")) << file;
    ++compared;
  }
  EXPECT_EQ(compared, 72);
}

TEST_F(RealConfigs, GrowBeyondTheirWindowsByWhatIsUnbounded) {
  for (const auto& row : truth()) {
    const Result<Architecture> model = read(row.at("file"));
    if (!model) continue;
    constexpr std::int64_t kLong = 1 << 24;
    const Count growth = kv_bytes_per_sequence(*model, kLong + 1, kTwoBytes) -
                         kv_bytes_per_sequence(*model, kLong, kTwoBytes);
    EXPECT_EQ(growth, kv_bytes_per_token_beyond_window(*model, kTwoBytes)) << row.at("file");
  }
}

TEST_F(RealConfigs, OfGptOssWeighWhatTheIndexOfItsCheckpointSays) {
  // Experts: 24 layers · 32 · (2880·5760 + 2880·2880) = 19,110,297,600 values at 17/32 bytes, the
  // other 1,804,459,584 at 2: the index says total_size 13,761,264,768.
  const Result<Architecture> model = read("openai__gpt-oss-20b.json");
  ASSERT_EQ(faults_of(model), "");
  EXPECT_EQ(weight_bytes(*model), Count(13'761'264'768));
}

}  // namespace
}  // namespace ridgepoint::model
