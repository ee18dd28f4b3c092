// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/analysis.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "predict/crossover.hpp"
#include "predict/layer_norms.hpp"
#include "predict/memory.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/roofline/step_time.hpp"

namespace ridgepoint::predict {
namespace {

using symbolic::Expr;

/// The step of one phase in each of the scalars that the answer needs, operator by operator.
struct StepReadings {
  Phase phase;
  cost::Step<Count> exact;
  cost::Step<Expr> sizes;    ///< numbers as constants of the algebra
  cost::Step<Expr> letters;  ///< D, F, N, …
  roofline::TimedStep timed;
};

Result<StepReadings> read_step(const model::Architecture& architecture,
                               const hardware::Device& device, const Execution& execution,
                               Phase phase, cost::Step<Expr> letters) {
  auto timed = roofline::on_device(build_step<double>(architecture, execution, phase), device);
  if (!timed) return fail(timed.error());
  return StepReadings{phase, build_step<Count>(architecture, execution, phase),
                      build_step<Expr>(architecture, execution, phase), std::move(letters),
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
  StepAnalyser(const StepReadings& step, const hardware::Device& device, const Workload& workload)
      : step_(step), device_(device), workload_(workload), phase_(step.phase) {
    answer_.phase = phase_;
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
    one.state_bytes = totals.state_bytes;
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
    const auto& op = step_.timed[i].op;
    if (!std::holds_alternative<cost::ExpertMatmul<double>>(op)) {
      return find_crossover(bound.compute_s, bound.memory_s);
    }
    return find_whole_crossover([&](double batch) {
      const auto at = shape(phase_, batch, static_cast<double>(workload_.context));
      const auto time = roofline::operator_time(
          std::visit([&](const auto& one) { return cost::totals(one, at); }, op),
          step_.timed[i].rates);
      return time.compute_s >= time.memory_s;
    });
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

std::vector<hardware::PeakInUse> peaks_in_use(const std::vector<StepReadings>& steps,
                                              const hardware::Device& device) {
  std::vector<hardware::PeakInUse> peaks;
  for (const StepReadings& step : steps) {
    for (const cost::StepOperator<Count>& part : step.exact) {
      const hardware::PeakInUse peak = *hardware::dense_peak(device, part.compute_type);
      const auto same = [&](const auto& known) { return known.requested == peak.requested; };
      if (std::none_of(peaks.begin(), peaks.end(), same)) peaks.push_back(peak);
    }
  }
  return peaks;
}

BatchPoint batch_point(const StepReadings& step, const Workload& workload, const MemoryUse& memory,
                       std::int64_t batch) {
  const auto at =
      shape(step.phase, static_cast<double>(batch), static_cast<double>(workload.context));
  const roofline::StepTime time = roofline::step_time(step.timed, at);
  return {batch, time.floor_s(), time.bound_s, at.batch * at.new_tokens / time.bound_s,
          batch <= memory.max_batch};
}

/// Powers of two until two doublings past the memory wall, and the wall itself.
std::vector<BatchPoint> batch_curve(const StepReadings& step, const Workload& workload,
                                    const MemoryUse& memory) {
  const bool is_bounded = memory.max_batch != MemoryUse::kUnbounded;
  constexpr std::int64_t kSmallestEnd = 256;
  constexpr std::int64_t kLargestEnd = std::int64_t{1} << 40;
  const std::int64_t end = is_bounded ? std::clamp(4 * std::min(memory.max_batch, kLargestEnd / 4),
                                                   kSmallestEnd, kLargestEnd)
                                      : kSmallestEnd;
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

bool has_experts(const model::Architecture& architecture) {
  return std::any_of(architecture.runs.begin(), architecture.runs.end(), [](const auto& run) {
    return std::holds_alternative<model::MixtureOfExperts>(run.feed_forward);
  });
}

std::string precision_sentence(const Analysis& answer) {
  const Precision& precision = answer.workload.precision;
  return fmt::format("weights {}, activations {}, KV cache {}",
                     weights_name(answer.architecture, precision), name(precision.activations),
                     name(precision.kv_cache));
}

/// What the model's kinds of layers made us assume.
void add_layer_assumptions(const Analysis& answer, std::vector<std::string>& sentences) {
  const model::Architecture& architecture = answer.architecture;
  const auto any = [&](auto is) {
    return std::any_of(architecture.runs.begin(), architecture.runs.end(), is);
  };
  if (has_experts(architecture)) {
    sentences.emplace_back(
        "experts read in a step: the expected number of distinct ones, E·(1 − (1 − k/E)^tokens), "
        "as if tokens chose uniformly; the floor counts the k of one token");
  }
  if (!(answer.workload.expert_imbalance == Count(1))) {
    sentences.push_back(
        fmt::format("the busiest expert gets {} times the mean: rows are counted "
                    "as if all experts were as busy",
                    format_exact(answer.workload.expert_imbalance.to_double())));
  }
  const auto latent = [](const model::LayerRun& run) {
    return std::get_if<model::LatentAttention>(&run.mixer);
  };
  if (any([&](const auto& run) { return latent(run) != nullptr && !latent(run)->indexer; })) {
    sentences.emplace_back(
        "latent attention is expanded to keys and values of each head in prefill, and absorbed "
        "into queries and outputs in decode");
  }
  if (any([](const auto& run) { return run.cross_attention.has_value(); })) {
    sentences.emplace_back(
        "prefill is the encoder's pass and the projection to the keys and values of cross "
        "attention; a decode step attends to as many source tokens as its context");
  }
  if (any(attends_to_image)) {
    sentences.emplace_back("layers that attend to an image are passed over: there is none");
  }
}

std::vector<std::string> assumptions(const Analysis& answer) {
  std::vector<std::string> sentences = answer.architecture.assumptions;
  const auto& device = answer.device;
  sentences.insert(sentences.end(), device.assumptions.begin(), device.assumptions.end());
  for (const hardware::PeakInUse& peak : answer.peaks) {
    if (peak.fell_back()) sentences.push_back(hardware::fallback_note(device, peak));
  }
  sentences.push_back(precision_sentence(answer));
  const auto& weights = answer.workload.precision.weights;
  if (weights && *weights != answer.architecture.dtype) {
    sentences.push_back(
        fmt::format("embedding, lm_head, {}norms stay {}, as the config stores them",
                    has_experts(answer.architecture) ? "routers and " : "and ",
                    name(answer.architecture.dtype)));
  }
  add_layer_assumptions(answer, sentences);
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

bool asks_for(const Workload& workload, Phase phase) {
  const auto& phases = workload.phases;
  return std::find(phases.begin(), phases.end(), phase) != phases.end();
}

/// The workload without the phases that the model has not; a fault when none is left.
Result<Workload> with_phases_of(const model::Architecture& architecture, Workload workload) {
  const std::vector<Phase> has = phases_of(architecture);
  std::erase_if(workload.phases,
                [&](Phase phase) { return std::find(has.begin(), has.end(), phase) == has.end(); });
  if (!workload.phases.empty()) return workload;
  return fail(architecture.name, "an encoder has no decode step",
              "--phase prefill is its pass over the tokens");
}

struct LetteredReadings {
  std::vector<StepReadings> readings;  ///< the phases of the model, in their order
  std::vector<Letter> letters;
};

Result<LetteredReadings> read_steps(const model::Architecture& architecture,
                                    const hardware::Device& device, const Workload& workload) {
  const Execution execution{workload.precision, workload.expert_imbalance};
  const std::vector<Phase> phases = phases_of(architecture);
  LetteredSteps lettered = build_lettered_steps(architecture, execution, phases);
  LetteredReadings result{{}, std::move(lettered.letters)};
  for (std::size_t i = 0; i < phases.size(); ++i) {
    auto step = read_step(architecture, device, execution, phases[i], std::move(lettered.steps[i]));
    if (!step) return fail(step.error());
    result.readings.push_back(std::move(*step));
  }
  return result;
}

}  // namespace

Result<Analysis> analyse(const model::Architecture& architecture, const hardware::Device& device,
                         const Workload& asked) {
  const auto workload = with_phases_of(architecture, asked);
  if (!workload) return fail(workload.error());
  const auto steps = read_steps(architecture, device, *workload);
  if (!steps) return fail(steps.error());

  Analysis answer{.architecture = architecture,
                  .device = device,
                  .workload = *workload,
                  .peaks = peaks_in_use(steps->readings, device),
                  .steps = {},
                  .memory = memory_use(architecture, device, *workload),
                  .letters = steps->letters,
                  .batch_curve = {},
                  .assumptions = {}};
  for (const StepReadings& step : steps->readings) {
    if (!asks_for(*workload, step.phase)) continue;
    answer.steps.push_back(StepAnalyser(step, device, *workload).analyse());
  }
  if (Diagnostics faults = too_large(answer); !faults.empty()) return fail(faults);
  answer.batch_curve = batch_curve(steps->readings.back(), *workload, answer.memory);
  answer.assumptions = assumptions(answer);
  return answer;
}

}  // namespace ridgepoint::predict
