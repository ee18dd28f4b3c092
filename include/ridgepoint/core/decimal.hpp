// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ridgepoint {

/// A decimal number as it was written: mantissa · 10^exponent, exactly.
struct Decimal {
  bool negative = false;
  std::uint64_t mantissa = 0;
  int exponent = 0;

  Decimal scaled(int powers_of_ten) const { return {negative, mantissa, exponent + powers_of_ten}; }
  /// The nearest double while mantissa <= 2^53 and |exponent| <= 22, as in every real figure.
  double to_double() const;
  /// The number times `factor`, when that is an integer within 64 bits. REQUIRES: factor > 0.
  std::optional<std::int64_t> times(std::int64_t factor) const;
  std::optional<std::int64_t> to_integer() const { return times(1); }
};

/// Takes a number ("42", "-3.35", "1e-5", "1_000") off the front of `text`; nothing, and `text` as
/// it was, when it begins with none or has more than 19 significant digits.
std::optional<Decimal> take_decimal(std::string_view& text);

}  // namespace ridgepoint
