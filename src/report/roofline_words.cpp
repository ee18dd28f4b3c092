// SPDX-License-Identifier: Apache-2.0
#include "report/roofline_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "report/answer_words.hpp"
#include "report/band_words.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {

using predict::Analysis;
using predict::Crossover;
using predict::OperatorAnalysis;
using predict::StepAnalysis;
using roofline::Bound;

std::string model_on_device(const Analysis& analysis) {
  return model_on_device(analysis.architecture, analysis.device);
}

bool has_mixed_step(const Analysis& analysis) {
  const auto& phases = analysis.workload.phases;
  return std::find(phases.begin(), phases.end(), predict::Phase::mixed) != phases.end();
}

bool has_expected(const Analysis& analysis) {
  return std::any_of(analysis.steps.begin(), analysis.steps.end(),
                     [](const StepAnalysis& step) { return step.expected.has_value(); });
}

namespace {

/// "one of 8 devices (TP 4 × PP 2), stage 1 of 2 (40 layers), the slowest, "; nothing of one
/// device.
std::string place(const Analysis& analysis) {
  const predict::Parallelism& split = analysis.workload.parallelism;
  if (split.devices() == 1) return "";
  std::string words = fmt::format("one of {} devices ({}), ", split.devices(), describe(split));
  if (split.pipeline == 1) return words;
  const predict::StageInUse& stage = analysis.stage;
  const auto& phases = analysis.workload.phases;
  const std::string when =
      phases.size() > 1 ? fmt::format(" in {}", name(phases.back())) : std::string();
  return words + fmt::format("stage {} of {} ({} layers){}, ", stage.index + 1, split.pipeline,
                             stage.layers, stage.is_slowest ? ", the slowest" + when : "");
}

/// "and 512 new tokens of a prompt (after 1,536), "
std::string chunk_words(const Analysis& analysis) {
  if (!has_mixed_step(analysis)) return "";
  const predict::PromptChunk& chunk = analysis.workload.chunk;
  const std::string past =
      chunk.context == chunk.tokens
          ? "its first"
          : fmt::format("after {}", format_integer(chunk.context - chunk.tokens));
  return fmt::format("and {} new tokens of a prompt ({}), ", format_integer(chunk.tokens), past);
}

}  // namespace

std::string setting(const Analysis& analysis) {
  const predict::Precision& types = analysis.workload.precision;
  const std::string weights = predict::weights_name(analysis.architecture, types);
  const bool uniform = weights == name(types.activations) && types.activations == types.kv_cache;
  const std::string precision =
      uniform ? weights
              : fmt::format("weights {}, activations {}, KV cache {}", weights,
                            name(types.activations), name(types.kv_cache));
  return fmt::format("{}batch {}, context {} tokens, {}{}", place(analysis),
                     format_integer(analysis.workload.batch),
                     format_integer(analysis.workload.context), chunk_words(analysis), precision);
}

std::string phase_title(predict::Phase phase) {
  switch (phase) {
    case predict::Phase::prefill:
      return "Prefill";
    case predict::Phase::decode:
      return "Decode";
    case predict::Phase::mixed:
      break;
  }
  return "Mixed step";
}

std::string rate_words(const StepAnalysis& step) {
  const std::string prompt = format_number(step.prompt_tokens_per_s) + " prompt tokens/s";
  if (step.tokens_per_s == 0) return prompt;
  const std::string words = format_number(step.tokens_per_s) + " tokens/s";
  return step.prompt_tokens_per_s == 0 ? words : words + " and " + prompt;
}

Count memory_bytes(const predict::MemoryUse& memory, std::int64_t batch) {
  const Count each = memory.chunk_cache + Count(batch) * memory.kv_cache_per_sequence;
  return memory.weights + Count(memory.micro_batches) * each;
}

std::string_view limit_word(Bound bound) {
  switch (bound) {
    case Bound::compute_bound:
      return "compute";
    case Bound::memory_bound:
      return "memory";
    case Bound::network_bound:
      break;
  }
  return "network";
}

std::string short_name(Bound bound) { return std::string(limit_word(bound)) + "-bound"; }

Tone tone(Bound bound) {
  return bound == Bound::compute_bound ? Tone::compute_bound : Tone::memory_bound;
}

std::string crossover_words(const Crossover& crossover) {
  switch (crossover.when) {
    case Crossover::When::always:
      return "at every batch";
    case Crossover::When::from_batch:
      return fmt::format("from batch {}", format_integer(crossover.batch));
    case Crossover::When::never:
      break;
  }
  return "never";
}

std::string percent(double share) {
  if (share > 0 && share < 0.00005) return "<0.01";
  return share < 0.01 ? fmt::format("{:.2f}", 100 * share) : format_number(100 * share);
}

std::string peak_words(const hardware::DensePeak& peak) {
  std::string words = format_compute_rate(peak.figure.value, 4);
  const bool is_integer = peak.type == DataType::int8 || peak.type == DataType::int4;
  if (is_integer) words.erase(words.find("FL"), 2);
  return words;
}

