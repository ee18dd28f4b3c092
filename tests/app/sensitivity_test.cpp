// SPDX-License-Identifier: Apache-2.0
// sensitivity as people and scripts call it.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "app/program.hpp"

namespace ridgepoint::app {
namespace {

using testing::run;
using Words = std::vector<std::string>;

constexpr int kBadInput = 2;
constexpr int kNotMet = 4;

Words sensitivity(const Words& more) {
  Words words{"sensitivity", "llama-3.1-8b", "-d", "h100-sxm"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST(Sensitivity, AnswersWithTheKeysThatScriptsRead) {
  const auto answer = run(sensitivity({"-b", "16", "--json"})).json();
  EXPECT_EQ(answer["schema"], "ridgepoint/sensitivity/1");
  EXPECT_EQ(answer["inputs"]["mode"], "bound");
  EXPECT_EQ(answer["inputs"]["batch"], 16);
  double rates = 0;
  for (const auto& row : answer["parameters"]) {
    for (const auto& [key, one] : row["elasticities"].items()) {
      EXPECT_TRUE(one["less"].is_number() && one["more"].is_number()) << key;
    }
    const bool is_rate = row["unit"] == "bytes_per_s" || row["unit"] == "flop_per_s";
    if (is_rate) rates += row["elasticities"]["tpot_s"]["more"].get<double>();
  }
  EXPECT_NEAR(rates, -1, 1e-12);
}

TEST(Sensitivity, HasTheTimesOfEstimate) {
  const Words more{"-b", "16", "-tp", "2", "--json"};
  Words words = sensitivity(more);
  const auto answer = run(words).json();
  words[0] = "estimate";
  const auto estimated = run(words).json();
  EXPECT_EQ(answer["times"], estimated["bound"]);
  words[0] = "sensitivity";
  words.insert(words.end(), {"--mode", "floor"});
  EXPECT_EQ(run(words).json()["times"], estimated["floor"]);
}

// What the answer promises of 1 % is what estimate says of 1 %: of a bandwidth that all of a decode
// step waits for, 1/1.01.
TEST(Sensitivity, KeepsWhatItPromises) {
  Words words = sensitivity({"--json", "--mode", "expected"});
  const auto answer = run(words).json();
  words = {"estimate", "llama-3.1-8b", "-d", "h100-sxm", "--json"};
  const double before = run(words).json()["expected"]["tpot_s"].get<double>();
  words.insert(words.end(), {"--set-device", "memory_bandwidth=3.3835TB/s"});
  const double after = run(words).json()["expected"]["tpot_s"].get<double>();
  for (const auto& row : answer["parameters"]) {
    if (row["parameter"] != "memory_bandwidth") continue;
    const double promised = row["elasticities"]["tpot_s"]["more"].get<double>();
    EXPECT_NEAR(std::log(after / before) / std::log(1.01), promised, 0.01);
    EXPECT_LT(promised, -0.5);
    EXPECT_EQ(row["elasticities"]["tpot_s"]["method"], "difference");
  }
}

TEST(Sensitivity, WritesEveryFormatTheSameTwice) {
  for (const char* format : {"table", "json", "csv", "md"}) {
    for (const Words& more : {Words{}, Words{"--solve", "tpot=4ms", "--for", "memory_bandwidth"},
                              Words{"--solve", "gate_up_proj=compute_bound", "--for", "batch"}}) {
      Words words = sensitivity(more);
      words.insert(words.end(), {"--format", format});
      const auto outcome = run(words);
      EXPECT_EQ(outcome.exit_code, 0) << format << outcome.err;
      EXPECT_GT(outcome.out.size(), 100u) << format;
      EXPECT_EQ(outcome.out, run(words).out);
    }
  }
}

TEST(Sensitivity, ExplainsHowItFollows) {
  const auto outcome = run(sensitivity({"--explain"}));
  EXPECT_NE(outcome.out.find("E2EL = TTFT + (output − 1)·TPOT"), std::string::npos);
  EXPECT_NE(outcome.out.find("TPOT waits"), std::string::npos);
}

// The bandwidth that it answers with, given to estimate, makes the time what was asked.
TEST(Solve, AnswersWithAFigureThatEstimateConfirms) {
  const auto solved =
      run(sensitivity({"--solve", "tpot=4ms", "--for", "memory_bandwidth", "--json"})).json();
  EXPECT_EQ(solved["solved"]["met"], "from");
  EXPECT_EQ(solved["solved"]["unit"], "bytes_per_s");
  EXPECT_EQ(solved["inputs"]["solve"], "tpot=4ms");
  const auto bandwidth = std::to_string(solved["solved"]["value"].get<double>()) + " B/s";
  const auto estimated = run({"estimate", "llama-3.1-8b", "-d", "h100-sxm", "--set-device",
                              "memory_bandwidth=" + bandwidth, "--json"})
                             .json();
  EXPECT_NEAR(estimated["bound"]["tpot_s"].get<double>(), 0.004, 1e-12);
}

TEST(Solve, ExitsWithFourWhereNothingWillDo) {
  const auto metric =
      run(sensitivity({"-b", "64", "--solve", "tpot=0.1ms", "--for", "memory_bandwidth"}));
  EXPECT_EQ(metric.exit_code, kNotMet);
  EXPECT_NE(metric.out.find("is 1.01 ms at best, however large it is. It then waits 100 % for "
                            "compute."),
            std::string::npos)
      << metric.out;
  const auto heads = run({"sensitivity", "llama-2-13b", "--solve", "attention=compute_bound",
                          "--for", "num_key_value_heads"});
  EXPECT_EQ(heads.exit_code, kNotMet);
  EXPECT_NE(heads.out.find("it would take 0.09867"), std::string::npos) << heads.out;
}

TEST(Solve, RefusesWithAllFaultsAtOnce) {
  const auto outcome = run(sensitivity({"--solve", "tpot=10", "--for", "x", "--mode", "none"}));
  EXPECT_EQ(outcome.exit_code, kBadInput);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("--mode"), std::string::npos);
  EXPECT_NE(outcome.err.find("--solve"), std::string::npos);
  for (const Words& more : {Words{"--solve", "tpot=10ms"}, Words{"--for", "batch"},
                            Words{"--solve", "tpot=10ms", "--for", "bandwidth"},
                            Words{"--solve", "attn=compute_bound", "--for", "batch"},
                            Words{"--solve", "tpot=1ms", "--for", "batch", "--format", "html"}}) {
    const auto refused = run(sensitivity(more));
    EXPECT_EQ(refused.exit_code, kBadInput) << more[1];
    EXPECT_EQ(refused.out, "");
    EXPECT_NE(refused.err.find("help: "), std::string::npos);
  }
}

}  // namespace
}  // namespace ridgepoint::app
