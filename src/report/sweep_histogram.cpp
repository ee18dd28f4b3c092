// SPDX-License-Identifier: Apache-2.0
#include "report/sweep_histogram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/bar_picture.hpp"
#include "report/picture_frame.hpp"
#include "report/plot.hpp"
#include "report/shown_metric.hpp"
#include "report/text.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using explore::BinEdges;
using explore::kBins;
using explore::kBinsOfDecade;
using explore::Sweep;

constexpr std::array<std::uint64_t, 5> kPercentiles{5, 25, 50, 75, 95};

/// Bins that are joined to one bar: those of an n-th of a decade, so that edges stay round.
std::size_t bar_of(std::size_t bin, std::size_t joined) {
  return bin == 0 || bin == kBins - 1 ? bin : (bin - 1) / joined * joined + 1;
}
std::size_t bars_between(std::size_t first, std::size_t last, std::size_t joined) {
  return (bar_of(last, joined) - bar_of(first, joined)) / joined + 1;
}

std::string edges_words(const BinEdges& edges, const ShownMetric& metric) {
  if (edges.from == 0) return fmt::format("below {}", metric.show(edges.to));
  if (edges.to >= explore::edges_of(kBins - 1).to) return metric.show(edges.from) + " and above";
  return fmt::format("{} – {}", metric.show(edges.from), metric.show(edges.to));
}

ShownMetric metric_of(const Sweep& sweep) { return shown(*sweep.question.histogram); }

std::string integer(std::uint64_t count) {
  return format_integer(static_cast<std::int64_t>(count));
}

bool is_empty(const Sweep& sweep) {
  return std::all_of(sweep.histogram.begin(), sweep.histogram.end(),
                     [](std::uint64_t count) { return count == 0; });
}

constexpr std::size_t kMostBars = 40;

/// What its numbers are in.
std::string_view base_unit(explore::MetricUnit unit) {
  switch (unit) {
    case explore::MetricUnit::seconds:
      return "s";
    case explore::MetricUnit::tokens_per_s:
      return "tokens_per_s";
    case explore::MetricUnit::dollars_per_million_tokens:
      return "dollars_per_million_tokens";
    case explore::MetricUnit::joules_per_token:
      return "j_per_token";
    case explore::MetricUnit::count:
      break;
  }
  return "count";
}

}  // namespace

std::vector<HistogramBar> histogram_bars(const std::vector<std::uint64_t>& histogram,
                                         std::size_t most) {
  const auto is_some = [](std::uint64_t count) { return count > 0; };
  const auto first_some = std::find_if(histogram.begin(), histogram.end(), is_some);
  if (first_some == histogram.end()) return {};
  const auto first = static_cast<std::size_t>(first_some - histogram.begin());
  const auto from_end = std::find_if(histogram.rbegin(), histogram.rend(), is_some);
  const auto last = histogram.size() - 1 - static_cast<std::size_t>(from_end - histogram.rbegin());
  std::size_t joined = 1;
  for (const std::size_t wider : {2U, 4U, 5U, 10U, 20U}) {
    if (bars_between(first, last, joined) > most) joined = wider;
  }
  std::vector<HistogramBar> bars;
  for (std::size_t bin = first, bar = kBins; bin <= last; ++bin) {
    const BinEdges edges = explore::edges_of(bin);
    if (bars.empty() || bar_of(bin, joined) != bar) bars.push_back({edges, 0});
    bar = bar_of(bin, joined);
    bars.back().edges.to = edges.to;
    bars.back().count += histogram[bin];
  }
  return bars;
}

std::string histogram_heading(const Sweep& sweep) {
  return fmt::format("{} of the {} that keep to the subject", metric_of(sweep).words(),
                     integer(sweep.counts.meeting));
}

std::string percentiles_sentence(const Sweep& sweep) {
  if (is_empty(sweep)) return {};
  const ShownMetric metric = metric_of(sweep);
  std::vector<std::string> words;
  for (const std::uint64_t percent : kPercentiles) {
    const BinEdges edges = explore::edges_of(explore::percentile_bin(sweep.histogram, percent));
    words.push_back(fmt::format("{} {}", percent == 50 ? "median" : fmt::format("{} %", percent),
                                edges_words(edges, metric)));
  }
  return fmt::format("{}{}: {}; to a bin of 12 %.", explore::facts(metric.metric).words,
                     metric.unit.empty() ? "" : fmt::format(" in {}", metric.unit),
                     fmt::join(words, ", "));
}

