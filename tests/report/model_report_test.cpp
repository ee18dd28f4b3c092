// SPDX-License-Identifier: Apache-2.0
// Every kind of layer shows its kind and its sizes in `models --json`.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <string>

#include "ridgepoint/model/architecture.hpp"
#include "ridgepoint/report/catalog_report.hpp"

namespace ridgepoint::report {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

/// Two layers of each kind of mixer, in one model.
catalog::ModelEntry entry(model::Mixer mixer, model::FeedForward part = model::NoFeedForward{}) {
  catalog::ModelEntry result;
  result.name = "sample";
  model::Architecture& architecture = result.architecture;
  architecture.family = "sample";
  architecture.hidden_size = 8;
  architecture.vocab_size = 32;
  model::LayerRun run{2, std::move(mixer), std::move(part)};
  run.numbers = {0, 1};
  architecture.runs = {run};
  return result;
}
json layers(const catalog::ModelEntry& model) {
  const auto sheet = model_sheet(model);
  return sheet ? json::parse(to_json(*sheet))["layers"][0] : json();
}
json layers(model::Mixer mixer) { return layers(entry(std::move(mixer))); }

TEST(ModelReport, ShowsTheSizesOfAttention) {
  model::Attention attention{
      .num_attention_heads = 4, .num_key_value_heads = 2, .head_dim = 2, .window = 16};
  const json sliding = layers(attention);
  EXPECT_EQ(sliding["mixer"], "sliding_attention");
  EXPECT_EQ(sliding["sliding_window"], 16);
  EXPECT_EQ(sliding["num_key_value_heads"], 2);
  EXPECT_EQ(sliding["qk_norm"], "none");
  EXPECT_EQ(sliding["rotary"], true);
  EXPECT_FALSE(sliding.contains("attention_chunk_size"));
  attention.is_chunked = true;
  attention.has_rotary = false;
  const json chunked = layers(attention);
  EXPECT_EQ(chunked["mixer"], "chunked_attention");
  EXPECT_EQ(chunked["sliding_window"], 0);
  EXPECT_EQ(chunked["attention_chunk_size"], 16);
  EXPECT_EQ(chunked["rotary"], false);
}

TEST(ModelReport, ShowsTheIndexerOfSparseAttention) {
  model::LatentAttention mla{.num_attention_heads = 2,
                             .kv_lora_rank = 4,
                             .qk_nope_head_dim = 2,
                             .qk_rope_head_dim = 2,
                             .v_head_dim = 2,
                             .indexer = {}};
  EXPECT_EQ(layers(mla)["mixer"], "mla");
  mla.indexer = model::Indexer{.num_heads = 4, .head_dim = 6, .top_k = 64};
  const json sparse = layers(mla);
  EXPECT_EQ(sparse["mixer"], "sparse_mla");
  EXPECT_EQ(sparse["index_n_heads"], 4);
  EXPECT_EQ(sparse["index_head_dim"], 6);
  EXPECT_EQ(sparse["index_topk"], 64);
  // Two layers of 6 values in bf16.
  const auto sheet = model_sheet(entry(mla));
  EXPECT_EQ(json::parse(to_json(*sheet))["index_bytes_per_token"], 24);
}

TEST(ModelReport, ShowsTheSizesOfEveryRecurrentMixer) {
  const json mamba1 = layers(model::Mamba1{16, 4, 3, 2});
  EXPECT_EQ(mamba1["mixer"], "mamba1");
  EXPECT_EQ(mamba1["mamba_intermediate_size"], 16);
  EXPECT_EQ(mamba1["time_step_rank"], 2);
  const json mamba2 = layers(model::Mamba2{.num_heads = 2,
                                           .head_dim = 8,
                                           .state_size = 4,
                                           .groups = 1,
                                           .conv_kernel = 3,
                                           .chunk_size = 128});
  EXPECT_EQ(mamba2["mixer"], "mamba2");
  EXPECT_EQ(mamba2["chunk_size"], 128);
  const json kda = layers(model::KimiDeltaAttention{2, 4, 3});
  EXPECT_EQ(kda["mixer"], "kda");
  EXPECT_EQ(kda["linear_num_heads"], 2);
  EXPECT_EQ(kda["linear_head_dim"], 4);
  EXPECT_EQ(kda["conv_kernel"], 3);
  const json lightning = layers(model::LightningAttention{2, 4});
  EXPECT_EQ(lightning["mixer"], "lightning_attention");
  EXPECT_EQ(lightning["linear_head_dim"], 4);
  const json convolution = layers(model::ShortConvolution{8, 3});
  EXPECT_EQ(convolution["mixer"], "short_convolution");
  EXPECT_EQ(convolution["conv_width"], 8);
  const json unit = layers(model::RecurrentUnit{8, 2, 4});
  EXPECT_EQ(unit["mixer"], "rg_lru");
  EXPECT_EQ(unit["lru_width"], 8);
  EXPECT_EQ(unit["lru_blocks"], 2);
}

TEST(ModelReport, SaysWhichLayersARunHas) {
  EXPECT_EQ(layers(model::LightningAttention{2, 4})["layer_numbers"], (json{0, 1}));
}

TEST(ModelReport, NamesTheSizesForPeopleToo) {
  const auto sheet = model_sheet(entry(model::KimiDeltaAttention{2, 4, 3}));
  ASSERT_TRUE(sheet);
  EXPECT_THAT(to_text(*sheet, {}), HasSubstr("Kimi Delta Attention, 2 heads of 4"));
}

TEST(ModelReport, HasTheCacheBeyondWindowsAndTheStateInCsv) {
  // Two layers: 2 heads of 4 × 4 in fp32 each.
  const auto sheet = model_sheet(entry(model::LightningAttention{2, 4}));
  ASSERT_TRUE(sheet);
  EXPECT_THAT(to_csv(*sheet), AllOf(HasSubstr("kv_bytes_per_token,kv_bytes_per_token_beyond_window,"
                                              "state_bytes_per_sequence,source"),
                                    HasSubstr(",0,0,256,")));
}

TEST(ModelReport, TellsHowTheWeightsAreStored) {
  catalog::ModelEntry model = entry(model::LightningAttention{2, 4});
  EXPECT_EQ(json::parse(to_json(*model_sheet(model)))["quantization"], "");
  model.architecture.quantization = model::Quantization{.name = "fp8"};
  EXPECT_EQ(json::parse(to_json(*model_sheet(model)))["quantization"], "fp8");
}

}  // namespace
}  // namespace ridgepoint::report
