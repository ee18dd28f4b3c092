// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "symbolic/polynomial.hpp"

namespace ridgepoint::symbolic::detail {

/// The set of signs that a quantity may have.
using Signs = unsigned;
inline constexpr Signs kMinus = 1;
inline constexpr Signs kZero = 2;
inline constexpr Signs kPlus = 4;
inline constexpr Signs kNonnegative = kZero | kPlus;
inline constexpr Signs kNonpositive = kZero | kMinus;
inline constexpr Signs kAnySign = kMinus | kZero | kPlus;

inline bool is_within(Signs signs, Signs allowed) { return (signs & ~allowed) == 0; }
Signs sign_of(const Integer& value);
Signs negated(Signs signs);
Signs product(Signs a, Signs b);
Signs sum(Signs a, Signs b);
Signs power(Signs base, std::uint32_t exponent);

/// What each variable is known to be. Symbols are positive unless said otherwise; of a kernel
/// nothing is known unless said.
class Region {
 public:
  Signs signs(const Atom* variable) const;
  void set(const Atom* variable, Signs signs);
  /// A variable that no formula contains, with these signs.
  const Atom* fresh(Signs signs);

  /// What the signs of the terms alone tell.
  Signs signs(const Polynomial& p) const;

 private:
  std::vector<std::pair<const Atom*, Signs>> known_;
  std::size_t fresh_count_ = 0;
};

/// "p has one of the allowed signs everywhere in the region where the constraints are >= 0."
struct Claim {
  Polynomial p;
  bool strict = false;  ///< p > 0, otherwise p >= 0
  std::vector<Polynomial> constraints;
  Region region;
};

/// Whether the claim can be proved: by the signs of the terms, by Sturm's theorem in one variable,
/// by a discriminant, and by cases x >= y and y >= x, in which x = y + z with z >= 0. Never true
/// for a false claim. `budget` counts down terms looked at; at 0 nothing more is tried.
bool is_proved(const Claim& claim, int& budget);

/// p with `variable` replaced by above/below, times below^degree.
Polynomial compose(const Polynomial& p, const Atom* variable, const Polynomial& above,
                   const Polynomial& below);

}  // namespace ridgepoint::symbolic::detail
