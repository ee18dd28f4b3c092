// SPDX-License-Identifier: Apache-2.0
#include "report/comparison_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "report/answer_words.hpp"
#include "report/request_figures.hpp"
#include "report/text.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using predict::ComparedDeployment;
using predict::Comparison;
using predict::RequestTimes;

template <double RequestTimes::* figure>
double of_bound(const ComparedDeployment& column) {
  return column.estimate.bound.*figure;
}
template <double RequestTimes::* figure>
double of_expected(const ComparedDeployment& column) {
  const auto& expected = column.estimate.expected;
  return expected ? expected->times.*figure : 0;
}
double weight_bytes(const ComparedDeployment& column) {
  return column.memory.stage().weight_bytes.to_double();
}
double sequences(const ComparedDeployment& column) { return column.memory.sequences_at_max_length; }

const std::string kNone = "–";  ///< in place of a figure that is not known, or none at all

constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;

std::string times(double ratio) { return format_number(ratio) + "×"; }

bool differs(double a, double b) { return std::abs(a - b) > 1e-9 * std::max(a, b); }

/// The best column by a figure; the first of equals. Null where none has it.
const ComparedDeployment* best_by(const ComparedFigure& figure, const Comparison& comparison) {
  const ComparedDeployment* best = nullptr;
  for (const ComparedDeployment& column : comparison.columns) {
    const double value = figure.value(column);
    if (value <= 0 || !holds_batch(column)) continue;
    const bool is_better = best == nullptr || (figure.more_is_better ? value > figure.value(*best)
                                                                     : value < figure.value(*best));
    if (is_better) best = &column;
  }
  return best;
}

/// "llama-2-13b: ", where all are that model and the base is not called so; else nothing.
std::string common_model(const Comparison& comparison) {
  const std::string& name = comparison.base().estimate.architecture.name;
  const bool is_common =
      std::all_of(comparison.columns.begin(), comparison.columns.end(),
                  [&](const auto& column) { return column.estimate.architecture.name == name; });
  const bool is_said = comparison.base().name.find(name) != std::string::npos;
  return is_common && !is_said ? name + ": " : "";
}

/// " on NVIDIA H100", where all stand on that; else their names say where they stand.
std::string common_device(const Comparison& comparison) {
  const std::string title = device_title(comparison.base().estimate.device);
  const bool is_common = std::all_of(
      comparison.columns.begin(), comparison.columns.end(),
      [&](const auto& column) { return device_title(column.estimate.device) == title; });
  return is_common ? " on " + title : "";
}

bool are_single_devices(const Comparison& comparison) {
  return std::all_of(comparison.columns.begin(), comparison.columns.end(), [](const auto& column) {
    return column.memory.question.parallelism.devices() == 1;
  });
}

using Parts = roofline::TimeParts predict::Estimate::*;

/// Whether times of memory are in proportion to bytes: nothing waits for compute, and a token
/// passes as many stages.
bool are_bytes_told(Parts parts, const ComparedDeployment& base, const ComparedDeployment& column) {
  constexpr double kNoticeable = 0.01;
  const auto waits_for_memory = [&](const ComparedDeployment& one) {
    const roofline::TimeParts& all = one.estimate.*parts;
    return all.compute_s < kNoticeable * all.total_s();
  };
  const auto stages = [](const ComparedDeployment& one) {
    return one.memory.question.parallelism.pipeline;
  };
  return waits_for_memory(base) && waits_for_memory(column) && stages(base) == stages(column);
}

/// "weights 7.1 → 5.0 ms", and the bytes and the bandwidth behind it where they are all there is.
std::string part_change(const TimePart& part, Parts parts, const ComparedDeployment& base,
                        const ComparedDeployment& column) {
  const double before = base.estimate.*parts.*part.value;
  const double after = column.estimate.*parts.*part.value;
  const bool is_memory = part.value != &roofline::TimeParts::compute_s &&
                         part.value != &roofline::TimeParts::network_s;
  std::string words = fmt::format("{} {} → {} ms", part.words, format_number(before * 1e3),
                                  format_number(after * 1e3));
  if (!is_memory || before <= 0 || after <= 0) return words;
  const double bandwidth = column.estimate.device.memory_bandwidth.value.value() /
                           base.estimate.device.memory_bandwidth.value.value();
  const double bytes = after / before * bandwidth;
  std::vector<std::string> causes;
  constexpr double kNoticeable = 0.005;
  if (are_bytes_told(parts, base, column) && std::abs(bytes - 1) > kNoticeable) {
    causes.push_back(times(bytes) + " the bytes");
  }
  if (differs(bandwidth, 1)) causes.push_back(times(bandwidth) + " the bandwidth");
  return causes.empty() ? words : fmt::format("{} ({})", words, joined(causes));
}

