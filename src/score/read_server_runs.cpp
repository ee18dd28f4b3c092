// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>

#include "ridgepoint/core/csv.hpp"
#include "ridgepoint/core/text.hpp"
#include "ridgepoint/score/server_runs.hpp"

namespace ridgepoint::score {
namespace {

constexpr const char* kTimes[] = {"ttft_ms", "tpot_ms", "e2e_ms"};

class RowReader : public csv::RowReader {
 public:
  using csv::RowReader::RowReader;

  std::string text(std::string_view column) const {
    return printable(csv::RowReader::text(column));
  }

  /// A finite number above 0; none where the table says nothing.
  std::optional<double> number(std::string_view column) {
    const std::string field = text(column);
    if (field.empty()) return std::nullopt;
    const auto value = csv::to_number(field);
    if (value && *value > 0) return value;
    complain(fmt::format("{} is \"{}\"", column, shown(field)), "expected a number above 0");
    return std::nullopt;
  }

  /// A whole number of devices or sequences, which tables write as 16 or 16.0.
  std::optional<std::int64_t> count(std::string_view column) {
    constexpr double kMost = 1e6;
    const auto value = number(column);
    if (!value) return std::nullopt;
    if (*value > kMost || *value != std::floor(*value)) {
      complain(fmt::format("{} is \"{}\"", column, shown(text(column))),
               "expected a whole number up to a million");
      return std::nullopt;
    }
    return static_cast<std::int64_t>(*value);
  }

  /// Tokens: a mean over requests may have a fraction.
  std::int64_t tokens(std::string_view column) {
    constexpr double kMost = 1e9;
    const auto value = number(column);
    if (!value || *value > kMost) {
      complain(fmt::format("{} is \"{}\"", column, shown(text(column))),
               "expected a number of tokens");
      return 1;
    }
    return std::max<std::int64_t>(1, std::llround(*value));
  }

  std::optional<double> seconds(std::string_view column) {
    constexpr double kMilliseconds = 1e3;
    constexpr double kLeast = 1e-9;  // a picosecond
    const auto value = number(column);
    if (!value) return std::nullopt;
    if (*value < kLeast) {
      complain(fmt::format("{} is \"{}\"", column, shown(text(column))), "expected milliseconds");
    }
    return *value / kMilliseconds;
  }
};

ServerRun read_run(RowReader& row) {
  ServerRun run;
  run.where = row.where();
  run.source = row.text("source");
  run.device = row.text("device");
  run.framework = row.text("framework");
  run.version = row.text("version");
  run.model = row.text("model");
  run.precision = row.text("precision");
  run.kind = row.text("kind");
  run.suspect = row.text("suspect");
  run.devices = row.count("n_gpu");
  run.tensor = row.count("tp");
  run.pipeline = row.count("pp");
  run.expert = row.count("ep");
  run.data = row.count("dp");
  run.batch = row.count("batch");
  run.concurrency = row.count("concurrency");
  run.input = row.tokens("isl");
  run.output = row.tokens("osl");
  run.ttft_s = row.seconds("ttft_ms");
  run.tpot_s = row.seconds("tpot_ms");
  run.e2e_s = row.seconds("e2e_ms");
  return run;
}

Diagnostics missing_columns(const csv::Table& table) {
  constexpr const char* kHelp =
      "tables of servers have device, model, isl, osl and times: ttft_ms, tpot_ms or e2e_ms";
  Diagnostics faults;
  for (const char* column : {"device", "model", "isl", "osl"}) {
    if (table.has(column)) continue;
    faults.push_back({table.source, fmt::format("has no column {}", column), kHelp});
  }
  bool is_timed = false;
  for (const char* column : kTimes) is_timed = is_timed || table.has(column);
  if (!is_timed) faults.push_back({table.source, "has no column of times", kHelp});
  return faults;
}

}  // namespace

bool is_server_table(std::string_view text) {
  const auto header = csv::read(text.substr(0, text.find('\n')), "");
  if (!header || header->has("measured_us")) return false;
  for (const char* column : kTimes) {
    if (header->has(column)) return true;
  }
  return false;
}

Result<ServerRuns> read_server_runs(std::string_view text, std::string_view source) {
  const auto table = csv::read(text, source);
  if (!table) return fail(table.error());
  if (Diagnostics faults = missing_columns(*table); !faults.empty()) return fail(std::move(faults));
  ServerRuns out;
  out.bad_rows = table->bad_rows;
  out.rows.reserve(table->rows.size());
  for (const csv::Row& line : table->rows) {
    RowReader row(*table, line);
    ServerRun run = read_run(row);
    if (row.fault()) {
      out.bad_rows.push_back(*row.fault());
    } else {
      out.rows.push_back(std::move(run));
    }
  }
  return out;
}

}  // namespace ridgepoint::score
