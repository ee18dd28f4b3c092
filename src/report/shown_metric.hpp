// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ridgepoint/explore/sweep.hpp"

namespace ridgepoint::report {

/// A metric as people see it.
struct ShownMetric {
  explore::Metric metric;
  double scale = 1;  ///< of what is shown
  std::string unit;  ///< "ms"; empty of counts

  std::string words() const;  ///< "TPOT (ms)"
  double of(const explore::SweepRow& row, predict::Reading reading) const;
  std::string show(double value) const;            ///< of a value in base units, without the unit
  std::string show_with_unit(double value) const;  ///< "40.1 ms"
};

ShownMetric shown(explore::Metric metric);

}  // namespace ridgepoint::report