/// The parts that changed by a twentieth of the time or more, the largest change first.
std::vector<std::string> part_changes(Parts parts, const ComparedDeployment& base,
                                      const ComparedDeployment& column) {
  const auto change = [&](const TimePart& part) {
    return std::abs(column.estimate.*parts.*part.value - base.estimate.*parts.*part.value);
  };
  std::vector<TimePart> all(kTimeParts.begin(), kTimeParts.end());
  std::stable_sort(all.begin(), all.end(),
                   [&](const TimePart& a, const TimePart& b) { return change(a) > change(b); });
  std::vector<std::string> words;
  for (const TimePart& part : all) {
    constexpr double kNoticeable = 0.05;
    if (change(part) < kNoticeable * (base.estimate.*parts).total_s()) continue;
    words.push_back(part_change(part, parts, base, column));
  }
  return words;
}

/// "TPOT 0.81×, at the bound ", where both have expected times.
std::string expected_ratio(const char* name, Parts parts, const ComparedDeployment& base,
                           const ComparedDeployment& column) {
  const auto& before = base.estimate.expected;
  const auto& after = column.estimate.expected;
  if (!before || !after) return std::string(name) + " ";
  const auto figure =
      parts == &predict::Estimate::ttft_parts ? &RequestTimes::ttft_s : &RequestTimes::tpot_s;
  return fmt::format("{} {}, at the bound ", name,
                     times(after->times.*figure / before->times.*figure));
}

/// "TPOT 0.70×: weights 7.1 → 5.0 ms"; empty where it is the same.
std::string latency_reason(const char* name, Parts parts, const ComparedDeployment& base,
                           const ComparedDeployment& column) {
  const double ratio = (column.estimate.*parts).total_s() / (base.estimate.*parts).total_s();
  constexpr double kNoticeable = 0.005;
  if (std::abs(ratio - 1) < kNoticeable) return {};
  std::string words = expected_ratio(name, parts, base, column) + times(ratio);
  const auto changes = part_changes(parts, base, column);
  if (!changes.empty()) words += ": " + joined(changes);
  return words;
}

/// Requests that a deployment works on at a time, on all replicas.
double load(const ComparedDeployment& column) {
  return static_cast<double>(column.memory.question.parallelism.data) *
         static_cast<double>(column.estimate.question.batch);
}

/// What else differs: the load, the stages, the price of a device.
std::vector<std::string> further_reasons(const ComparedDeployment& base,
                                         const ComparedDeployment& column) {
  std::vector<std::string> reasons;
  if (differs(load(column), load(base))) {
    reasons.push_back(times(load(column) / load(base)) + " the requests at a time");
  }
  const std::int64_t stages = column.memory.question.parallelism.pipeline;
  if (stages != base.memory.question.parallelism.pipeline) {
    reasons.push_back(stages == 1 ? std::string("a token passes one stage")
                                  : fmt::format("a token passes {} stages", stages));
  }
  const auto& price = column.estimate.device.price_dollars_per_hour;
  const auto& before = base.estimate.device.price_dollars_per_hour;
  if (price && before && differs(price->value, before->value)) {
    reasons.push_back(times(price->value / before->value) + " the price of a device");
  }
  return reasons;
}

