// SPDX-License-Identifier: Apache-2.0
// Every document shows the same expected times.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "report/markup.hpp"
#include "report/sample.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/predict/comparison.hpp"
#include "ridgepoint/report/comparison_report.hpp"
#include "ridgepoint/report/estimate_report.hpp"
#include "ridgepoint/report/roofline_report.hpp"

namespace ridgepoint::report {
namespace {

using nlohmann::json;

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

predict::Comparison comparison() {
  std::vector<predict::Candidate> candidates;
  for (const std::int64_t batch : {16, 64}) {
    predict::Candidate one{"batch " + std::to_string(batch),
                           test::sample_architecture(),
                           test::calibrated_device(),
                           {},
                           {}};
    one.request.batch = batch;
    one.request.execution.calibration = test::sample_calibration();
    one.memory.max_model_len = one.memory.mean_length = one.request.input + one.request.output;
    candidates.push_back(std::move(one));
  }
  return predict::compare(candidates, {}).value();
}

std::size_t columns_of(const std::string& line) {
  std::size_t columns = 0;
  for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xc0U) != 0x80U ? 1 : 0;
  return columns;
}

TEST(ExpectedText, StaysWithinEightyColumns) {
  const Terminal narrow{.width = 80};
  const auto estimate = test::expected_estimate_of(16);
  const auto analysis = test::expected_analysis_of(16, 1024);
  for (const std::string& text :
       {to_text(estimate, narrow), to_explanation(estimate, narrow), to_text(analysis, narrow),
        to_explanation(analysis, narrow), to_text(comparison(), narrow),
        to_explanation(comparison(), narrow)}) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(columns_of(line), 80u) << line;
  }
}

TEST(ExpectedText, KeepsExpectedTimesAndBandsAtEightyColumns) {
  const Terminal narrow{.width = 80};
  EXPECT_TRUE(has(to_text(test::expected_estimate_of(16), narrow), "80 % band  unit"));
  const std::string roofline = to_text(test::expected_analysis_of(16, 1024), narrow);
  EXPECT_TRUE(has(roofline, "expected"));
  EXPECT_TRUE(has(to_text(comparison(), narrow), "TPOT expected"));
}

TEST(ExpectedText, SaysWhatNothingMeasuredSpeaksOf) {
  const auto analysis = test::expected_analysis_of(16, 1024);
  EXPECT_TRUE(has(to_explanation(analysis), "% of the kernels' time is of operators like which"));
  EXPECT_TRUE(has(to_text(analysis), "not measured"));
  EXPECT_TRUE(has(to_explanation(test::expected_estimate_of(16)), "rotary_emb: no kernel like it"));
}

TEST(ExpectedText, SaysWhichRowsAKernelRestsOn) {
  const std::string words = "gemm bf16, vllm-1.0: 1,200 rows in 34 groups, 5.6 % off when left out";
  EXPECT_TRUE(has(to_explanation(test::expected_estimate_of(16)), words));
  EXPECT_TRUE(has(to_explanation(test::expected_analysis_of(16, 1024)), words));
}

/// The cells of the table that has this cell in its head.
std::string table_with(const std::string& html, const std::string& head) {
  for (std::size_t at = html.find("<table>"); at != html.npos; at = html.find("<table>", at + 1)) {
    const std::string table = html.substr(at, html.find("</table>", at) - at);
    if (has(table, ">" + head + "<")) return table;
  }
  return "";
}

TEST(ExpectedPage, ShowsInItsTablesWhatTheJsonSays) {
  const auto answer = test::expected_estimate_of(16);
  const json document = json::parse(to_json(answer));
  const std::string html = to_html(answer, predict::batch_curve(answer));
  EXPECT_EQ(test::markup_fault(html), "");
  const std::string table = table_with(html, "static batch");
  for (const char* key : {"ttft_s", "tpot_s", "e2el_s"}) {
    const json& expected = document["expected"];
    EXPECT_TRUE(has(table, ">" + format_number(1e3 * expected[key].get<double>()))) << key;
    const auto edge = [&](const char* which) {
      return format_number(1e3 * expected["band80"][which][key].get<double>());
    };
    EXPECT_TRUE(has(table, ">" + edge("fast") + "–" + edge("slow") + "<")) << key;
  }
  EXPECT_TRUE(has(table_with(html, "TPOT expected"),
                  ">" + format_number(1e3 * document["expected"]["tpot_s"].get<double>())));
}

