// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/predict/build_step.hpp"

namespace ridgepoint::predict::testing {

inline model::Architecture catalogued(std::string_view name) {
  return catalog::find_model(name).value();
}

/// The exact counts of a step of one model, to be compared with figures worked out by hand.
class WorkedStep {
 public:
  WorkedStep(const model::Architecture& model, Phase phase, std::int64_t batch,
             std::int64_t context, const Precision& precision)
      : step_(build_step<Count>(model, {precision, 1}, phase)),
        shape_{batch, phase == Phase::decode ? 1 : context, context} {}
  WorkedStep(const model::Architecture& model, Phase phase, std::int64_t batch,
             std::int64_t context)
      : WorkedStep(model, phase, batch, context, native_precision(model)) {}

  /// Totals over every operator of that name.
  cost::Totals<Count> of(std::string_view name) const {
    cost::Totals<Count> sum;
    for (const auto& part : step_) {
      if (part.name == name) add(sum, cost::totals(part, shape_));
    }
    return sum;
  }
  cost::Totals<Count> all() const {
    cost::Totals<Count> sum;
    for (const auto& part : step_) add(sum, cost::totals(part, shape_));
    return sum;
  }
  /// How often the operators of that name run.
  Count count(std::string_view name) const {
    Count sum;
    for (const auto& part : step_) {
      if (part.name == name) sum += part.count;
    }
    return sum;
  }
  /// Of the first operator of that name.
  DataType compute_type(std::string_view name) const {
    for (const auto& part : step_) {
      if (part.name == name) return part.compute_type;
    }
    return DataType::fp64;
  }

 private:
  static void add(cost::Totals<Count>& sum, const cost::Totals<Count>& more) {
    sum.flops += more.flops;
    sum.weight_bytes += more.weight_bytes;
    sum.activation_bytes += more.activation_bytes;
    sum.kv_bytes += more.kv_bytes;
    sum.state_bytes += more.state_bytes;
    sum.extra_weight_bytes += more.extra_weight_bytes;
  }

  cost::Step<Count> step_;
  cost::Shape<Count> shape_;
};

/// A whole count; −1 for a fraction, which no expectation is.
inline std::int64_t whole(const Count& count) { return count.to_integer().value_or(-1); }

}  // namespace ridgepoint::predict::testing
