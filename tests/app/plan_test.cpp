// SPDX-License-Identifier: Apache-2.0
// plan as people and scripts call it.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app/program.hpp"

namespace ridgepoint::app {
namespace {

using testing::run;

constexpr int kBadInput = 2;
constexpr int kDoesNotFit = 3;
constexpr int kNotMet = 4;

std::vector<std::string> words(std::vector<std::string> all, const std::vector<std::string>& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

const std::vector<std::string> kAsked{"plan",      "llama-3.3-70b",
                                      "--rate",    "20",
                                      "-i",        "4000",
                                      "-o",        "500",
                                      "-d",        "h100-sxm,h200-sxm",
                                      "--subject", "ttft<1s, tpot<40ms"};

TEST(Plan, AnswersWithProofAndReasons) {
  const auto answer = run(words(kAsked, {"--verify", "--json"})).json();
  EXPECT_EQ(answer["schema"], "ridgepoint/plan/1");
  EXPECT_EQ(answer["met"], true);
  EXPECT_EQ(answer["verification"]["holds"], true);
  EXPECT_EQ(answer["legal"].get<int>(),
            answer["evaluated"].get<int>() + answer["excluded_by_bounds"].get<int>());
  const auto& best = answer["best"];
  EXPECT_LT(best["ttft_s"], 1);
  EXPECT_LT(best["tpot_s"], 0.04);
  EXPECT_LE(best["utilization"], 0.8);
  EXPECT_EQ(best["total_devices"].get<int>(),
            best["instances"].get<int>() * best["devices"].get<int>());
  EXPECT_EQ(best["throughput_tokens_per_s"], 20 * 500);
  EXPECT_GT(best["tpot_band80"]["high_s"], best["tpot_s"]);
  EXPECT_GE(answer["runners_up"].size(), 3U);
  EXPECT_EQ(answer["why_not"].size(), 2U);
  EXPECT_FALSE(answer["binding"].empty());
  EXPECT_TRUE(answer["nearest_misses"].empty());
}

/// The steady state of `estimate` at the same deployment and batch.
TEST(Plan, SaysOfItsReplicasWhatEstimateSays) {
  const auto best = run(words(kAsked, {"--json"})).json()["best"];
  const auto text = [&](const char* key) {
    return best[key].is_string() ? best[key].get<std::string>() : best[key].dump();
  };
  const auto alone = run({"estimate", "llama-3.3-70b", "-i", "4000", "-o", "500", "-d",
                          text("device"), "-tp", text("tensor_parallel_size"), "-pp",
                          text("pipeline_parallel_size"), "-b", text("batch"), "--json"})
                         .json();
  const auto& steady = alone["continuous"]["expected"];
  EXPECT_EQ(best["tpot_s"], steady["tpot_s"]);
  EXPECT_EQ(best["prompt_s"], steady["ttft_s"]);
  EXPECT_EQ(best["tpot_band80"]["high_s"], steady["band80"]["slow"]["tpot_s"]);
}

TEST(Plan, ExitsByWhatIsMissing) {
  const auto unmet =
      run({"plan", "llama-3.3-70b", "--rate", "1", "--subject", "tpot<10us", "--json"});
  EXPECT_EQ(unmet.exit_code, kNotMet);
  EXPECT_TRUE(unmet.json()["best"].empty());
  EXPECT_FALSE(unmet.json()["nearest_misses"].empty());
  ASSERT_EQ(unmet.json()["forbidden"].size(), 1U);
  EXPECT_GT(unmet.json()["forbidden"][0]["least"], 1e-5);
  const auto too_large =
      run({"plan", "llama-3.1-405b", "-d", "l4", "--max-devices", "1", "--rate", "1", "--json"});
  EXPECT_EQ(too_large.exit_code, kDoesNotFit);
  EXPECT_EQ(too_large.json()["met"], false);
  const auto illegal = run({"plan", "flan-t5-xxl", "--rate", "3", "--json"});
  EXPECT_EQ(illegal.exit_code, kNotMet);
  EXPECT_FALSE(illegal.json()["left_out"].empty());
}

TEST(Plan, IsToldInEachForm) {
  const std::vector<std::string> same{"plan", "qwen3-8b", "--rate", "3"};
  for (const char* form : {"table", "csv", "md"}) {
    const auto outcome = run(words(same, {"--format", form}));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_FALSE(outcome.out.empty());
  }
  const std::string csv = run(words(same, {"--format", "csv", "--runners-up", "2"})).out;
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 4);
}

TEST(Plan, LooksForTheFewestDevicesWhereAPriceIsUnknown) {
  const auto outcome = run({"plan", "qwen3-8b", "--rate", "3", "-d", "h100-sxm,mi300x", "--json"});
  EXPECT_NE(outcome.err.find("the price of mi300x is not known"), std::string::npos);
  EXPECT_EQ(outcome.json()["inputs"]["objective"], "min:devices");
  const auto priced = run({"plan", "qwen3-8b", "--rate", "3", "-d", "mi300x", "--set-device",
                           "price=1.9 $/h", "--json"});
  EXPECT_EQ(priced.json()["inputs"]["objective"], "min:cost");
}

struct BadWords {
  std::vector<std::string> words;
  std::string says;
};

TEST(Plan, NamesAllThatIsWrongWithTheWords) {
  const std::vector<BadWords> all{{{"--rate", "0"}, "\"0\" is not positive"},
                                  {{"--rate", "inf"}, "--rate"},
                                  {{"--rate", "1e400"}, "--rate"},
                                  {{"--rate", "3", "--utilization", "1"}, "--utilization"},
                                  {{"--rate", "3", "--percentile", "100"}, "--percentile"},
                                  {{"--rate", "3", "--objective", "max:cost"}, "max:cost"},
                                  {{"--rate", "3", "--objective", "min:ttft"}, "min:ttft"},
                                  {{"--rate", "3", "--max-devices", "0"}, "--max-devices"},
                                  {{"--rate", "3", "-i", "1,2"}, "one length"},
                                  {{"--rate", "3", "-b", "1..1000000000"}, "--batch"},
                                  {{"--rate", "3", "-b", "1..60000"}, "points"},
                                  {{"--rate", "3", "--subject", "tpot<1ms,tpot>2ms"}, "both"}};
  for (const BadWords& bad : all) {
    const auto outcome = run(words({"plan", "llama-2-13b", "--json"}, bad.words));
    EXPECT_EQ(outcome.exit_code, kBadInput) << bad.says;
    EXPECT_TRUE(outcome.out.empty());
    EXPECT_NE(outcome.err.find(bad.says), std::string::npos) << outcome.err;
  }
  const auto no_rate = run({"plan", "llama-2-13b", "--utilization", "2"});
  EXPECT_NE(no_rate.err.find("a plan needs a load"), std::string::npos);
  EXPECT_NE(no_rate.err.find("--utilization"), std::string::npos);
}

}  // namespace
}  // namespace ridgepoint::app
