// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/explore/metric.hpp"
#include "ridgepoint/predict/parameter.hpp"

namespace ridgepoint::explore {

/// "tpot=10ms": what a metric is to come to, in its better direction.
struct Goal {
  Metric metric = Metric::tpot;
  double value = 0;
  std::string text;  ///< as it was written

  /// Whether a number is at least as good.
  bool is_met_by(double number) const;
};
/// Errors: no "=", an unknown metric or unit, a metric that is no time, rate or price.
Result<Goal> parse_goal(std::string_view text, std::string_view where);

struct InverseQuestion {
  predict::RequestQuestion request;
  predict::Reading reading = predict::Reading::bound;
  Goal goal;
  std::string unknown;  ///< the parameter's name
};

/// For which values of the parameter the goal is met.
enum class Met { never, always, from, up_to, between };
constexpr std::string_view name(Met met) {
  switch (met) {
    case Met::never:
      return "never";
    case Met::always:
      return "always";
    case Met::from:
      return "from";
    case Met::up_to:
      return "up_to";
    case Met::between:
      break;
  }
  return "between";
}

struct Inverse {
  InverseQuestion question;
  predict::Parameter unknown;  ///< with its value at the point
  double metric_now = 0;       ///< at the point
  Met met = Met::never;
  double value = 0;  ///< the first or the last that meets the goal; 0 where all do, or none
  double last = 0;   ///< of `between`, where `value` is the first
  bool is_met_elsewhere = false;  ///< by other values, too, apart from these
  bool depends = true;            ///< false: the metric is the same at all values
  double nearest_met = 0;         ///< how good the metric gets, of all values that were tried
  double nearest_value = 0;       ///< … at this one
  /// At `value`; where the goal is met by all values, or none, where the metric is best.
  predict::Estimate at;
  std::vector<std::string> assumptions;
};

/// The values of a parameter at which a goal is met, around the present one if it is among them,
/// else the lowest: their ends to the last bit, which no neighbouring double (whole numbers: no
/// neighbour) meets. Found by bisection: a rate is taken to grow and to shrink by 2^60 (expected
/// times: by 2^10, beyond which no profile speaks), where nothing changes any more; whole numbers
/// are tried in 16 steps to the octave, and right behind each, up to 2^20, batches to 2^30, and
/// where the metric is best in all between two steps. Errors: as estimate; a parameter that no
/// figure hangs on; a price or a power that is not known.
Result<Inverse> solve(const model::Architecture& architecture, const hardware::Device& device,
                      const InverseQuestion& question);

}  // namespace ridgepoint::explore
