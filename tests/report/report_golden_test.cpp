// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "report/golden.hpp"
#include "report/sample.hpp"
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

TEST(Golden, StatisticsMarkdown) {
  test::expect_golden("statistics.md", to_markdown(test::sample_statistics()));
}

}  // namespace
}  // namespace ridgepoint::report
