// SPDX-License-Identifier: Apache-2.0
#include "efficiency/operand_bytes.hpp"

namespace ridgepoint::efficiency {

OperandBytes operand_bytes(std::string_view type, double integer_group) {
  constexpr double kHalf = 2;
  constexpr double kNvfp4 = 9.0 / 16;   // a scale of one byte for 16 elements
  constexpr double kMxfp4 = 17.0 / 32;  // … for 32
  constexpr double kMxfp8 = 33.0 / 32;
  const double scale = kHalf / integer_group;
  if (type == "fp8" || type == "fp8_block" || type == "int8") return {1, 1, true};
  if (type == "nvfp4") return {kNvfp4, kNvfp4, true};
  if (type == "w4a8_mxfp4_mxfp8") return {kMxfp4, kMxfp8, true};
  // Weights alone, expanded to 16 bits.
  if (type == "fp8_wo" || type == "int8_wo") return {1, kHalf, false};
  if (type == "w4a16_nvfp4") return {kNvfp4, kHalf, false};
  if (type == "w4a16_mxfp4") return {kMxfp4, kHalf, false};
  if (type == "int4_wo") return {1.0 / 2 + scale, kHalf, false};
  if (type == "int3_wo") return {3.0 / 8 + scale, kHalf, false};
  return {kHalf, kHalf, false};
}

}  // namespace ridgepoint::efficiency
