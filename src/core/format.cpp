// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <string_view>

#include "ridgepoint/core/decimal.hpp"

namespace ridgepoint {
namespace {

struct Unit {
  double size;
  std::string_view utf8;
  std::string_view ascii;
};

/// Commas between the thousands of the integer part.
std::string with_separators(const std::string& number) {
  const std::size_t sign = number.starts_with('-') ? 1 : 0;
  const std::size_t end = std::min(number.find('.'), number.size());
  std::string result;
  for (std::size_t i = 0; i < number.size(); ++i) {
    const bool between = i > sign && i < end && (end - i) % 3 == 0;
    if (between) result += ',';
    result += number[i];
  }
  return result;
}

/// How many digits after the point leave `digits` significant ones, after rounding.
int decimals(double value, int digits) {
  const std::string rounded = fmt::format("{:.{}e}", value, digits - 1);
  const int exponent = std::stoi(rounded.substr(rounded.find('e') + 1));
  return std::max(0, digits - 1 - exponent);
}

double rounded_to(double value, int digits) {
  const std::string text = fmt::format("{:.{}e}", value, digits - 1);
  std::string_view rest = text;
  const std::optional<Decimal> number = take_decimal(rest);
  return number ? number->to_double() : value;
}

/// "1.25e-05" in fixed notation.
std::string without_exponent(const std::string& text) {
  const std::size_t e = text.find('e');
  if (e == std::string::npos) return text;
  const bool negative = text.starts_with('-');
  std::string digits = text.substr(negative ? 1 : 0, e - (negative ? 1 : 0));
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const int shift = std::stoi(text.substr(e + 1)) + static_cast<int>(point);
  digits.erase(point, 1);
  const int length = static_cast<int>(digits.size());
  if (shift <= 0) {
    digits = fmt::format("0.{:0<{}}{}", "", -shift, digits);
  } else if (shift < length) {
    digits.insert(static_cast<std::size_t>(shift), 1, '.');
  } else {
    digits.append(static_cast<std::size_t>(shift - length), '0');
  }
  return (negative ? "-" : "") + digits;
}

std::string in_units(double value, std::span<const Unit> units, int digits, Charset charset) {
  // Rounding comes first, so that 999.96 MB/s prints as 1.00 GB/s.
  const double rounded = rounded_to(std::fabs(value), digits);
  std::size_t at = units.size() - 1;
  while (at > 0 && rounded < units[at].size) --at;
  const Unit& unit = units[at];
  return fmt::format("{} {}", format_number(value / unit.size, digits),
                     charset == Charset::utf8 ? unit.utf8 : unit.ascii);
}

constexpr std::array kByteUnits{Unit{1, "B", "B"}, Unit{1024.0, "KiB", "KiB"},
                                Unit{1048576.0, "MiB", "MiB"}, Unit{1073741824.0, "GiB", "GiB"}};
constexpr std::array kTimeUnits{Unit{1e-9, "ns", "ns"}, Unit{1e-6, "µs", "us"},
                                Unit{1e-3, "ms", "ms"}, Unit{1, "s", "s"}};
constexpr std::array kComputeUnits{Unit{1, "FLOP/s", "FLOP/s"}, Unit{1e3, "kFLOP/s", "kFLOP/s"},
                                   Unit{1e6, "MFLOP/s", "MFLOP/s"}, Unit{1e9, "GFLOP/s", "GFLOP/s"},
                                   Unit{1e12, "TFLOP/s", "TFLOP/s"}};
constexpr std::array kBandwidthUnits{Unit{1, "B/s", "B/s"}, Unit{1e3, "kB/s", "kB/s"},
                                     Unit{1e6, "MB/s", "MB/s"}, Unit{1e9, "GB/s", "GB/s"},
                                     Unit{1e12, "TB/s", "TB/s"}};

}  // namespace

std::string format_number(double value, int digits) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  if (value == 0) return "0";
  return with_separators(fmt::format("{:.{}f}", value, decimals(value, digits)));
}

std::string format_integer(std::int64_t value) { return with_separators(fmt::format("{}", value)); }

std::string format_bytes(double bytes, int digits) {
  if (std::fabs(bytes) < 1024 && bytes == std::floor(bytes)) return fmt::format("{:.0f} B", bytes);
  return in_units(bytes, kByteUnits, digits, Charset::ascii);
}

std::string format_time(Seconds time, int digits, Charset charset) {
  if (time.value() == 0) return "0 s";
  return in_units(time.value(), kTimeUnits, digits, charset);
}

std::string format_compute_rate(FlopsPerSecond rate, int digits) {
  return in_units(rate.value(), kComputeUnits, digits, Charset::ascii);
}

std::string format_bandwidth(BytesPerSecond rate, int digits) {
  return in_units(rate.value(), kBandwidthUnits, digits, Charset::ascii);
}

std::string format_exact(double value) {
  if (!std::isfinite(value)) return format_number(value);
  const double size = std::fabs(value);
  const std::string shortest = fmt::format("{}", value);
  if (size != 0 && (size < 1e-7 || size >= 1e17)) return shortest;
  return without_exponent(shortest);
}

}  // namespace ridgepoint