std::string capacity_reason(const ComparedDeployment& base, const ComparedDeployment& column) {
  const double before = sequences(base);
  const double after = sequences(column);
  if (!column.memory.fits) return base.memory.fits ? "it no longer fits" : "it does not fit";
  if (!base.memory.fits) return fmt::format("it fits: {} sequences", format_number(after));
  constexpr double kNoticeable = 0.005;
  if (std::abs(after / before - 1) < kNoticeable) return {};
  const auto room = [](const ComparedDeployment& one) {
    const auto& stage = one.memory.stage();
    return (stage.kv_budget_bytes - stage.prefix_bytes).to_double();
  };
  const auto each = [](const ComparedDeployment& one) {
    return one.memory.stage().sequence_bytes.to_double();
  };
  std::vector<std::string> causes;
  const auto add = [&](double factor, const char* what) {
    if (std::abs(factor - 1) > kNoticeable) causes.push_back(times(factor) + what);
  };
  add(room(column) / room(base), " the room on a device");
  add(each(column) / each(base), " the bytes of a sequence there");
  add(static_cast<double>(column.memory.question.parallelism.data) /
          static_cast<double>(base.memory.question.parallelism.data),
      " the replicas");
  return fmt::format("{} the sequences{}", times(after / before),
                     causes.empty() ? "" : ": " + joined(causes));
}

}  // namespace

const std::vector<ComparedFigure>& compared_figures() {
  using enum ComparedFigure::Reading;
  static const std::vector<ComparedFigure> figures{
      {memory, "weights", "", "GiB", "weight_bytes", weight_bytes, 1 / kGiB, false},
      {memory, "sequences", "Most sequences", "", "sequences_at_max_length", sequences, 1, true},
      {expected, "TTFT expected", "Lowest expected TTFT", "ms", "expected_ttft_s",
       of_expected<&RequestTimes::ttft_s>, 1e3, false},
      {expected, "TPOT expected", "Lowest expected TPOT", "ms", "expected_tpot_s",
       of_expected<&RequestTimes::tpot_s>, 1e3, false},
      {expected, "throughput expected", "Highest expected throughput", "tokens/s",
       "expected_throughput_tokens_per_s", of_expected<&RequestTimes::throughput_tokens_per_s>, 1,
       true},
      {expected, "per device expected", "Highest expected throughput of a device", "tokens/s",
       "expected_per_device_tokens_per_s", of_expected<&RequestTimes::per_device_tokens_per_s>, 1,
       true},
      {expected, "energy expected", "Least expected energy", "J/token",
       "expected_energy_j_per_token", of_expected<&RequestTimes::energy_j_per_token>, 1, false},
      {expected, "cost expected", "Lowest expected cost", "$/M tokens",
       "expected_cost_per_million_tokens", of_expected<&RequestTimes::cost_per_million_tokens>, 1,
       false},
      {bound, "TTFT", "Lowest TTFT", "ms", "ttft_s", of_bound<&RequestTimes::ttft_s>, 1e3, false},
      {bound, "TPOT", "Lowest TPOT", "ms", "tpot_s", of_bound<&RequestTimes::tpot_s>, 1e3, false},
      {bound, "throughput", "Highest throughput", "tokens/s", "throughput_tokens_per_s",
       of_bound<&RequestTimes::throughput_tokens_per_s>, 1, true},
      {bound, "per device", "Highest throughput of a device", "tokens/s", "per_device_tokens_per_s",
       of_bound<&RequestTimes::per_device_tokens_per_s>, 1, true},
      {bound, "energy", "Least energy", "J/token", "energy_j_per_token",
       of_bound<&RequestTimes::energy_j_per_token>, 1, false},
      {bound, "cost", "Lowest cost", "$/M tokens", "cost_per_million_tokens",
       of_bound<&RequestTimes::cost_per_million_tokens>, 1, false}};
  return figures;
}

bool has_expected(const Comparison& comparison) {
  return std::any_of(comparison.columns.begin(), comparison.columns.end(),
                     [](const auto& column) { return column.estimate.expected.has_value(); });
}

bool all_have_expected(const Comparison& comparison) {
  return std::all_of(comparison.columns.begin(), comparison.columns.end(),
                     [](const auto& column) { return column.estimate.expected.has_value(); });
}

bool holds_batch(const ComparedDeployment& column) {
  const auto replicas = static_cast<double>(column.memory.question.parallelism.data);
  const auto batch = static_cast<double>(column.estimate.question.batch);
  return column.memory.fits && (!column.memory.has_cache || sequences(column) >= replicas * batch);
}

