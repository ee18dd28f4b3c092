// SPDX-License-Identifier: Apache-2.0
// Measured attention, fitted and judged on configurations of heads that the fit did not see.
#include <gtest/gtest.h>

#include "core/shared_data.hpp"
#include "ridgepoint/calibrate/fit.hpp"
#include "ridgepoint/catalog/catalog.hpp"

namespace ridgepoint::calibrate {
namespace {

class MeasuredAttention : public ridgepoint::testing::SharedData {
 protected:
  struct Kernel {
    std::string table;
    efficiency::OperatorClass kind;
    std::string name;
    std::string cache;
    std::string stack;
    int every;  ///< of its rows
  };

  /// On an H100.
  static Result<efficiency::KernelProfile> fit_some(const Kernel& kernel) {
    const auto table = read_measurements(text_of("measured/" + kernel.table), kernel.table);
    EXPECT_TRUE(table && table->bad_rows.empty());
    std::vector<Measurement> rows;
    int met = 0;
    for (const Measurement& row : table->rows) {
      const bool is_of = row.device == "H100-SXM" && row.kind == kernel.kind &&
                         row.kernel == kernel.name && row.cache == kernel.cache &&
                         row.stack == kernel.stack;
      if (is_of && met++ % kernel.every == 0) rows.push_back(row);
    }
    const std::vector<KernelRows> kernels = rows_by_kernel(rows);
    EXPECT_EQ(kernels.size(), 1U);
    return fit_kernel(kernels.at(0), *catalog::find_device("H100-SXM"));
  }

  static void expect_met(const Kernel& kernel, double most_mdape) {
    const auto profile = fit_some(kernel);
    ASSERT_TRUE(profile);
    EXPECT_GT(profile->evidence.left_out_mdape, 0);
    EXPECT_LT(profile->evidence.left_out_mdape, most_mdape);
  }
};

// With all rows 5.1 %; with a twentieth 6.5 %.
TEST_F(MeasuredAttention, OfPromptsIsMetOnHeadsThatTheFitDidNotSee) {
  expect_met({"attention_prefill_aic.csv", efficiency::OperatorClass::prefill_attention,
              "vllm_flash_attn_fa3", "bf16", "vllm-0.24.0", 20},
             8);
}

// With all rows 2.9 %; with a twentieth 3.6 %.
TEST_F(MeasuredAttention, OfDecodeStepsLikewise) {
  expect_met({"attention_decode_aic.csv", efficiency::OperatorClass::decode_attention,
              "vllm_flash_attn_fa3", "bf16", "vllm-0.24.0", 20},
             5);
}

// With all rows 3.6 %; with a third 3.9 %.
TEST_F(MeasuredAttention, OfLatentDecodeLikewise) {
  expect_met({"mla_aic.csv", efficiency::OperatorClass::latent_decode, "flash_attention", "bf16",
              "sglang-0.5.14", 3},
             5.5);
}

// 1.7 %.
TEST_F(MeasuredAttention, OfLatentPromptsLikewise) {
  expect_met({"mla_aic.csv", efficiency::OperatorClass::latent_prefill, "default", "fp8",
              "trtllm-1.3.0rc10", 1},
             2.5);
}

TEST_F(MeasuredAttention, WithTimesOfTheHostIsNotFitted) {
  const auto profile = fit_some({"mla_aic.csv", efficiency::OperatorClass::latent_decode,
                                 "vllm_flashmla", "fp8", "vllm-0.14.0", 1});
  ASSERT_FALSE(profile);
  EXPECT_NE(profile.error().front().what.find("of the host"), std::string::npos);
}

}  // namespace
}  // namespace ridgepoint::calibrate