Table histogram_table(const Sweep& sweep) {
  const ShownMetric metric = metric_of(sweep);
  Table table{{{std::string(explore::facts(metric.metric).words), metric.unit, Align::right, 0},
               {"points", "", Align::right, 0}},
              {},
              {}};
  for (const HistogramBar& bar : histogram_bars(sweep.histogram, kMostBars)) {
    table.rows.push_back({edges_words(bar.edges, metric), integer(bar.count)});
  }
  return table;
}

std::string histogram_text(const Sweep& sweep, const Terminal& terminal) {
  constexpr std::size_t kWidest = 40;
  Table table = histogram_table(sweep);
  table.columns.push_back({"", "", Align::left, 1});
  const std::vector<HistogramBar> bars = histogram_bars(sweep.histogram, kMostBars);
  std::uint64_t most = 1;
  for (const HistogramBar& bar : bars) most = std::max(most, bar.count);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double share = static_cast<double>(bars[i].count) / static_cast<double>(most);
    auto length = static_cast<std::size_t>(std::lround(share * kWidest));
    if (bars[i].count > 0) length = std::max<std::size_t>(length, 1);
    table.rows[i].emplace_back(repeated(terminal.charset == Charset::utf8 ? "█" : "#", length));
  }
  return to_text(table, terminal) + wrapped(percentiles_sentence(sweep), terminal);
}

Json histogram_json(const Sweep& sweep) {
  const explore::MetricFacts& metric = explore::facts(*sweep.question.histogram);
  Json bins = Json::array();
  for (std::size_t bin = 0; bin < sweep.histogram.size(); ++bin) {
    if (sweep.histogram[bin] == 0) continue;
    const BinEdges edges = explore::edges_of(bin);
    bins.push_back({{"from", edges.from}, {"to", edges.to}, {"count", sweep.histogram[bin]}});
  }
  Json percentiles = Json::array();
  for (const std::uint64_t percent : kPercentiles) {
    if (bins.empty()) break;
    const BinEdges edges = explore::edges_of(explore::percentile_bin(sweep.histogram, percent));
    percentiles.push_back({{"percent", percent}, {"from", edges.from}, {"to", edges.to}});
  }
  return {{"metric", metric.name},
          {"unit", base_unit(metric.unit)},
          {"bins_of_decade", kBinsOfDecade},
          {"bins", std::move(bins)},
          {"percentiles", std::move(percentiles)}};
}

std::string histogram_picture(const Sweep& sweep, Setting setting) {
  constexpr std::size_t kMostDrawn = 120;
  const std::vector<HistogramBar> bars = histogram_bars(sweep.histogram, kMostDrawn);
  if (bars.empty()) return {};
  const ShownMetric metric = metric_of(sweep);
  const bool is_narrow = setting == Setting::narrow;
  const Size size = is_narrow ? Size{kPhoneWidth, 300} : Size{kWholeWidth, 320};
  PictureFrame frame(size, setting);
  frame.set_title("A histogram", histogram_heading(sweep));
  std::vector<double> edges;
  std::vector<double> counts;
  for (const HistogramBar& bar : bars) {
    edges.push_back(metric.scale * bar.edges.from);
    edges.push_back(metric.scale * bar.edges.to);
    counts.push_back(static_cast<double>(bar.count));
  }
  const double left = frame.margin() + 58;
  const double top = frame.content_top() + 24;
  const Plot plot{{left, top, size.width - left - frame.margin() - 8, size.height - top - 46},
                  log_axis(metric.words(), edges, 1.02),
                  linear_axis("points", counts)};
  XmlWriter& out = frame.out();
  draw_axes(out, plot);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    if (bars[i].count == 0) continue;
    const Point upper = plot.at(std::max(edges[2 * i], plot.x.low), counts[i]);
    const Point lower = plot.at(edges[2 * i + 1], 0);
    out.open("rect", {{"class", "d dot"},
                      {"x", px(upper.x)},
                      {"y", px(upper.y)},
                      {"width", px(lower.x - upper.x)},
                      {"height", px(lower.y - upper.y)}});
    out.element("title", {},
                fmt::format("{} {}: {} points", edges_words(bars[i].edges, metric), metric.unit,
                            integer(bars[i].count)));
    out.close();
  }
  return std::move(frame).take();
}

}  // namespace ridgepoint::report
