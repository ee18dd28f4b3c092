// SPDX-License-Identifier: Apache-2.0
// emit: the line that serves a deployment, and the way back from it.
#include <gtest/gtest.h>

#include <algorithm>

#include "app/program.hpp"

namespace ridgepoint::app {
namespace {

using testing::run;
using Words = std::vector<std::string>;

constexpr int kBadInput = 2;
constexpr int kDoesNotFit = 3;

Words joined(Words first, const Words& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

Words arguments_of(const nlohmann::json& answer) { return answer["arguments"].get<Words>(); }

/// The value behind a flag; empty when the flag is not there.
std::string value_of(const Words& words, const std::string& flag) {
  const auto found = std::find(words.begin(), words.end(), flag);
  return found == words.end() || found + 1 == words.end() ? "" : *(found + 1);
}

bool has(const Words& words, const std::string& flag) {
  return std::find(words.begin(), words.end(), flag) != words.end();
}

TEST(Emit, PrintsOneVllmLineAndNothingElse) {
  const auto outcome = run({"emit", "llama-3.3-70b", "-d", "h100-sxm", "-tp", "8", "-i", "2048",
                            "-o", "512", "-b", "32", "--kv-cache-dtype", "fp8"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  // 2048 + 512 tokens are the longest sequence; vLLM calls the batch max-num-seqs.
  EXPECT_EQ(outcome.out,
            "vllm serve meta-llama/Llama-3.3-70B-Instruct --tensor-parallel-size 8 "
            "--max-model-len 2560 --max-num-seqs 32 --max-num-batched-tokens 8192 "
            "--gpu-memory-utilization 0.9 --kv-cache-dtype fp8\n");
}

TEST(Emit, TellsVllmToQuantiseOnlyWhatIsNotStoredSo) {
  const auto fp8 = run({"emit", "llama-3.3-70b", "-tp", "2", "--weights", "fp8", "--max-model-len",
                        "4096", "--json"});
  EXPECT_EQ(value_of(arguments_of(fp8.json()), "--quantization"), "fp8");
  // DeepSeek-V3 is published in blocks of fp8.
  const auto stored = run(
      {"emit", "deepseek-v3", "-d", "h200-sxm", "-tp", "8", "--max-model-len", "4096", "--json"});
  ASSERT_EQ(stored.exit_code, 0) << stored.err;
  EXPECT_FALSE(has(arguments_of(stored.json()), "--quantization"));
  const auto same = run({"emit", "llama-3.1-8b", "--weights", "bf16", "--max-model-len", "4096"});
  EXPECT_EQ(same.out.find("--quantization"), std::string::npos) << same.out;
}

TEST(Emit, AdmitsNoMoreSequencesThanFit) {
  const Words deployment{"llama-3.1-8b", "-d", "l40s", "--max-model-len", "32768"};
  const auto outcome = run(joined({"emit", "--json"}, deployment));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const std::int64_t told = std::stoll(value_of(arguments_of(outcome.json()), "--max-num-seqs"));
  const auto fit = run(joined({"fit", "--json"}, deployment)).json();
  EXPECT_GE(told, 1);
  EXPECT_LE(told, fit["sequences_at_max_length"].get<double>() + 1);
  EXPECT_LT(told, 256);
  const auto same =
      run(joined({"fit", "--json", "--max-num-seqs", std::to_string(told)}, deployment)).json();
  EXPECT_GE(same["sequences_at_max_length"].get<double>(), static_cast<double>(told));
}

TEST(Emit, SaysWhenFewerSequencesFitThanWereAskedFor) {
  // 32 GiB of KV cache are 128 KiB a token: some 250,000 tokens, not 64 times 32,768.
  const auto outcome =
      run({"emit", "llama-3.1-8b", "-d", "l40s", "--max-model-len", "32768", "-b", "64"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.err.find("64 sequences were asked for; "), std::string::npos) << outcome.err;
  EXPECT_EQ(run({"emit", "llama-3.1-8b", "-d", "l40s", "--max-model-len", "8192", "-b", "4"}).err,
            "");
}

TEST(Emit, SplitsExpertsAsEachEngineCountsThem) {
  const Words deployment{"emit", "deepseek-v3",     "-d",   "h200-sxm", "-dp", "8",     "--ep",
                         "8",    "--max-model-len", "4096", "-b",       "64",  "--json"};
  const auto vllm = arguments_of(run(deployment).json());
  EXPECT_EQ(value_of(vllm, "--data-parallel-size"), "8");
  EXPECT_TRUE(has(vllm, "--enable-expert-parallel"));
  EXPECT_FALSE(has(vllm, "--tensor-parallel-size"));
  // SGLang's sizes are of all replicas that share their experts: 8 × 1 devices, 8 × 64 requests.
  const auto sglang = arguments_of(run(joined(deployment, {"--engine", "sglang"})).json());
  EXPECT_EQ(value_of(sglang, "--tp-size"), "8");
  EXPECT_EQ(value_of(sglang, "--dp-size"), "8");
  EXPECT_EQ(value_of(sglang, "--ep-size"), "8");
  EXPECT_EQ(value_of(sglang, "--max-running-requests"), "512");
  EXPECT_TRUE(has(sglang, "--enable-dp-attention"));
  const auto tensorrt = arguments_of(run(joined(deployment, {"--engine", "tensorrt-llm"})).json());
  EXPECT_EQ(value_of(tensorrt, "--tp_size"), "8");
  EXPECT_EQ(value_of(tensorrt, "--ep_size"), "8");
  EXPECT_TRUE(has(tensorrt, "--enable_attention_dp"));
}

TEST(Emit, TurnsTheShareOfMemoryIntoWhatEachEngineMeansByIt) {
  const Words deployment{"llama-3.1-8b", "-d", "h100-sxm", "--max-model-len", "8192", "-b", "16"};
  const auto fit = run({"fit", "llama-3.1-8b", "-d", "h100-sxm", "--max-model-len", "8192",
                        "--max-num-seqs", "16", "--json"})
                       .json();
  const double capacity = fit["memory_capacity_bytes"].get<double>();
  const double weights = fit["weight_bytes"].get<double>();
  const double cache = fit["kv_budget_bytes"].get<double>();
  const double rest = fit["activation_bytes"].get<double>() + fit["overhead_bytes"].get<double>();
  const auto fraction = [&](const char* engine, const char* flag) {
    const auto answer = run(joined({"emit", "--json", "--engine", engine}, deployment)).json();
    return std::stod(value_of(arguments_of(answer), flag));
  };
  EXPECT_EQ(fraction("vllm", "--gpu-memory-utilization"), 0.9);
  // Cut off after four decimals: at most 0.0001 below.
  EXPECT_NEAR(fraction("sglang", "--mem-fraction-static"), (weights + cache) / capacity - 5e-5,
              5.1e-5);
  EXPECT_NEAR(fraction("tensorrt-llm", "--kv_cache_free_gpu_memory_fraction"),
              cache / (capacity - weights - rest) - 5e-5, 5.1e-5);
}

TEST(Emit, HasNoLineForWhatDoesNotFit) {
  const auto outcome = run({"emit", "llama-3.3-70b", "-d", "h100-sxm"});
  EXPECT_EQ(outcome.exit_code, kDoesNotFit);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("to fit: "), std::string::npos) << outcome.err;
  const auto json = run({"emit", "llama-3.3-70b", "-d", "h100-sxm", "--json"});
  EXPECT_EQ(json.exit_code, kDoesNotFit);
  EXPECT_EQ(json.json()["fits"], false);
  EXPECT_TRUE(json.json()["arguments"].empty());
  EXPECT_EQ(json.json()["command"], "");
  EXPECT_FALSE(json.json()["changes"].empty());
}

TEST(Emit, RefusesAllThatAnEngineCannotDo) {
  const auto outcome =
      run({"emit", "llama-3.1-8b", "--engine", "tensorrt-llm", "-dp", "2", "--weights", "fp8",
           "--kv-cache-dtype", "int3", "--block-size", "16", "--set", "num_key_value_heads=4"});
  EXPECT_EQ(outcome.exit_code, kBadInput);
  EXPECT_EQ(outcome.out, "");
  for (const char* option : {"--data-parallel-size: ", "--weights: ", "--kv-cache-dtype: ",
                             "--block-size: ", "--set: "}) {
    EXPECT_NE(outcome.err.find(option), std::string::npos) << option << outcome.err;
  }
  const auto experts = run({"emit", "deepseek-v3", "-d", "h200-sxm", "-tp", "8", "--ep", "4",
                            "--max-model-len", "4096"});
  EXPECT_EQ(experts.exit_code, kBadInput);
  EXPECT_NE(experts.err.find("spreads experts over all"), std::string::npos) << experts.err;
}

TEST(Emit, TellsVllmToShareTheTokensOfNorms) {
  const Words base{"emit", "llama-3.3-70b",   "-d",   "h100-sxm",           "-tp",
                   "4",    "--max-model-len", "8192", "--sequence-parallel"};
  const auto vllm = run(base);
  ASSERT_EQ(vllm.exit_code, 0) << vllm.err;
  EXPECT_NE(vllm.out.find(R"(--compilation-config '{"pass_config": {"enable_sp": true}}')"),
            std::string::npos)
      << vllm.out;
  for (const char* engine : {"sglang", "tensorrt-llm"}) {
    Words words = base;
    words.insert(words.end(), {"--engine", engine});
    const auto other = run(words);
    EXPECT_EQ(other.exit_code, 2) << other.out;
    EXPECT_NE(other.err.find("--sequence-parallel"), std::string::npos) << other.err;
  }
}

TEST(Emit, NamesTheModelAsItWasTypedOnTheHub) {
  const auto named = [](const std::string& model) {
    const auto outcome = run({"emit", model, "--max-model-len", "4096", "--json"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return arguments_of(outcome.json()).at(2);
  };
  EXPECT_EQ(named("llama-3.1-8b"), "meta-llama/Llama-3.1-8B");
  EXPECT_EQ(named("meta-llama/Llama-3.1-8B-Instruct"), "meta-llama/Llama-3.1-8B-Instruct");
  EXPECT_EQ(named("Qwen/Qwen3-8B"), "Qwen/Qwen3-8B");
}

TEST(Emit, QuotesWhatAShellWouldTakeApart) {
  const testing::TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() + "/it's mine");
  const std::string config = folder.write("it's mine/config.json", R"({"model_type": "llama",
    "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 2,
    "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 1000,
    "max_position_embeddings": 2048, "torch_dtype": "bfloat16"})");
  const auto outcome = run({"emit", config});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out.find("vllm serve '" + folder.path() + "/it'\\''s mine/' "), 0u)
      << outcome.out;
  // All in one word, it is read back.
  const auto back = run({"fit", "--json", "--", outcome.out});
  EXPECT_EQ(back.exit_code, 0) << back.err;
  EXPECT_EQ(back.json()["inputs"]["hidden_size"], 256);
}

/// Deployments of many kinds; each fits.
const std::vector<Words>& deployments() {
  static const std::vector<Words> all{
      {"llama-3.1-8b", "-d", "h100-sxm", "--max-model-len", "8192"},
      {"llama-3.3-70b", "-d", "h100-sxm", "-tp", "8", "-i", "2048", "-o", "512", "-b", "32"},
      {"llama-3.3-70b", "-d", "h200-sxm", "--weights", "fp8", "--kv-cache-dtype", "fp8",
       "--max-model-len", "8192"},
      {"llama-3.3-70b", "-d", "a100-sxm-80gb", "-tp", "4", "-pp", "2", "--max-model-len", "16k"},
      {"qwen3-8b", "-d", "l40s", "--max-model-len", "4096", "--max-num-batched-tokens", "2048"},
      {"llama-3.1-405b", "-d", "h200-sxm", "-tp", "8", "-pp", "2", "--max-model-len", "8192"},
      {"mixtral-8x7b", "-d", "h100-sxm", "-tp", "4", "--ep", "4", "--max-model-len", "8192"},
      {"deepseek-v3", "-d", "h200-sxm", "-dp", "16", "--ep", "16", "--max-model-len", "4096"},
      {"deepseek-v3", "-d", "b200-sxm", "-tp", "8", "--max-model-len", "32K"},
      {"gpt-oss-120b", "-d", "h100-sxm", "--max-model-len", "8192", "--gpu-memory-utilization",
       "0.95"},
      {"gemma-3-27b", "-d", "h100-sxm", "--max-model-len", "8192", "-b", "8"},
      {"llama-2-13b", "-d", "mi300x", "--max-model-len", "4096", "--max-num-seqs", "100"},
      {"llama-2-70b", "-d", "h100-sxm", "-n", "4", "--max-model-len", "2048"}};
  return all;
}

class RoundTrip : public ::testing::TestWithParam<const char*> {};

TEST_P(RoundTrip, ALineReadBackAsksForTheSameDeployment) {
  for (const Words& deployment : deployments()) {
    // trtllm-serve quantises nothing while it loads.
    if (GetParam() == std::string("tensorrt-llm") && has(deployment, "--weights")) continue;
    const auto emitted = run(joined({"emit", "--json", "--engine", GetParam()}, deployment));
    ASSERT_EQ(emitted.exit_code, 0) << deployment[0] << emitted.err;
    const auto answer = emitted.json();
    const Words line = joined({"--"}, arguments_of(answer));
    const std::string device = deployment[2];
    const auto again = run(joined({"emit", "--json", "--engine", GetParam(), "-d", device}, line));
    ASSERT_EQ(again.exit_code, 0) << deployment[0] << again.err;
    EXPECT_EQ(again.json()["inputs"], answer["inputs"]) << deployment[0] << '\n'
                                                        << answer["command"];
    EXPECT_EQ(again.json()["command"], answer["command"]) << deployment[0];

    const auto fit = run(joined({"fit", "--json", "-d", device}, line)).json();
    for (const auto& [key, value] : answer["inputs"].items()) {
      EXPECT_EQ(fit["inputs"][key], value) << deployment[0] << ' ' << key;
    }
    EXPECT_EQ(again.err, "") << deployment[0];
  }
}

INSTANTIATE_TEST_SUITE_P(Emit, RoundTrip, ::testing::Values("vllm", "sglang", "tensorrt-llm"));

}  // namespace
}  // namespace ridgepoint::app
