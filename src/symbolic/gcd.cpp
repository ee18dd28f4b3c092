// SPDX-License-Identifier: Apache-2.0
#include "symbolic/polynomial.hpp"

namespace ridgepoint::symbolic::detail {
std::optional<Polynomial> gcd(const Polynomial& a, const Polynomial& b) {
  if (a.is_zero() || b.is_zero()) {
    const Polynomial& p = a.is_zero() ? b : a;
    return p.is_zero() || p.leading_coefficient() > 0 ? p : -p;
  }
  if (exact_quotient(a, b)) return b.leading_coefficient() > 0 ? b : -b;
  if (exact_quotient(b, a)) return a.leading_coefficient() > 0 ? a : -a;
  const Polynomial one(Integer(boost::multiprecision::gcd(a.content(), b.content())));
  Polynomial m = one;
  const Polynomial x = monomial_content(a);
  const Polynomial y = monomial_content(b);
  for (const Atom* v : x.variables())
    m = m * pow(Polynomial(v), std::min(x.degree(v), y.degree(v)));
  return m;
}
}  // namespace ridgepoint::symbolic::detail
