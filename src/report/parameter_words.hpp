// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "ridgepoint/predict/parameter.hpp"

namespace ridgepoint::report {

/// "3.35 TB/s", "989 TFLOP/s", "2.69 $/h", "4,096".
std::string value_words(const predict::Parameter& parameter, double value);
/// The same with all its digits, for whoever puts it back in: "2.0394 TB/s".
std::string exact_words(const predict::Parameter& parameter, double value);
/// As JSON and CSV name the unit: "bytes_per_s", "flop_per_s", "dollars_per_h", "watts", "count".
std::string_view unit_key(const predict::Parameter& parameter);
/// "device", "request" or "model".
std::string_view group_name(const predict::Parameter& parameter);

}  // namespace ridgepoint::report
