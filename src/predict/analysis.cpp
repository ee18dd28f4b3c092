// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/analysis.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "predict/crossover.hpp"
#include "predict/memory.hpp"
#include "predict/not_yet.hpp"
#include "ridgepoint/roofline/step_time.hpp"

namespace ridgepoint::predict {
namespace {

using symbolic::Expr;

/// A model as a step in each of the scalars that the answer needs, operator by operator.
struct StepReadings {
  cost::Step<Count> exact;
  cost::Step<Expr> sizes;    ///< numbers as constants of the algebra
  cost::Step<Expr> letters;  ///< D, F, N, …
  roofline::TimedStep timed;
};

Result<StepReadings> read_step(const model::Architecture& architecture,
                               const hardware::Device& device, const Precision& precision) {
  auto timed = roofline::on_device(
      build_step(architecture, dimensions<double>(architecture), precision), device);
  if (!timed) return fail(timed.error());
  return StepReadings{build_step(architecture, dimensions<Count>(architecture), precision),
                      build_step(architecture, dimensions<Expr>(architecture), precision),
                      build_step(architecture, symbols(architecture), precision),
                      std::move(*timed)};
}

template <class N>
cost::Shape<N> shape(Phase phase, const N& batch, const N& context) {
  return {batch, phase == Phase::prefill ? context : N(1), context};
}

std::vector<FormulaLine> formula(const cost::StepOperator<Expr>& letters,
                                 const cost::StepOperator<Count>& exact, Phase phase,
                                 const Workload& workload) {
  const auto words = cost::ledger(letters.op, shape(phase, Expr::symbol("B"), Expr::symbol("S")));
  const auto numbers =
      cost::ledger(exact.op, shape(phase, Count(workload.batch), Count(workload.context)));
  std::vector<FormulaLine> lines;
  lines.reserve(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    lines.push_back(
        {words[i], words[i].action == cost::Action::compute ? numbers[i].flops : numbers[i].bytes});
  }
  return lines;
}

/// Seconds of compute and of memory as functions of the batch, for the crossover.
struct BatchFunctions {
  Expr compute_s{0};
  Expr memory_s{0};
};

BatchFunctions seconds_over_batch(const cost::Totals<Expr>& totals, const Expr& bytes,
                                  FlopsPerSecond peak, BytesPerSecond bandwidth) {
  return {totals.flops / Expr::from_double(peak.value()),
          bytes / Expr::from_double(bandwidth.value())};
}

/// Analyses the operators of one phase one after the other, and their sum.
class StepAnalyser {
 public:
  StepAnalyser(const StepReadings& step, const hardware::Device& device, const Workload& workload,
               Phase phase)
      : step_(step), device_(device), workload_(workload), phase_(phase) {
    answer_.phase = phase;
  }

  StepAnalysis analyse() && {
    for (std::size_t i = 0; i < step_.exact.size(); ++i) add_operator(i);
    finish();
    return std::move(answer_);
  }

 private:
  void add_operator(std::size_t i) {
    const cost::StepOperator<Count>& part = step_.exact[i];
    const hardware::PeakInUse peak = *hardware::dense_peak(device_, part.compute_type);
    const auto totals =
        cost::totals(part, shape(phase_, Count(workload_.batch), Count(workload_.context)));

    OperatorAnalysis one;
    one.name = part.name;
    one.phase = phase_;
    one.count = part.count.to_integer().value_or(0);
    one.compute_type = peak.used;
    answer_.compulsory_bytes += totals.compulsory_bytes();
    one.flops = totals.flops;
    one.weight_bytes = totals.weight_bytes;
    one.activation_bytes = totals.activation_bytes;
    one.kv_bytes = totals.kv_bytes;
    judge(one, peak);
    one.time_s = step_.timed[i].count * operator_time(i).total_s();
    one.crossover = crossover(i, peak);
    one.formula = formula(step_.letters[i], part, phase_, workload_);
    answer_.operators.push_back(std::move(one));
  }

  void judge(OperatorAnalysis& one, const hardware::PeakInUse& peak) const {
    const FlopsPerByte ridge = peak.value / device_.memory_bandwidth.value;
    const FlopsPerByte intensity(one.flops.to_double() / one.bytes().to_double());
    one.arithmetic_intensity = intensity.value();
    one.ridge_point = ridge.value();
    one.bound = roofline::verdict(intensity, ridge);
    one.utilisation = std::min(1.0, (intensity / ridge).value());
  }

  roofline::OperatorTime operator_time(std::size_t i) const {
    const roofline::TimedOperator& part = step_.timed[i];
    return roofline::operator_time(
        std::visit([&](const auto& op) { return cost::totals(op, point()); }, part.op), part.rates);
  }

  cost::Shape<double> point() const {
    return shape(phase_, static_cast<double>(workload_.batch),
                 static_cast<double>(workload_.context));
  }

  Crossover crossover(std::size_t i, const hardware::PeakInUse& peak) {
    const auto totals =
        cost::totals(step_.sizes[i], shape(phase_, Expr::symbol("B"), Expr(workload_.context)));
    const BytesPerSecond bandwidth = device_.memory_bandwidth.value;
    const BatchFunctions bound = seconds_over_batch(totals, totals.bytes(), peak.value, bandwidth);
    const BatchFunctions floor =
        seconds_over_batch(totals, totals.compulsory_bytes(), peak.value, bandwidth);
    floor_.compute_s += floor.compute_s;
    floor_.memory_s += floor.memory_s;
    return find_crossover(bound.compute_s, bound.memory_s);
  }

