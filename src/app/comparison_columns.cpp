// SPDX-License-Identifier: Apache-2.0
#include "app/comparison_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "app/lists.hpp"
#include "app/words.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::app {
namespace {

constexpr std::size_t kMostColumns = 256;

/// An option whose list makes columns; `before` and `after` stand around its value in their names.
struct Axis {
  std::string_view option;
  std::string_view before;
  std::string_view after;
  bool is_number;
};

constexpr std::array kAxes{Axis{"MODEL", "", "", false},
                           Axis{"--device", "", "", false},
                           Axis{"--devices", "", " device", true},
                           Axis{"--tensor-parallel-size", "TP ", "", true},
                           Axis{"--pipeline-parallel-size", "PP ", "", true},
                           Axis{"--data-parallel-size", "DP ", "", true},
                           Axis{"--expert-parallel-size", "EP ", "", true},
                           Axis{"--weights", "weights ", "", false},
                           Axis{"--activations", "activations ", "", false},
                           Axis{"--kv-cache-dtype", "KV ", "", false},
                           Axis{"--batch", "batch ", "", true},
                           Axis{"--input", "", " in", true},
                           Axis{"--output", "", " out", true},
                           Axis{"--max-num-batched-tokens", "chunks of ", "", true}};

std::vector<std::string> values_of(const Axis& axis, const Arguments& arguments, Faults& faults) {
  if (!axis.is_number) return read_names(arguments, axis.option, faults);
  std::vector<std::string> values;
  for (const std::int64_t number : read_numbers(arguments, axis.option, faults)) {
    values.push_back(fmt::format("{}", number));
    if (values.size() > kMostColumns) break;  // said by the caller
  }
  return values;
}

void append(std::string& name, const std::string& part) {
  name += (name.empty() ? "" : ", ") + part;
}

/// "batch 1,000", "1 device", "h200-sxm".
std::string name_of(const Axis& axis, const std::string& value) {
  if (!axis.is_number) return fmt::format("{}{}{}", axis.before, value, axis.after);
  const bool is_plural = axis.after == " device" && value != "1";
  return fmt::format("{}{}{}{}", axis.before, format_integer(std::stoll(value)), axis.after,
                     is_plural ? "s" : "");
}

/// Each of `columns` with each of `values`.
std::vector<ComparisonColumn> multiplied(const std::vector<ComparisonColumn>& columns,
                                         const Axis& axis, const std::vector<std::string>& values) {
  std::vector<ComparisonColumn> all;
  all.reserve(columns.size() * values.size());
  for (const ComparisonColumn& column : columns) {
    for (const std::string& value : values) {
      all.push_back(column);
      all.back().arguments.set(axis.option, value);
      if (values.size() > 1) append(all.back().name, name_of(axis, value));
    }
  }
  return all;
}

}  // namespace

std::vector<ComparisonColumn> comparison_columns(const Verb& verb, const Arguments& arguments,
                                                 Faults& faults) {
  std::vector<ComparisonColumn> columns{{"", arguments}};
  for (const Axis& axis : kAxes) {
    std::vector<std::string> values = values_of(axis, arguments, faults);
    if (columns.size() * values.size() > kMostColumns) {
      faults.add(std::string(axis.option),
                 fmt::format("more than {} deployments stand side by side", kMostColumns),
                 "give shorter lists");
      values.clear();
    }
    if (values.empty()) {
      // Absent, or a list that is none: that was said, and is not to be read as one value.
      for (ComparisonColumn& column : columns) {
        column.arguments.erase(axis.option);
        add_defaults(verb, column.arguments);
      }
      if (!columns.front().arguments.has("MODEL")) return {};
      continue;
    }
    columns = multiplied(columns, axis, values);
  }
  return columns;
}

std::string varied_name(const ComparisonColumn& column, const Variation& variation) {
  std::string name = column.name;
  append(name, variation.name);
  return name;
}

Result<ComparisonColumn> varied(const Verb& verb, const ComparisonColumn& column,
                                const Variation& variation) {
  auto more = read_more_words(verb, column.arguments, variation.words);
  if (!more) return fail(more.error());
  return ComparisonColumn{varied_name(column, variation), std::move(*more)};
}

}  // namespace ridgepoint::app
