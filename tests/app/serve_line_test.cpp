// SPDX-License-Identifier: Apache-2.0
// Lines that start an engine, pasted behind "--".
#include <gtest/gtest.h>

#include <cmath>

#include "app/program.hpp"

namespace ridgepoint::app {
namespace {

using testing::run;
using Words = std::vector<std::string>;

constexpr int kBadInput = 2;

Words joined(Words first, const Words& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

nlohmann::json inputs_of(const Words& words) {
  const auto outcome = run(words);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  return outcome.json()["inputs"];
}

nlohmann::json fit_inputs(const Words& line) {
  return inputs_of(joined({"fit", "-d", "h100-sxm", "--json", "--"}, line));
}

std::string fit_error(const Words& line) {
  const auto outcome = run(joined({"fit", "-d", "h100-sxm", "--"}, line));
  EXPECT_EQ(outcome.exit_code, kBadInput);
  EXPECT_EQ(outcome.out, "");
  return outcome.err;
}

std::string fit_warnings(const Words& line) {
  const auto outcome = run(joined({"fit", "-d", "h100-sxm", "--"}, line));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  return outcome.err;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string kLlama = "meta-llama/Llama-3.3-70B-Instruct";

TEST(ServeLine, OfVllmSaysWhatTheOptionsSay) {
  const auto pasted = fit_inputs(
      {"vllm", "serve", kLlama, "--tensor-parallel-size", "4", "--max-model-len", "8192",
       "--max-num-seqs", "64", "--max-num-batched-tokens", "4096", "--gpu-memory-utilization",
       "0.85", "--kv-cache-dtype", "fp8", "--quantization", "fp8", "--block-size", "32"});
  const auto typed = inputs_of({"fit",
                                "llama-3.3-70b",
                                "-d",
                                "h100-sxm",
                                "-tp",
                                "4",
                                "--max-model-len",
                                "8192",
                                "--max-num-seqs",
                                "64",
                                "--max-num-batched-tokens",
                                "4096",
                                "--gpu-memory-utilization",
                                "0.85",
                                "--kv-cache-dtype",
                                "fp8",
                                "--weights",
                                "fp8",
                                "--block-size",
                                "32",
                                "--json"});
  EXPECT_EQ(pasted, typed);
}

TEST(ServeLine, OfVllmIsReadInEverySpelling) {
  const auto expected = fit_inputs(
      {"vllm", "serve", kLlama, "--tensor-parallel-size", "4", "--max-model-len", "8192"});
  for (const Words& line : std::vector<Words>{
           {"vllm", "serve", kLlama, "-tp", "4", "--max-model-len=8192"},
           {"vllm", "serve", "--max_model_len", "8192", "-tp=4", kLlama},
           {"vllm", "serve", "--model", kLlama, "--tensor_parallel_size=4", "--max-model-len",
            "8192"},
           {"python3", "-m", "vllm.entrypoints.openai.api_server", "--model", kLlama, "-tp", "4",
            "--max-model-len", "8192"},
           {"CUDA_VISIBLE_DEVICES=0,1,2,3", "VLLM_USE_V1=1", "/opt/venv/bin/vllm", "serve", kLlama,
            "-tp", "4", "--max-model-len", "8192"},
           {"uv", "run", "vllm", "serve", kLlama, "-tp", "4", "--max-model-len", "8192"},
           {"docker", "run", "--gpus", "all", "-p", "8000:8000", "vllm/vllm-openai:latest",
            "--model", kLlama, "-tp", "4", "--max-model-len", "8192"},
           {"vllm serve " + kLlama + " \\\n    -tp 4 \\\n    --max-model-len 8192 > log 2>&1 &"},
           {"vllm", "serve", kLlama, "\\\n", "-tp", "4", "\\\n  --max-model-len 8192"},
           {"vllm", "serve", kLlama, "-tp", "4", "--max-model-len", "8192", "--host", "0.0.0.0",
            "--port", "8000", "--served-model-name", "a", "b", "--trust-remote-code",
            "--enable-prefix-caching", "--no-enable-chunked-prefill", "-O3"}}) {
    EXPECT_EQ(fit_inputs(line), expected) << line.front() << ' ' << line.back();
  }
}

TEST(ServeLine, OfSglangAndTensorRtSaysTheSameInTheirWords) {
  const auto sglang = fit_inputs({"python", "-m", "sglang.launch_server", "--model-path", kLlama,
                                  "--tp", "4", "--context-length", "8192", "--max-running-requests",
                                  "64", "--chunked-prefill-size", "4096", "--kv-cache-dtype",
                                  "fp8_e5m2", "--page-size", "64"});
  const auto tensorrt =
      fit_inputs({"trtllm-serve", kLlama, "--tp_size", "4", "--max_seq_len", "8192",
                  "--max_batch_size", "64", "--max_num_tokens", "4096", "--kv_cache_dtype", "fp8"});
  for (const auto* inputs : {&sglang, &tensorrt}) {
    EXPECT_EQ((*inputs)["model"], "llama-3.3-70b");
    EXPECT_EQ((*inputs)["tensor_parallel_size"], 4);
    EXPECT_EQ((*inputs)["max_model_len"], 8192);
    EXPECT_EQ((*inputs)["max_num_seqs"], 64);
    EXPECT_EQ((*inputs)["max_num_batched_tokens"], 4096);
    EXPECT_EQ((*inputs)["kv_cache_dtype"], "fp8");
  }
  EXPECT_EQ(sglang["block_size"], 64);
  EXPECT_EQ(tensorrt["block_size"], 32);
  EXPECT_EQ(fit_inputs({"sglang", "serve", "--model-path", kLlama, "--tp-size", "4",
                        "--context-length", "8192"})["block_size"],
            1);
}

TEST(ServeLine, OfSglangDividesItsSizesAmongReplicasThatShareExperts) {
  // 16 devices in all: each of 16 replicas is one of them, with 1/16 of requests and tokens.
  const auto inputs = inputs_of({"fit",
                                 "-d",
                                 "h200-sxm",
                                 "--json",
                                 "--",
                                 "python",
                                 "-m",
                                 "sglang.launch_server",
                                 "--model-path",
                                 "deepseek-ai/DeepSeek-V3",
                                 "--tp",
                                 "16",
                                 "--dp",
                                 "16",
                                 "--enable-dp-attention",
                                 "--ep",
                                 "16",
                                 "--context-length",
                                 "4096",
                                 "--max-running-requests",
                                 "1024",
                                 "--chunked-prefill-size",
                                 "131072"});
  EXPECT_EQ(inputs["tensor_parallel_size"], 1);
  EXPECT_EQ(inputs["data_parallel_size"], 16);
  EXPECT_EQ(inputs["expert_parallel_size"], 16);
  EXPECT_EQ(inputs["max_num_seqs"], 64);
  EXPECT_EQ(inputs["max_num_batched_tokens"], 8192);
}

TEST(ServeLine, TakesWhatItsEngineWouldChooseAndSaysSo) {
  // vLLM 0.21: 8192 tokens and 1024 sequences on 70 GiB and more but for an A100, else 2048 and
  // 256; 0.92 of the memory.
  const Words line{"--", "vllm", "serve", "Qwen/Qwen3-8B", "--max-model-len", "4096"};
  const auto large = run(joined({"fit", "-d", "h100-sxm", "--json"}, line));
  EXPECT_EQ(large.json()["inputs"]["max_num_seqs"], 1024);
  EXPECT_EQ(large.json()["inputs"]["max_num_batched_tokens"], 8192);
  EXPECT_EQ(large.json()["inputs"]["gpu_memory_utilization"], 0.92);
  EXPECT_TRUE(contains(large.err, "vLLM 0.21 is taken to choose")) << large.err;
  EXPECT_TRUE(contains(large.err, "--max-num-seqs 1024")) << large.err;
  const auto small = run(joined({"fit", "-d", "l40s", "--json"}, line)).json();
  EXPECT_EQ(small["inputs"]["max_num_seqs"], 256);
  EXPECT_EQ(small["inputs"]["max_num_batched_tokens"], 2048);
}

TEST(ServeLine, GivesWayToTheOptionsBeforeIt) {
  const auto outcome = run({"fit", "-d", "h100-sxm", "-tp", "8", "--json", "--", "vllm", "serve",
                            kLlama, "-tp", "4", "--max-model-len", "8192"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.json()["inputs"]["tensor_parallel_size"], 8);
  EXPECT_TRUE(contains(outcome.err, "not the line's --tensor-parallel-size 4")) << outcome.err;
  const auto devices = inputs_of(
      {"fit", "-d", "h100-sxm", "-n", "8", "--json", "--", "vllm", "serve", kLlama, "-tp", "4"});
  EXPECT_EQ(devices["tensor_parallel_size"], 8);
  const auto model = run(
      {"fit", "llama-3.1-8b", "--json", "--", "vllm", "serve", kLlama, "--max-model-len", "4096"});
  EXPECT_EQ(model.json()["inputs"]["model"], "llama-3.1-8b");
  EXPECT_TRUE(contains(model.err, kLlama)) << model.err;
}

TEST(ServeLine, NamesOnceWhatIsNotInTheAnswer) {
  const Words plain{"vllm", "serve", kLlama, "-tp", "4", "--max-model-len", "8192"};
  const std::string warnings =
      fit_warnings(joined(plain, {"--frobnicate", "3", "--host", "::", "--wibble", "--enable-lora",
                                  "--cpu-offload-gb", "10"}));
  EXPECT_TRUE(contains(warnings, "not understood: --frobnicate, --wibble; ")) << warnings;
  EXPECT_TRUE(contains(warnings, "not counted: --enable-lora, --cpu-offload-gb")) << warnings;
  EXPECT_FALSE(contains(warnings, "--host")) << warnings;
  EXPECT_FALSE(contains(fit_warnings(plain), "not ")) << fit_warnings(plain);
}

TEST(ServeLine, ChangesTheConfigAsItsOverridesDo) {
  const auto inputs =
      fit_inputs({"vllm", "serve", kLlama, "-tp", "4", "--max-model-len", "8192", "--hf-overrides",
                  R"({"num_key_value_heads": 4, "rope_scaling": {"factor": 4.0}})"});
  EXPECT_EQ(inputs["layer_runs"][0]["num_key_value_heads"], 4);
  const auto dotted = fit_inputs({"vllm", "serve", kLlama, "-tp", "4", "--max-model-len", "8192",
                                  "--hf-overrides.num_key_value_heads", "4"});
  EXPECT_EQ(dotted, inputs);
}

TEST(ServeLine, TellsSpeculateWhatIsProposed) {
  const auto inputs =
      inputs_of({"speculate", "--json", "-b", "1", "--", "vllm", "serve", kLlama, "-tp", "4",
                 "--speculative-config",
                 R"({"model": "meta-llama/Llama-3.2-1B", "num_speculative_tokens": 3})"});
  EXPECT_EQ(inputs["num_speculative_tokens"], 3);
  EXPECT_EQ(inputs["draft"], "llama-3.2-1b");
}

TEST(ServeLine, IsUnderstoodByEveryVerbAboutADeployment) {
  for (const char* verb : {"roofline", "fit", "estimate", "speculate", "emit"}) {
    const auto outcome = run({verb, "-d", "h100-sxm", "--json", "--", "vllm", "serve", kLlama,
                              "-tp", "4", "--max-model-len", "8192"});
    ASSERT_EQ(outcome.exit_code, 0) << verb << outcome.err;
    EXPECT_EQ(outcome.json()["inputs"]["tensor_parallel_size"], 4) << verb;
    EXPECT_EQ(outcome.json()["inputs"]["model"], "llama-3.3-70b") << verb;
  }
}

TEST(ServeLine, KnowsModelsOfOtherPublishersByTheirNames) {
  const auto model = [](const std::string& name) {
    return fit_inputs({"vllm", "serve", name, "-tp", "8", "--max-model-len", "2048"});
  };
  EXPECT_EQ(model("meta-llama/Llama-3.3-70B")["model"], "llama-3.3-70b");
  EXPECT_EQ(model("unsloth/Meta-Llama-3.1-8B-Instruct")["model"], "llama-3.1-8b");
  const auto fp8 = model("RedHatAI/Llama-3.3-70B-Instruct-FP8-dynamic");
  EXPECT_EQ(fp8["model"], "llama-3.3-70b");
  EXPECT_EQ(fp8["weights"], "fp8");
  EXPECT_TRUE(contains(fit_warnings({"vllm", "serve", "unsloth/Llama-3.3-70B", "-tp", "8",
                                     "--max-model-len", "2048"}),
                       "unsloth/Llama-3.3-70B is taken for llama-3.3-70b"));
  EXPECT_TRUE(contains(fit_error({"vllm", "serve", "deepseek-ai/DeepSeek-V33"}), "did you mean"));
}

TEST(ServeLine, LeavesACheckpointThatIsQuantisedAsItIsStored) {
  const auto inputs = inputs_of({"fit", "-d", "h200-sxm", "--json", "--", "vllm", "serve",
                                 "deepseek-ai/DeepSeek-V3", "-tp", "8", "--max-model-len", "4096",
                                 "--quantization", "fp8"});
  const auto stored = inputs_of(
      {"fit", "deepseek-v3", "-d", "h200-sxm", "-tp", "8", "--max-model-len", "4096", "--json"});
  EXPECT_EQ(inputs["weights"], stored["weights"]);
}

TEST(ServeLine, RefusesWhatStartsNoEngine) {
  EXPECT_TRUE(contains(fit_error({"ollama", "run", "llama3"}), "\"ollama\": starts no engine"));
  EXPECT_TRUE(contains(fit_error({}), "nothing stands behind it"));
  EXPECT_TRUE(contains(fit_error({"vllm", "serve"}), "MODEL: is missing"));
  EXPECT_TRUE(contains(fit_error({"vllm serve 'a"}), "not closed"));
}

TEST(ServeLine, ReportsEveryFaultAtOnce) {
  const auto outcome =
      run({"fit", "--blok-size", "8", "--", "vllm", "serve", "a/b", "c/d", "--hf-overrides",
           "{oops", "--max-model-len", "4k", "--max-model-len", "8k", "--tensor-parallel-size"});
  EXPECT_EQ(outcome.exit_code, kBadInput);
  EXPECT_EQ(outcome.out, "");
  for (const char* part : {"--blok-size", "\"c/d\": is a second model beside \"a/b\"",
                           "--hf-overrides: ", "--max-model-len: is given twice: 4k and 8k",
                           "--tensor-parallel-size: needs a value"}) {
    EXPECT_TRUE(contains(outcome.err, part)) << part << '\n' << outcome.err;
  }
}

TEST(ServeLine, RefusesAFractionThatIsNone) {
  for (const char* fraction : {"1.7", "0", "abc", "-0.5", "nan"}) {
    EXPECT_TRUE(contains(fit_error({"python", "-m", "sglang.launch_server", "--model-path",
                                    "Qwen/Qwen3-8B", "--mem-fraction-static", fraction}),
                         "--mem-fraction-static: "))
        << fraction;
  }
}

TEST(ServeLine, StillTakesALoneOddNameAsAModel) {
  const auto outcome = run({"fit", "--json", "--max-model-len", "4096", "--", "llama-3.1-8b"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.json()["inputs"]["model"], "llama-3.1-8b");
}

// A cache of 0.3 instead of 0.92 of the memory, less the same weights: not even a third.
TEST(ServeLine, LimitsTheMemoryThatEstimateAsksFor) {
  const auto estimate = [](const Words& flags) {
    return run(joined({"estimate", "-b", "1000", "-d", "h100-sxm", "--json", "--", "vllm", "serve",
                       "meta-llama/Llama-3.1-8B-Instruct"},
                      flags))
        .json();
  };
  const auto fit = run({"fit", "llama-3.1-8b", "-d", "h100-sxm", "--gpu-memory-utilization", "0.3",
                        "--max-num-seqs", "1024", "--max-model-len", "1152", "--json"})
                       .json();
  const auto limited = estimate({"--gpu-memory-utilization", "0.3"});
  EXPECT_EQ(limited["most_sequences"], std::floor(fit["sequences_at_max_length"].get<double>()));
  EXPECT_EQ(limited["inputs"]["gpu_memory_utilization"], 0.3);
  EXPECT_LT(limited["most_sequences"].get<double>(),
            estimate({})["most_sequences"].get<double>() / 3);
}

TEST(ServeLine, EndsWhereTheShellBeginsAnotherCommand) {
  for (const char* list : {"--served-model-name", "--middleware"}) {
    const auto inputs = fit_inputs({"vllm", "serve", "Qwen/Qwen3-8B", "--max-model-len", "4096",
                                    list, "q", "&&", "echo", "hi", "-tp", "8"});
    EXPECT_EQ(inputs["tensor_parallel_size"], 1) << list;
  }
}

TEST(ServeLine, RefusesSizesBelowOne) {
  for (const char* size : {"-1", "-2"}) {
    EXPECT_TRUE(contains(fit_error({"vllm", "serve", kLlama, "-tp", size}), "-tp: "));
  }
  EXPECT_TRUE(contains(fit_error({"vllm", "serve", kLlama, "--max-num-seqs", "-2"}),
                       "--max-num-seqs: \"-2\" is less than 1"));
  EXPECT_TRUE(contains(fit_warnings({"vllm", "serve", "Qwen/Qwen3-8B", "--max-model-len", "-1"}),
                       "--max-model-len -1 is left to the engine"));
}

// vLLM 0.21, PassConfig: enable_sp, once enable_sequence_parallelism; fuse_gemm_comms needs it.
TEST(ServeLine, ReadsSequenceParallelismFromThePassesOfTheCompiler) {
  const auto inputs = [](const Words& flags) {
    return fit_inputs(
        joined({"vllm", "serve", kLlama, "-tp", "4", "--max-model-len", "8192"}, flags));
  };
  const auto typed = run({"fit", "llama-3.3-70b", "-d", "h100-sxm", "-tp", "4", "--max-model-len",
                          "8192", "--sequence-parallel", "--json"})
                         .json()["inputs"]["sequence_parallel"];
  EXPECT_EQ(typed, true);
  for (const Words& flags : std::vector<Words>{
           {"--compilation-config", R"({"pass_config": {"enable_sp": true}})"},
           {"-cc", R"({"pass_config": {"enable_sequence_parallelism": true}})"},
           {"--compilation-config.pass_config.enable_sp=true"},
           {"-cc.pass_config.enable_sp", "True"},
           {"--compilation-config", R"({"pass_config": {"fuse_gemm_comms": true}})"}}) {
    EXPECT_EQ(inputs(flags)["sequence_parallel"], typed) << flags.back();
  }
  for (const Words& flags :
       std::vector<Words>{{"--compilation-config", R"({"pass_config": {"enable_sp": false}})"},
                          {"--compilation-config", "3"},
                          {"-O", "3"}}) {
    EXPECT_NE(inputs(flags)["sequence_parallel"], typed) << flags.back();
  }
  // On one device there is nobody to share with.
  const auto alone = fit_inputs({"vllm", "serve", "Qwen/Qwen3-8B", "--max-model-len", "4096", "-cc",
                                 R"({"pass_config": {"enable_sp": true}})"});
  EXPECT_NE(alone["sequence_parallel"], typed);
}

}  // namespace
}  // namespace ridgepoint::app
