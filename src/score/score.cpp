// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/score/score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <tuple>

#include "ridgepoint/core/format.hpp"
#include "score/predictor.hpp"
#include "score/server_predictor.hpp"
#include "score/shape_words.hpp"

namespace ridgepoint::score {

using calibrate::Measurement;

namespace {

/// How far off a prediction is, either way: |ln(predicted ÷ measured)|.
double distance(const Predicted& times) {
  if (times.seconds == 0) return std::numeric_limits<double>::infinity();
  return std::abs(std::log(times.seconds / times.measured_s));
}

std::string words_of(const std::string& stack, const std::string& kernel, const std::string& type,
                     const std::string& cache) {
  std::string text = stack;
  for (const std::string& each : {kernel, type, cache}) {
    if (!each.empty()) text += (text.empty() ? "" : " ") + each;
  }
  return text;
}

std::string words_of(const Measurement& row) {
  return words_of(row.stack, row.kernel, row.compute, row.cache);
}

std::string reason_of(const Diagnostics& faults) {
  std::string text;
  for (const Diagnostic& fault : faults) text += (text.empty() ? "" : "; ") + fault.what;
  return text;
}

/// Takes predictions one by one, and sorts them by what they tell.
class Tally {
 public:
  explicit Tally(const ScoreQuestion& question, const MeasuredRows& rows)
      : rows_(rows), kernels_(question), servers_(question, rows.servers) {}

  void add_kernels() {
    for (std::size_t i = 0; i < rows_.kernels.size(); ++i) add(i, rows_.kernels[i]);
  }

  void add_servers() {
    servers_.predict_all();
    for (std::size_t i = 0; i < rows_.servers.size(); ++i) add(i, rows_.servers[i]);
  }

  void write(Score& out) const {
    for (const auto& [key, rows] : groups_) out.groups.push_back({key, error_statistics(rows)});
    for (const auto& [key, rows] : unpredicted_) {
      out.unpredicted.push_back({key.first, key.second, rows});
    }
    for (const auto& [key, rows] : substituted_) {
      out.substitutions.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), rows});
    }
    out.rows = rows_predicted_;
    for (const auto& sentences : {servers_.assumptions(), derived_words()}) {
      out.assumptions.insert(out.assumptions.end(), sentences.begin(), sentences.end());
    }
  }

  std::vector<WorstRow> worst(std::size_t most) {
    std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
      return distance(a.times) > distance(b.times);
    });
    std::vector<WorstRow> all;
    for (const Entry& entry : std::span(entries_).first(std::min(most, entries_.size()))) {
      all.push_back(entry.metric ? worst_run(entry) : worst_call(entry));
    }
    return all;
  }

 private:
  /// A measured time and its place among the calls or, with a metric, among the runs.
  struct Entry {
    Predicted times;
    std::size_t index = 0;
    std::optional<Metric> metric;
  };

  void add(std::size_t index, const Measurement& row) {
    const ScoreKey key{row.device, row.op, row.compute};
    const auto prediction = kernels_.predict(row);
    if (!prediction) {
      ++unpredicted_[{key, reason_of(prediction.error())}];
      return;
    }
    ++rows_predicted_;
    enter(key, {prediction->times, index, std::nullopt});
    if (const efficiency::KernelProfile* used = prediction->substitute) {
      ++substituted_[{key, words_of(row),
                      words_of(used->stack, used->kernel, used->compute, used->cache)}];
    }
  }

  void add(std::size_t index, const ServerRun& run) {
    const auto times = servers_.times(index);
    if (!times) {
      ++unpredicted_[{{run.device, "run", run.precision}, reason_of(times.error())}];
      return;
    }
    ++rows_predicted_;
    for (const Metric metric : kMetrics) {
      const auto measured = measured_s(run, metric, *times);
      if (!measured) continue;
      const PredictedTime& predicted = (*times)[index_of(metric)];
      enter({run.device, std::string(name(metric)), run.precision},
            {{*measured, predicted.seconds, predicted.low_s, predicted.high_s, predicted.has_band},
             index,
             metric});
    }
  }

  void enter(const ScoreKey& key, const Entry& entry) {
    groups_[key].push_back(entry.times);
    entries_.push_back(entry);
  }

  /// What the run's table gives, or what follows from it.
  std::optional<double> measured_s(const ServerRun& run, Metric metric,
                                   const ServerPredictor::Times& predicted) {
    if (metric == Metric::ttft) return run.ttft_s;
    if (metric == Metric::e2e) return run.e2e_s;
    if (run.tpot_s || !run.e2e_s || run.output < 2) return run.tpot_s;
    const double ttft_s = run.ttft_s.value_or(predicted[index_of(Metric::ttft)].seconds);
    const double tpot_s = (*run.e2e_s - ttft_s) / static_cast<double>(run.output - 1);
    if (!(tpot_s > 0)) {
      ++too_short_;
      return std::nullopt;
    }
    ++(run.ttft_s ? derived_ : derived_with_predicted_);
    return tpot_s;
  }

  std::vector<std::string> derived_words() const {
    std::vector<std::string> all;
    const auto say = [&](std::int64_t rows, std::string_view what) {
      if (rows > 0) all.push_back(fmt::format("{} rows {}", format_integer(rows), what));
    };
    say(derived_, "give no TPOT: it is (e2e − ttft) ÷ (osl − 1)");
    say(derived_with_predicted_,
        "give neither TPOT nor TTFT: TPOT is (e2e − predicted TTFT) ÷ (osl − 1)");
    say(too_short_, "have no TPOT: their predicted TTFT is more than all of their time");
    return all;
  }

  WorstRow worst_call(const Entry& entry) {
    const Measurement& row = rows_.kernels[entry.index];
    return {{row.device, row.op, row.compute},
            row.where,
            words_of(row.stack, row.kernel, "", row.cache),
            describe(row.shape),
            entry.times,
            kernels_.explain(row)};
  }

  WorstRow worst_run(const Entry& entry) const {
    const ServerRun& run = rows_.servers[entry.index];
    return {{run.device, std::string(name(*entry.metric)), run.precision},
            run.where,
            words_of(run.framework, run.version, "", ""),
            describe(run),
            entry.times,
            servers_.explain(entry.index, *entry.metric)};
  }

  const MeasuredRows& rows_;
  Predictor kernels_;
  ServerPredictor servers_;
  std::int64_t rows_predicted_ = 0;
  std::int64_t derived_ = 0;
  std::int64_t derived_with_predicted_ = 0;
  std::int64_t too_short_ = 0;
  std::vector<Entry> entries_;
  std::map<ScoreKey, std::vector<Predicted>> groups_;
  std::map<std::pair<ScoreKey, std::string>, std::int64_t> unpredicted_;
  std::map<std::tuple<ScoreKey, std::string, std::string>, std::int64_t> substituted_;
};

