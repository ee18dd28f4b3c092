// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>
#include <set>
#include <tuple>

#include "ridgepoint/core/format.hpp"
#include "ridgepoint/score/server_runs.hpp"

namespace ridgepoint::score {
namespace {

bool is_of_aiconfigurator(const ServerRun& run) { return run.source.starts_with("aiconfigurator"); }

/// Whether one of tp and dp was multiplied by ep, and if so divides it. A batch of such rows is
/// that of a replica, which follows from the concurrency.
bool mend_layout(ServerRun& run) {
  if (!is_of_aiconfigurator(run) || !run.tensor || !run.data || !run.expert) return false;
  const std::int64_t ep = *run.expert;
  if (ep == 1 || *run.tensor * *run.data != ep * ep) return false;
  std::int64_t& larger = *run.tensor < *run.data ? *run.data : *run.tensor;
  if (larger == ep) return false;  // tp = dp = ep: both may be meant
  if (larger % ep != 0 || (run.devices && *run.devices % ep != 0)) return false;
  larger /= ep;
  if (run.devices) *run.devices /= ep;
  run.batch = std::nullopt;
  return true;
}

/// What makes a run the same as another one: all but its place, its notes and its version.
auto identity(const ServerRun& run) {
  return std::tie(run.source, run.device, run.framework, run.model, run.precision, run.kind,
                  run.tensor, run.pipeline, run.expert, run.data, run.concurrency, run.input,
                  run.output, run.ttft_s, run.tpot_s, run.e2e_s);
}

struct LessByIdentity {
  bool operator()(const ServerRun* a, const ServerRun* b) const {
    return identity(*a) < identity(*b);
  }
};

/// Counts what is left out, by device, type and reason.
class AsideCounts {
 public:
  void add(const ServerRun& run, const std::string& reason) {
    ++rows_[{run.device, run.precision, reason}];
  }
  std::vector<SetAside> list() const {
    std::vector<SetAside> all;
    for (const auto& [key, rows] : rows_) {
      all.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), rows});
    }
    return all;
  }

 private:
  std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> rows_;
};

std::vector<std::string> assumptions(std::int64_t mended, std::int64_t copies,
                                     std::int64_t doubted) {
  std::vector<std::string> all;
  if (mended > 0) {
    all.push_back(
        fmt::format("{} rows of aiconfigurator with tp·dp = ep² are taken to list tp or dp times "
                    "ep: divided by it (--as-recorded takes them as they are)",
                    format_integer(mended)));
  }
  if (copies > 0) {
    all.push_back(
        fmt::format("{} rows repeat another one to the last digit, and count once (--as-recorded "
                    "counts each)",
                    format_integer(copies)));
  }
  if (doubted > 0) {
    all.push_back(
        fmt::format("{} rows that their table calls suspect are left out (--with-suspect scores "
                    "them)",
                    format_integer(doubted)));
  }
  return all;
}

}  // namespace

ChosenRuns choose_runs(std::span<const ServerRun> runs, const RunRules& rules) {
  ChosenRuns out;
  out.runs.reserve(runs.size());  // pointers into it are kept below
  AsideCounts aside;
  std::int64_t mended = 0;
  std::int64_t copies = 0;
  std::int64_t doubted = 0;
  std::set<const ServerRun*, LessByIdentity> seen;
  for (const ServerRun& row : runs) {
    if (!row.suspect.empty() && !rules.with_suspect) {
      aside.add(row, "suspect: " + row.suspect);
      ++doubted;
      continue;
    }
    out.runs.push_back(row);
    ServerRun& run = out.runs.back();
    if (rules.as_recorded) continue;
    const bool is_mended = mend_layout(run);
    if (seen.insert(&run).second) {
      mended += is_mended ? 1 : 0;
      continue;
    }
    aside.add(run, "repeats another row to the last digit");
    ++copies;
    out.runs.pop_back();
  }
  out.set_aside = aside.list();
  out.assumptions = assumptions(mended, copies, doubted);
  return out;
}

}  // namespace ridgepoint::score
