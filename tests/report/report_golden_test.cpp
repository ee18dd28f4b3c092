// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "report/golden.hpp"
#include "report/sample.hpp"
#include "ridgepoint/report/estimate_report.hpp"
#include "ridgepoint/report/roofline_report.hpp"
#include "ridgepoint/report/statistics_report.hpp"

namespace ridgepoint::report {
namespace {

TEST(Golden, RooflineText) {
  test::expect_golden("roofline.txt", to_text(test::analysis_of(1, 1024)));
}

TEST(Golden, RooflineExplanation) {
  test::expect_golden("roofline_explanation.txt",
                      to_explanation(test::analysis_of(1, 1024), {.width = 100}));
}

TEST(Golden, RooflineCsv) {
  test::expect_golden("roofline.csv", to_csv(test::analysis_of(1, 1024)));
}

TEST(Golden, RooflinePicture) {
  test::expect_golden("roofline.svg", to_svg(test::analysis_of(1, 1024)));
}

TEST(Golden, RooflineWithExpectedTimes) {
  test::expect_golden("roofline_expected.txt",
                      to_text(test::expected_analysis_of(16, 1024), {.width = 80}));
}

TEST(Golden, EstimateWithExpectedTimes) {
  const auto answer = test::expected_estimate_of(16);
  test::expect_golden("estimate_expected.txt", to_text(answer, {.width = 80}) + "\n" +
                                                   to_explanation(answer, {.width = 80}));
}

TEST(Golden, StatisticsMarkdown) {
  test::expect_golden("statistics.md", to_markdown(test::sample_statistics()));
}

}  // namespace
}  // namespace ridgepoint::report
