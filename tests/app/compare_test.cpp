// SPDX-License-Identifier: Apache-2.0
// compare as people and scripts call it.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "app/program.hpp"

namespace ridgepoint::app {
namespace {

using testing::run;

constexpr int kBadInput = 2;

const nlohmann::json& column(const nlohmann::json& answer, const std::string& name) {
  for (const auto& one : answer["columns"]) {
    if (one["name"] == name) return one;
  }
  ADD_FAILURE() << "no deployment is called " << name;
  return answer["columns"][0];
}

TEST(Compare, NamesEveryCombinationByWhatTellsItFromTheOthers) {
  const auto answer =
      run({"compare", "llama-3.1-70b", "-d", "h100-sxm,h200-sxm", "-tp", "4,8", "--json"}).json();
  std::vector<std::string> names;
  for (const auto& one : answer["columns"]) names.push_back(one["name"]);
  EXPECT_EQ(names, (std::vector<std::string>{"h100-sxm, TP 4", "h100-sxm, TP 8", "h200-sxm, TP 4",
                                             "h200-sxm, TP 8"}));
  EXPECT_EQ(answer["schema"], "ridgepoint/compare/1");
  EXPECT_EQ(answer["base"], "h100-sxm, TP 4");
}

TEST(Compare, TakesModelsAsWordsAndAsAList) {
  const auto words = run({"compare", "llama-3.1-8b", "qwen3-8b", "--json"});
  const auto list = run({"compare", "llama-3.1-8b,qwen3-8b", "--json"});
  ASSERT_EQ(words.exit_code, 0) << words.err;
  EXPECT_EQ(words.out, list.out);
}

TEST(Compare, GivesEachDeploymentTheFiguresThatItHasAlone) {
  const std::vector<std::string> same{"-i", "2048", "-o", "256", "-b", "8", "--json"};
  const auto with = [&](std::vector<std::string> words) {
    words.insert(words.end(), same.begin(), same.end());
    return run(words).json();
  };
  const auto answer = with({"compare", "llama-3.1-70b", "-d", "h100-sxm,mi300x", "-tp", "8"});
  for (const char* device : {"h100-sxm", "mi300x"}) {
    const auto alone = with({"estimate", "llama-3.1-70b", "-d", device, "-tp", "8"});
    const auto& one = column(answer, device);
    EXPECT_EQ(one["floor"], alone["floor"]) << device;
    EXPECT_EQ(one["bound"], alone["bound"]) << device;
    EXPECT_EQ(one["limits"], alone["limits"]) << device;
    const auto fit =
        run({"fit", "llama-3.1-70b", "-d", device, "-tp", "8", "--max-model-len", "2304", "--json"})
            .json();
    for (const char* key : {"fits", "devices", "weight_bytes", "kv_budget_bytes", "kv_blocks",
                            "sequences_at_max_length", "smallest"}) {
      EXPECT_EQ(one[key], fit[key]) << device << ' ' << key;
    }
  }
}

// At batch 1 every operator of a decode step is memory-bound, so that TPOT goes as 1/bandwidth:
// 3.35 TB/s on an H100 SXM, 4.8 on an H200.
TEST(Compare, FindsMemoryBoundTimesInProportionToBandwidth) {
  const auto answer = run({"compare", "llama-2-13b", "-d", "h100-sxm,h200-sxm", "--json"}).json();
  EXPECT_NEAR(column(answer, "h200-sxm")["ratios"]["tpot_s"].get<double>(), 3.35 / 4.8, 1e-12);
  EXPECT_EQ(column(answer, "h100-sxm")["ratios"]["tpot_s"], 1);
  EXPECT_NE(answer["reasons"][0].get<std::string>().find("1.43× the bandwidth"), std::string::npos)
      << answer["reasons"][0];
}

// Llama 2 13B, sequences of 4096 tokens. int8, int4, int3 against fp16: 1/2, 1/4, 3/16. Half of 40
// heads: 1/2; one: 1/40. A cache for every second layer: 1/2. Of 40 layers those numbered 6, 12, …
// 36 see all tokens, the other 34 the last 1024: (6·4096 + 34·1024) / (40·4096) = 0.3625.
TEST(Compare, TellsWhatTheShortcutsMakeOfTheCache) {
  const auto answer = run({"compare", "llama-2-13b", "-d", "h200-sxm", "-i", "3072", "-o", "1024",
                           "--shortcuts", "--json"})
                          .json();
  const double base = column(answer, "llama-2-13b as it is")["kv_bytes_per_sequence"];
  EXPECT_EQ(base, 4096 * 819'200.0);
  const auto share = [&](const char* name) {
    return column(answer, name)["kv_bytes_per_sequence"].get<double>() / base;
  };
  EXPECT_DOUBLE_EQ(share("KV cache in int8"), 1.0 / 2);
  EXPECT_DOUBLE_EQ(share("KV cache in int4"), 1.0 / 4);
  EXPECT_DOUBLE_EQ(share("KV cache in int3"), 3.0 / 16);
  EXPECT_DOUBLE_EQ(share("half the KV heads"), 1.0 / 2);
  EXPECT_DOUBLE_EQ(share("one KV head"), 1.0 / 40);
  EXPECT_DOUBLE_EQ(share("KV shared by 2 layers"), 1.0 / 2);
  EXPECT_DOUBLE_EQ(share("5 of 6 layers local (1,024)"), 0.3625);
  EXPECT_DOUBLE_EQ(share("half the layers"), 1.0 / 2);
  EXPECT_DOUBLE_EQ(share("half the MLP's width"), 1);
}

// 3·5120·13824 weights of an MLP in 40 layers, half of them gone, in fp16.
TEST(Compare, TellsWhatANarrowerMlpSaves) {
  const auto answer =
      run({"compare", "llama-2-13b", "-d", "h200-sxm", "--shortcuts", "--json"}).json();
  const auto bytes = [&](const char* name) {
    return column(answer, name)["weight_bytes"].get<std::int64_t>();
  };
  EXPECT_EQ(bytes("llama-2-13b as it is") - bytes("half the MLP's width"),
            40LL * 3 * 5120 * 13824 / 2 * 2);
}

TEST(Compare, SaysWhichShortcutsAModelCannotTake) {
  const auto answer =
      run({"compare", "deepseek-v3", "-d", "h200-sxm", "-tp", "8", "--shortcuts", "--json"}).json();
  const std::string all = answer["left_out"].dump();
  EXPECT_NE(all.find("one KV head: it keeps no heads of keys and values"), std::string::npos)
      << all;
  EXPECT_GE(answer["columns"].size(), 7U);
}

TEST(Compare, StandsVariantsBesideTheBase) {
  const auto answer = run({"compare", "llama-3.1-8b", "--variant", "--kv-cache-dtype fp8",
                           "--variant", "-d h200-sxm --set 'num_hidden_layers=16'", "--json"})
                          .json();
  ASSERT_EQ(answer["columns"].size(), 3U);
  EXPECT_EQ(answer["columns"][1]["inputs"]["kv_cache_dtype"], "fp8");
  EXPECT_EQ(answer["columns"][2]["inputs"]["device"], "h200-sxm");
  EXPECT_EQ(answer["columns"][2]["inputs"]["num_hidden_layers"], 16);
}

TEST(Compare, LeavesOutWhatCannotBeSplitAndSaysWhy) {
  const auto outcome = run({"compare", "llama-3.1-8b", "-tp", "1,2,3", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto answer = outcome.json();
  EXPECT_EQ(answer["columns"].size(), 2U);
  EXPECT_NE(answer["left_out"].dump().find("TP 3: "), std::string::npos) << answer["left_out"];
}

TEST(Compare, DoesNotCallBestWhatDoesNotHoldTheBatch) {
  const auto outcome = run({"compare", "llama-3.3-70b", "-d", "h100-sxm", "-n", "1,4"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("Highest expected throughput of a device: 4 devices"),
            std::string::npos)
      << outcome.out;
}

TEST(Compare, HoldsAsManySequencesBehindACachedPrefixAsEstimate) {
  const std::vector<std::string> words{
      "llama-3.3-70b",           "-d",   "h100-sxm", "-tp", "8", "-i", "4096",
      "--prefix-cache-hit-rate", "0.75", "--json"};
  const auto with = [&](std::vector<std::string> all) {
    all.insert(all.end(), words.begin(), words.end());
    return run(all).json();
  };
  const auto compared = with({"compare", "--variant", "-tp 4"});
  const auto alone = with({"estimate"});
  EXPECT_EQ(std::floor(compared["columns"][0]["sequences_at_max_length"].get<double>()),
            alone["most_sequences"].get<double>());
}

TEST(Compare, RefusesWhatIsNoComparison) {
  const auto fails = [](const std::vector<std::string>& words, const char* saying) {
    const auto outcome = run(words);
    EXPECT_EQ(outcome.exit_code, kBadInput) << saying;
    EXPECT_EQ(outcome.out, "") << saying;
    EXPECT_NE(outcome.err.find(saying), std::string::npos) << outcome.err;
  };
  fails({"compare", "llama-3.1-8b"}, "there is but one deployment");
  fails({"compare", "llama-3.1-8b,llama-9b"}, "unknown model \"llama-9b\"");
  fails({"compare", "llama-3.1-8b", "-d", "h100,"}, "--device");
  fails({"compare", "llama-3.1-8b", "-b", "1..300"}, "more than 256 deployments");
  fails({"compare", "llama-3.1-8b", "-b", "1,x"}, "--batch");
  fails({"compare", "llama-3.1-8b", "--variant", "--set 'a"}, "is not closed");
  fails({"compare", "llama-3.1-8b", "--variant", "--kv-cache fp8"}, "is not an option of compare");
  fails({"compare", "llama-3.1-8b", "--variant", "word"}, "is one argument too many");
  fails({"compare", "llama-3.1-8b", "--weights", "bf16,bf17"}, "\"bf17\" is not a data type");
  fails({"compare", "llama-3.1-8b", "-tp", "3,5"}, "TP 3: ");
}

}  // namespace
}  // namespace ridgepoint::app
