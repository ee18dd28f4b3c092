// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace ridgepoint::predict {

/// By which of its times a step is taken.
enum class Reading {
  floor,    ///< the compulsory work at full peak, perfectly overlapped
  bound,    ///< each operator at its limit
  expected  ///< by calibrated kernels; needs a calibration
};
constexpr std::string_view name(Reading reading) {
  switch (reading) {
    case Reading::floor:
      return "floor";
    case Reading::bound:
      return "bound";
    case Reading::expected:
      break;
  }
  return "expected";
}

}  // namespace ridgepoint::predict
