// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ridgepoint/symbolic/calculus.hpp"
#include "symbolic/sign_region.hpp"

namespace ridgepoint::symbolic::detail {

/// Proves signs of expressions over positive symbols within lower bounds. Kernels are taken apart:
/// ceil(g) = g + u and floor(g) = g - u with 0 <= u < 1, max and min by cases, roots by raising
/// both sides to their power; of log and of other powers only the side of 0 and of 1 is known.
/// Every answer is certain or weaker than the truth; none is a guess.
class SignProver {
 public:
  explicit SignProver(const Bounds& bounds = {});

  bool is_positive(const Expr& e);
  bool is_nonnegative(const Expr& e);
  bool is_negative(const Expr& e) { return is_positive(-e); }
  bool is_nonpositive(const Expr& e) { return is_nonnegative(-e); }
  bool is_nonzero(const Expr& e) { return is_positive(e) || is_negative(e); }
  /// The strongest of "+", "-", "0", ">= 0", "<= 0" that can be proved; any sign otherwise.
  Signs signs(const Expr& e);

 private:
  bool proves(const Expr& e, bool strict);
  bool proves(const Polynomial& p, bool strict);
  bool proves_within(Claim claim, int depth);
  bool proves_by_order(const Atom* kernel, const Claim& claim, int depth);
  bool proves_by_rounding(const Atom* kernel, const Claim& claim, int depth);
  bool proves_by_enclosure(const Atom* kernel, const Claim& claim, int depth);
  bool proves_by_raising(const Atom* kernel, const Claim& claim, int depth);
  bool proves_by_size(const Atom* kernel, const Claim& claim, int depth);
  bool proves_opaquely(const Atom* kernel, const Claim& claim, int depth);
  bool proves_by_roots(Claim claim);
  void note_signs(const Polynomial& p, Region& region);
  Signs kernel_signs(const Atom* kernel);
  Signs compute_kernel_signs(const Atom* kernel);
  Signs extremum_signs(const Atom* kernel);
  bool is_defined(const Polynomial& p);

  std::vector<Polynomial> constraints_;
  std::vector<std::pair<const Atom*, Signs>> kernel_signs_;
  int nesting_ = 0;
  int budget_ = 0;
};

}  // namespace ridgepoint::symbolic::detail