std::vector<std::string> kernel_assumptions(Reading mode) {
  if (mode == Reading::expected) {
    return {
        "expected times are those of the profiles' kernels; the 80 % band is of rows that "
        "their fits did not see"};
  }
  return {
      "datasheet peaks; 16-bit activations around narrower weights",
      "attention is causal; latent attention is expanded to keys and values in prefill, "
      "without the projection that makes them, and absorbed in decode",
      "experts are chosen uniformly, however skewed the measured choice was",
      mode == Reading::floor
          ? "the floor reads weights and caches once; activations may stay on chip, so what "
            "moves nothing else has a floor of 0"
          : "the bound moves every operand of an operator once, overlapped with its arithmetic"};
}

std::vector<std::string> server_assumptions(Reading mode) {
  std::vector<std::string> all{
      "servers are asked of predict: static_batch as a batch that starts together, serving_agg as "
      "continuous batching that runs evenly; nothing waits in a queue, and TTFT has none"};
  if (mode == Reading::expected) {
    all.emplace_back("nothing is fitted to servers: their times are those of their kernels");
  }
  return all;
}

}  // namespace

Score score(const MeasuredRows& rows, const ScoreQuestion& question) {
  const ChosenRuns chosen = choose_runs(rows.servers, question.runs);
  const MeasuredRows scored{rows.kernels, chosen.runs};
  Score out;
  out.mode = question.mode;
  out.set_aside = chosen.set_aside;
  if (!rows.kernels.empty()) out.assumptions = kernel_assumptions(question.mode);
  if (!rows.servers.empty()) {
    for (const auto& sentences : {server_assumptions(question.mode), chosen.assumptions}) {
      out.assumptions.insert(out.assumptions.end(), sentences.begin(), sentences.end());
    }
  }
  Tally tally(question, scored);
  tally.add_kernels();
  tally.add_servers();
  tally.write(out);
  out.worst = tally.worst(question.worst);
  return out;
}

}  // namespace ridgepoint::score
