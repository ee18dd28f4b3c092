// SPDX-License-Identifier: Apache-2.0
#include "report/sweep_grids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/shown_metric.hpp"
#include "report/sweep_words.hpp"
#include "report/text.hpp"
#include "report/utf8.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/explore/request_part.hpp"

namespace ridgepoint::report {
namespace {

using explore::Axes;
using explore::Axis;
using explore::Region;
using explore::SweepCell;
using explore::SweepGrid;

Json json_of(std::int64_t value) { return value; }
Json json_of(DataType type) { return std::string(name(type)); }
Json json_of(const explore::ModelChoice& model) { return model.words(); }
Json json_of(const explore::DeviceChoice& device) { return device.words(); }
template <class T>
Json json_of(const std::optional<T>& value) {
  return value ? json_of(*value) : Json("auto");
}

struct RegionFacts {
  const char* letter;
  const char* words;
  Tone tone;
};
/// In the order of `Region`.
constexpr std::array kRegions{
    RegionFacts{"M", "memory", Tone::memory_bound},
    RegionFacts{"C", "compute", Tone::compute_bound},
    RegionFacts{"N", "the network", Tone::plain},
    RegionFacts{"K", "does not fit", Tone::warning},
    RegionFacts{"S", "fits, and does not keep to the limits", Tone::warning},
    RegionFacts{"·", "nothing evaluated", Tone::faint}};
const RegionFacts& facts_of(Region region) { return kRegions[static_cast<std::size_t>(region)]; }

/// Whose limit a region tells.
std::string waiting_words(const SweptSpace& swept) {
  switch (part_of_request(swept.sweep.question.objective.metric)) {
    case explore::RequestPart::prefill:
      return "prefill waits for";
    case explore::RequestPart::decode:
      return "decode waits for";
    case explore::RequestPart::whole:
      break;
  }
  return "requests wait for";
}

/// "M 1,026"; the letter alone where there is no best point.
Cell map_cell(const SweptSpace& swept, const SweepCell& cell) {
  const RegionFacts& region = facts_of(cell.region);
  std::string words = region.letter;
  if (cell.best) {
    const ShownMetric metric = shown(swept.sweep.question.objective.metric);
    words += " " + format_number(metric.of(*cell.best, swept.sweep.question.reading));
  }
  return {std::move(words), region.tone};
}

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    widest = std::max(widest, display_width(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return widest;
}

/// A letter for each cell; what is too wide for the terminal is cut.
std::string letters_text(const SweptSpace& swept, const SweepGrid& grid, const Terminal& terminal) {
  const Axes& axes = swept.space.axes();
  const std::vector<std::string> across = axis_values(axes, grid.grid.axes[0]);
  const std::vector<std::string> down = axis_values(axes, grid.grid.axes[1]);
  std::size_t label = 0;
  for (const std::string& value : down) label = std::max(label, display_width(value));
  std::string out = wrapped(fmt::format("from left to right: {} {}", facts(grid.grid.axes[0]).words,
                                        fmt::join(across, ", ")),
                            terminal);
  const std::size_t columns = static_cast<std::size_t>(terminal.width);
  const std::size_t room = columns == 0
                               ? across.size()
                               : std::min(across.size(), columns - std::min(columns, label + 1));
  for (std::size_t y = 0; y < down.size(); ++y) {
    out += repeated(" ", label - display_width(down[y])) + spelled(down[y], terminal) + " ";
    for (std::size_t x = 0; x < room; ++x) {
      const RegionFacts& region = facts_of(grid.cells[y * across.size() + x].region);
      out += coloured(spelled(region.letter, terminal), region.tone, terminal);
    }
    out += "\n";
  }
  return out;
}

}  // namespace

Json axis_value_json(const Axes& axes, Axis axis, std::uint64_t number) {
  switch (axis) {
    case Axis::model:
      return json_of(axes.models[number]);
    case Axis::device:
      return json_of(axes.devices[number]);
    case Axis::devices:
      return json_of(axes.device_counts[number]);
    case Axis::tensor:
      return json_of(axes.tensor[number]);
    case Axis::pipeline:
      return json_of(axes.pipeline[number]);
    case Axis::data:
      return json_of(axes.data[number]);
    case Axis::expert:
      return json_of(axes.expert[number]);
    case Axis::weights:
      return json_of(axes.weights[number]);
    case Axis::activations:
      return json_of(axes.activations[number]);
    case Axis::kv_cache:
      return json_of(axes.kv_cache[number]);
    case Axis::chunk:
      return json_of(axes.max_num_batched_tokens[number]);
    case Axis::speculation:
      return json_of(axes.speculative_tokens[number]);
    case Axis::input:
      return json_of(axes.input[number]);
    case Axis::output:
      return json_of(axes.output[number]);
    case Axis::context:
      return json_of(axes.context[number]);
    case Axis::batch:
      break;
  }
  return json_of(axes.batch[number]);
}

std::string axis_value(const Axes& axes, Axis axis, std::uint64_t number) {
  const Json value = axis_value_json(axes, axis, number);
  return value.is_string() ? value.get<std::string>() : format_integer(value.get<std::int64_t>());
}

std::vector<std::string> axis_values(const Axes& axes, Axis axis) {
  std::vector<std::string> all;
  const std::uint64_t size = axis_sizes(axes)[static_cast<std::size_t>(axis)];
  all.reserve(size);
  for (std::uint64_t i = 0; i < size; ++i) all.push_back(axis_value(axes, axis, i));
  return all;
}

std::string region_words(const SweptSpace& swept, Region region) {
  const bool is_limit = region <= Region::network_bound;
  return is_limit ? fmt::format("{} {}", waiting_words(swept), facts_of(region).words)
                  : facts_of(region).words;
}

std::string grid_heading(const SweptSpace& swept, const SweepGrid& grid) {
  const std::string objective = name(swept.sweep.question.objective);
  const std::vector<Axis>& axes = grid.grid.axes;
  if (!grid.grid.is_map()) {
    return fmt::format("The best by {} for each {}", objective, facts(axes[0]).words);
  }
  return fmt::format("The best by {} for each {} and {}", objective, facts(axes[0]).words,
                     facts(axes[1]).words);
}

std::string legend_sentence(const SweptSpace& swept, const SweepGrid& grid) {
  std::vector<std::string> entries;
  for (std::size_t i = 0; i < kRegions.size(); ++i) {
    const auto is_it = [&](const SweepCell& cell) { return cell.region == static_cast<Region>(i); };
    if (std::none_of(grid.cells.begin(), grid.cells.end(), is_it)) continue;
    entries.push_back(
        fmt::format("{}: {}", kRegions[i].letter, region_words(swept, static_cast<Region>(i))));
  }
  return fmt::format(
      "{} across, {} down; {}. {}.", facts(grid.grid.axes[0]).words, facts(grid.grid.axes[1]).words,
      shown(swept.sweep.question.objective.metric).words(), fmt::join(entries, "; "));
}

Table cells_table(const SweptSpace& swept, const SweepGrid& grid) {
  const Axes& axes = swept.space.axes();
  std::vector<explore::SweepRow> rows;
  for (const SweepCell& cell : grid.cells) {
    if (cell.best) rows.push_back(*cell.best);
  }
  const Table best = rows_table(swept, rows, grid.grid.axes);
  Table table;
  for (const Axis axis : grid.grid.axes) {
    const bool is_number = axis_value_json(axes, axis, 0).is_number();
    table.columns.push_back(
        {std::string(facts(axis).words), "", is_number ? Align::right : Align::left, 0});
  }
  table.columns.push_back({waiting_words(swept), "", Align::left, 0});
  table.columns.insert(table.columns.end(), best.columns.begin(), best.columns.end());
  std::size_t next = 0;
  for (std::size_t i = 0; i < grid.cells.size(); ++i) {
    const SweepCell& cell = grid.cells[i];
    std::vector<Cell> row;
    std::uint64_t rest = i;
    for (const Axis axis : grid.grid.axes) {
      row.emplace_back(axis_value(axes, axis, rest % swept.space.size(axis)));
      rest /= swept.space.size(axis);
    }
    row.emplace_back(facts_of(cell.region).words, facts_of(cell.region).tone);
    if (cell.best) {
      row.insert(row.end(), best.rows[next].begin(), best.rows[next].end());
      ++next;
    }
    row.resize(table.columns.size(), Cell("–"));
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table map_table(const SweptSpace& swept, const SweepGrid& grid) {
  const Axes& axes = swept.space.axes();
  const std::vector<std::string> across = axis_values(axes, grid.grid.axes[0]);
  Table table;
  table.columns.push_back({std::string(facts(grid.grid.axes[1]).words), "", Align::right, 0});
  for (const std::string& value : across) table.columns.push_back({value, "", Align::right, 0});
  for (std::size_t y = 0; y * across.size() < grid.cells.size(); ++y) {
    std::vector<Cell> row{axis_value(axes, grid.grid.axes[1], y)};
    for (std::size_t x = 0; x < across.size(); ++x) {
      row.push_back(map_cell(swept, grid.cells[y * across.size() + x]));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string map_text(const SweptSpace& swept, const SweepGrid& grid, const Terminal& terminal) {
  constexpr std::size_t kWidestTable = 200;
  Terminal plain = terminal;
  plain.colour = false;
  plain.width = 0;
  const Table table = map_table(swept, grid);
  const std::size_t room =
      terminal.width == 0 ? kWidestTable : static_cast<std::size_t>(terminal.width);
  const bool has_room = widest_line(to_text(table, plain)) <= room;
  plain.colour = terminal.colour;
  return (has_room ? to_text(table, plain) : letters_text(swept, grid, terminal)) +
         wrapped(legend_sentence(swept, grid), terminal);
}

}  // namespace ridgepoint::report
