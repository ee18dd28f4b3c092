// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/explore/metric.hpp"

namespace ridgepoint::explore {

enum class Relation { below, at_most, above, at_least };

/// "tpot<40ms"
struct Limit {
  Metric metric = Metric::tpot;
  Relation relation = Relation::below;
  double value = 0;
  std::string text;  ///< as it was written

  bool is_upper() const { return relation == Relation::below || relation == Relation::at_most; }
  bool holds(double number) const;
};

/// What points must keep to.
struct Subject {
  bool fits = false;  ///< the batch finds room in memory
  std::vector<Limit> limits;
};

/// "fits, tpot<40ms, ttft<1s"; "any" asks for nothing. Errors: an unknown metric or unit, a limit
/// that is no positive number, two limits that no number keeps to.
Result<Subject> parse_subject(std::string_view text, std::string_view where);

/// What is looked for: the largest or the smallest of a metric.
struct Objective {
  Metric metric = Metric::throughput_per_device;
  bool is_max = true;
};

/// "max:throughput_per_device", "min:cost"; "cost" alone is the better direction.
Result<Objective> parse_objective(std::string_view text, std::string_view where);
/// "max:throughput_per_device"
std::string name(const Objective& objective);

/// "tpot,throughput_per_device": each in its better direction. Errors: fewer than two, more than
/// four, one twice.
Result<std::vector<Objective>> parse_objectives(std::string_view text, std::string_view where);

}  // namespace ridgepoint::explore
