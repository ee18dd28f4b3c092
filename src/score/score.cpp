// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/score/score.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "score/predictor.hpp"
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

/// Takes predictions one by one, and sorts them by what they tell.
class Tally {
 public:
  Tally(const ScoreQuestion& question, std::size_t rows) : predictor_(question), predicted_(rows) {}

  void add(std::size_t index, const Measurement& row) {
    const ScoreKey key{row.device, row.op, row.compute};
    const auto prediction = predictor_.predict(row);
    if (!prediction) {
      ++unpredicted_[{key, reason_of(prediction.error())}];
      return;
    }
    groups_[key].push_back(prediction->times);
    predicted_[index] = prediction->times;
    ranking_.push_back(index);
    if (prediction->kernel.kernel != nullptr && !prediction->kernel.is_exact) {
      const efficiency::KernelProfile& used = *prediction->kernel.kernel;
      ++substituted_[{key, words_of(row.stack, row.kernel, row.compute, row.cache),
                      words_of(used.stack, used.kernel, used.compute, used.cache)}];
    }
  }

  void write(Score& out) const {
    for (const auto& [key, rows] : groups_) {
      out.groups.push_back({key, error_statistics(rows)});
      out.rows += out.groups.back().errors.rows;
    }
    for (const auto& [key, rows] : unpredicted_) {
      out.unpredicted.push_back({key.first, key.second, rows});
    }
    for (const auto& [key, rows] : substituted_) {
      out.substitutions.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), rows});
    }
  }

  std::vector<WorstRow> worst(std::span<const Measurement> rows, std::size_t most) {
    std::stable_sort(ranking_.begin(), ranking_.end(), [&](std::size_t a, std::size_t b) {
      return distance(predicted_[a]) > distance(predicted_[b]);
    });
    std::vector<WorstRow> all;
    for (std::size_t i = 0; i < std::min(most, ranking_.size()); ++i) {
      const Measurement& row = rows[ranking_[i]];
      all.push_back({{row.device, row.op, row.compute},
                     row.where,
                     words_of(row.stack, row.kernel, "", row.cache),
                     describe(row.shape),
                     predicted_[ranking_[i]],
                     predictor_.explain(row)});
    }
    return all;
  }

 private:
  static std::string reason_of(const Diagnostics& faults) {
    std::string text;
    for (const Diagnostic& fault : faults) text += (text.empty() ? "" : "; ") + fault.what;
    return text;
  }

  Predictor predictor_;
  std::vector<Predicted> predicted_;
  std::vector<std::size_t> ranking_;
  std::map<ScoreKey, std::vector<Predicted>> groups_;
  std::map<std::pair<ScoreKey, std::string>, std::int64_t> unpredicted_;
  std::map<std::tuple<ScoreKey, std::string, std::string>, std::int64_t> substituted_;
};

std::vector<std::string> assumptions_of(const ScoreQuestion& question) {
  if (question.mode == ScoreMode::expected) {
    return {
        "expected times are those of the profiles' kernels; the 80 % band is of rows that "
        "their fits did not see"};
  }
  return {
      "datasheet peaks; 16-bit activations around narrower weights",
      "attention is causal; latent attention is expanded to keys and values in prefill, "
      "without the projection that makes them, and absorbed in decode",
      "experts are chosen uniformly, however skewed the measured choice was",
      question.mode == ScoreMode::floor
          ? "the floor reads weights and caches once; activations may stay on chip, so what "
            "moves nothing else has a floor of 0"
          : "the bound moves every operand of an operator once, overlapped with its arithmetic"};
}

}  // namespace

std::string_view name(ScoreMode mode) {
  switch (mode) {
    case ScoreMode::floor:
      return "floor";
    case ScoreMode::bound:
      return "bound";
    case ScoreMode::expected:
      break;
  }
  return "expected";
}

Score score(std::span<const Measurement> rows, const ScoreQuestion& question) {
  Score out;
  out.mode = question.mode;
  out.assumptions = assumptions_of(question);
  Tally tally(question, rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) tally.add(i, rows[i]);
  tally.write(out);
  out.worst = tally.worst(rows, question.worst);
  return out;
}

}  // namespace ridgepoint::score
