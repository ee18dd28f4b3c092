// SPDX-License-Identifier: Apache-2.0
// Totals that the hub shows of models of the rarer families, from the facts of their configs.
#include "model/known_totals.hpp"

#include <gtest/gtest.h>

namespace ridgepoint::model {
namespace {

using ridgepoint::testing::expect_totals;
using ridgepoint::testing::KnownTotal;

const KnownTotal kKnown[] = {
    {"OLMoE-1B-7B", 6'919'161'856,
     R"({"model_type":"olmoe","hidden_size":2048,"intermediate_size":1024,"num_hidden_layers":16,
      "num_attention_heads":16,"num_experts":64,"num_experts_per_tok":8,"vocab_size":50304})"},
    {"Phi-3.5-MoE", 41'873'153'344,
     R"({"model_type":"phimoe","hidden_size":4096,"intermediate_size":6400,"num_hidden_layers":32,
      "num_attention_heads":32,"num_key_value_heads":8,"num_local_experts":16,
      "num_experts_per_tok":2,"attention_bias":true,"vocab_size":32064})"},
    {"OPT-350m", 331'196'416,
     R"({"model_type":"opt","hidden_size":1024,"ffn_dim":4096,"num_hidden_layers":24,
      "num_attention_heads":16,"vocab_size":50272,"max_position_embeddings":2048,
      "word_embed_proj_dim":512,"do_layer_norm_before":false})"},
    {"StableLM 2 1.6B", 1'644'515'328,
     R"({"model_type":"stablelm","hidden_size":2048,"intermediate_size":5632,
      "num_hidden_layers":24,"num_attention_heads":32,"use_qkv_bias":true,"vocab_size":100352})"},
    {"GPT-2 XL", 1'557'611'200,
     R"({"model_type":"gpt2","n_embd":1600,"n_layer":48,"n_head":25,"n_positions":1024,
      "vocab_size":50257})"},
    {"GPT-Neo 125M", 125'198'592,
     R"({"model_type":"gpt_neo","hidden_size":768,"num_layers":12,"num_heads":12,
      "intermediate_size":null,"attention_types":[[["global","local"],6]],"window_size":256,
      "max_position_embeddings":2048,"vocab_size":50257})"},
    {"BERT large", 335'141'888,
     R"({"model_type":"bert","hidden_size":1024,"intermediate_size":4096,"num_hidden_layers":24,
      "num_attention_heads":16,"vocab_size":30522,"max_position_embeddings":512})"},
    {"RoBERTa base", 124'645'632,
     R"({"model_type":"roberta","hidden_size":768,"intermediate_size":3072,
      "num_hidden_layers":12,"num_attention_heads":12,"vocab_size":50265,"type_vocab_size":1,
      "max_position_embeddings":514})"},
    {"DistilBERT", 66'362'880,
     R"({"model_type":"distilbert","dim":768,"hidden_dim":3072,"n_layers":6,"n_heads":12,
      "vocab_size":30522,"max_position_embeddings":512})"},
    {"ModernBERT base", 149'014'272,
     R"({"model_type":"modernbert","hidden_size":768,"intermediate_size":1152,
      "num_hidden_layers":22,"num_attention_heads":12,"vocab_size":50368,
      "max_position_embeddings":8192,"local_attention":128,"global_attn_every_n_layers":3})"},
    {"T5 small", 60'506'624,
     R"({"model_type":"t5","d_model":512,"d_ff":2048,"d_kv":64,"num_layers":6,"num_heads":8,
      "vocab_size":32128})"},
    {"BART base", 139'420'416,
     R"({"model_type":"bart","d_model":768,"encoder_layers":6,"decoder_layers":6,
      "encoder_attention_heads":12,"encoder_ffn_dim":3072,"decoder_ffn_dim":3072,
      "vocab_size":50265,"max_position_embeddings":1024})"},
    {"BLOOM 560m", 559'214'592,
     R"({"model_type":"bloom","n_embed":1024,"n_layer":24,"num_attention_heads":16,
      "vocab_size":250880})"},
    {"Qwen 7B", 7'721'324'544,
     R"({"model_type":"qwen","hidden_size":4096,"intermediate_size":22016,"num_hidden_layers":32,
      "num_attention_heads":32,"kv_channels":128,"vocab_size":151936})"},
    {"Phi-1.5", 1'418'270'720,
     R"({"model_type":"phi","hidden_size":2048,"intermediate_size":8192,"num_hidden_layers":24,
      "num_attention_heads":32,"vocab_size":51200})"},
    {"EXAONE 3.5 7.8B", 7'818'448'896,
     R"({"model_type":"exaone","hidden_size":4096,"intermediate_size":14336,"num_layers":32,
      "num_attention_heads":32,"num_key_value_heads":8,"vocab_size":102400})"},
    {"Command R7B", 8'028'033'024,
     R"({"model_type":"cohere2","hidden_size":4096,"intermediate_size":14336,
      "num_hidden_layers":32,"num_attention_heads":32,"num_key_value_heads":8,
      "sliding_window":4096,"sliding_window_pattern":4,"vocab_size":256000})"},
    {"GLM-4-9B-0414", 9'400'279'040,
     R"({"model_type":"glm4","hidden_size":4096,"intermediate_size":13696,
      "num_hidden_layers":40,"num_attention_heads":32,"num_key_value_heads":2,"head_dim":128,
      "attention_bias":true,"vocab_size":151552})"},
    {"Mamba-Codestral 7B", 7'285'403'648,
     R"({"model_type":"mamba2","hidden_size":4096,"num_hidden_layers":64,"num_heads":128,
      "head_dim":64,"state_size":128,"n_groups":8,"expand":2,"conv_kernel":4,
      "time_step_limit":[0.0,Infinity],"vocab_size":32768})"},
    {"LFM2 1.2B", 1'170'340'608,
     R"({"model_type":"lfm2","hidden_size":2048,"intermediate_size":12288,
      "block_auto_adjust_ff_dim":true,"block_ffn_dim_multiplier":1.0,"block_multiple_of":256,
      "num_hidden_layers":16,"num_attention_heads":32,"num_key_value_heads":8,
      "full_attn_idxs":[2,5,8,10,12,14],"conv_L_cache":3,"vocab_size":65536})"},
    {"StarCoder", 15'517'456'384,
     R"({"model_type":"gpt_bigcode","n_embd":6144,"n_layer":40,"n_head":48,"n_inner":24576,
      "multi_query":true,"n_positions":8192,"vocab_size":49152})"},
    {"Kimi-Linear 48B-A3B", 49'122'681'728,
     R"({"model_type":"kimi_linear","hidden_size":2304,"intermediate_size":9216,
      "moe_intermediate_size":1024,"num_hidden_layers":27,"num_attention_heads":32,
      "num_key_value_heads":32,"head_dim":72,"q_lora_rank":null,"kv_lora_rank":512,
      "qk_nope_head_dim":128,"qk_rope_head_dim":64,"v_head_dim":128,"num_experts":256,
      "num_experts_per_token":8,"num_shared_experts":1,"first_k_dense_replace":1,
      "moe_layer_freq":1,"vocab_size":163840,"linear_attn_config":{"num_heads":32,
      "head_dim":128,"short_conv_kernel_size":4,"full_attn_layers":[4,8,12,16,20,24,27],
      "kda_layers":[1,2,3,5,6,7,9,10,11,13,14,15,17,18,19,21,22,23,25,26]}})"},
};

