// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "report/deployment_pictures.hpp"
#include "report/request_figures.hpp"
#include "report/scale.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using predict::Estimate;
using predict::RequestTimes;
using roofline::TimeParts;

/// The class of each of kTimeParts.
constexpr std::array kClasses{"work", "weights", "kv", "state", "acts", "net"};
static_assert(kClasses.size() == kTimeParts.size());

std::string time(double seconds) { return format_time(Seconds(seconds)); }

/// A bar of 100 % of the bound; beside its time the expected one, 0 where that is not known.
Bar shares(const std::string& name, const TimeParts& parts, double expected_s) {
  const double total = parts.total_s();
  const std::string times =
      expected_s > 0 ? fmt::format("bound {}, expected {}", time(total), time(expected_s))
                     : time(total);
  Bar bar{name, times, wait_parts(parts, total / 100), 0};
  for (BarPart& part : bar.parts) {
    part.figure = fmt::format("{:.0f} % ({})", part.amount, time(part.amount * total / 100));
  }
  return bar;
}

Bar request_bar(const std::string& name, const RequestTimes& times, double unit,
                const Estimate& answer) {
  const double decode_s = times.e2el_s - times.ttft_s;
  const std::string last =
      fmt::format("{} tokens at TPOT", format_integer(answer.question.output - 1));
  Bar bar{name, "E2EL " + time(times.e2el_s), {}, 0};
  bar.parts.push_back({"first", "TTFT", times.ttft_s / unit, time(times.ttft_s)});
  bar.parts.push_back({"rest", last, decode_s / unit, time(decode_s), times.tpot_s / unit});
  return bar;
}

}  // namespace

std::vector<BarPart> wait_parts(const TimeParts& parts, double unit) {
  std::vector<BarPart> all;
  for (std::size_t i = 0; i < kTimeParts.size(); ++i) {
    const double seconds = parts.*kTimeParts[i].value;
    all.push_back(
        {kClasses[i], kTimeParts[i].words, seconds / unit, format_number(seconds / unit)});
  }
  return all;
}

BarChart wait_bars(const Estimate& answer) {
  const auto& apart = answer.disaggregated;
  const predict::ExpectedRequest* expected = expected_of(answer);
  return {"For what TTFT and TPOT wait",
          "share of the time (%)",
          "",
          {shares("TTFT", apart ? apart->ttft_parts : answer.ttft_parts,
                  expected == nullptr ? 0 : expected->times.ttft_s),
           shares("TPOT", answer.tpot_parts, expected == nullptr ? 0 : expected->times.tpot_s)}};
}

BarChart timeline(const Estimate& answer) {
  const predict::ExpectedRequest* expected = expected_of(answer);
  const Scale scale = time_scale({bound_of(answer).e2el_s});
  BarChart chart{"One request", fmt::format("time since its arrival ({})", scale.unit), "", {}};
  if (expected != nullptr) {
    chart.bars.push_back(request_bar("expected", expected->times, scale.size, answer));
  }
  chart.bars.push_back(request_bar("bound", bound_of(answer), scale.size, answer));
  chart.bars.push_back(request_bar("floor", floor_of(answer), scale.size, answer));
  if (answer.has_steady_state() && !answer.disaggregated) {
    if (answer.steady.expected) {
      chart.bars.push_back(request_bar("expected, in continuous batching",
                                       answer.steady.expected->times, scale.size, answer));
    }
    chart.bars.push_back(
        request_bar("bound, in continuous batching", answer.steady.bound, scale.size, answer));
  }
  return chart;
}

BarChart compared_waits(const predict::Comparison& comparison, TimeParts Estimate::* parts,
                        const std::string& name) {
  std::vector<double> totals;
  for (const auto& column : comparison.columns)
    totals.push_back((column.estimate.*parts).total_s());
  const Scale scale = time_scale(totals);
  const auto expected_of_column = [&](const Estimate& estimate) {
    if (!estimate.expected) return 0.0;
    const RequestTimes& times = estimate.expected->times;
    return parts == &Estimate::ttft_parts ? times.ttft_s : times.tpot_s;
  };
  BarChart chart{"For what " + name + " waits", fmt::format("{} ({})", name, scale.unit), "", {}};
  for (const auto& column : comparison.columns) {
    const TimeParts& own = column.estimate.*parts;
    const double expected_s = expected_of_column(column.estimate);
    const std::string total =
        expected_s > 0 ? fmt::format("{}, expected {}", time(own.total_s()), time(expected_s))
                       : time(own.total_s());
    chart.bars.push_back({column.name, total, wait_parts(own, scale.size), 0});
  }
  return chart;
}

}  // namespace ridgepoint::report
