// SPDX-License-Identifier: Apache-2.0
// Parameter totals of encoders and of encoders with a decoder, as the classes that Transformers
// builds from these configs have them.
#include <gtest/gtest.h>

#include "model/known_totals.hpp"

namespace ridgepoint::model {
namespace {

using ridgepoint::testing::expect_totals;
using ridgepoint::testing::KnownTotal;

const KnownTotal kKnown[] = {
    {"t5-11b", 11'307'321'344,
     R"({"model_type":"t5","d_model":1024,"d_ff":65536,"d_kv":128,"num_layers":24,
      "num_heads":128,"vocab_size":32128})"},
    {"flan-t5-small", 76'961'152,
     R"({"model_type":"t5","d_model":512,"d_ff":1024,"d_kv":64,"num_layers":8,"num_heads":6,
      "vocab_size":32128,"feed_forward_proj":"gated-gelu","tie_word_embeddings":false})"},
    {"mt5-small", 300'176'768,
     R"({"model_type":"mt5","d_model":512,"d_ff":1024,"d_kv":64,"num_layers":8,
      "num_heads":6,"vocab_size":250112,"feed_forward_proj":"gated-gelu",
      "tie_word_embeddings":false})"},
    {"roberta-large", 355'359'744,
     R"({"model_type":"roberta","hidden_size":1024,"intermediate_size":4096,
      "num_hidden_layers":24,"num_attention_heads":16,"vocab_size":50265,
      "type_vocab_size":1,"max_position_embeddings":514})"},
    {"xlmr-base", 278'043'648,
     R"({"model_type":"xlm-roberta","hidden_size":768,"intermediate_size":3072,
      "num_hidden_layers":12,"num_attention_heads":12,"vocab_size":250002,
      "type_vocab_size":1,"max_position_embeddings":514})"},
    {"bge-m3", 567'754'752,
     R"({"model_type":"xlm-roberta","hidden_size":1024,"intermediate_size":4096,
      "num_hidden_layers":24,"num_attention_heads":16,"vocab_size":250002,
      "type_vocab_size":1,"max_position_embeddings":8194})"},
    {"minilm-l6", 22'713'216,
     R"({"model_type":"bert","hidden_size":384,"intermediate_size":1536,
      "num_hidden_layers":6,"num_attention_heads":12,"vocab_size":30522,
      "type_vocab_size":2,"max_position_embeddings":512})"},
    {"electra-base", 108'891'648,
     R"({"model_type":"electra","hidden_size":768,"intermediate_size":3072,
      "num_hidden_layers":12,"num_attention_heads":12,"vocab_size":30522,
      "embedding_size":768,"type_vocab_size":2,"max_position_embeddings":512})"},
    {"albert-base-v2", 11'683'584,
     R"({"model_type":"albert","hidden_size":768,"intermediate_size":3072,
      "num_hidden_layers":12,"num_attention_heads":12,"vocab_size":30000,
      "embedding_size":128,"type_vocab_size":2,"max_position_embeddings":512,
      "num_hidden_groups":1,"inner_group_num":1})"},
    {"modernbert-large", 394'781'696,
     R"({"model_type":"modernbert","hidden_size":1024,"intermediate_size":2624,
      "num_hidden_layers":28,"num_attention_heads":16,"vocab_size":50368,
      "local_attention":128,"global_attn_every_n_layers":3,"max_position_embeddings":8192})"},
    {"deberta-v3-base", 183'831'552,
     R"({"model_type":"deberta-v2","hidden_size":768,"intermediate_size":3072,
      "num_hidden_layers":12,"num_attention_heads":12,"vocab_size":128100,
      "type_vocab_size":0,"max_position_embeddings":512,"relative_attention":true,
      "position_buckets":256,"norm_rel_ebd":"layer_norm","share_att_key":true,
      "pos_att_type":"p2c|c2p","position_biased_input":false})"},
    {"nomic-bert", 136'731'648,
     R"({"model_type":"nomic_bert","n_embd":768,"n_layer":12,"n_head":12,"n_inner":3072,
      "vocab_size":30528,"n_positions":8192,"type_vocab_size":2,
      "activation_function":"swiglu","qkv_proj_bias":false,"mlp_fc1_bias":false,
      "mlp_fc2_bias":false,"prenorm":false,"rotary_emb_fraction":1.0})"},
    {"bart-large", 406'291'456,
     R"({"model_type":"bart","d_model":1024,"encoder_layers":12,"decoder_layers":12,
      "encoder_attention_heads":16,"decoder_attention_heads":16,"encoder_ffn_dim":4096,
      "decoder_ffn_dim":4096,"vocab_size":50265,"max_position_embeddings":1024,
      "num_hidden_layers":12})"},
    {"nllb-600m", 615'073'792,
     R"({"model_type":"m2m_100","d_model":1024,"encoder_layers":12,"decoder_layers":12,
      "encoder_attention_heads":16,"decoder_attention_heads":16,"encoder_ffn_dim":4096,
      "decoder_ffn_dim":4096,"vocab_size":256206,"max_position_embeddings":1024,
      "num_hidden_layers":12})"},
    {"mpnet-base", 109'486'464,
     R"({"model_type":"mpnet","hidden_size":768,"intermediate_size":3072,
      "num_hidden_layers":12,"num_attention_heads":12,"vocab_size":30527,
      "max_position_embeddings":514,"relative_attention_num_buckets":32})"},
    {"pegasus-large", 570'797'056,
     R"({"model_type":"pegasus","d_model":1024,"encoder_layers":16,"decoder_layers":16,
      "encoder_attention_heads":16,"decoder_attention_heads":16,"encoder_ffn_dim":4096,
      "decoder_ffn_dim":4096,"vocab_size":96103,"max_position_embeddings":1024,
      "num_hidden_layers":16})"},
    {"opus-mt-en-de", 74'410'496,
     R"({"model_type":"marian","d_model":512,"encoder_layers":6,"decoder_layers":6,
      "encoder_attention_heads":8,"decoder_attention_heads":8,"encoder_ffn_dim":2048,
      "decoder_ffn_dim":2048,"vocab_size":58101,"max_position_embeddings":512,
      "num_hidden_layers":6})"},
    {"mbart-50", 610'879'488,
     R"({"model_type":"mbart","d_model":1024,"encoder_layers":12,"decoder_layers":12,
      "encoder_attention_heads":16,"decoder_attention_heads":16,"encoder_ffn_dim":4096,
      "decoder_ffn_dim":4096,"vocab_size":250054,"max_position_embeddings":1024,
      "num_hidden_layers":12})"},
};

TEST(HubTotals, OfEncodersAreReached) { expect_totals(kKnown); }

}  // namespace
}  // namespace ridgepoint::model