double ratio(const ComparedFigure& figure, const ComparedDeployment& column,
             const ComparedDeployment& base) {
  const double before = figure.value(base);
  return before > 0 ? figure.value(column) / before : 0;
}

std::string comparison_title(const Comparison& comparison) {
  const std::size_t others = comparison.columns.size() - 1;
  return fmt::format(
      "{}{} against {}{}", common_model(comparison),
      others == 1 ? comparison.columns[1].name : fmt::format("{} deployments", others),
      comparison.base().name, common_device(comparison));
}

std::string comparison_setting(const Comparison& comparison) {
  using Question = predict::RequestQuestion;
  std::string words;
  const auto add_common = [&](std::int64_t Question::* size, const char* form) {
    const std::int64_t value = comparison.base().estimate.question.*size;
    const bool is_common =
        std::all_of(comparison.columns.begin(), comparison.columns.end(),
                    [&](const auto& column) { return column.estimate.question.*size == value; });
    if (!is_common) return;
    words += (words.empty() ? "" : ", ") + fmt::format(fmt::runtime(form), format_integer(value));
  };
  add_common(&Question::batch, "batch {}");
  add_common(&Question::input, "{} tokens in");
  const bool says_tokens = words.find("tokens") != std::string::npos;
  add_common(&Question::output, says_tokens ? "{} out" : "{} tokens out");
  return words;
}

std::string comparison_headline(const Comparison& comparison) {
  const std::string setting = comparison_setting(comparison);
  return comparison_title(comparison) + (setting.empty() ? "" : ": " + setting);
}

std::vector<std::string> best_sentences(const Comparison& comparison) {
  std::vector<std::string> sentences;
  if (std::any_of(comparison.columns.begin(), comparison.columns.end(), [&](const auto& column) {
        return differs(load(column), load(comparison.base()));
      })) {
    sentences.emplace_back(
        "The deployments work on different numbers of requests at a time (-b is of one replica): "
        "their throughput and cost are not those of one load.");
  }
  using Reading = ComparedFigure::Reading;
  const Reading passed_over = all_have_expected(comparison) ? Reading::bound : Reading::expected;
  for (const ComparedFigure& figure : compared_figures()) {
    const bool is_per_device = std::string_view(figure.words).starts_with("per device");
    const bool says_the_same = is_per_device && are_single_devices(comparison);
    if (*figure.best == '\0' || says_the_same || figure.reading == passed_over) continue;
    const ComparedDeployment* best = best_by(figure, comparison);
    if (best == nullptr) continue;
    const double gain = ratio(figure, *best, comparison.base());
    std::string words = fmt::format("{}: {}, {}", figure.best, best->name,
                                    format_number(figure.scale * figure.value(*best)));
    if (*figure.unit != '\0') words += fmt::format(" {}", figure.unit);
    if (gain > 0 && differs(gain, 1)) words += fmt::format(" ({})", times(gain));
    sentences.push_back(words + ".");
  }
  return sentences;
}

std::vector<std::string> reasons(const Comparison& comparison) {
  using predict::Estimate;
  const ComparedDeployment& base = comparison.base();
  std::vector<std::string> sentences;
  for (std::size_t i = 1; i < comparison.columns.size(); ++i) {
    const ComparedDeployment& column = comparison.columns[i];
    std::vector<std::string> parts{latency_reason("TPOT", &Estimate::tpot_parts, base, column),
                                   latency_reason("TTFT", &Estimate::ttft_parts, base, column),
                                   capacity_reason(base, column)};
    const auto more = further_reasons(base, column);
    parts.insert(parts.end(), more.begin(), more.end());
    std::erase(parts, "");
    if (parts.empty()) parts.emplace_back("the same");
    sentences.push_back(fmt::format("{}: {}.", column.name, fmt::join(parts, "; ")));
  }
  return sentences;
}

std::vector<std::string> left_out_sentences(const Comparison& comparison) {
  std::vector<std::string> sentences;
  for (const predict::LeftOut& one : comparison.left_out) {
    std::vector<std::string> faults;
    faults.reserve(one.faults.size());
    for (const Diagnostic& fault : one.faults) faults.push_back(fault.what);
    sentences.push_back(fmt::format("{}: {}", one.name, joined(faults)));
  }
  return sentences;
}

}  // namespace ridgepoint::report
