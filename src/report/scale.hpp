// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace ridgepoint::report {

/// The unit that one column or axis is written in.
struct Scale {
  std::string unit;  ///< "GFLOP"
  double size = 1;   ///< of the unit, in base units

  /// Three significant digits of the value in this unit; "0" for zero.
  std::string show(double value) const;
};

/// The largest decimal unit that leaves the largest value at least 1 and, as far as five digits
/// before the point allow, the smallest positive one at least 0.01.
Scale flops_scale(const std::vector<double>& values);  ///< FLOP … PFLOP
Scale bytes_scale(const std::vector<double>& values);  ///< B … TB, as bandwidths are
Scale time_scale(const std::vector<double>& values);   ///< ns … s

}  // namespace ridgepoint::report
