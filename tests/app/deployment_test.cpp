// SPDX-License-Identifier: Apache-2.0
// fit and estimate as people and scripts call them.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "app/program.hpp"

namespace ridgepoint::app {
namespace {

using testing::run;

constexpr int kDoesNotFit = 3;
constexpr int kBadInput = 2;

TEST(Fit, AnswersWithTheKeysThatScriptsRead) {
  const auto outcome = run({"fit", "llama-3.3-70b", "-d", "h200-sxm", "--weights", "fp8",
                            "--kv-cache-dtype", "fp8", "--max-model-len", "8192", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto answer = outcome.json();
  EXPECT_EQ(answer["schema"], "ridgepoint/fit/1");
  EXPECT_EQ(answer["fits"], true);
  EXPECT_EQ(answer["devices"], 1);
  for (const char* key :
       {"weight_bytes", "kv_budget_bytes", "activation_bytes", "overhead_bytes",
        "kv_capacity_tokens", "kv_blocks", "sequences_at_max_length", "sequences_at_mean_length"}) {
    EXPECT_TRUE(answer[key].is_number()) << key;
  }
  EXPECT_EQ(answer["usable_bytes"].get<std::int64_t>(),
            answer["weight_bytes"].get<std::int64_t>() +
                answer["activation_bytes"].get<std::int64_t>() +
                answer["overhead_bytes"].get<std::int64_t>() +
                answer["kv_budget_bytes"].get<std::int64_t>());
  EXPECT_EQ(answer["kv_capacity_tokens"], 16 * answer["kv_blocks"].get<std::int64_t>());
  EXPECT_EQ(answer["smallest"]["devices"], 1);
}

TEST(Fit, ExitsWithThreeAndNamesWhatWouldDo) {
  const auto outcome = run({"fit", "llama-3.3-70b", "-d", "h100-sxm", "--json"});
  EXPECT_EQ(outcome.exit_code, kDoesNotFit);
  const auto answer = outcome.json();
  EXPECT_EQ(answer["fits"], false);
  EXPECT_GT(answer["smallest"]["devices"], 1);
  EXPECT_FALSE(answer["changes"].empty());
}

TEST(Fit, TakesEveryWayToWriteTensorParallelSize) {
  const auto expected = run({"fit", "llama-3.3-70b", "-n", "4", "--json"}).json();
  for (const std::vector<std::string>& option : {std::vector<std::string>{"-tp", "4"},
                                                 {"--tp", "4"},
                                                 {"--tp=4"},
                                                 {"--tensor-parallel-size", "4"},
                                                 {"--tensor-parallel-size=4", "-n", "4"}}) {
    std::vector<std::string> words{"fit", "llama-3.3-70b", "--json"};
    words.insert(words.end(), option.begin(), option.end());
    EXPECT_EQ(run(words).json()["weight_bytes"], expected["weight_bytes"]) << option[0];
  }
}

TEST(Fit, RefusesWhatNoEngineCanSplit) {
  const auto tensor = run({"fit", "llama-3.1-8b", "-tp", "3"});
  EXPECT_EQ(tensor.exit_code, kBadInput);
  EXPECT_EQ(tensor.out, "");
  EXPECT_NE(tensor.err.find("legal sizes: 1, 2, 4, 8, 16, 32"), std::string::npos) << tensor.err;
  const auto five = run({"fit", "llama-3.1-8b", "-n", "5"});
  EXPECT_EQ(five.exit_code, kBadInput);
  EXPECT_NE(five.err.find("--devices: 5 devices cannot split"), std::string::npos) << five.err;
  const auto devices = run({"fit", "llama-3.1-8b", "-n", "8", "-tp", "4"});
  EXPECT_EQ(devices.exit_code, kBadInput);
  EXPECT_NE(devices.err.find("8 devices, but TP 4"), std::string::npos) << devices.err;
}

TEST(Fit, AnswersAtOnceHoweverManyReplicasAreAsked) {
  const auto outcome = run({"fit", "mixtral-8x7b", "-dp", "1000000000000", "--ep", "8"});
  EXPECT_EQ(outcome.exit_code, kBadInput);
  EXPECT_EQ(run({"fit", "mixtral-8x7b", "-n", "1000000000000"}).exit_code, kBadInput);
  EXPECT_EQ(run({"fit", "mixtral-8x7b", "-d", "h200-sxm", "-dp", "100000", "--ep", "8"}).exit_code,
            0);
}

TEST(Roofline, ExplainsACollectiveByItsPayloadAndItsLinks) {
  const auto outcome = run({"roofline", "qwen3-8b", "-d", "h100-sxm", "-tp", "8", "--explain"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("in-switch: 1 × payload ÷ 450 GB/s of NVLink4"), std::string::npos);
  EXPECT_EQ(outcome.out.find("0 FLOP ÷ 0 B"), std::string::npos);
}

TEST(Fit, RefusesNonsenseAllAtOnce) {
  const auto outcome = run({"fit", "llama-3.1-8b", "--gpu-memory-utilization", "1.5",
                            "--max-model-len", "0", "--block-size", "abc", "--overhead", "-1GB"});
  EXPECT_EQ(outcome.exit_code, kBadInput);
  EXPECT_EQ(outcome.out, "");
  for (const char* option :
       {"--gpu-memory-utilization", "--max-model-len", "--block-size", "--overhead"}) {
    EXPECT_NE(outcome.err.find(option), std::string::npos) << option << "\n" << outcome.err;
  }
}

TEST(Estimate, AnswersWithTheKeysThatScriptsRead) {
  const auto outcome =
      run({"estimate", "llama-3.3-70b", "-d", "h100-sxm", "-tp", "8", "-b", "32", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto answer = outcome.json();
  EXPECT_EQ(answer["schema"], "ridgepoint/estimate/1");
  for (const char* reading : {"floor", "bound"}) {
    for (const char* key : {"ttft_s", "tpot_s", "e2el_s", "throughput_tokens_per_s",
                            "per_user_tokens_per_s", "per_device_tokens_per_s", "mfu", "mbu",
                            "energy_j_per_token", "cost_per_million_tokens"}) {
      EXPECT_GT(answer[reading][key].get<double>(), 0) << reading << " " << key;
    }
  }
  EXPECT_EQ(answer["limits"]["tpot"]["bound"], "memory_bound");
}

TEST(Estimate, TellsForWhatItsTimesWait) {
  std::vector<std::string> words{"estimate", "llama-3.1-70b", "-d", "h100-sxm", "-tp", "8"};
  const std::string out = run(words).out;
  words.emplace_back("--json");
  const auto answer = run(words).json();
  for (const char* time : {"ttft", "tpot"}) {
    double sum = 0;
    for (const char* part :
         {"compute_s", "weights_s", "kv_cache_s", "state_s", "activations_s", "network_s"}) {
      sum += answer["parts"][time][part].get<double>();
    }
    const double bound_s = answer["bound"][std::string(time) + "_s"].get<double>();
    EXPECT_NEAR(sum, bound_s, 1e-12 * bound_s) << time;
  }
  const double weights_s = answer["parts"]["tpot"]["weights_s"].get<double>();
  const double tpot_s = answer["bound"]["tpot_s"].get<double>();
  const std::string largest = std::to_string(std::lround(100 * weights_s / tpot_s));
  EXPECT_NE(out.find("TPOT waits " + largest + " % for weights"), std::string::npos) << out;
}

TEST(Estimate, SetsPrefillAndDecodeApart) {
  const std::vector<std::string> words{
      "estimate", "llama-3.1-70b",  "-d",  "h100-sxm", "-tp", "8", "-i", "4000", "-b",
      "64",       "--disaggregate", "2p4d"};
  const auto outcome = run(words);
  EXPECT_NE(outcome.out.find("2 prefill and 4 decode instances of 8 devices (TP 8), 48 devices"),
            std::string::npos)
      << outcome.out;
  EXPECT_NE(outcome.out.find("takes 3.28 ms over the network, 50.0 GB/s a device"),
            std::string::npos)
      << outcome.out;
  EXPECT_NE(outcome.out.find("prefill-limited"), std::string::npos) << outcome.out;
  auto json = words;
  json.emplace_back("--json");
  const auto all = run(json).json();
  EXPECT_EQ(all["inputs"]["disaggregate"], "2p4d");
  const auto answer = all["disaggregated"];
  for (const char* key :
       {"ttft_s", "tpot_s", "e2el_s", "throughput_tokens_per_s", "per_user_tokens_per_s",
        "per_device_tokens_per_s", "mfu", "mbu", "energy_j_per_token", "cost_per_million_tokens"}) {
    for (const char* reading : {"floor", "bound"}) {
      EXPECT_GT(answer[reading][key].get<double>(), 0) << reading << " " << key;
    }
  }
  EXPECT_EQ(answer["kv_transfer_bytes"], 1'310'720'000);
  EXPECT_EQ(answer["transfer_over"], "network");
  EXPECT_EQ(answer["limited_by"], "prefill");
  EXPECT_EQ(answer["prefill_instances"], 2);
  EXPECT_EQ(answer["decode_instances"], 4);
  EXPECT_GT(answer["requests_per_s"].get<double>(), 0);
  EXPECT_GT(answer["balanced_decode_instances_per_prefill"].get<double>(), 0);
}

TEST(Estimate, RefusesOtherWordsForPrefillAndDecodeInstances) {
  for (const char* text : {"2p", "p4d", "0p4d", "2x4d", "2p4", "4d2p", "-1p2d", "2.5p1d", "2p4dd",
                           "99999999999999999999p1d", "1p2000000d"}) {
    const auto outcome = run({"estimate", "llama-3.1-8b", "--disaggregate", text});
    EXPECT_EQ(outcome.exit_code, kBadInput) << text;
    EXPECT_EQ(outcome.out, "") << text;
    EXPECT_NE(outcome.err.find("write 2p4d for 2 and 4"), std::string::npos) << outcome.err;
  }
  const auto unknown =
      run({"estimate", "llama-3.1-8b", "-d", "l40s", "-tp", "4", "--disaggregate", "2p4d"});
  EXPECT_EQ(unknown.exit_code, kBadInput);
  EXPECT_NE(unknown.err.find("--set-device network_bandwidth=50GB/s"), std::string::npos)
      << unknown.err;
}

// The same line of `speculate` at the context of the decode step, 1024 + 128/2.
TEST(Estimate, ProposesTokensAsSpeculateDoes) {
  const std::vector<std::string> shared{
      "llama-3.1-70b", "--draft", "llama-3.1-8b", "-tp", "4", "-k", "3", "-b", "8", "--json"};
  const auto ask = [&](const std::string& verb, const std::vector<std::string>& more) {
    std::vector<std::string> words{verb};
    words.insert(words.end(), shared.begin(), shared.end());
    words.insert(words.end(), more.begin(), more.end());
    return run(words).json();
  };
  const auto answer = ask("estimate", {});
  const auto rows = ask("speculate", {"-s", "1088"});
  const auto& row = rows["rows"][0];
  EXPECT_EQ(answer["inputs"]["draft"], "llama-3.1-8b");
  EXPECT_EQ(answer["inputs"]["num_speculative_tokens"], 3);
  EXPECT_EQ(answer["speculation"]["propose_s"], row["propose_s"]);
  EXPECT_EQ(answer["speculation"]["check_s"], row["check_s"]);
  EXPECT_EQ(answer["speculation"]["tokens_per_step"], row["tokens_per_step"]);
  EXPECT_DOUBLE_EQ(answer["bound"]["tpot_s"].get<double>(),
                   (row["propose_s"].get<double>() + row["check_s"].get<double>()) /
                       row["tokens_per_step"].get<double>());
  EXPECT_FALSE(answer.contains("continuous"));
  EXPECT_FALSE(answer.contains("expected"));
}

TEST(Estimate, NamesAllThatIsWrongWithSpeculation) {
  const auto outcome = run({"estimate", "llama-3.1-8b", "--draft", "nothing-like-it", "-k", "65",
                            "--acceptance", "1.5", "--json"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_EQ(outcome.out, "");
  for (const char* option : {"--draft: ", "--num-speculative-tokens: 65", "--acceptance: 1.5"}) {
    EXPECT_NE(outcome.err.find(option), std::string::npos) << option;
  }
  const auto idle = run({"estimate", "llama-3.1-8b", "--draft", "llama-3.2-1b"});
  EXPECT_NE(idle.err.find("--draft: proposes no tokens"), std::string::npos);
}

TEST(Estimate, AnswersEvenWhenItWouldNotFitAndSaysSo) {
  const auto outcome = run({"estimate", "llama-3.3-70b", "-d", "h100-sxm"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("does not fit"), std::string::npos) << outcome.out;
}

// An L40S has no link of its own: its collectives go over PCI Express. Across hosts the rate of the
// network is needed, and an L40S file does not know it.
TEST(Estimate, AsksForTheRateOfTheNetworkWhereItIsNotKnown) {
  EXPECT_EQ(run({"estimate", "llama-3.1-8b", "-d", "l40s", "-tp", "8"}).exit_code, 0);
  const auto outcome = run({"estimate", "llama-3.1-8b", "-d", "l40s", "-tp", "16"});
  EXPECT_EQ(outcome.exit_code, kBadInput);
  EXPECT_NE(outcome.err.find("--set-device network_bandwidth="), std::string::npos) << outcome.err;
  EXPECT_EQ(run({"estimate", "llama-3.1-8b", "-d", "l40s", "-tp", "16", "--set-device",
                 "network_bandwidth=25GB/s"})
                .exit_code,
            0);
}

TEST(Speculate, AnswersWithTheKeysThatScriptsRead) {
  const auto outcome = run({"speculate", "llama-3.1-70b", "--draft", "llama-3.1-8b", "-tp", "4",
                            "-b", "1,64", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto answer = outcome.json();
  EXPECT_EQ(answer["schema"], "ridgepoint/speculate/1");
  ASSERT_EQ(answer["rows"].size(), 2u);
  for (const char* key : {"batch", "speedup", "tokens_per_step"}) {
    EXPECT_TRUE(answer["rows"][1][key].is_number()) << key;
  }
  EXPECT_TRUE(answer["break_even_batch"].is_number());
  EXPECT_TRUE(answer["break_even_acceptance"].is_number());
}

TEST(Speculate, RefusesNonsenseAllAtOnce) {
  const auto outcome = run({"speculate", "no-such-model", "--draft", "nothing-like-it",
                            "--acceptance", "1.5", "-k", "0"});
  EXPECT_EQ(outcome.exit_code, kBadInput);
  EXPECT_EQ(outcome.out, "");
  for (const char* option : {"MODEL", "--draft", "--acceptance", "--num-speculative-tokens"}) {
    EXPECT_NE(outcome.err.find(option), std::string::npos) << option << "\n" << outcome.err;
  }
}

}  // namespace
}  // namespace ridgepoint::app
