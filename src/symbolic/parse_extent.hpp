// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "symbolic/polynomial.hpp"

namespace ridgepoint::symbolic::detail {

/// Where the estimates below saturate.
inline constexpr std::uint64_t kHuge = std::uint64_t{1} << 40;

/// What decides the cost of arithmetic on a polynomial, or an upper bound of it.
struct Extent {
  std::uint64_t terms = 1;
  std::uint64_t variables = 0;
  std::uint64_t bits = 1;  ///< of the longest coefficient
  std::uint64_t total_degree = 0;
  std::uint64_t highest_power = 0;  ///< of one variable
  std::uint64_t characters = 1;     ///< of its text form, kernels written out
};

Extent extent(const Polynomial& p);

/// Of a·b when no two terms coincide, before like powers of roots are expanded.
Extent product_extent(const Extent& a, const Extent& b);

/// Of p^n. Roots of sums are expanded: sqrt(a + b)^100 has 51 terms.
Extent power_extent(const Polynomial& p, std::uint64_t n);

/// What the expansion of roots multiplies a·b by: 1 where there are none.
Extent root_extent(const Polynomial& a, const Polynomial& b);

/// Estimates of work, in units of about a nanosecond.
std::uint64_t sum_work(const Extent& a, const Extent& b);
std::uint64_t product_work(const Extent& a, const Extent& b);
std::uint64_t gcd_work(const Extent& a, const Extent& b);

}  // namespace ridgepoint::symbolic::detail