TEST(ExpectedPage, DrawsTheExpectedCurveBesideTheBound) {
  const auto answer = test::expected_estimate_of(16);
  const std::string html = to_html(answer, predict::batch_curve(answer));
  for (const char* words : {"class=\"expected\"", "class=\"curve\"", "class=\"floor\"",
                            "Where expected times come from", "TPOT expected"}) {
    EXPECT_TRUE(has(html, words)) << words;
  }
  const auto none = test::expected_estimate_of(16);
  predict::Estimate bare = none;
  bare.expected.reset();
  bare.steady.expected.reset();
  bare.sources.clear();
  EXPECT_FALSE(has(to_html(bare, {}), "80 % band"));
}

TEST(ExpectedRooflinePage, ShowsEachOperatorsTimeAndEfficiency) {
  const auto analysis = test::expected_analysis_of(16, 1024);
  const json document = json::parse(to_json(analysis));
  const std::string html = to_html(analysis);
  EXPECT_EQ(test::markup_fault(html), "");
  for (const json& one : document["operators"]) {
    const double seconds = one["expected_s"];
    if (one["phase"] != "decode" || seconds == 0) continue;
    EXPECT_NEAR(one["efficiency"].get<double>() * seconds > 0
                    ? one["efficiency"].get<double>() * seconds
                    : one["time_s"].get<double>(),
                one["time_s"].get<double>(), 1e-12)
        << one["name"];
    EXPECT_TRUE(has(html, one["expected_kernel"].get<std::string>()));
  }
  EXPECT_TRUE(has(html, "what its kernel is expected to attain"));
}

TEST(ExpectedCsv, HasTheColumnsWithAndWithoutExpectedTimes) {
  const auto with = test::read_csv(to_csv(test::expected_analysis_of(16, 1024)));
  const auto without = test::read_csv(to_csv(test::analysis_of(16, 1024)));
  EXPECT_EQ(with.front(), without.front());
  const auto column = std::find(with.front().begin(), with.front().end(), "expected_s");
  ASSERT_NE(column, with.front().end());
  const auto at = static_cast<std::size_t>(column - with.front().begin());
  EXPECT_GT(std::stod(with.at(2).at(at)), 0);
  EXPECT_EQ(without.at(2).at(at), "0");
}

TEST(ExpectedCsv, OfARequestHasALineForEachEdge) {
  const auto lines = test::read_csv(to_csv(test::expected_estimate_of(16)));
  std::vector<std::string> readings;
  for (const auto& line : lines) readings.push_back(line.at(0));
  EXPECT_EQ(readings, (std::vector<std::string>{
                          "reading", "floor", "bound", "expected", "expected_fast", "expected_slow",
                          "continuous_floor", "continuous_bound", "continuous_expected",
                          "continuous_expected_fast", "continuous_expected_slow"}));
}

TEST(ExpectedComparison, NamesTheBestByExpectedTimesAndShowsTheirBands) {
  const predict::Comparison both = comparison();
  const std::string text = to_text(both);
  EXPECT_TRUE(has(text, "Lowest expected TPOT: batch 16"));
  EXPECT_FALSE(has(text, "Lowest TPOT:"));
  EXPECT_TRUE(has(text, "80 % band of expected"));
  EXPECT_TRUE(has(to_html(both), "Marks stand at expected times."));
  const json document = json::parse(to_json(both));
  EXPECT_GT(document["columns"][1]["ratios"]["expected_tpot_s"].get<double>(), 1);
}

}  // namespace
}  // namespace ridgepoint::report
