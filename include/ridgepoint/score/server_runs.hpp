// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/result.hpp"

namespace ridgepoint::score {

/// One measured run of a server, as its table has it; what a row leaves empty is none.
struct ServerRun {
  std::string where;  ///< "e2e.csv: line 17"
  std::string source;
  std::string device;
  std::string framework;
  std::string version;
  std::string model;
  std::string precision;  ///< "fp16", "fp8", "fp4", "int4-g32", …; empty: not known
  std::string kind;       ///< "static_batch", "serving_agg", "batch1_decode"
  std::string suspect;    ///< why its numbers are doubted
  std::optional<std::int64_t> devices = {};
  std::optional<std::int64_t> tensor = {};
  std::optional<std::int64_t> pipeline = {};
  std::optional<std::int64_t> expert = {};
  std::optional<std::int64_t> data = {};
  std::optional<std::int64_t> batch = {};        ///< in all, or of a replica: what its source means
  std::optional<std::int64_t> concurrency = {};  ///< in all
  std::int64_t input = 1;                        ///< tokens of a prompt
  std::int64_t output = 1;                       ///< tokens of an answer
  std::optional<double> ttft_s = {};
  std::optional<double> tpot_s = {};
  std::optional<double> e2e_s = {};
};

struct ServerRuns {
  std::vector<ServerRun> rows;
  Diagnostics bad_rows;  ///< each row that is none, with its line
};

/// Whether the first line is that of a table of servers: models, prompts, answers and times to and
/// between tokens, and no operators.
bool is_server_table(std::string_view text);

/// Reads a table in the columns of end-to-end measurements: `device`, `model`, `isl`, `osl`, one or
/// more of `ttft_ms`, `tpot_ms`, `e2e_ms`, and what it knows of the rest. Errors: no table, a
/// column missing.
Result<ServerRuns> read_server_runs(std::string_view text, std::string_view source);

/// Runs that stand apart from the score, and why.
struct SetAside {
  std::string device;
  std::string dtype;
  std::string reason;
  std::int64_t rows = 0;
};

struct ChosenRuns {
  std::vector<ServerRun> runs;
  std::vector<SetAside> set_aside;  ///< in the order of their devices
  std::vector<std::string> assumptions;
};

/// Which runs are scored, and as what.
struct RunRules {
  bool as_recorded = false;  ///< no layout is mended, and copies count as often as they stand there
  bool with_suspect = false;  ///< runs whose own table doubts them are scored too
};

/// Mends layouts that a source is known to have wrong, counts what stands twice once, and leaves
/// out what its table doubts. The rows of aiconfigurator list some runs under tp or dp times ep:
/// where tp·dp = ep² (ep > 1, dp given) the larger of the two is divided by ep, and so is the
/// number of devices; 36 runs stand there under both layouts, equal to the last digit.
ChosenRuns choose_runs(std::span<const ServerRun> runs, const RunRules& rules);

}  // namespace ridgepoint::score
