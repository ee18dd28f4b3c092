// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/engine.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ridgepoint::predict {
namespace {

constexpr Engine kVllm{Engine::Kind::vllm};
constexpr Engine kSglang{Engine::Kind::sglang};
constexpr Engine kTensorRt{Engine::Kind::tensorrt_llm};

TEST(Engine, HasTheNamesThatStacksOfProfilesBeginWith) {
  for (const auto kind : {Engine::Kind::vllm, Engine::Kind::sglang, Engine::Kind::tensorrt_llm}) {
    EXPECT_EQ(engine_named(name(kind)), kind);
  }
  EXPECT_EQ(engine_named("trtllm"), Engine::Kind::tensorrt_llm);
  EXPECT_FALSE(engine_named("vLLM").has_value());
}

// vLLM captures 1, 2, 4, then multiples of 8 up to 256 and of 16 up to 512.
TEST(Engine, PadsDecodesToTheNextCapturedSize) {
  const auto padded = [](double n) { return padded_sequences(kVllm, n); };
  EXPECT_EQ(padded(1), 1);
  EXPECT_EQ(padded(3), 4);
  EXPECT_EQ(padded(5), 8);
  EXPECT_EQ(padded(250), 256);
  EXPECT_EQ(padded(257), 272);
  EXPECT_EQ(padded(512), 512);
  EXPECT_EQ(padded(513), 513);
  EXPECT_EQ(padded_sequences(kTensorRt, 130), 256);
  EXPECT_EQ(padded_sequences(Engine{Engine::Kind::vllm, false}, 5), 5);
}

// vLLM's FI_ALLREDUCE_FUSION_MAX_SIZE_MB: on Hopper (NVLink 4) 64, 2 and 0.5 MiB at 2, 4 and 8
// ranks, on Blackwell 64, 32 and 1.
TEST(Engine, FusesNormsIntoAllReducesUpToDocumentedSizes) {
  constexpr double kMebi = 1 << 20;
  EXPECT_EQ(fused_norm_bytes(kVllm, 4, 8), kMebi / 2);
  EXPECT_EQ(fused_norm_bytes(kVllm, 4, 4), 2 * kMebi);
  EXPECT_EQ(fused_norm_bytes(kVllm, 5, 8), kMebi);
  EXPECT_EQ(fused_norm_bytes(kSglang, 5, 2), 64 * kMebi);
  EXPECT_EQ(fused_norm_bytes(kVllm, 3, 8), 0) << "an A100 has no such kernel";
  EXPECT_EQ(fused_norm_bytes(kVllm, 4, 16), 0);
  EXPECT_TRUE(std::isinf(fused_norm_bytes(kTensorRt, 3, 8)));
  EXPECT_EQ(fused_norm_bytes(Engine{Engine::Kind::vllm, false}, 4, 8), 0);
}

}  // namespace
}  // namespace ridgepoint::predict
