// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "report/markup.hpp"
#include "report/sample.hpp"
#include "ridgepoint/report/sweep_report.hpp"

namespace ridgepoint::report {
namespace {

struct Case {
  std::string name;
  explore::Space space;
  explore::Sweep sweep;
};

Case case_of(const std::string& model, const char* subject, const char* front) {
  explore::Axes axes;
  axes.models = {{model, test::sample_architecture()}};
  axes.devices = {{"round", test::calibrated_device(), test::sample_calibration()}};
  axes.kv_cache = {std::nullopt, DataType::fp8};
  axes.output = {64, 1024};
  for (std::int64_t i = 1; i <= 64; ++i) axes.batch.push_back(i);
  explore::SweepQuestion question;
  question.reading = predict::Reading::expected;
  question.top = 5;
  question.subject = explore::parse_subject(subject, "--subject").value();
  if (front != nullptr) question.front = explore::parse_objectives(front, "--pareto").value();
  question.grids = {{{explore::Axis::kv_cache}}, {{explore::Axis::batch, explore::Axis::output}}};
  question.histogram = explore::Metric::tpot;
  auto space = explore::Space::of(std::move(axes)).value();
  auto found = explore::sweep(space, question);
  return {model + subject, std::move(space), std::move(found)};
}

std::vector<Case> cases() {
  std::vector<Case> all;
  all.push_back(case_of("two", "fits", "tpot,throughput_per_device"));
  all.push_back(case_of("three", "any", "ttft,min:batch,energy"));
  all.push_back(case_of("none", "fits, tpot<100ms", nullptr));
  all.push_back(case_of("nothing", "tpot<1ns", "tpot,cost"));
  all.push_back(case_of("<b>&\"'\x01\xff", "fits", "tpot,e2el"));
  return all;
}

TEST(SweepPage, IsWellFormed) {
  for (const Case& one : cases()) {
    EXPECT_EQ(test::markup_fault(to_html(SweptSpace{one.space, one.sweep})), "") << one.name;
  }
}

// Twice: for wide screens and for phones.
TEST(SweepPage, MarksEachPointAndTellsWhichItIs) {
  for (const Case& one : cases()) {
    const std::string html = to_html(SweptSpace{one.space, one.sweep});
    const auto marks = test::attribute_values(html, "circle", "cx");
    EXPECT_EQ(marks.size(), 2 * (one.sweep.top.size() + one.sweep.front.size())) << one.name;
    for (const std::string& x : marks) {
      EXPECT_GE(std::stod(x), 0);
      EXPECT_LE(std::stod(x), 1200);
    }
    EXPECT_EQ(html.find("nan"), std::string::npos) << one.name;
  }
}

std::size_t classes(const std::string& html, const char* element, const std::string& css_class) {
  const auto all = test::attribute_values(html, element, "class");
  return static_cast<std::size_t>(std::count(all.begin(), all.end(), css_class));
}

// Wide and narrow, with a dozen shades beside each map.
TEST(SweepPage, ColoursEachCellThatHasABestPoint) {
  constexpr std::size_t kShades = 12;
  for (const Case& one : cases()) {
    SCOPED_TRACE(one.name);
    const std::string html = to_html(SweptSpace{one.space, one.sweep});
    const auto& cells = one.sweep.grids[1].cells;
    ASSERT_EQ(cells.size(), 65U * 2);
    std::size_t found = 0;
    std::size_t beyond_memory = 0;
    for (const explore::SweepCell& cell : cells) {
      found += cell.best ? 1U : 0U;
      beyond_memory += cell.region == explore::Region::capacity ? 1U : 0U;
    }
    EXPECT_EQ(classes(html, "rect", "heat"), 2 * (found + (found > 0 ? kShades : 0)));
    EXPECT_EQ(classes(html, "rect", "beyond-memory"), 2 * beyond_memory);
    bool has_border = false;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      has_border = has_border || cells[i].region != cells[0].region;
    }
    EXPECT_EQ(classes(html, "path", "roof"), has_border ? 2U : 0U);
  }
}

TEST(SweepPage, DrawsNoBarOutsideItsHistogram) {
  const Case one = case_of("two", "fits", nullptr);
  const std::string html = to_html(SweptSpace{one.space, one.sweep});
  EXPECT_GT(classes(html, "rect", "d dot"), 8U);
  for (const char* side : {"x", "y", "width", "height"}) {
    for (const std::string& number : test::attribute_values(html, "rect", side)) {
      EXPECT_GE(std::stod(number), 0) << side;
      EXPECT_LE(std::stod(number), 1000) << side;
    }
  }
}

TEST(SweepPage, HasARowForEachPoint) {
  const Case one = case_of("two", "fits", "tpot,throughput_per_device");
  const std::string html = to_html(SweptSpace{one.space, one.sweep});
  std::size_t rows = 0;
  for (std::size_t at = html.find("<tr"); at != std::string::npos; at = html.find("<tr", at + 1)) {
    ++rows;
  }
  constexpr std::size_t kHeads = 2;
  EXPECT_GE(rows, one.sweep.top.size() + one.sweep.front.size() + kHeads);
}

}  // namespace
}  // namespace ridgepoint::report
