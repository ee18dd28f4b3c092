// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/statistics.hpp"

#include <gtest/gtest.h>

#include "predict/worked_cases.hpp"

namespace ridgepoint::predict {
namespace {

// The figures of the lecture for Llama 2 13B on an H100 at S = 1024, K = 40 and K = 8:
// parameters 2·32000·5120 + 3·5120·13824·40 + (2·5120·40·128 + 2·5120·K·128)·40,
// KV bytes of a sequence 1024·K·128·40·2·2, memory = 2·parameters + B·KV, latency = memory
// ÷ 3.35e12, throughput = B ÷ latency.
TEST(Statistics, OfLlama2AreTheLectures) {
  const auto answer = statistics(testing::llama_2_13b(), testing::h100_sxm(), 1024, {1, 64, 256});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->parameters, 13'015'449'600);
  EXPECT_EQ(answer->kv_bytes_per_sequence, 838'860'800);
  ASSERT_EQ(answer->rows.size(), 3u);
  EXPECT_EQ(answer->rows[0].memory_bytes, 26'869'760'000);
  EXPECT_EQ(answer->rows[0].latency_s, 0.008020823880597015);
  EXPECT_DOUBLE_EQ(answer->rows[0].throughput_tokens_per_s, 124.6754716082317);
  EXPECT_EQ(answer->rows[1].memory_bytes, 79'717'990'400);
  EXPECT_DOUBLE_EQ(answer->rows[1].latency_s, 0.02379641504477612);
  EXPECT_DOUBLE_EQ(answer->rows[1].throughput_tokens_per_s, 2689.480742354489);
  EXPECT_TRUE(answer->rows[1].fits);
  EXPECT_EQ(answer->rows[2].memory_bytes, 240'779'264'000);
  EXPECT_DOUBLE_EQ(answer->rows[2].latency_s, 0.0718744071641791);
  EXPECT_DOUBLE_EQ(answer->rows[2].throughput_tokens_per_s, 3561.768508437670);
  EXPECT_FALSE(answer->rows[2].fits);
}

TEST(Statistics, ShowWhatFewerKeyValueHeadsBuy) {
  const auto answer =
      statistics(testing::llama_2_13b_with_kv_heads(8), testing::h100_sxm(), 1024, {64, 256});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->parameters, 11'337'728'000);
  EXPECT_EQ(answer->rows[0].memory_bytes, 33'412'874'240);
  EXPECT_DOUBLE_EQ(answer->rows[0].latency_s, 0.00997399231044776);
  EXPECT_DOUBLE_EQ(answer->rows[0].throughput_tokens_per_s, 6416.688323787855);
  EXPECT_EQ(answer->rows[1].memory_bytes, 65'625'128'960);
  EXPECT_DOUBLE_EQ(answer->rows[1].latency_s, 0.01958959073432836);
  EXPECT_DOUBLE_EQ(answer->rows[1].throughput_tokens_per_s, 13068.16479587760);
  EXPECT_TRUE(answer->rows[1].fits);
}

TEST(Statistics, LargestBatchFitsAndOneMoreDoesNot) {
  // (80e9 − 26,030,899,200) ÷ 838,860,800 = 64.3
  const auto answer = statistics(testing::llama_2_13b(), testing::h100_sxm(), 1024, {64, 65});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->max_batch, 64);
  EXPECT_TRUE(answer->rows[0].fits);
  EXPECT_FALSE(answer->rows[1].fits);
}

TEST(Statistics, SayWhyTheLecturesFormulaDoesNotApply) {
  model::Architecture mistral = testing::llama_2_13b();
  std::get<model::Attention>(mistral.runs[0].mixer).window = 4096;
  const auto answer = statistics(mistral, testing::h100_sxm(), 1024, {1});
  ASSERT_FALSE(answer.has_value());
  EXPECT_NE(answer.error()[0].what.find("window"), std::string::npos);
}

TEST(Statistics, RefuseCountsBeyond64Bits) {
  const auto answer = statistics(testing::llama_2_13b(), testing::h100_sxm(), std::int64_t{1} << 40,
                                 {std::int64_t{1} << 40});
  ASSERT_FALSE(answer.has_value());
  EXPECT_NE(answer.error()[0].what.find("2^63"), std::string::npos);
}

}  // namespace
}  // namespace ridgepoint::predict
