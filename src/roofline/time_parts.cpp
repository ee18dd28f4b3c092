// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/roofline/time_parts.hpp"

#include "ridgepoint/roofline/operator_time.hpp"

namespace ridgepoint::roofline {
namespace {

TimeParts parts_of(const cost::Totals<double>& totals, const Rates& rates) {
  const OperatorTime time = operator_time(totals, rates);
  TimeParts parts;
  if (time.network_s > cost::max(time.compute_s, time.memory_s)) {
    parts.network_s = time.network_s;
  } else if (time.compute_s >= time.memory_s) {
    parts.compute_s = time.compute_s;
  } else {
    parts.weights_s = totals.weight_bytes * rates.seconds_per_byte;
    parts.kv_cache_s = totals.kv_bytes * rates.seconds_per_byte;
    parts.state_s = totals.state_bytes * rates.seconds_per_byte;
    parts.activations_s = totals.activation_bytes * rates.seconds_per_byte;
  }
  return parts;
}

}  // namespace

double TimeParts::total_s() const {
  return compute_s + weights_s + kv_cache_s + state_s + activations_s + network_s;
}

TimeParts& TimeParts::operator+=(const TimeParts& other) {
  compute_s += other.compute_s;
  weights_s += other.weights_s;
  kv_cache_s += other.kv_cache_s;
  state_s += other.state_s;
  activations_s += other.activations_s;
  network_s += other.network_s;
  return *this;
}

TimeParts TimeParts::scaled(double factor) const {
  return {factor * compute_s, factor * weights_s,     factor * kv_cache_s,
          factor * state_s,   factor * activations_s, factor * network_s};
}

TimeParts time_parts(const TimedStep& step, const cost::Shape<double>& shape) {
  TimeParts sum;
  for (const TimedOperator& part : step) {
    cost::Totals<double> totals = cost::totals(part.op, shape);
    totals.multiply(part.count);
    sum += parts_of(totals, part.rates);
  }
  return sum;
}

}  // namespace ridgepoint::roofline
