// SPDX-License-Identifier: Apache-2.0
#include "app/measurement_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "ridgepoint/core/csv.hpp"
#include "ridgepoint/core/file.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::app {
namespace {

/// Whether the first line is that of a table of servers: times to and between tokens.
bool is_end_to_end(std::string_view text, const std::string& path) {
  const auto header = csv::read(text.substr(0, text.find('\n')), path);
  const auto has = [&](std::string_view column) {
    return header->column(column) != header->columns.size();
  };
  return header && has("ttft_ms") && has("tpot_ms");
}

Result<calibrate::Measurements> read_table(const std::string& path) {
  const auto text = read_file(path);
  if (!text) return fail(text.error());
  if (is_end_to_end(*text, path)) {
    return fail(path, "is a table of end-to-end runs, which are not scored yet",
                "give tables of operators: gemm, attention, grouped_gemm, collectives, …");
  }
  return calibrate::read_measurements(*text, path);
}

/// The first ones, and how many more there are.
Diagnostics capped(const Diagnostics& rows) {
  constexpr std::size_t kMost = 20;
  Diagnostics shown(rows.begin(),
                    rows.begin() + static_cast<std::ptrdiff_t>(std::min(kMost, rows.size())));
  if (rows.size() > kMost) {
    const auto more = static_cast<std::int64_t>(rows.size() - kMost);
    shown.push_back({"bad rows", fmt::format("{} more", format_integer(more)), ""});
  }
  return shown;
}

}  // namespace

calibrate::Measurements read_measurement_files(const Arguments& arguments, Faults& faults,
                                               std::vector<std::string>& warnings) {
  calibrate::Measurements all;
  for (const std::string& path : arguments.values(kMeasurementFiles.name)) {
    auto table = faults.take(read_table(path));
    if (!table) continue;
    std::move(table->rows.begin(), table->rows.end(), std::back_inserter(all.rows));
    std::move(table->bad_rows.begin(), table->bad_rows.end(), std::back_inserter(all.bad_rows));
  }
  const bool skips = arguments.has("--skip-bad-rows");
  for (const Diagnostic& bad : capped(all.bad_rows)) {
    if (skips) {
      warnings.push_back(fmt::format("left out: {}: {}", bad.where, bad.what));
    } else {
      faults.add({bad});
    }
  }
  if (!skips && !all.bad_rows.empty()) {
    const auto count = static_cast<std::int64_t>(all.bad_rows.size());
    faults.add("bad rows", fmt::format("{} in all", format_integer(count)),
               "mend them, or go on without them: --skip-bad-rows");
  }
  if (all.rows.empty() && !faults) {
    faults.add(arguments.value(kMeasurementFiles.name), "has no rows that can be used",
               "a table of measurements has at least one");
  }
  return all;
}

}  // namespace ridgepoint::app
