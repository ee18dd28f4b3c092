// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/inverse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <utility>

#include "ridgepoint/core/names.hpp"
#include "ridgepoint/core/text.hpp"

namespace ridgepoint::explore {
namespace {

using predict::Estimate;
using predict::Parameter;
using predict::Reading;

constexpr std::string_view kFor = "--for";

struct Range {
  double low;
  double high;
};

/// Values at which the goal is tried first, rising to where nothing changes any more. Times only
/// fall with a rate, so that its ends are enough; where steps are added as a whole number grows
/// they do not change in one direction alone.
std::vector<double> grid_of(const Parameter& parameter, Reading reading) {
  if (!parameter.is_whole()) {
    const double reach = reading == Reading::expected ? 0x1p10 : 0x1p60;
    return {parameter.value / reach, parameter.value * reach};
  }
  constexpr std::int64_t kStepsOfOctave = 16;
  const bool is_far = parameter.name == "batch" && reading != Reading::expected;
  const std::int64_t last = std::int64_t{1} << (is_far ? 30 : 20);
  std::vector<double> grid;
  for (std::int64_t octave = 1; octave < last; octave *= 2) {
    const std::int64_t step = std::max<std::int64_t>(1, octave / kStepsOfOctave);
    for (std::int64_t value = octave; value < 2 * octave; value += step) {
      grid.push_back(static_cast<double>(value));
      grid.push_back(static_cast<double>(value + 1));  // behind sizes that tiles are made for
    }
  }
  grid.push_back(static_cast<double>(last));
  grid.push_back(parameter.value);
  std::sort(grid.begin(), grid.end());
  grid.erase(std::unique(grid.begin(), grid.end()), grid.end());
  return grid;
}

/// Half way between two values, by bits of doubles: equal to one where no other is between them.
double between(const Parameter& parameter, const Range& range) {
  if (parameter.is_whole()) return std::floor((range.low + range.high) / 2);
  const auto low = std::bit_cast<std::uint64_t>(range.low);
  const auto high = std::bit_cast<std::uint64_t>(range.high);
  return std::bit_cast<double>(low + (high - low) / 2);
}

/// Answers with the unknown at any value.
class Search {
 public:
  Search(const model::Architecture& architecture, const hardware::Device& device,
         const InverseQuestion& question, const Parameter& unknown)
      : architecture_(architecture), device_(device), question_(question), unknown_(unknown) {}

  Result<Inverse> solve() const {
    const auto now = at(unknown_.value);
    if (!now) return fail(now.error());
    Inverse answer;
    answer.question = question_;
    answer.unknown = unknown_;
    answer.metric_now = metric_of(*now);
    auto points = points_at(grid_of(unknown_, question_.reading));
    if (!points) return fail(points.error());
    const auto refined = points_at(around_best(*points));
    if (!refined) return fail(refined.error());
    points->insert(points->end(), refined->begin(), refined->end());
    std::sort(points->begin(), points->end(),
              [](const Point& a, const Point& b) { return a.value < b.value; });
    tell_best(*points, answer);
    find_ends(*points, answer);
    return answer;
  }

 private:
  Result<Estimate> at(double value) const {
    hardware::Device device = device_;
    predict::RequestQuestion request = question_.request;
    set_parameter(unknown_, value, device, request);
    return predict::estimate_static(architecture_, device, request);
  }
  double metric_of(const Estimate& answer) const {
    return value_of(question_.goal.metric, times_of(answer, question_.reading));
  }
  bool is_met(const Estimate& answer) const { return question_.goal.is_met_by(metric_of(answer)); }
  bool is_better(double a, double b) const {
    return facts(question_.goal.metric).is_better_high ? a > b : a < b;
  }

  /// What the metric comes to at a value.
  struct Point {
    double value;
    double metric;
  };

  Result<std::vector<Point>> points_at(const std::vector<double>& values) const {
    std::vector<Point> points;
    points.reserve(values.size());
    for (const double value : values) {
      const auto answer = at(value);
      if (!answer) return fail(answer.error());
      points.push_back({value, metric_of(*answer)});
    }
    return points;
  }

  std::size_t best_of(const std::vector<Point>& points) const {
    std::size_t best = 0;
    for (std::size_t i = 1; i < points.size(); ++i) {
      if (is_better(points[i].metric, points[best].metric)) best = i;
    }
    return best;
  }

  /// Whole numbers between the neighbours of the best one of a grid, as far as a thousand do.
  std::vector<double> around_best(const std::vector<Point>& grid) const {
    std::vector<double> values;
    if (!unknown_.is_whole()) return values;
    constexpr std::int64_t kMost = 1000;
    const std::size_t best = best_of(grid);
    const auto whole = [&](std::size_t i) { return static_cast<std::int64_t>(grid[i].value); };
    const std::int64_t low = whole(best > 0 ? best - 1 : best);
    const std::int64_t high = whole(best + 1 < grid.size() ? best + 1 : best);
    const std::int64_t step = std::max<std::int64_t>(1, (high - low) / kMost);
    for (std::int64_t value = low + step; value < high; value += step) {
      if (value != whole(best)) values.push_back(static_cast<double>(value));
    }
    return values;
  }

  void tell_best(const std::vector<Point>& points, Inverse& answer) const {
    const Point& best = points[best_of(points)];
    answer.nearest_met = best.metric;
    answer.nearest_value = best.value;
    answer.at = *at(best.value);
    answer.depends = std::any_of(points.begin(), points.end(), [&](const Point& each) {
      return each.metric != points.front().metric;
    });
  }

