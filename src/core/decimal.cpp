// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/decimal.hpp"

#include <limits>

namespace ridgepoint {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr int kMaxDigits = 19;  // 10^19 − 1 fits into 64 bits
constexpr int kMaxExponent = 10'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// 10^power while it fits into 128 bits.
std::optional<Wide> power_of_ten(int power) {
  constexpr int kLargest = 38;
  if (power > kLargest) return std::nullopt;
  Wide result = 1;
  for (int i = 0; i < power; ++i) result *= 10;
  return result;
}

double scale(double value, int exponent) {
  constexpr int kExactPower = 22;  // 10^22 is the largest power of ten that is a double
  double power = 1;
  const int size = exponent < 0 ? -exponent : exponent;
  for (int i = 0; i < size && i < kExactPower; ++i) power *= 10;
  if (size <= kExactPower) return exponent < 0 ? value / power : value * power;
  if (size > 700) return exponent < 0 ? 0 : value * std::numeric_limits<double>::infinity();
  return scale(exponent < 0 ? value / power : value * power,
               exponent < 0 ? exponent + kExactPower : exponent - kExactPower);
}

/// The digits of a number, with a point and underscores between digits.
struct Digits {
  std::uint64_t mantissa = 0;
  int exponent = 0;
  bool any = false;
  bool too_many = false;

  void add(char c, bool after_point) {
    any = true;
    constexpr std::uint64_t kFull = 1'000'000'000'000'000'000;  // 19 digits from here on
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (mantissa >= kFull) {
      // Further zeros only move the exponent; anything else does not fit.
      too_many = too_many || digit != 0;
      exponent += after_point ? 0 : 1;
      return;
    }
    mantissa = mantissa * 10 + digit;
    if (after_point) --exponent;
  }
};

Digits take_digits(std::string_view& text) {
  Digits digits;
  bool after_point = false;
  while (!text.empty()) {
    const char c = text.front();
    const bool next_is_digit = text.size() > 1 && is_digit(text[1]);
    if (is_digit(c)) {
      digits.add(c, after_point);
    } else if (c == '.' && !after_point && next_is_digit) {
      after_point = true;
    } else if (c != '_' || !digits.any || !next_is_digit) {
      break;
    }
    text.remove_prefix(1);
  }
  return digits;
}

/// An exponent "e-5", when there is a whole one; "e" alone belongs to what follows.
int take_exponent(std::string_view& text) {
  if (text.empty() || (text[0] != 'e' && text[0] != 'E')) return 0;
  std::size_t at = 1;
  const bool negative = at < text.size() && text[at] == '-';
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  if (at >= text.size() || !is_digit(text[at])) return 0;
  int exponent = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    if (exponent < kMaxExponent) exponent = exponent * 10 + (text[at] - '0');
  }
  text.remove_prefix(at);
  return negative ? -exponent : exponent;
}

}  // namespace

double Decimal::to_double() const {
  double value = 0;
  const std::optional<Wide> power = exponent >= 0 ? power_of_ten(exponent) : std::nullopt;
  Wide whole = 0;
  if (power && !__builtin_mul_overflow(Wide{mantissa}, *power, &whole)) {
    value = static_cast<double>(whole);
  } else {
    value = scale(static_cast<double>(mantissa), exponent);
  }
  return negative ? -value : value;
}

std::optional<std::int64_t> Decimal::times(std::int64_t factor) const {
  if (mantissa == 0) return 0;
  Wide whole = Wide{mantissa} * static_cast<Wide>(factor);
  const std::optional<Wide> power = power_of_ten(exponent < 0 ? -exponent : exponent);
  if (!power) return std::nullopt;
  if (exponent >= 0 && __builtin_mul_overflow(whole, *power, &whole)) return std::nullopt;
  if (exponent < 0) {
    if (whole % *power != 0) return std::nullopt;
    whole /= *power;
  }
  if (whole > static_cast<Wide>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
  const auto value = static_cast<std::int64_t>(whole);
  return negative ? -value : value;
}

std::optional<Decimal> take_decimal(std::string_view& text) {
  std::string_view rest = text;
  Decimal result;
  if (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) {
    result.negative = rest[0] == '-';
    rest.remove_prefix(1);
  }
  const Digits digits = take_digits(rest);
  if (!digits.any || digits.too_many) return std::nullopt;
  result.mantissa = digits.mantissa;
  result.exponent = digits.exponent + take_exponent(rest);
  while (result.mantissa != 0 && result.mantissa % 10 == 0 && result.exponent < 0) {
    result.mantissa /= 10;
    ++result.exponent;
  }
  text = rest;
  return result;
}

}  // namespace ridgepoint
