// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "ridgepoint/score/server_runs.hpp"

namespace {

bool is_time(const std::optional<double>& seconds) {
  return !seconds || (std::isfinite(*seconds) && *seconds > 0);
}
bool is_count(const std::optional<std::int64_t>& count) { return !count || *count >= 1; }

}  // namespace

// Any bytes give runs whose numbers are positive, or complaints; layouts can be mended.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ridgepoint::score;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)is_server_table(text);
  const auto table = read_server_runs(text, "fuzz.csv");
  if (!table) {
    if (table.error().empty()) std::abort();
    return 0;
  }
  const ChosenRuns chosen = choose_runs(table->rows, {});
  std::int64_t aside = 0;
  for (const SetAside& each : chosen.set_aside) aside += each.rows;
  if (static_cast<std::size_t>(aside) + chosen.runs.size() != table->rows.size()) std::abort();
  for (const ServerRun& run : chosen.runs) {
    const bool is_sound = is_time(run.ttft_s) && is_time(run.tpot_s) && is_time(run.e2e_s) &&
                          is_count(run.tensor) && is_count(run.data) && is_count(run.devices) &&
                          run.input >= 1 && run.output >= 1;
    if (!is_sound) std::abort();
  }
  return 0;
}
