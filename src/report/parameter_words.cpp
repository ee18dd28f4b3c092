// SPDX-License-Identifier: Apache-2.0
#include "report/parameter_words.hpp"

#include <fmt/format.h>

#include <cmath>

#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using predict::Parameter;
using predict::ParameterKind;

bool is_peak(const Parameter& parameter) {
  return parameter.rate && parameter.rate->kind == roofline::DeviceRate::Kind::dense_peak;
}

std::string words(const Parameter& parameter, double value, int digits) {
  switch (parameter.kind) {
    case ParameterKind::rate:
      return is_peak(parameter) ? format_compute_rate(FlopsPerSecond(value), digits)
                                : format_bandwidth(BytesPerSecond(value), digits);
    case ParameterKind::price:
      return fmt::format("{} $/h", format_number(value, digits));
    case ParameterKind::power:
      return fmt::format("{} W", format_number(value, digits));
    case ParameterKind::sequence:
    case ParameterKind::size:
      break;
  }
  return format_integer(std::llround(value));
}

}  // namespace

std::string value_words(const Parameter& parameter, double value) {
  return words(parameter, value, 3);
}

std::string exact_words(const Parameter& parameter, double value) {
  return words(parameter, value, 5);
}

std::string_view unit_key(const Parameter& parameter) {
  switch (parameter.kind) {
    case ParameterKind::rate:
      return is_peak(parameter) ? "flop_per_s" : "bytes_per_s";
    case ParameterKind::price:
      return "dollars_per_h";
    case ParameterKind::power:
      return "watts";
    case ParameterKind::sequence:
    case ParameterKind::size:
      break;
  }
  return "count";
}

std::string_view group_name(const Parameter& parameter) {
  if (parameter.is_of_device()) return "device";
  return parameter.kind == ParameterKind::sequence ? "request" : "model";
}

}  // namespace ridgepoint::report
