// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "ridgepoint/core/quantity.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/cost/sink.hpp"
#include "ridgepoint/hardware/device.hpp"

namespace ridgepoint::roofline {

/// What an operator waits for.
enum class Bound { memory_bound, compute_bound, network_bound };

/// "memory_bound", "compute_bound" or "network_bound".
constexpr std::string_view name(Bound bound) {
  switch (bound) {
    case Bound::memory_bound:
      return "memory_bound";
    case Bound::compute_bound:
      return "compute_bound";
    case Bound::network_bound:
      break;
  }
  return "network_bound";
}

/// What one unit of work takes on a device at full peak: the reciprocals of its peaks, which a
/// sweep multiplies by instead of dividing.
template <class N>
struct RatesOf {
  N seconds_per_flop;
  N seconds_per_byte;
  N seconds_per_payload_byte{0};  ///< of a collective, by its fastest algorithm
  friend bool operator==(const RatesOf&, const RatesOf&) = default;
};
using Rates = RatesOf<double>;

/// The rates of a device for an operator that computes at `type`; an error when it has no peak as
/// wide.
Result<Rates> rates(const hardware::Device& device, DataType type);

/// The time of one operator, by resource; the verdict follows from the parts.
template <class N>
struct OperatorTimeOf {
  N compute_s;
  N memory_s;
  N network_s;

  /// max(FLOPs ÷ dense peak, bytes ÷ bandwidth, payload ÷ links): they overlap perfectly.
  RIDGEPOINT_FORMULA N total_s() const {
    using cost::max;
    return max(max(compute_s, memory_s), network_s);
  }
};
using OperatorTime = OperatorTimeOf<double>;

/// Source: Williams, Waterman, Patterson, "Roofline", CACM 52(4), 2009.
template <class N>
RIDGEPOINT_FORMULA OperatorTimeOf<N> operator_time(const cost::Totals<N>& totals,
                                                   const RatesOf<N>& rates) {
  return {totals.flops * rates.seconds_per_flop, totals.bytes() * rates.seconds_per_byte,
          totals.network_bytes * rates.seconds_per_payload_byte};
}

/// The verdict: compute-bound from the ridge point on, the ridge itself included.
constexpr Bound verdict(FlopsPerByte intensity, FlopsPerByte ridge) {
  return intensity >= ridge ? Bound::compute_bound : Bound::memory_bound;
}

}  // namespace ridgepoint::roofline
