// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/parallelism.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/model/parameters.hpp"

namespace ridgepoint::predict {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

model::Architecture model_named(const char* name) { return catalog::find_model(name).value(); }

model::Architecture share_of(const char* name, const Parallelism& parallelism) {
  const auto architecture = model_named(name);
  EXPECT_THAT(illegal_splits(architecture, parallelism), IsEmpty());
  return device_shares(architecture, parallelism).front().model;
}

constexpr ByteSize kBf16{2, 1};

// Llama 3.3 70B has 80 layers of D = 8192, N = 64, K = 8, H = 128, F = 28672 and V = 128256. One of
// eight devices: 8 heads, 1 key/value head, F = 3584 and 128256 / 8 = 16032 rows of each table:
//   attention  8192·(8 + 2·1)·128 + 8·128·8192   = 18,874,368
//   MLP        3·8192·3584                       = 88,080,384
//   norms      2·8192                            = 16,384
// 80 · 106,971,136 + 2·16032·8192 + 8192 = 8,820,367,360 parameters, 17.64 GB in bf16.
TEST(DeviceShare, OfLlama70BOnEightDevicesIsWorkedByHand) {
  const auto share = share_of("llama-3.3-70b", {8, 1, 1, 1});
  EXPECT_EQ(model::total_parameters(share).value(), 8'820'367'360);
  EXPECT_EQ(model::weight_bytes(share), Count(17'640'734'720));
  // A token keeps one head of keys and values in each layer: 80·2·128·2 B.
  EXPECT_EQ(model::kv_bytes_per_token(share, kBf16), Count(40'960));
}

// Of 8 key/value heads each of 16 devices needs one: two devices hold the same.
TEST(DeviceShare, ReplicatesKeyValueHeadsWhenThereAreFewerThanDevices) {
  const auto share = share_of("llama-3.3-70b", {16, 1, 1, 1});
  const auto& attention = std::get<model::Attention>(share.runs[0].mixer);
  EXPECT_EQ(attention.num_attention_heads, 4);
  EXPECT_EQ(attention.num_key_value_heads, 1);
  EXPECT_EQ(model::kv_bytes_per_token(share, kBf16), Count(40'960));
}

// Attention on each of 32 replicas whole, 256 experts over all of them: 8 each, as wide as ever.
// The latent cache is whole on every device: 61·(512 + 64)·2 B.
TEST(DeviceShare, OfDeepSeekV3WithAttentionDataParallelHasItsShareOfTheExpertsOnly) {
  const auto share = share_of("deepseek-v3", {1, 1, 32, 32});
  const auto& sparse = std::get<model::MixtureOfExperts>(share.runs[1].feed_forward);
  EXPECT_EQ(sparse.num_experts, 8);
  EXPECT_EQ(sparse.expert.intermediate_size, 2048);
  EXPECT_EQ(sparse.shared->intermediate_size, 2048);
  EXPECT_EQ(std::get<model::LatentAttention>(share.runs[1].mixer).num_attention_heads, 128);
  EXPECT_EQ(model::kv_bytes_per_token(share, kBf16), Count(70'272));
  // 671,026,419,200 parameters without 58·248 experts of 3·7168·2048.
  EXPECT_EQ(model::total_parameters(share).value(), 671'026'419'200 - 58 * 248 * 44'040'192LL);
}

TEST(DeviceShare, OfExpertsInsideATensorGroupSplitsWhatIsLeft) {
  const auto share = share_of("mixtral-8x7b", {8, 1, 1, 4});
  const auto& moe = std::get<model::MixtureOfExperts>(share.runs[0].feed_forward);
  EXPECT_EQ(moe.num_experts, 2);
  EXPECT_EQ(moe.expert.intermediate_size, 14336 / 2);
}

// 61 layers in 4 stages: 15 each and one over, for the last but one.
TEST(DeviceShare, OfAStageHasItsLayersAlone) {
  const auto shares = device_shares(model_named("deepseek-v3"), {1, 4, 1, 1});
  std::vector<std::int64_t> layers;
  for (const DeviceShare& share : shares) layers.push_back(num_hidden_layers(share.model));
  EXPECT_THAT(layers, ElementsAre(15, 15, 16, 15));
  EXPECT_TRUE(shares.front().has_embedding);
  EXPECT_FALSE(shares.front().has_head);
  EXPECT_FALSE(shares.back().has_embedding);
  EXPECT_TRUE(shares.back().has_head);
  // The three dense layers are the first ones.
  EXPECT_EQ(shares[0].model.runs.size(), 2u);
  EXPECT_EQ(shares[1].model.runs.size(), 1u);
}

TEST(IllegalSplits, ListTheLegalOnes) {
  const auto faults = illegal_splits(model_named("llama-3.1-8b"), {3, 1, 1, 1});
  ASSERT_FALSE(faults.empty());
  EXPECT_EQ(faults[0].what, "3 does not divide num_attention_heads 32");
  EXPECT_EQ(faults[0].help, "legal sizes: 1, 2, 4, 8, 16, 32");
}

TEST(IllegalSplits, AreFoundInEveryDirectionAtOnce) {
  const auto faults = illegal_splits(model_named("llama-3.1-8b"), {1, 33, 1, 2});
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_THAT(faults[0].what, HasSubstr("has no experts to spread"));
  EXPECT_EQ(faults[1].what, "33 stages of 32 layers");
}

// 8 experts over 16 devices: no.
TEST(IllegalSplits, KeepExpertsWhole) {
  const auto faults = illegal_splits(model_named("mixtral-8x7b"), {8, 1, 2, 16});
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].help, "legal sizes: 1, 2, 4, 8");
}

// All devices of a replica together hold the model once: what is split is split exactly, and what
// stays whole (norms, routers, latent projections) is there once on each.
TEST(DeviceShare, OfAllDevicesTogetherIsNeverLessThanTheModel) {
  for (const catalog::ModelEntry& entry : catalog::models()) {
    const std::int64_t whole = model::total_parameters(entry.architecture).value();
    for (const std::int64_t tensor : legal_tensor_sizes(entry.architecture, 16)) {
      const Parallelism split{tensor, 1, 1, 1};
      if (!illegal_splits(entry.architecture, split).empty()) continue;
      const auto share = device_shares(entry.architecture, split).front().model;
      const std::int64_t each = model::total_parameters(share).value();
      EXPECT_GE(tensor * each, whole) << entry.name << " TP " << tensor;
      EXPECT_LE(each, whole + 64 * entry.architecture.hidden_size) << entry.name;
    }
  }
}

}  // namespace
}  // namespace ridgepoint::predict