  /// Points in a row that meet the goal.
  struct Run {
    std::size_t first;
    std::size_t last;
  };

  std::vector<Run> runs_of(const std::vector<Point>& points) const {
    std::vector<Run> runs;
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (!question_.goal.is_met_by(points[i].metric)) continue;
      if (!runs.empty() && runs.back().last + 1 == i) {
        runs.back().last = i;
      } else {
        runs.push_back({i, i});
      }
    }
    return runs;
  }

  /// The run that has the present value, else the first one.
  void find_ends(const std::vector<Point>& points, Inverse& answer) const {
    const std::vector<Run> runs = runs_of(points);
    if (runs.empty()) return;
    const auto has_now = [&](const Run& run) {
      return points[run.first].value <= unknown_.value && unknown_.value <= points[run.last].value;
    };
    const auto around_now = std::find_if(runs.begin(), runs.end(), has_now);
    const Run run = around_now == runs.end() ? runs.front() : *around_now;
    answer.is_met_elsewhere = runs.size() > 1;
    const bool has_begin = run.first > 0;
    const bool has_end = run.last + 1 < points.size();
    answer.met =
        has_begin ? (has_end ? Met::between : Met::from) : (has_end ? Met::up_to : Met::always);
    if (has_end) {
      answer.last = bisect({points[run.last].value, points[run.last + 1].value}, false);
    }
    answer.value = has_begin ? bisect({points[run.first - 1].value, points[run.first].value}, true)
                             : std::exchange(answer.last, 0);
    if (answer.met != Met::always) answer.at = *at(answer.value);
  }

  /// REQUIRES: the goal is met at one end alone.
  double bisect(Range range, bool is_met_high) const {
    for (;;) {
      const double middle = between(unknown_, range);
      if (middle <= range.low || middle >= range.high) break;
      const auto answer = at(middle);
      const bool is_above = answer && is_met(*answer) == is_met_high;
      (is_above ? range.high : range.low) = middle;
    }
    return is_met_high ? range.high : range.low;
  }

  const model::Architecture& architecture_;
  const hardware::Device& device_;
  const InverseQuestion& question_;
  const Parameter& unknown_;
};

/// The context of the decode step is told by input and output, but can be asked for.
std::vector<Parameter> unknowns_of(std::vector<Parameter> parameters,
                                   const model::Architecture& architecture,
                                   const predict::RequestQuestion& question) {
  std::erase_if(parameters, [](const Parameter& one) { return !can_change(one); });
  if (!question.context) {
    parameters.push_back({predict::ParameterKind::sequence, "context",
                          static_cast<double>(decode_context(architecture, question))});
  }
  return parameters;
}

Result<Parameter> unknown_named(const std::string& text, const std::vector<Parameter>& known) {
  std::vector<std::string> names;
  for (const Parameter& each : known) {
    if (each.name == text) return each;
    names.push_back(each.name);
  }
  return fail(
      std::string(kFor),
      fmt::format("\"{}\" is nothing that these times hang on and that can be given another "
                  "value",
                  shown(text)),
      did_you_mean_or_list(text, names, names));
}

std::vector<std::string> assumptions(const Inverse& answer) {
  std::vector<std::string> sentences{"all else stays as it is"};
  if (answer.question.reading == Reading::expected) {
    sentences.emplace_back(
        "the profile's kernels are taken to reach the same shares of another device's peaks");
  }
  if (answer.unknown.is_whole()) {
    sentences.emplace_back(
        "whole numbers are tried in 16 steps to the octave and right behind each, and by halves "
        "between two of which one meets the goal");
  }
  return sentences;
}

}  // namespace

bool Goal::is_met_by(double number) const {
  return facts(metric).is_better_high ? number >= value : number <= value;
}

Result<Goal> parse_goal(std::string_view text, std::string_view where) {
  const std::size_t at = text.find('=');
  if (at == std::string_view::npos) {
    return fail(std::string(where), fmt::format("\"{}\" says nothing to solve for", shown(text)),
                "write a metric and what it is to be, tpot=10ms, or an operator and what is to "
                "limit it, attention=compute_bound");
  }
  const auto metric = parse_metric(trimmed(text.substr(0, at)), where);
  if (!metric) return fail(metric.error());
  if (facts(*metric).figure == nullptr) {
    return fail(std::string(where),
                fmt::format("{} is asked for, not answered", facts(*metric).name),
                "name a time, a rate, energy or cost");
  }
  const auto value = parse_metric_value(*metric, trimmed(text.substr(at + 1)), where);
  if (!value) return fail(value.error());
  return Goal{*metric, *value, std::string(text)};
}

Result<Inverse> solve(const model::Architecture& architecture, const hardware::Device& device,
                      const InverseQuestion& question) {
  if (is_unknown(question.goal.metric, predict::running_cost(device))) {
    const bool is_cost = question.goal.metric == Metric::cost;
    return fail(
        device.name, fmt::format("its {} is not known", is_cost ? "price" : "power limit"),
        is_cost ? "give it: --set-device price=\"2.5 $/h\"" : "give it: --set-device power=700W");
  }
  const auto parameters = parameters_of(architecture, device, question.request);
  if (!parameters) return fail(parameters.error());
  const auto unknown =
      unknown_named(question.unknown, unknowns_of(*parameters, architecture, question.request));
  if (!unknown) return fail(unknown.error());
  auto answer = Search(architecture, device, question, *unknown).solve();
  if (answer) answer->assumptions = assumptions(*answer);
  return answer;
}

}  // namespace ridgepoint::explore
