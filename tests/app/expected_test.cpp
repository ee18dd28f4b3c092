// SPDX-License-Identifier: Apache-2.0
// Expected times as people and scripts meet them.
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "app/program.hpp"

namespace ridgepoint::app {
namespace {

using nlohmann::json;
using testing::run;

const std::vector<std::string> kEstimate{"estimate", "llama-3.1-8b", "-d", "h100-sxm",
                                         "-b",       "16",           "-i", "1024"};
const std::vector<std::string> kRoofline{"roofline", "llama-3.1-8b", "-d", "h100-sxm", "-b", "16"};

std::vector<std::string> with(std::vector<std::string> words,
                              const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

TEST(ExpectedEstimate, StandsBesideFloorAndBoundWithItsBand) {
  const auto answer = run(with(kEstimate, {"--json"})).json();
  const json& expected = answer["expected"];
  for (const char* figure : {"ttft_s", "tpot_s", "e2el_s"}) {
    SCOPED_TRACE(figure);
    const double seconds = expected[figure];
    EXPECT_GE(seconds, answer["floor"][figure].get<double>());
    EXPECT_LE(expected["band80"]["fast"][figure].get<double>(), seconds);
    EXPECT_GE(expected["band80"]["slow"][figure].get<double>(), seconds);
  }
  EXPECT_GT(answer["continuous"]["expected"]["tpot_s"].get<double>(),
            answer["continuous"]["floor"]["tpot_s"].get<double>());
  EXPECT_EQ(answer["inputs"]["engine"], "vllm");
  EXPECT_EQ(answer["inputs"]["enforce_eager"], false);
}

TEST(ExpectedEstimate, IsOfTheEngineThatAPastedLineStarts) {
  const auto inputs = [](const std::vector<std::string>& line) {
    return run(with({"estimate", "-d", "h100-sxm", "--json", "--"}, line)).json()["inputs"];
  };
  const std::string model = "meta-llama/Llama-3.1-8B-Instruct";
  const json sglang = inputs(
      {"python", "-m", "sglang.launch_server", "--model-path", model, "--disable-cuda-graph"});
  EXPECT_EQ(sglang["engine"], "sglang");
  EXPECT_EQ(sglang["enforce_eager"], true);
  EXPECT_EQ(inputs({"trtllm-serve", model})["engine"], "trtllm");
  EXPECT_EQ(inputs({"vllm", "serve", model, "--enforce-eager"})["enforce_eager"], true);
}

TEST(ExpectedEstimate, LeadsWithTheExpectedTimes) {
  const auto outcome = run(kEstimate);
  EXPECT_TRUE(has(outcome.out, "Expected, 80 % band in brackets: TTFT "));
  EXPECT_TRUE(has(outcome.out, "80 % band"));
}

TEST(ExpectedEstimate, ExplainsWhichRowsItRestsOn) {
  const auto outcome = run(with(kEstimate, {"--explain"}));
  for (const char* words : {"kernels", "sampling", "rows in", "groups", "% off when left out",
                            "gate_up_proj", "of TPOT's kernels"}) {
    EXPECT_TRUE(has(outcome.out, words)) << words;
  }
}

TEST(ExpectedEstimate, SaysWhyThereIsNoneWhereNothingWasMeasured) {
  const std::vector<std::string> words{"estimate", "llama-3.1-8b", "-d", "wse-3"};
  EXPECT_TRUE(has(run(words).out, "expected times are not known"));
  EXPECT_FALSE(run(with(words, {"--json"})).json().contains("expected"));
  EXPECT_FALSE(has(run(words).out, "80 % band"));
}

TEST(ExpectedEstimate, IsSlowerWhereTheHostLaunchesEveryKernel) {
  const std::vector<std::string> small{"estimate", "llama-3.2-1b", "-d", "h100-sxm", "--json"};
  const double graphs = run(small).json()["expected"]["tpot_s"];
  const auto eager = run(with(small, {"--enforce-eager"})).json();
  EXPECT_GT(eager["expected"]["tpot_s"].get<double>(), graphs);
  EXPECT_GT(eager["expected"]["parts"]["tpot"]["host_s"].get<double>(), 0);
}

TEST(ExpectedEstimate, OfInstancesApartIsThatOfBothKinds) {
  const auto answer = run({"estimate", "llama-3.3-70b", "-d", "h100-sxm", "-tp", "8", "-b", "64",
                           "--disaggregate", "2p4d", "--json"})
                          .json()["disaggregated"];
  const json& expected = answer["expected"];
  EXPECT_LE(expected["requests_per_s"].get<double>(),
            answer["floor"]["requests_per_s"].get<double>());
  EXPECT_GE(expected["tpot_s"].get<double>(), answer["floor"]["tpot_s"].get<double>());
  EXPECT_TRUE(expected.contains("band80"));
}

TEST(ExpectedRoofline, OfOperatorsAndSamplingSumToTheStep) {
  const auto answer = run(with(kRoofline, {"--phase", "decode", "--json"})).json();
  double sum = 0;
  for (const json& one : answer["operators"]) {
    sum += one["expected_s"].get<double>();
    EXPECT_LE(one["expected_low_s"].get<double>(), one["expected_s"].get<double>());
    EXPECT_LE(one["expected_s"].get<double>(), one["expected_high_s"].get<double>());
  }
  const json& step = answer["steps"]["decode"];
  EXPECT_NEAR(sum + step["expected_parts"]["sampling_s"].get<double>(),
              step["expected_s"].get<double>(), 1e-9 * sum);
  for (const json& point : answer["batch_curve"]) {
    EXPECT_GE(point["expected_s"].get<double>(), point["floor_s"].get<double>());
  }
}

TEST(ExpectedRoofline, SaysInWhoseKernelAnOperatorRuns) {
  const auto answer =
      run({"roofline", "mixtral-8x7b", "-d", "h100-sxm", "-tp", "2", "--phase", "decode", "--json"})
          .json();
  std::set<std::string> kernels;
  for (const json& one : answer["operators"]) kernels.insert(one["expected_kernel"]);
  EXPECT_TRUE(kernels.contains("in experts_gate_up_proj"));
}

TEST(ExpectedRoofline, SaysWhichNormsTheAllReduceTakesAlong) {
  const auto kernel_of = [](const std::string& split) {
    const auto answer = run({"roofline", "llama-3.3-70b", "-d", "h100-sxm", "-tp", split, "--phase",
                             "decode", "--weights", "fp8", "--json"})
                            .json();
    for (const json& one : answer["operators"]) {
      if (one["name"] == "attention_residual") return one["expected_kernel"].get<std::string>();
    }
    return std::string();
  };
  EXPECT_EQ(kernel_of("1"), "with the next norm");
  EXPECT_EQ(kernel_of("8"), "in the all-reduce before");
}

TEST(ExpectedRoofline, HasEveryOperatorOfAMixedStep) {
  const auto answer = run(with(kRoofline, {"--phase", "mixed", "--chunk", "512", "--json"})).json();
  for (const json& one : answer["operators"])
    EXPECT_TRUE(one.contains("expected_s")) << one["name"];
}

TEST(ExpectedRoofline, DrawsARingForEachOperatorThatComputes) {
  const auto svg = run(with(kRoofline, {"--format", "svg"})).out;
  EXPECT_TRUE(has(svg, "class=\"ep\""));
  EXPECT_TRUE(has(svg, "class=\"ed\""));
  EXPECT_TRUE(has(svg, "qkv_proj (decode), expected: "));
}

TEST(ExpectedComparison, HasARatioOfExpectedTimes) {
  const auto answer =
      run({"compare", "llama-3.1-8b", "-d", "h100-sxm,l40s", "-b", "16", "--json"}).json();
  const json& base = answer["columns"][0];
  const json& other = answer["columns"][1];
  EXPECT_DOUBLE_EQ(
      other["ratios"]["expected_tpot_s"].get<double>(),
      other["expected"]["tpot_s"].get<double>() / base["expected"]["tpot_s"].get<double>());
  EXPECT_EQ(base["ratios"]["expected_tpot_s"], 1.0);
  const auto text = run({"compare", "llama-3.1-8b", "-d", "h100-sxm,l40s", "-b", "16"}).out;
  EXPECT_TRUE(has(text, "Lowest expected TPOT: h100-sxm"));
  EXPECT_TRUE(has(text, "80 % band of expected"));
}

TEST(ExpectedComparison, FallsBackToTheBoundWhereOneHasNone) {
  const auto text = run({"compare", "llama-3.1-8b", "-d", "h100-sxm,wse-3"}).out;
  EXPECT_TRUE(has(text, "Lowest TPOT: wse-3"));
  EXPECT_FALSE(has(text, "Lowest expected TPOT"));
}

void collect_keys(const json& value, std::set<std::string>& keys) {
  if (value.is_array()) {
    for (const json& each : value) collect_keys(each, keys);
  }
  if (!value.is_object()) return;
  for (const auto& [key, inner] : value.items()) {
    const bool is_ratio = inner.is_number() && key.ends_with("_s") && key != "expected_s" &&
                          key.starts_with("expected_t");
    if (key.find("expected") != std::string::npos && !is_ratio) keys.insert(key);
    collect_keys(inner, keys);
  }
}

TEST(ExpectedDocumentation, NamesEveryKeyOfExpectedTimes) {
  std::ifstream file(RIDGEPOINT_DOCS "/expected.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  ASSERT_FALSE(page.empty());
  std::set<std::string> keys;
  for (const auto& words : {kEstimate, kRoofline}) {
    collect_keys(run(with(words, {"--json"})).json(), keys);
  }
  EXPECT_GE(keys.size(), 7u);
  for (const std::string& key : keys) EXPECT_TRUE(has(page, key)) << key;
}

}  // namespace
}  // namespace ridgepoint::app