// Kimi K3, from the shapes of its checkpoint's tensors; D = 7168 and 12,288 = 96 heads of 128.
// 69 layers of KDA: q, k, v, o and gate 5·12,288·D, decay D·128 + 128·12,288, 96·D of beta, three
// convolutions of 4·12,288, dt_bias 12,288, A_log 128 and a norm of 128.
// 24 of MLA: 1536·D + 1536 + 18,432·1536 + 576·D + 512 + 24,576·512, gate and output 2·12,288·D.
// All 93: six rows of D for norms and residuals.
TEST(KnownTotals, OfKimiK3AreReached) {
  constexpr std::int64_t kWidth = 7168;
  constexpr std::int64_t kHeads = 12'288;
  constexpr std::int64_t kKda = 5 * kHeads * kWidth + 128 * (kWidth + kHeads) + 96 * kWidth +
                                3 * 4 * kHeads + kHeads + 128 + 128;
  constexpr std::int64_t kMla = 1536 * kWidth + 1536 + 18'432 * 1536 + 576 * kWidth + 512 +
                                24'576 * 512 + 2 * kHeads * kWidth;
  constexpr std::int64_t kDense = 3 * 33'792 * kWidth;
  constexpr std::int64_t kExperts =
      896LL * 3 * 3072 * 3584 + 896 * kWidth + 896 + 2 * 3584 * kWidth + 3584 + 3 * 6144 * kWidth;
  constexpr std::int64_t kTotal = 2 * 163'840 * kWidth + 69 * kKda + 24 * kMla + 93 * 6 * kWidth +
                                  kDense + 92 * kExperts + 3 * kWidth;
  static_assert(kTotal == 2'779'484'478'208);
  const KnownTotal kimi[] = {{"Kimi K3", kTotal, R"({"model_type":"kimi_k3","text_config":{
      "model_type":"kimi_linear","hidden_size":7168,"intermediate_size":33792,
      "moe_intermediate_size":3072,"routed_expert_hidden_size":3584,"latent_moe_use_norm":true,
      "attn_res_block_size":12,"mla_use_output_gate":true,"mla_use_nope":true,
      "num_hidden_layers":93,"num_attention_heads":96,"num_key_value_heads":96,
      "q_lora_rank":1536,"kv_lora_rank":512,"qk_nope_head_dim":128,"qk_rope_head_dim":64,
      "v_head_dim":128,"num_experts":896,"num_experts_per_token":16,"num_shared_experts":2,
      "first_k_dense_replace":1,"moe_layer_freq":1,"vocab_size":163840,"linear_attn_config":{
      "num_heads":96,"head_dim":128,"short_conv_kernel_size":4,"use_full_rank_gate":true,
      "full_attn_layers":[4,8,12,16,20,24,28,32,36,40,44,48,52,56,60,64,68,72,76,80,84,88,92,
      93]}}})"}};
  expect_totals(kimi);
}

TEST(KnownTotals, OfTheRarerFamiliesAreReached) { expect_totals(kKnown); }

}  // namespace
}  // namespace ridgepoint::model
