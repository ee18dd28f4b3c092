// SPDX-License-Identifier: Apache-2.0
// roofline of one device among many, and of mixed steps, as people and scripts call it.
#include <gtest/gtest.h>

#include <algorithm>

#include "app/program.hpp"

namespace ridgepoint::app {
namespace {

using testing::run;

constexpr int kBadInput = 2;

std::vector<std::string> words(std::vector<std::string> more) {
  std::vector<std::string> all{"roofline", "llama-3.3-70b", "-d", "h100-sxm"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

TEST(RooflineOfAStage, SaysWhichItLooksAt) {
  const auto slowest = run(words({"-tp", "2", "-pp", "4", "--phase", "decode"}));
  ASSERT_EQ(slowest.exit_code, 0) << slowest.err;
  EXPECT_NE(slowest.out.find("one of 8 devices (TP 2 × PP 4), stage 4 of 4 (20 layers), the "
                             "slowest, batch 1"),
            std::string::npos)
      << slowest.out;
  EXPECT_NE(slowest.out.find("the batch is a micro-batch"), std::string::npos);
  const auto first = run(words({"-tp", "2", "-pp", "4", "--stage", "1"}));
  EXPECT_NE(first.out.find("stage 1 of 4 (20 layers), batch 1"), std::string::npos) << first.out;
  EXPECT_NE(first.out.find("stage_send"), std::string::npos);
}

TEST(RooflineOfAStage, HoldsTheWeightsThatFitNames) {
  const auto fit =
      run({"fit", "llama-3.3-70b", "-d", "h100-sxm", "-tp", "2", "-pp", "4", "--json"});
  for (const std::size_t stage : {1U, 2U, 4U}) {
    const auto answer =
        run(words({"-tp", "2", "-pp", "4", "--stage", std::to_string(stage), "--json"})).json();
    EXPECT_EQ(answer["inputs"]["pipeline_parallel_size"], 4);
    EXPECT_EQ(answer["inputs"]["stage"], stage);
    EXPECT_EQ(answer["inputs"]["stage_layers"], 20);
    EXPECT_EQ(answer["memory"]["micro_batches"], 4);
    EXPECT_EQ(answer["memory"]["weight_bytes"], fit.json()["stages"][stage - 1]["weight_bytes"]);
  }
}

TEST(RooflineOfAStage, RefusesOnesThatThePipelineHasNot) {
  const auto beyond = run(words({"-pp", "4", "--stage", "5"}));
  EXPECT_EQ(beyond.exit_code, kBadInput);
  EXPECT_NE(beyond.err.find("--stage: 5 is no stage of 4"), std::string::npos) << beyond.err;
  EXPECT_EQ(run(words({"--stage", "1"})).exit_code, 0);
  EXPECT_EQ(run(words({"--stage", "2"})).exit_code, kBadInput);
  EXPECT_EQ(run(words({"--stage", "0", "-pp", "2"})).exit_code, kBadInput);
}

TEST(RooflineOfSharedTokens, TakesTheSwitchAsFitAndEstimateDo) {
  const auto answer = run(words({"-tp", "8", "--sequence-parallel", "--json"}));
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_EQ(answer.json()["inputs"]["sequence_parallel"], true);
  for (const char* verb : {"fit", "estimate"}) {
    const auto other =
        run({verb, "llama-3.3-70b", "-d", "h100-sxm", "-tp", "8", "--sequence-parallel"});
    EXPECT_EQ(other.exit_code, 0) << other.err;
    EXPECT_NE(other.out.find("TP 8, sequence-parallel"), std::string::npos) << other.out;
  }
  const auto one = run(words({"--sequence-parallel"}));
  EXPECT_EQ(one.exit_code, kBadInput);
  EXPECT_NE(one.err.find("--sequence-parallel"), std::string::npos) << one.err;
}

TEST(RooflineOfAMixedStep, AnswersWithTheKeysThatScriptsRead) {
  const auto outcome = run(words({"-tp", "8", "--phase", "mixed", "--chunk", "512",
                                  "--chunk-context", "2048", "-b", "64", "-s", "4096", "--json"}));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto answer = outcome.json();
  EXPECT_EQ(answer["inputs"]["phases"], nlohmann::json::array({"mixed"}));
  EXPECT_EQ(answer["inputs"]["chunk"], 512);
  EXPECT_EQ(answer["inputs"]["chunk_context"], 2048);
  EXPECT_TRUE(answer["batch_curve"].empty());
  const auto& step = answer["steps"]["mixed"];
  const double bound = step["bound_s"];
  EXPECT_DOUBLE_EQ(step["throughput_tokens_per_s"].get<double>(), 64 / bound);
  EXPECT_DOUBLE_EQ(step["prompt_tokens_per_s"].get<double>(), 512 / bound);
  EXPECT_FALSE(step.contains("crossover"));
  const double chunk = step["parts"]["prefill"]["bound_s"];
  const double decodes = step["parts"]["decode"]["bound_s"];
  EXPECT_GE(bound, std::max(chunk, decodes));
  EXPECT_LE(bound, chunk + decodes);
  double sum = 0;
  for (const auto& one : answer["operators"]) {
    EXPECT_EQ(one["phase"], "mixed");
    EXPECT_EQ(one["part"], "both");
    sum += one["time_s"].get<double>();
  }
  EXPECT_NEAR(sum, bound, 1e-12 * bound);
}

TEST(RooflineOfAMixedStep, IsWhatAChunkAsksFor) {
  const auto implied = run(words({"--chunk", "256"}));
  ASSERT_EQ(implied.exit_code, 0) << implied.err;
  EXPECT_EQ(implied.out, run(words({"--phase", "mixed", "--chunk", "256"})).out);
  EXPECT_NE(implied.out.find("and 256 new tokens of a prompt (its first)"), std::string::npos);
  EXPECT_EQ(implied.out.find("compute-bound from"), std::string::npos);
  const auto prefill = run(words({"--phase", "prefill", "--chunk", "256"}));
  EXPECT_EQ(prefill.exit_code, kBadInput);
  EXPECT_NE(prefill.err.find("--phase mixed"), std::string::npos) << prefill.err;
  EXPECT_EQ(run(words({"--chunk", "256", "--chunk-context", "255"})).exit_code, kBadInput);
}

TEST(RooflineOfAMixedStep, HasEveryForm) {
  for (const char* format : {"csv", "md", "html", "svg"}) {
    const auto outcome =
        run({"roofline", "deepseek-v3", "-d", "h200-sxm", "-tp", "8", "-pp", "2",
             "--sequence-parallel", "--chunk", "512", "-b", "8", "--format", format});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_NE(outcome.out.find("attention (prefill)"), std::string::npos) << format;
    EXPECT_NE(outcome.out.find("attention (decode)"), std::string::npos) << format;
    EXPECT_NE(outcome.out.find("attention_reduce_scatter"), std::string::npos) << format;
  }
  const auto explained = run(words({"--chunk", "512", "--explain"}));
  EXPECT_NE(explained.out.find("T = 512  new tokens of a prompt"), std::string::npos);
  EXPECT_NE(explained.out.find("2*B*H*K*S + 2*H*K*S_p"), std::string::npos);
}

}  // namespace
}  // namespace ridgepoint::app