  void finish() {
    for (const OperatorAnalysis& one : answer_.operators) {
      answer_.flops += one.flops;
      answer_.bytes += one.bytes();
    }
    const roofline::StepTime time = roofline::step_time(step_.timed, point());
    answer_.bound_s = time.bound_s;
    answer_.floor_s = time.floor_s();
    answer_.compute_s = time.compute_s;
    answer_.compulsory_memory_s = time.compulsory_memory_s;
    answer_.limit = time.compute_s >= time.compulsory_memory_s ? roofline::Bound::compute_bound
                                                               : roofline::Bound::memory_bound;
    answer_.tokens_per_s = point().batch * point().new_tokens / time.bound_s;
    answer_.crossover = find_crossover(floor_.compute_s, floor_.memory_s);
    for (OperatorAnalysis& one : answer_.operators) one.share = one.time_s / time.bound_s;
  }

  const StepReadings& step_;
  const hardware::Device& device_;
  const Workload& workload_;
  Phase phase_;
  BatchFunctions floor_;
  StepAnalysis answer_;
};

std::vector<hardware::PeakInUse> peaks_in_use(const cost::Step<Count>& step,
                                              const hardware::Device& device) {
  std::vector<hardware::PeakInUse> peaks;
  for (const cost::StepOperator<Count>& part : step) {
    const hardware::PeakInUse peak = *hardware::dense_peak(device, part.compute_type);
    const auto same = [&](const auto& known) { return known.requested == peak.requested; };
    if (std::none_of(peaks.begin(), peaks.end(), same)) peaks.push_back(peak);
  }
  return peaks;
}

BatchPoint batch_point(const roofline::TimedStep& step, const Workload& workload,
                       const MemoryUse& memory, std::int64_t batch) {
  const auto b = static_cast<double>(batch);
  const auto context = static_cast<double>(workload.context);
  const roofline::StepTime time = roofline::step_time(step, {b, 1, context});
  return {batch, time.floor_s(), time.bound_s, b / time.bound_s, batch <= memory.max_batch};
}

/// Powers of two until two doublings past the memory wall, and the wall itself.
std::vector<BatchPoint> batch_curve(const roofline::TimedStep& step, const Workload& workload,
                                    const MemoryUse& memory) {
  constexpr std::int64_t kSmallestEnd = 256;
  constexpr std::int64_t kLargestEnd = std::int64_t{1} << 40;
  const std::int64_t end =
      std::clamp(4 * std::min(memory.max_batch, kLargestEnd / 4), kSmallestEnd, kLargestEnd);
  std::vector<std::int64_t> batches;
  for (std::int64_t batch = 1; batch <= end; batch *= 2) batches.push_back(batch);
  if (memory.max_batch > 0 && memory.max_batch < end) batches.push_back(memory.max_batch);
  std::sort(batches.begin(), batches.end());
  batches.erase(std::unique(batches.begin(), batches.end()), batches.end());

  std::vector<BatchPoint> curve;
  for (const std::int64_t batch : batches) {
    curve.push_back(batch_point(step, workload, memory, batch));
  }
  return curve;
}

std::vector<std::string> assumptions(const Analysis& answer) {
  std::vector<std::string> sentences = answer.architecture.assumptions;
  const auto& device = answer.device;
  sentences.insert(sentences.end(), device.assumptions.begin(), device.assumptions.end());
  for (const hardware::PeakInUse& peak : answer.peaks) {
    if (peak.fell_back()) sentences.push_back(hardware::fallback_note(device, peak));
  }
  const Precision& precision = answer.workload.precision;
  sentences.push_back(fmt::format("weights {}, activations {}, KV cache {}",
                                  name(precision.weights), name(precision.activations),
                                  name(precision.kv_cache)));
  if (precision.weights != answer.architecture.dtype) {
    sentences.push_back(
        fmt::format("embedding, lm_head and norms stay {}, as the config stores them",
                    name(answer.architecture.dtype)));
  }
  sentences.push_back(answer.architecture.is_causal ? "attention FLOPs count causal query–key pairs"
                                                    : "attention FLOPs count all query–key pairs");
  sentences.push_back("memory is the datasheet's capacity: no runtime overhead, no activations");
  return sentences;
}

/// A fault for every operator whose counts left 64 bits.
Diagnostics too_large(const Analysis& answer) {
  Diagnostics faults;
  const auto check = [&](const Count& count, const std::string& what) {
    const bool fits = count.is_valid() && ceil(count).to_integer().has_value();
    if (!fits) {
      faults.push_back({what, "above 2^63 − 1", "ask for a smaller batch, context or model"});
    }
  };
  for (const StepAnalysis& step : answer.steps) {
    check(step.flops, fmt::format("FLOPs of the {} step", name(step.phase)));
    check(step.bytes, fmt::format("bytes of the {} step", name(step.phase)));
  }
  check(answer.memory.total(), "memory");
  return faults;
}

}  // namespace

Result<Analysis> analyse(const model::Architecture& architecture, const hardware::Device& device,
                         const Workload& workload) {
  if (Diagnostics faults = not_yet_in_steps(architecture); !faults.empty()) return fail(faults);
  const auto step = read_step(architecture, device, workload.precision);
  if (!step) return fail(step.error());

  Analysis answer{.architecture = architecture,
                  .device = device,
                  .workload = workload,
                  .peaks = peaks_in_use(step->exact, device),
                  .steps = {},
                  .memory = memory_use(architecture, device, workload),
                  .batch_curve = {},
                  .assumptions = {}};
  for (const Phase phase : workload.phases) {
    answer.steps.push_back(StepAnalyser(*step, device, workload, phase).analyse());
  }
  if (Diagnostics faults = too_large(answer); !faults.empty()) return fail(faults);
  answer.batch_curve = batch_curve(step->timed, workload, answer.memory);
  answer.assumptions = assumptions(answer);
  return answer;
}

}  // namespace ridgepoint::predict
