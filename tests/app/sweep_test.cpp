// SPDX-License-Identifier: Apache-2.0
// sweep as people and scripts call it.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app/program.hpp"

namespace ridgepoint::app {
namespace {

using testing::run;

constexpr int kBadInput = 2;
constexpr int kNotMet = 4;

std::vector<std::string> words(std::vector<std::string> all, const std::vector<std::string>& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

TEST(Sweep, GivesEachPointTheFiguresThatItHasAlone) {
  const auto answer = run({"sweep", "llama-3.1-70b", "-d", "h100-sxm,mi300x", "-tp", "4,8", "-b",
                           "1..64:x8", "-i", "2048,9000", "-o", "256", "--kv-cache-dtype",
                           "auto,fp8", "--top", "1000", "--mode", "bound", "--json"})
                          .json();
  EXPECT_EQ(answer["schema"], "ridgepoint/sweep/1");
  EXPECT_EQ(answer["points"], 48);
  EXPECT_EQ(answer["evaluated"], 48);
  ASSERT_EQ(answer["results"].size(), answer["meeting"].get<std::size_t>());
  ASSERT_GT(answer["results"].size(), 30U);
  for (std::size_t i = 0; i < answer["results"].size(); i += 7) {
    const auto& row = answer["results"][i];
    const auto text = [&](const char* key) {
      return row[key].is_string() ? row[key].get<std::string>() : row[key].dump();
    };
    const auto alone =
        run({"estimate", text("model"), "-d", text("device"), "-tp", text("tensor_parallel_size"),
             "-b", text("batch"), "-i", text("input"), "-o", text("output"), "--kv-cache-dtype",
             text("kv_cache_dtype"), "--json"})
            .json();
    for (const char* reading : {"floor", "bound", "expected"}) {
      EXPECT_EQ(row[reading], alone[reading]) << i << ' ' << reading;
    }
    EXPECT_EQ(row["tpot_s"], alone["bound"]["tpot_s"]);
    EXPECT_EQ(row["fits"], alone["fits"]);
  }
}

TEST(Sweep, PutsTheBestFirst) {
  const auto answer = run({"sweep", "qwen3-8b", "-b", "1..256:x2", "--objective", "min:cost",
                           "--top", "5", "--pareto", "tpot,throughput_per_device", "--json"})
                          .json();
  EXPECT_EQ(answer["inputs"]["mode"], "expected");
  ASSERT_EQ(answer["results"].size(), 5U);
  for (std::size_t i = 1; i < 5; ++i) {
    EXPECT_LE(answer["results"][i - 1]["cost_per_million_tokens"],
              answer["results"][i]["cost_per_million_tokens"]);
  }
  const auto& front = answer["pareto"];
  ASSERT_GT(front.size(), 3U);
  for (std::size_t i = 1; i < front.size(); ++i) {
    EXPECT_LT(front[i - 1]["tpot_s"], front[i]["tpot_s"]);
    EXPECT_LT(front[i - 1]["per_device_tokens_per_s"], front[i]["per_device_tokens_per_s"]);
  }
}

TEST(Sweep, SaysTheSameWithAnyNumberOfThreads) {
  const std::vector<std::string> same{"sweep",    "llama-3.1-8b,mixtral-8x7b",
                                      "-d",       "h100-sxm,a100-sxm-80gb",
                                      "-tp",      "1..8",
                                      "-b",       "1..300",
                                      "-i",       "100..1000:+100",
                                      "--pareto", "tpot,cost",
                                      "--json"};
  const auto one = run(words(same, {"--threads", "1"}));
  const auto many = run(words(same, {"--threads", "7"}));
  ASSERT_EQ(one.exit_code, 0) << one.err;
  EXPECT_EQ(one.out, many.out);
}

TEST(Sweep, LeavesOutWhatNoEngineRunsAndSaysWhy) {
  const auto answer =
      run({"sweep", "llama-3.1-8b", "-d", "h100-sxm", "-tp", "1,3", "--json"}).json();
  EXPECT_EQ(answer["evaluated"], 1);
  ASSERT_EQ(answer["left_out"].size(), 1U);
  EXPECT_EQ(answer["left_out"][0]["deployments"], 1);
  EXPECT_NE(answer["left_out"][0]["reason"].get<std::string>().find("3"), std::string::npos);
}

TEST(Sweep, EndsWithFourWhereNothingKeepsToTheSubject) {
  const auto outcome =
      run({"sweep", "llama-3.1-70b", "-d", "h100-sxm", "-tp", "1", "-b", "1,2", "--json"});
  EXPECT_EQ(outcome.exit_code, kNotMet);
  EXPECT_EQ(outcome.json()["fitting"], 0);
  EXPECT_TRUE(outcome.json()["results"].empty());
  EXPECT_EQ(run({"sweep", "llama-3.1-70b", "-tp", "1", "--subject", "any"}).exit_code, 0);
}

TEST(Sweep, TellsTheSameInEachForm) {
  const std::vector<std::string> same{"sweep", "llama-2-13b", "-b", "1,8", "--mode", "bound"};
  for (const char* form : {"table", "csv", "md"}) {
    const auto outcome = run(words(same, {"--format", form}));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_NE(outcome.out.find("max:throughput_per_device") == std::string::npos,
              std::string(form) != "csv")
        << form;
  }
  const std::string csv = run(words(same, {"--format", "csv"})).out;
  EXPECT_EQ(csv.substr(0, csv.find(',')), "list");
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 3);
}

struct BadWords {
  std::vector<std::string> words;
  std::string says;
};

TEST(Sweep, NamesAllThatIsWrongWithTheWords) {
  const std::vector<BadWords> all{{{"--subject", "tpot<40"}, "has no unit"},
                                  {{"--subject", "tpot<40ms,tpot>50ms"}, "nothing keeps to both"},
                                  {{"--subject", ""}, "needs a value"},
                                  {{"--subject", "fits,,tpot<1s"}, "sets no limit"},
                                  {{"--objective", "max:speed"}, "\"speed\" is no metric"},
                                  {{"--pareto", "tpot"}, "a front of 1 metrics"},
                                  {{"-b", "0..3"}, "0"},
                                  {{"-b", "1,,2"}, "--batch"},
                                  {{"-tp", "two"}, "two"},
                                  {{"--weights", "bf16,fp17"}, "\"fp17\" is not a data type"},
                                  {{"-d", "h100-sxm,h999"}, "h999"},
                                  {{"--top", "-1"}, "--top"},
                                  {{"--threads", "0"}, "--threads"},
                                  {{"--mode", "guess"}, "--mode"}};
  for (const BadWords& bad : all) {
    const auto outcome = run(words({"sweep", "llama-2-13b", "--json"}, bad.words));
    EXPECT_EQ(outcome.exit_code, kBadInput) << bad.says;
    EXPECT_TRUE(outcome.out.empty());
    EXPECT_NE(outcome.err.find(bad.says), std::string::npos) << outcome.err;
  }
  const auto both = run({"sweep", "llama-2-13b", "--objective", "speed", "--subject", "tpot<4"});
  EXPECT_NE(both.err.find("speed"), std::string::npos);
  EXPECT_NE(both.err.find("has no unit"), std::string::npos);
}

TEST(Sweep, AsksBeforeItWorksForHours) {
  const std::vector<std::string> many{"sweep", "llama-2-13b", "-b", "1..100000",
                                      "-i",    "1..100000",   "-o", "1..1000"};
  const auto outcome = run(many);
  EXPECT_EQ(outcome.exit_code, kBadInput);
  EXPECT_NE(outcome.err.find("10,000,000,000,000"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("days"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("--yes"), std::string::npos);
  const auto beyond =
      run(words(many, {"-s", "1..1000000", "--weights", "bf16,fp8", "-pp", "1..1000", "--yes"}));
  EXPECT_EQ(beyond.exit_code, kBadInput);
  EXPECT_NE(beyond.err.find("2e+22"), std::string::npos) << beyond.err;
}

}  // namespace
}  // namespace ridgepoint::app
