// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/roofline/mixed_step.hpp"

#include <algorithm>

#include "ridgepoint/cost/mixed.hpp"

namespace ridgepoint::roofline {
namespace {

/// Puts the operators of one step after the other into those of the parts before it.
class Merger {
 public:
  explicit Merger(std::span<const TimedStep* const> steps) : steps_(steps) {}

  std::vector<MixedOperator> merge() && {
    for (std::size_t part = 0; part < steps_.size(); ++part) add(part);
    return std::move(merged_);
  }

 private:
  const TimedOperator& first_of(const MixedOperator& one) const {
    const std::size_t part = one.owner();
    return (*steps_[part])[*one.places[part]];
  }

  /// What only this part has stands before the next operator that it has in common with others.
  void add(std::size_t part) {
    std::vector<MixedOperator> own;
    for (std::size_t i = 0; i < steps_[part]->size(); ++i) {
      const TimedOperator& op = (*steps_[part])[i];
      const auto same = std::find_if(merged_.begin(), merged_.end(),
                                     [&](const MixedOperator& one) { return first_of(one) == op; });
      if (same == merged_.end()) {
        own.emplace_back().places.resize(steps_.size());
        own.back().places[part] = i;
        continue;
      }
      same->places[part] = i;
      merged_.insert(same, own.begin(), own.end());
      own.clear();
    }
    merged_.insert(merged_.end(), own.begin(), own.end());
  }

  std::span<const TimedStep* const> steps_;
  std::vector<MixedOperator> merged_;
};

}  // namespace

std::size_t MixedOperator::owner() const {
  const auto first = std::find_if(places.begin(), places.end(),
                                  [](const auto& place) { return place.has_value(); });
  return static_cast<std::size_t>(first - places.begin());
}

bool MixedOperator::is_common() const {
  return std::all_of(places.begin(), places.end(),
                     [](const auto& place) { return place.has_value(); });
}

std::vector<MixedOperator> mixed_operators(std::span<const TimedStep* const> steps) {
  return Merger(steps).merge();
}

StepTime mixed_step_time(std::span<const StepPart> parts) {
  std::vector<const TimedStep*> steps;
  steps.reserve(parts.size());
  for (const StepPart& part : parts) steps.push_back(&part.step);
  StepTime sum;
  std::vector<cost::Shape<double>> shapes;
  for (const MixedOperator& one : mixed_operators(steps)) {
    shapes.clear();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (one.places[i]) shapes.push_back(parts[i].shape);
    }
    const TimedOperator& op = (*steps[one.owner()])[*one.places[one.owner()]];
    cost::Totals<double> all = cost::totals(op.op, std::span<const cost::Shape<double>>(shapes));
    all.multiply(op.count);
    const OperatorTime time = operator_time(all, op.rates);
    sum.bound_s += time.total_s();
    sum.compute_s += time.compute_s;
    sum.network_s += time.network_s;
    sum.compulsory_memory_s += all.compulsory_bytes() * op.rates.seconds_per_byte;
  }
  return sum;
}

}  // namespace ridgepoint::roofline