std::string_view crossover_key(const Crossover& crossover) {
  switch (crossover.when) {
    case Crossover::When::always:
      return "always";
    case Crossover::When::from_batch:
      return "from_batch";
    case Crossover::When::never:
      break;
  }
  return "never";
}

namespace {

/// "1,064 tokens/s" of all replicas at the expected time.
std::string expected_rate_words(const StepAnalysis& step) {
  StepAnalysis at = {};
  const double factor = step.bound_s / step.expected->whole.seconds;
  at.tokens_per_s = factor * step.tokens_per_s;
  at.prompt_tokens_per_s = factor * step.prompt_tokens_per_s;
  return rate_words(at);
}

}  // namespace

std::string step_sentence(const StepAnalysis& step) {
  if (step.expected) {
    const std::string unmeasured = unmeasured_words(*step.expected);
    return fmt::format(
        "{} is {}: expected {} per step, 80 % band in brackets, {}{}; bound {}, floor {}.",
        phase_title(step.phase), short_name(step.limit), with_band(step.expected->whole),
        expected_rate_words(step), unmeasured.empty() ? "" : ", " + unmeasured,
        format_time(Seconds(step.bound_s)), format_time(Seconds(step.floor_s)));
  }
  return fmt::format("{} is {}: floor {}, bound {} per step, {} at the bound.",
                     phase_title(step.phase), short_name(step.limit),
                     format_time(Seconds(step.floor_s)), format_time(Seconds(step.bound_s)),
                     rate_words(step));
}

namespace {

std::string crossover_sentence(const StepAnalysis& step) {
  const std::string phase = step.network_s > 0
                                ? "Without its network, " + std::string(name(step.phase))
                                : phase_title(step.phase);
  switch (step.crossover->when) {
    case Crossover::When::always:
      return fmt::format("{} as a whole is compute-bound at every batch.", phase);
    case Crossover::When::from_batch:
      return fmt::format("{} as a whole is compute-bound from batch {}.", phase,
                         format_integer(step.crossover->batch));
    case Crossover::When::never:
      break;
  }
  return fmt::format("{} as a whole never becomes compute-bound, whatever the batch.", phase);
}

}  // namespace

std::string further_sentence(const StepAnalysis& step) {
  if (step.crossover) return crossover_sentence(step);
  std::vector<std::string> alone;
  for (const predict::PartTime& part : step.parts) {
    const bool is_chunk = part.phase == predict::Phase::prefill;
    alone.push_back(fmt::format("{} {}", is_chunk ? "the chunk would take" : "the decodes",
                                format_time(Seconds(part.bound_s))));
  }
  return fmt::format("Alone {}.", fmt::join(alone, " and "));
}

std::string memory_sentence(const Analysis& analysis) {
  const predict::MemoryUse& memory = analysis.memory;
  if (memory.max_batch == predict::MemoryUse::kUnbounded) {
    return fmt::format("Memory: weights {} of {}; sequences keep nothing between steps.",
                       format_bytes(memory.weights.to_double()),
                       format_bytes(static_cast<double>(memory.capacity)));
  }
  const std::string most = memory.max_batch > 0
                               ? fmt::format("at most batch {}", format_integer(memory.max_batch))
                               : std::string("not one sequence fits beside the weights");
  return fmt::format(
      "Memory: weights {} and KV cache {} of {}: {}; {}.", format_bytes(memory.weights.to_double()),
      format_bytes(memory.kv_cache.to_double()), format_bytes(static_cast<double>(memory.capacity)),
      memory.fits ? "fits" : "does not fit", most);
}

std::vector<SourcedFigure> figures_in_use(const Analysis& analysis) {
  const hardware::Device& device = analysis.device;
  std::vector<SourcedFigure> figures;
  const auto add = [&](std::string name, std::string value, const auto& figure) {
    const std::string note = figure.note.empty() ? "" : fmt::format(" ({})", figure.note);
    figures.push_back({std::move(name), std::move(value), figure.source + note});
  };
  for (const hardware::DensePeak& peak : device.dense_peaks) {
    const auto uses = [&](const hardware::PeakInUse& use) { return use.used == peak.type; };
    for (const hardware::PeakInUse& use : analysis.peaks) {
      if (!uses(use)) continue;
      add(fmt::format("dense {} peak", name(peak.type)), peak_words(peak), peak.figure);
      break;
    }
  }
  add("memory bandwidth", format_bandwidth(device.memory_bandwidth.value), device.memory_bandwidth);
  const auto capacity = static_cast<double>(device.memory_capacity_bytes.value);
  add("memory capacity",
      fmt::format("{} ({} bytes)", format_bytes(capacity),
                  format_integer(device.memory_capacity_bytes.value)),
      device.memory_capacity_bytes);
  return figures;
}

std::string whole(const Count& count) {
  if (const auto integer = count.to_integer()) return format_integer(*integer);
  constexpr double kLargest = 1e15;  // a double still holds its tenths
  if (!(count.to_double() < kLargest)) return format_exact(count.to_double());
  const std::int64_t tenths = std::llround(10 * count.to_double());
  return fmt::format("{}.{}", format_integer(tenths / 10), tenths % 10);
}

}  // namespace ridgepoint::report
