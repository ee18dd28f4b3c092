// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "report/comparison_words.hpp"
#include "report/deployment_pictures.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using predict::MemoryFit;
using predict::StageMemory;

constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;

double gib(const Count& bytes) { return bytes.to_double() / kGiB; }

BarPart part(const char* css_class, const char* name, double amount) {
  return {css_class, name, amount, format_number(amount)};
}

/// What is taken before the first sequence comes.
std::vector<BarPart> fixed_parts(const MemoryFit& fit, const StageMemory& stage) {
  return {part("weights", "weights", gib(stage.weight_bytes)),
          part("acts", "activations", gib(stage.activation_bytes)),
          part("overhead", "overhead", gib(Count(fit.question.overhead_bytes))),
          part("prefix", "shared prefix", gib(stage.prefix_bytes))};
}

double sum_of(const std::vector<BarPart>& parts) {
  double sum = 0;
  for (const BarPart& each : parts) sum += each.amount;
  return sum;
}

std::string of_usable(double used, double usable) {
  return fmt::format("{} of {} GiB", format_number(used), format_number(usable));
}

/// What utilisation leaves of the memory, if it is not needed after all.
void leave_rest(const MemoryFit& fit, Bar& bar) {
  const double rest = gib(Count(fit.capacity_bytes)) - sum_of(bar.parts);
  if (rest > 0) bar.parts.push_back(part("left", "left alone", rest));
}

Bar stage_bar(const MemoryFit& fit, std::size_t index) {
  const StageMemory& stage = fit.stages[index];
  Bar bar;
  bar.name = fit.stages.size() == 1 ? "before the first sequence"
                                    : fmt::format("stage {}, {} layers, before the first sequence",
                                                  index + 1, format_integer(stage.layers));
  bar.limit = gib(Count(fit.usable_bytes));
  bar.parts = fixed_parts(fit, stage);
  const double taken = sum_of(bar.parts);
  const double room = std::max(0.0, bar.limit - taken);
  const double one = fit.has_cache ? gib(stage.sequence_bytes) : 0;
  bar.total = of_usable(taken, bar.limit);
  if (fit.has_cache) {
    bar.parts.push_back(part("kv", "one full-length sequence", one));
    if (room > one) {
      bar.parts.push_back(part("room", "room for more", room - one));
      bar.parts.back().each = one;
    }
  } else {
    bar.parts.push_back(part("free", "free", room));
  }
  leave_rest(fit, bar);
  return bar;
}

Bar deployment_bar(const predict::ComparedDeployment& column) {
  const MemoryFit& fit = column.memory;
  const StageMemory& stage = fit.stage();
  const auto batch = static_cast<double>(column.estimate.question.batch);
  Bar bar;
  bar.name = column.name;
  bar.limit = gib(Count(fit.usable_bytes));
  bar.parts = fixed_parts(fit, stage);
  const double one = fit.has_cache ? gib(stage.sequence_bytes) : 0;
  bar.parts.push_back(part("kv", "sequences of the batch", batch * one));
  bar.parts.back().each = one;
  const double used = sum_of(bar.parts);
  bar.total = of_usable(used, bar.limit);
  if (used < bar.limit) bar.parts.push_back(part("free", "free", bar.limit - used));
  leave_rest(fit, bar);
  return bar;
}

}  // namespace

BarChart fit_bars(const MemoryFit& fit) {
  BarChart chart{"The memory of a device", "memory of a device (GiB)", "usable", {}};
  for (std::size_t i = 0; i < fit.stages.size(); ++i) chart.bars.push_back(stage_bar(fit, i));
  return chart;
}

BarChart compared_memory(const predict::Comparison& comparison) {
  BarChart chart{
      "What the batch takes of the memory of a device", "memory of a device (GiB)", "usable", {}};
  for (const auto& column : comparison.columns) chart.bars.push_back(deployment_bar(column));
  return chart;
}

}  // namespace ridgepoint::report
