// SPDX-License-Identifier: Apache-2.0
// What sequences keep and what attention of every kind costs, worked out by hand from the sizes
// that papers and model cards publish.
#include <gtest/gtest.h>

#include <utility>

#include "predict/worked_step.hpp"
#include "ridgepoint/model/parameters.hpp"

namespace ridgepoint::predict {
namespace {

using testing::catalogued;
using testing::whole;
using testing::WorkedStep;

constexpr ByteSize kBf16{2, 1};
constexpr std::int64_t kGiB = std::int64_t{1} << 30;

struct KvPerToken {
  const char* model;
  std::int64_t bytes;         ///< a token of a sequence shorter than every window
  std::int64_t bytes_beyond;  ///< a further token once windows are full
};

// 2 (key and value) · layers · key/value heads · head_dim · 2 bytes, unless it says otherwise.
constexpr KvPerToken kKvPerToken[] = {
    // MHA. GPT-2: 2·12·12·64·2.
    {"gpt2", 36'864, 36'864},
    // 2·40·40·128·2 = 800 KiB: the "800 KB = 2 × 5120 × 40 × 2" of a 13B model in Kwon et al.,
    // "PagedAttention", arXiv:2309.06180, section 3.
    {"llama-2-13b", 819'200, 819'200},
    // BLOOM, arXiv:2211.05100: 70 layers, 112 heads of 128. 2·70·14336·2.
    {"bloom-176b", 4'014'080, 4'014'080},
    // GQA. DeepSeek-AI, "Insights into DeepSeek-V3", arXiv:2505.09343, table 1: 327.680 KB of
    // Qwen2.5 72B = 2·80·8·128·2 and 516.096 KB of Llama 3.1 405B = 2·126·8·128·2.
    {"qwen2.5-72b", 327'680, 327'680},
    {"llama-3.1-405b", 516'096, 516'096},
    // ChatGLM3: multi_query_group_num 2. 2·28·2·128·2.
    {"chatglm3-6b", 28'672, 28'672},
    // MQA. Falcon 7B, arXiv:2311.16867: one head of 64 in 32 layers. 2·32·1·64·2.
    {"falcon-7b", 8'192, 8'192},
    // MLA: (512 + 64) elements · 61 layers · 2 = the 70.272 KB of arXiv:2505.09343, table 1.
    {"deepseek-v3", 70'272, 70'272},
    // Windows. Mistral 7B, arXiv:2310.06825, table 1: 2·32·8·128·2, all behind a window of 4096.
    {"mistral-7b-v0.1", 131'072, 0},
    // Gemma 3, arXiv:2503.19786: five local layers to a global one, so 10 of 62 are global:
    // 2·62·16·128·2, and 2·10·16·128·2 beyond 1024 tokens.
    {"gemma-3-27b", 507'904, 81'920},
    // gpt-oss, arXiv:2508.10925: every other layer has a window of 128. 2·24·8·64·2, then half.
    {"gpt-oss-20b", 49'152, 24'576},
    // Llama 4: chunks of 8192 in three layers of four. 2·48·8·128·2, then a quarter.
    {"llama-4-scout", 196'608, 49'152},
    // Hybrids: only layers with attention cache. Jamba 1.5 Mini, arXiv:2408.12570: 4 of 32 layers.
    {"jamba-1.5-mini", 16'384, 16'384},
    // Qwen3-Next: 12 of 48 layers, two heads of 256. 2·12·2·256·2.
    {"qwen3-next-80b-a3b", 24'576, 24'576},
    // Nemotron 3 Nano: 6 "*" in its pattern, two heads of 128. 2·6·2·128·2.
    {"nemotron-3-nano-30b-a3b", 6'144, 6'144},
    {"mamba-2.8b", 0, 0},
};

TEST(KvCacheOfAToken, IsWhatPublishedSizesGive) {
  for (const KvPerToken& row : kKvPerToken) {
    const model::Architecture model = catalogued(row.model);
    EXPECT_EQ(whole(model::kv_bytes_per_token(model, kBf16)), row.bytes) << row.model;
    EXPECT_EQ(whole(model::kv_bytes_per_token_beyond_window(model, kBf16)), row.bytes_beyond)
        << row.model;
  }
}

// Lieber et al., "Jamba-1.5", arXiv:2408.12570, table 1, "KV cache (256K context, 16bit)", in GiB.
// (Its 252 GB for Llama 3.1 405B are twice 2·126·8·128·2·2^18 bytes.)
TEST(KvCacheOfALongSequence, IsThatOfThePublishedTable) {
  const std::pair<const char*, std::int64_t> rows[] = {
      {"mixtral-8x7b", 32},  {"llama-3.1-8b", 32},  {"mixtral-8x22b", 56},
      {"llama-3.1-70b", 80}, {"jamba-1.5-mini", 4},
  };
  for (const auto& [name, gib] : rows) {
    EXPECT_EQ(whole(model::kv_bytes_per_sequence(catalogued(name), 262'144, kBf16)), gib * kGiB)
        << name;
  }
}

// Gemma 3 27B at 32,768 tokens, 8192 bytes a token and layer: the 10 global layers read them all,
// the 52 local ones 1024. One further token is written in each of the 62.
TEST(WindowsOfGemma3, LeaveLocalLayersTheirLast1024Tokens) {
  const WorkedStep step(catalogued("gemma-3-27b"), Phase::decode, 1, 32'768);
  EXPECT_EQ(whole(step.of("full_attention").kv_bytes), 10 * 32'768LL * 8192);
  EXPECT_EQ(whole(step.of("sliding_attention").kv_bytes), 52 * 1024LL * 8192);
  EXPECT_EQ(whole(step.of("qkv_proj").kv_bytes), 62 * 8192);
  // 4·32 heads·128 for each key
  EXPECT_EQ(whole(step.of("sliding_attention").flops), 52 * 1024LL * 4 * 32 * 128);
}

// gpt-oss-20b at 8192 tokens, 2·8·64·2 = 2048 bytes a token and layer, 12 layers of each kind.
TEST(WindowsOfGptOss, ShortenEveryOtherLayerTo128Tokens) {
  const WorkedStep step(catalogued("gpt-oss-20b"), Phase::decode, 1, 8192);
  EXPECT_EQ(whole(step.of("full_attention").kv_bytes), 12 * 16'777'216LL);  // 8192·2048
  EXPECT_EQ(whole(step.of("sliding_attention").kv_bytes), 12 * 262'144LL);  // 128·2048
  EXPECT_EQ(whole(step.of("full_attention").flops), 12 * 134'217'728LL);    // 4·64·64·8192
  EXPECT_EQ(whole(step.of("sliding_attention").flops), 12 * 2'097'152LL);   // 4·64·64·128
  // Prefill: 128·129/2 = 8256 pairs until the window is full, then 8064 queries of 128 keys.
  const WorkedStep prefill(catalogued("gpt-oss-20b"), Phase::prefill, 1, 8192);
  EXPECT_EQ(whole(prefill.of("sliding_attention").flops), 12 * 16'384LL * (8256 + 8064 * 128));
}

// Llama 4 Scout: position p (from 1) sees its own chunk of 8192 up to itself, in 36 of 48 layers:
// position 8192 ends the first chunk, 8193 begins the second, 20,000 is 3616 into the third.
TEST(ChunkedAttentionOfLlama4, ForgetsEverythingAtAChunkBoundary) {
  const model::Architecture scout = catalogued("llama-4-scout");
  const std::pair<std::int64_t, std::int64_t> cases[] = {{8192, 8192}, {8193, 1}, {20'000, 3616}};
  for (const auto& [context, keys] : cases) {
    const WorkedStep step(scout, Phase::decode, 1, context);
    // 2·8·128·2 = 4096 bytes and 4·40·128 = 20,480 FLOPs a key
    EXPECT_EQ(whole(step.of("chunked_attention").kv_bytes), 36 * 4096 * keys) << context;
    EXPECT_EQ(whole(step.of("chunked_attention").flops), 36 * 20'480 * keys) << context;
    EXPECT_EQ(whole(step.of("full_attention").kv_bytes), 12 * 4096 * context) << context;
  }
  // Prefill of 20,000: two whole chunks of 8192·8193/2 = 33,558,528 pairs, and 3616·3617/2.
  const WorkedStep prefill(scout, Phase::prefill, 1, 20'000);
  EXPECT_EQ(whole(prefill.of("chunked_attention").flops),
            36 * 20'480 * (2 * 33'558'528LL + 6'539'536));
  // Memory keeps room for a whole chunk.
  EXPECT_EQ(whole(model::kv_bytes_per_sequence(scout, 20'000, kBf16)),
            12 * 4096LL * 20'000 + 36 * 4096LL * 8192);
}

// Mamba 2.8B (Gu and Dao, arXiv:2312.00752): 64 layers of 2·2560 = 5120 channels with 16 states, in
// fp32, and the last 3 inputs of each channel in bf16: 327,680 + 30,720 bytes. A multiply-add to
// update and one to read out: 4·5120·16 FLOPs a token, again half a FLOP per byte of the state.
TEST(StateOfMamba1, HasSixteenNumbersForEachChannel) {
  const model::Architecture mamba = catalogued("mamba-2.8b");
  EXPECT_EQ(whole(model::state_bytes_per_sequence(mamba)), 64 * (327'680LL + 30'720));
  const auto scan = WorkedStep(mamba, Phase::decode, 1, 1000).of("selective_scan");
  EXPECT_EQ(whole(scan.flops), 64 * 327'680);
  EXPECT_EQ(whole(scan.state_bytes), 64 * 2 * 327'680);
}

// Mamba-2 2.7B (Dao and Gu, arXiv:2405.21060; state-spaces/mamba2-2.7b): 64 layers, 2·2560 = 80
// heads of 64, state of 128, one group.
constexpr const char* kMamba2 = R"({"model_type": "mamba2", "hidden_size": 2560,
  "num_hidden_layers": 64, "num_heads": 80, "head_dim": 64, "state_size": 128, "n_groups": 1,
  "expand": 2, "conv_kernel": 4, "chunk_size": 256, "vocab_size": 50288,
  "tie_word_embeddings": true, "torch_dtype": "bfloat16"})";

// A layer's state is 80·64·128 fp32 numbers = 2,621,440 bytes, and the last 3 inputs of 5120 +
// 2·128 = 5376 channels in bf16 = 32,256 bytes. A token reads and writes it, with a multiply-add to
// update and one to read out each number: 4·80·64·128 FLOPs. With nothing else moved that is half a
// FLOP per byte, at any batch size.
TEST(StateOfMamba2, IsReadAndWrittenByEveryTokenAtHalfAFlopPerByte) {
  const model::Architecture mamba = model::read_architecture(kMamba2, "mamba2").value();
  EXPECT_EQ(whole(model::state_bytes_per_sequence(mamba)), 64 * (2'621'440LL + 32'256));
  for (const std::int64_t batch : {1, 64}) {
    const auto scan = WorkedStep(mamba, Phase::decode, batch, 1000).of("ssd_scan");
    EXPECT_EQ(whole(scan.flops), 64 * batch * 2'621'440);
    EXPECT_EQ(whole(scan.state_bytes), 64 * batch * 2 * 2'621'440);
    // B and C of the group, x and y, Δ of each head: (2·128 + 2·5120 + 80)·2 bytes
    EXPECT_EQ(whole(scan.activation_bytes), 64 * batch * 21'152);
    // A, D and the bias of Δ: 3·80·2 bytes
    EXPECT_EQ(whole(scan.weight_bytes), 64 * 480);
  }
  const auto one = WorkedStep(mamba, Phase::decode, 1, 1000).of("ssd_scan");
  EXPECT_NEAR(one.flops.to_double() / one.bytes().to_double(), 0.4979, 5e-5);
}

// Nemotron 3 Nano: 23 "M" in its pattern, 64 heads of 64, state of 128, 8 groups: 64·64·128·4 =
// 2,097,152 bytes, and 3·(4096 + 2·8·128)·2 = 36,864 for the convolution.
TEST(StateOfNemotron3Nano, IsThatOfIts23Mamba2Layers) {
  const model::Architecture nemotron = catalogued("nemotron-3-nano-30b-a3b");
  EXPECT_EQ(whole(model::state_bytes_per_sequence(nemotron)), 23 * (2'097'152LL + 36'864));
  const auto step = WorkedStep(nemotron, Phase::decode, 1, 500).all();
  EXPECT_EQ(whole(step.state_bytes), 2 * 23 * (2'097'152LL + 36'864));
}

// Qwen3-Next (Yang et al., "Gated Delta Networks", arXiv:2412.06464): 36 layers, 32 value heads
// with a state of 128×128, 16 key heads. 32·128·128·4 = 2,097,152 bytes, and 3 inputs of 2·2048 +
// 4096 = 8192 channels in bf16 = 49,152. k·H, the update and q·H: 6·32·128·128 FLOPs a token, so
// 0.75 FLOP per byte of the state.
TEST(StateOfQwen3Next, IsReadAndWrittenByEveryTokenAtThreeQuartersOfAFlopPerByte) {
  const model::Architecture qwen = catalogued("qwen3-next-80b-a3b");
  EXPECT_EQ(whole(model::state_bytes_per_sequence(qwen)), 36 * (2'097'152LL + 49'152));
  const auto net = WorkedStep(qwen, Phase::decode, 1, 1000).of("gated_delta_net");
  EXPECT_EQ(whole(net.flops), 36 * 3'145'728LL);
  EXPECT_EQ(whole(net.state_bytes), 36 * 2 * 2'097'152LL);
  // q and k of 16 heads, v and y of 32, two gates of 32: (4096 + 8192 + 64)·2 bytes
  EXPECT_EQ(whole(net.activation_bytes), 36 * 24'704);
  EXPECT_NEAR(net.flops.to_double() / net.bytes().to_double(), 0.7456, 5e-5);
  EXPECT_EQ(whole(WorkedStep(qwen, Phase::decode, 1, 1000).all().state_bytes),
            2 * 36 * (2'097'152LL + 49'152));
}

// Falcon-H1 7B (Hugging Face transformers, falcon_h1: 44 layers of 3072, 12 query and 2 key/value
// heads of 128 beside 24 Mamba-2 heads of 128 with a state of 256, one group).
constexpr const char* kFalconH1 = R"({"model_type": "falcon_h1", "hidden_size": 3072,
  "num_hidden_layers": 44, "num_attention_heads": 12, "num_key_value_heads": 2, "head_dim": 128,
  "intermediate_size": 12288, "mamba_n_heads": 24, "mamba_d_head": 128, "mamba_d_state": 256,
  "mamba_d_ssm": 3072, "mamba_n_groups": 1, "mamba_d_conv": 4, "mamba_chunk_size": 256,
  "vocab_size": 130048, "tie_word_embeddings": false, "torch_dtype": "bfloat16"})";

// Every layer has both: keys and values of 2·2·128·2 = 1024 bytes a token, a state of 24·128·256·4
// = 3,145,728 bytes and 3·(3072 + 2·256)·2 = 21,504 for the convolution.
TEST(ParallelMixersOfFalconH1, CacheKeysAndKeepAStateInTheSameLayer) {
  const model::Architecture falcon = model::read_architecture(kFalconH1, "falcon-h1").value();
  EXPECT_EQ(whole(model::kv_bytes_per_token(falcon, kBf16)), 44 * 1024);
  EXPECT_EQ(whole(model::state_bytes_per_sequence(falcon)), 44 * (3'145'728LL + 21'504));
  const WorkedStep step(falcon, Phase::decode, 1, 4096);
  EXPECT_EQ(whole(step.of("attention").flops), 44 * 4 * 12 * 128 * 4096LL);
  EXPECT_EQ(whole(step.of("attention").kv_bytes), 44 * 1024 * 4096LL);
  EXPECT_EQ(whole(step.of("ssd_scan").flops), 44 * 4 * 24 * 128 * 256LL);
  EXPECT_EQ(whole(step.of("ssd_scan").state_bytes), 44 * 2 * 3'145'728LL);
  EXPECT_EQ(whole(step.count("input_layernorm")), 44);  // one norm before both mixers
}

// Devlin et al., arXiv:1810.04805: 12 layers of 4·768² + 2·768·3072 = 7,077,888 weights, 2 FLOPs
// each and token; 12 heads of 64 attend to T² pairs at 4·768 FLOPs; the pooler sees one token.
TEST(PrefillOfBertBase, TakesTwiceItsParametersForEachTokenAndItsAttention) {
  const model::Architecture bert = catalogued("bert-base");
  const WorkedStep long_input(bert, Phase::prefill, 1, 512);
  EXPECT_EQ(whole(long_input.all().flops),
            2 * 12 * 7'077'888LL * 512 + 12 * 4 * 768LL * 512 * 512 + 2 * 768 * 768);
  EXPECT_EQ(whole(long_input.all().kv_bytes), 0);
  // "22.5B" FLOPs at 128 tokens in Jiao et al., "TinyBERT", arXiv:1909.10351, table 1.
  const WorkedStep short_input(bert, Phase::prefill, 1, 128);
  EXPECT_NEAR(short_input.all().flops.to_double(), 22.5e9, 0.01 * 22.5e9);
}

// Flan-T5 XXL: D = 4096 = 64 heads of 64, F = 10240 gated. A layer of the encoder has 4·D² + 3·D·F
// = 192,937,984 weights, one of the decoder 2·D² more in the q and o of cross attention, whose keys
// and values (2·D²) are made from the encoder's output: once, with the prompt.
TEST(StepsOfT5, AreTheEncodersPassAndTheDecoders) {
  const model::Architecture t5 = catalogued("flan-t5-xxl");
  constexpr std::int64_t kSquare = 4096LL * 4096;
  constexpr std::int64_t kMlp = 3LL * 4096 * 10'240;
  const WorkedStep prefill(t5, Phase::prefill, 1, 512);
  EXPECT_EQ(whole(prefill.all().flops),
            2 * 512 * 24 * (4 * kSquare + kMlp + 2 * kSquare) + 24 * 4 * 4096LL * 512 * 512);
  // Keys and values of cross attention are all that it leaves: 2·4096 elements of 4 bytes a layer.
  EXPECT_EQ(whole(prefill.all().kv_bytes), 24 * 512LL * 2 * 4096 * 4);
  const WorkedStep decode(t5, Phase::decode, 1, 512);
  EXPECT_EQ(whole(decode.all().flops),
            2 * 24 * (6 * kSquare + kMlp) + 24 * 2 * 4 * 4096LL * 512 + 2 * 4096LL * 32'128);
  // Both attentions read 512 tokens, the decoder's own writes one.
  EXPECT_EQ(whole(decode.all().kv_bytes), 24 * (2 * 512 + 1) * 2 * 4096 * 4LL);
}

}  // namespace
}  // namespace ridgepoint::predict
