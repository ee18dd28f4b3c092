// SPDX-License-Identifier: Apache-2.0
#include "app/measurement_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "ridgepoint/core/file.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::app {
namespace {

void append(Diagnostics& all, Diagnostics& more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

/// Adds the rows of one FILE to those of its kind.
void read_table(const std::string& path, MeasuredFiles& all, Faults& faults) {
  const auto text = faults.take(read_file(path));
  if (!text) return;
  if (score::is_server_table(*text)) {
    auto runs = faults.take(score::read_server_runs(*text, path));
    if (!runs) return;
    std::move(runs->rows.begin(), runs->rows.end(), std::back_inserter(all.servers.rows));
    append(all.servers.bad_rows, runs->bad_rows);
    return;
  }
  auto table = faults.take(calibrate::read_measurements(*text, path));
  if (!table) return;
  std::move(table->rows.begin(), table->rows.end(), std::back_inserter(all.kernels.rows));
  append(all.kernels.bad_rows, table->bad_rows);
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

/// Bad rows are faults, or warnings where they are to be passed over.
void tell_bad_rows(const Diagnostics& bad_rows, bool skips, Faults& faults,
                   std::vector<std::string>& warnings) {
  for (const Diagnostic& bad : capped(bad_rows)) {
    if (skips) {
      warnings.push_back(fmt::format("left out: {}: {}", bad.where, bad.what));
    } else {
      faults.add({bad});
    }
  }
  if (!skips && !bad_rows.empty()) {
    const auto count = static_cast<std::int64_t>(bad_rows.size());
    faults.add("bad rows", fmt::format("{} in all", format_integer(count)),
               "mend them, or go on without them: --skip-bad-rows");
  }
}

}  // namespace

MeasuredFiles read_measured_files(const Arguments& arguments, Faults& faults,
                                  std::vector<std::string>& warnings) {
  MeasuredFiles all;
  for (const std::string& path : arguments.values(kMeasurementFiles.name)) {
    read_table(path, all, faults);
  }
  Diagnostics bad_rows = all.kernels.bad_rows;
  bad_rows.insert(bad_rows.end(), all.servers.bad_rows.begin(), all.servers.bad_rows.end());
  tell_bad_rows(bad_rows, arguments.has("--skip-bad-rows"), faults, warnings);
  if (all.kernels.rows.empty() && all.servers.rows.empty() && !faults) {
    faults.add(arguments.value(kMeasurementFiles.name), "has no rows that can be used",
               "a table of measurements has at least one");
  }
  return all;
}

calibrate::Measurements read_measurement_files(const Arguments& arguments, Faults& faults,
                                               std::vector<std::string>& warnings) {
  MeasuredFiles all = read_measured_files(arguments, faults, warnings);
  if (!all.servers.rows.empty()) {
    const std::string where = all.servers.rows.front().where;
    faults.add(where.substr(0, where.rfind(": line ")),
               "is a table of servers: profiles are fitted to kernels alone",
               "give tables of operators: gemm, attention, grouped_gemm, collectives, …");
  }
  return std::move(all.kernels);
}

}  // namespace ridgepoint::app
