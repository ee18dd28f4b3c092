// SPDX-License-Identifier: Apache-2.0
// Sizes of catalogue models worked by hand from published figures.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/model/parameters.hpp"

namespace ridgepoint::catalog {
namespace {

model::Architecture named(const std::string& name) {
  auto found = find_model(name);
  EXPECT_TRUE(found) << name;
  return found.value_or(model::Architecture{});
}

Count cache(const std::string& name) { return model::kv_bytes_per_token(named(name), {2, 1}); }
Count late_cache(const std::string& name) {
  return model::kv_bytes_per_token_beyond_window(named(name), {2, 1});
}

TEST(CacheOfAToken, IsWorkedByHandForTwelveModels) {
  // Keys and values, layers, key/value heads, width, 2 bytes.
  EXPECT_EQ(cache("llama-2-7b"), Count(2 * 32 * 32 * 128 * 2));
  EXPECT_EQ(cache("llama-2-13b"), Count(2 * 40 * 40 * 128 * 2));
  EXPECT_EQ(cache("llama-3.1-405b"), Count(2 * 126 * 8 * 128 * 2));
  EXPECT_EQ(cache("mixtral-8x7b"), Count(2 * 32 * 8 * 128 * 2));
  EXPECT_EQ(cache("qwen3-235b-a22b"), Count(2 * 94 * 4 * 128 * 2));
  EXPECT_EQ(cache("falcon-7b"), Count(2 * 32 * 1 * 64 * 2));      // multi-query
  EXPECT_EQ(cache("bloom-176b"), Count(2 * 70 * 112 * 128 * 2));  // no key/value head key at all
  EXPECT_EQ(cache("chatglm3-6b"), Count(2 * 28 * 2 * 128 * 2));   // two groups
  // A latent of 512 and a rotary key of 64, once for all heads.
  EXPECT_EQ(cache("deepseek-v3"), Count(61 * (512 + 64) * 2));
  // Only one layer in four caches keys and values.
  EXPECT_EQ(cache("qwen3-next-80b-a3b"), Count(2 * 12 * 2 * 256 * 2));
  // 10 of 62 layers see every token, the others 1024.
  EXPECT_EQ(cache("gemma-3-27b"), Count(2 * 62 * 16 * 128 * 2));
  EXPECT_EQ(late_cache("gemma-3-27b"), Count(2 * 10 * 16 * 128 * 2));
  // Every second layer sees 128 tokens.
  EXPECT_EQ(cache("gpt-oss-120b"), Count(2 * 36 * 8 * 64 * 2));
  EXPECT_EQ(late_cache("gpt-oss-120b"), Count(2 * 18 * 8 * 64 * 2));
}

TEST(ActiveParameters, OfMixtralLeaveOutSixOfEightExperts) {
  // An expert: 3 · 4096 · 14336 = 176,160,768; 6 idle ones in 32 layers: 33,822,867,456.
  const model::Architecture mixtral = named("mixtral-8x7b");
  EXPECT_EQ(model::total_parameters(mixtral).value(), 46'702'792'704);
  EXPECT_EQ(model::active_parameters(mixtral).value(), 46'702'792'704 - 33'822'867'456);
}

TEST(StateOfASequence, IsWorkedByHandForMamba2AndGatedDeltaNet) {
  // Mamba-2 of Nemotron 3 Nano: 64 heads · 64 · 128 states in fp32 and 3 past inputs of
  // 4096 + 2·8·128 channels in bf16, in 23 layers.
  EXPECT_EQ(model::state_bytes_per_sequence(named("nemotron-3-nano-30b-a3b")),
            Count(23 * (64 * 64 * 128 * 4 + 3 * (4096 + 2 * 8 * 128) * 2)));
  // Gated DeltaNet of Qwen3-Next: 32 heads · 128 · 128 in fp32 and 3 past inputs of
  // 2·2048 + 4096 channels in bf16, in 36 layers.
  EXPECT_EQ(model::state_bytes_per_sequence(named("qwen3-next-80b-a3b")),
            Count(36 * (32 * 128 * 128 * 4 + 3 * (2 * 2048 + 4096) * 2)));
}

TEST(StoredWeights, OfBlockFp8HaveAScaleForEachBlock) {
  // DeepSeek-V3 in fp8: more than one byte a parameter, with the embedding and the head in bf16.
  const model::Architecture deepseek = named("deepseek-v3");
  const double per_parameter = model::weight_bytes(deepseek).to_double() / 671'026'419'200.0;
  EXPECT_GT(per_parameter, 1.002);
  EXPECT_LT(per_parameter, 1.004);
}

TEST(PublishedTotals, AreReached) {
  const std::map<std::string, std::int64_t> totals{
      {"falcon-7b", 6'921'720'704},
      {"gemma-3-12b", 12'187'325'040 - 421'290'864},  // the hub's total without vision
      {"gemma-3-27b", 27'432'406'640 - 423'060'336},
      {"gpt-oss-120b", 116'829'156'672},
      {"llama-3.1-405b", 405'853'388'800},
      {"llama-3.2-3b", 3'212'749'824},
      {"llama-4-maverick", 401'583'781'376 - 871'932'416},
      {"qwen3-235b-a22b", 235'093'634'560},
  };
  for (const auto& [name, total] : totals) {
    EXPECT_EQ(model::total_parameters(named(name)).value(), total) << name;
  }
}

}  // namespace
}  // namespace ridgepoint::catalog
