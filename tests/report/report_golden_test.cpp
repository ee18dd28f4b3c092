// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "report/golden.hpp"
#include "report/sample.hpp"
#include "ridgepoint/report/estimate_report.hpp"
#include "ridgepoint/report/plan_report.hpp"
#include "ridgepoint/report/roofline_report.hpp"
#include "ridgepoint/report/sensitivity_report.hpp"
#include "ridgepoint/report/statistics_report.hpp"
#include "ridgepoint/report/sweep_report.hpp"

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

// Its law: rates add up to −1, in tests/predict and of the program's own figures in tests/app.
TEST(Golden, SensitivityText) {
  predict::RequestQuestion question;
  question.batch = 16;
  const predict::SensitivityQuestion asked{question, predict::Reading::bound};
  const auto answer =
      predict::sensitivity(test::sample_architecture(), test::calibrated_device(), asked).value();
  test::expect_golden("sensitivity.txt", to_text(answer, {.width = 100}) + "\n" +
                                             to_explanation(answer, {.width = 100}));
}

/// 24 points of our own facts, a third of them of a split that is none.
struct SampleSweep {
  explore::Space space;
  explore::Sweep found;
};
SampleSweep sample_sweep(std::vector<explore::Grid> grids = {}) {
  explore::Axes axes;
  axes.models = {{"sample", test::sample_architecture()}};
  axes.devices = {{"round", test::calibrated_device(), test::sample_calibration()}};
  axes.tensor = {1, 2, 3};
  axes.batch = {1, 8, 64, 512};
  axes.output = {64, 1024};
  explore::SweepQuestion question;
  question.top = 4;
  question.subject = explore::parse_subject("fits, tpot<50ms", "--subject").value();
  question.front = explore::parse_objectives("tpot,throughput_per_device", "--pareto").value();
  if (!grids.empty()) question.histogram = explore::Metric::tpot;
  question.grids = std::move(grids);
  auto space = explore::Space::of(std::move(axes)).value();
  auto found = explore::sweep(space, question);
  return {std::move(space), std::move(found)};
}

TEST(Golden, SweepText) {
  const SampleSweep sample = sample_sweep();
  test::expect_golden("sweep.txt", to_text(SweptSpace{sample.space, sample.found}, {.width = 100}));
}

TEST(Golden, SweepMarkdown) {
  const SampleSweep sample = sample_sweep();
  test::expect_golden("sweep.md", to_markdown(SweptSpace{sample.space, sample.found}));
}

TEST(Golden, SweepCsv) {
  const SampleSweep sample = sample_sweep();
  test::expect_golden("sweep.csv", to_csv(SweptSpace{sample.space, sample.found}));
}

/// By each size of a split, and over batches and sizes.
SampleSweep parted_sweep() {
  using explore::Axis;
  return sample_sweep({{{Axis::tensor}}, {{Axis::batch, Axis::tensor}}});
}

TEST(Golden, SweepWithCellsText) {
  const SampleSweep sample = parted_sweep();
  const SweptSpace swept{sample.space, sample.found};
  test::expect_golden("sweep_cells.txt",
                      to_text(swept, {.width = 100}) + to_text(swept, {.width = 24}));
}

TEST(Golden, SweepWithCellsMarkdown) {
  const SampleSweep sample = parted_sweep();
  test::expect_golden("sweep_cells.md", to_markdown(SweptSpace{sample.space, sample.found}));
}

TEST(Golden, SweepWithCellsCsv) {
  const SampleSweep sample = parted_sweep();
  test::expect_golden("sweep_cells.csv", to_csv(SweptSpace{sample.space, sample.found}));
}

/// A plan that is met and one that is not.
struct SamplePlan {
  explore::Space space;
  explore::Plan found;
};
SamplePlan sample_plan(const char* subject) {
  explore::Axes axes;
  axes.models = {{"sample", test::sample_architecture()}};
  axes.devices = {{"round", test::calibrated_device(), test::sample_calibration()}};
  axes.tensor = {1, 2, 3};
  axes.batch = {1, 8, 64, 512};
  explore::PlanQuestion question;
  question.reading = predict::Reading::expected;
  question.requests_per_s = 40;
  question.max_devices = 16;
  question.objective = {explore::Metric::devices, false};
  question.subject = explore::parse_subject(subject, "--subject").value();
  auto space = explore::Space::of(std::move(axes)).value();
  auto found = explore::plan(space, question, true);
  return {std::move(space), std::move(found)};
}

TEST(Golden, PlanText) {
  std::string all;
  for (const char* subject : {"ttft<1s, tpot<50ms", "tpot<1us"}) {
    const SamplePlan sample = sample_plan(subject);
    all += to_text(PlannedSpace{sample.space, sample.found}, {.width = 100}) + "\n";
  }
  test::expect_golden("plan.txt", all);
}

TEST(Golden, PlanMarkdown) {
  const SamplePlan sample = sample_plan("ttft<1s, tpot<50ms");
  test::expect_golden("plan.md", to_markdown(PlannedSpace{sample.space, sample.found}));
}

TEST(Golden, PlanCsv) {
  const SamplePlan sample = sample_plan("ttft<1s, tpot<50ms");
  test::expect_golden("plan.csv", to_csv(PlannedSpace{sample.space, sample.found}));
}

TEST(Golden, StatisticsMarkdown) {
  test::expect_golden("statistics.md", to_markdown(test::sample_statistics()));
}

}  // namespace
}  // namespace ridgepoint::report
