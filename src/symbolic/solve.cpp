// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>

#include "symbolic/fraction.hpp"
#include "symbolic/sign.hpp"
#include "symbolic/solve_roots.hpp"

namespace ridgepoint::symbolic {
namespace {

using detail::Atom;
using detail::Integer;
using detail::is_within;
using detail::kMinus;
using detail::kNonnegative;
using detail::kNonpositive;
using detail::kPlus;
using detail::kZero;
using detail::make_expr;
using detail::Polynomial;
using detail::Signs;

/// > 0 exactly where e >= 0.
Expr at_least_zero(const Expr& e) { return floor(e) + 1; }

bool depends(const Expr& e, const Atom* variable) {
  const std::vector<std::string> names = symbols(e);
  return std::find(names.begin(), names.end(), variable->text) != names.end();
}

/// The condition that several signs make together. Provably true ones vanish; a provably false one
/// makes the whole never hold.
class Condition {
 public:
  explicit Condition(detail::SignProver& prover) : prover_(prover) {}

  bool never() const { return never_; }
  Expr expr() const { return parts_.empty() ? Expr(1) : parts_.front(); }

  void require_positive(const Expr& e) {
    const Signs signs = prover_.signs(e);
    if (signs == kPlus) return;
    if (is_within(signs, kNonpositive)) never_ = true;
    add(simplified(e));
  }
  void require_nonnegative(const Expr& e) {
    const Signs signs = prover_.signs(e);
    if (is_within(signs, kNonnegative)) return;
    if (signs == kMinus) never_ = true;
    add(at_least_zero(e));
  }
  void require_nonzero(const Expr& e) {
    const Signs signs = prover_.signs(e);
    if (signs == kPlus || signs == kMinus) return;
    if (signs == kZero) never_ = true;
    add(max(e, -e));
  }

 private:
  void add(const Expr& e) {
    if (parts_.empty()) {
      parts_.push_back(e);
    } else {
      parts_.front() = min(parts_.front(), e);
    }
  }

  /// A polynomial with the sign of e, without what is provably positive: a numerator or denominator
  /// of known sign, a common monomial, the integer content.
  Expr simplified(const Expr& e) {
    const Expr above = bare(e.numerator());
    const Expr below = bare(e.denominator());
    const Signs sign_below = prover_.signs(below);
    if (sign_below == kPlus) return above;
    if (sign_below == kMinus) return -above;
    const Signs sign_above = prover_.signs(above);
    if (sign_above == kPlus) return below;
    if (sign_above == kMinus) return -below;
    return above * below;
  }
  static Expr bare(const Expr& polynomial) {
    const Polynomial& p = polynomial.fraction().numerator();
    if (p.is_zero()) return polynomial;
    std::vector<detail::Term> terms = p.terms();
    const Integer content = p.content();
    for (std::size_t i = 0; i < p.variables().size(); ++i) {
      if (!is_surely_positive(p.variables()[i])) continue;
      std::uint32_t common = terms.front().exponents[i];
      for (const detail::Term& t : terms) common = std::min(common, t.exponents[i]);
      for (detail::Term& t : terms) t.exponents[i] -= common;
    }
    for (detail::Term& t : terms) t.coefficient /= content;
    return make_expr(Polynomial(p.variables(), std::move(terms)));
  }

  detail::SignProver& prover_;
  std::vector<Expr> parts_;
  bool never_ = false;
};

/// Solves coefficients[0] + coefficients[1] x + … = 0 for x > 0.
class Solver {
 public:
  Solver(const Expr& difference, const std::string& variable, const Bounds& bounds)
      : difference_(difference), variable_(detail::intern_symbol(variable)), prover_(bounds) {
    const auto bound = bounds.find(variable);
    if (bound != bounds.end()) bound_ = bound->second;
  }

  Result<std::vector<Solution>> run() {
    const Polynomial& equation = difference_.fraction().numerator();
    if (equation.is_zero()) {
      return fail("solve", "every positive " + variable_->text + " solves it",
                  "both sides are the same function: change one of them");
    }
    for (const Atom* atom : equation.variables()) {
      if (atom != variable_ && depends(make_expr(Polynomial(atom)), variable_)) {
        return fail("solve", "the unknown " + variable_->text + " stands inside " + atom->text,
                    "only polynomial equations can be solved");
      }
    }
    reduce(equation);
    if (degree() == 0) return without_variable();
    if (auto failure = solve_reduced(); !failure) return fail(failure.error());
    return std::move(solutions_);
  }

 private:
  std::size_t degree() const { return coefficients_.size() - 1; }
  Expr coefficient(std::size_t i) const { return make_expr(coefficients_[i]); }

  /// Drops the root 0 and the common factor of the coefficients; x^k becomes x where it can.
  void reduce(const Polynomial& equation) {
    std::vector<Polynomial> all = equation.coefficients_in(variable_);
    const auto first =
        std::find_if(all.begin(), all.end(), [](const Polynomial& c) { return !c.is_zero(); });
    all.erase(all.begin(), first);
    std::size_t step = 0;
    for (std::size_t i = 1; i < all.size(); ++i) {
      if (!all[i].is_zero()) step = std::gcd(step, i);
    }
    root_ = step > 1 ? step : 1;
    for (std::size_t i = 0; i < all.size(); i += root_) coefficients_.push_back(all[i]);
    drop_common_factor();
  }

  void drop_common_factor() {
    if (degree() == 0) return;
    Polynomial common;
    for (const Polynomial& c : coefficients_) {
      const std::optional<Polynomial> next = gcd(common, c);
      if (!next || next->is_one()) return;
      common = *next;
    }
    // At values where the factor is 0 every x solves the equation, these solutions included.
    for (Polynomial& c : coefficients_) c = quotient(c, common);
  }

  Result<std::vector<Solution>> without_variable() {
    const Expr left = coefficient(0);
    if (prover_.is_nonzero(left)) return std::vector<Solution>{};
    return fail("solve",
                "the equation does not depend on " + variable_->text +
                    ": it holds for every value where " + to_text(left) + " = 0, else for none",
                "solve for another symbol");
  }

  Result<void> solve_reduced() {
    if (degree() == 1) {
      add(-coefficient(0) / coefficient(1));
      return {};
    }
    if (degree() == 2) {
      solve_quadratic(coefficient(2), coefficient(1), coefficient(0));
      return {};
    }
    const bool is_numeric =
        std::all_of(coefficients_.begin(), coefficients_.end(),
                    [](const Polynomial& c) { return c.is_zero() || c.is_constant(); });
    if (!is_numeric) {
      return fail("solve",
                  "the equation has degree " + std::to_string(degree() * root_) + " in " +
                      variable_->text + " and coefficients that are not numbers",
                  "put in values for the other symbols");
    }
    if (degree() * root_ >= detail::kMaxSturmSize) {
      return fail("solve",
                  "degree " + std::to_string(degree() * root_) + " in " + variable_->text +
                      " is more than can be bracketed",
                  "solve an equation of a lower degree");
    }
    solve_numerically();
    return {};
  }

  /// Takes y = x^root for a solution, if it can be one.
  void add(const Expr& y) {
    Condition condition(prover_);
    condition.require_positive(y);
    add(y, condition);
  }
  void add(const Expr& y, Condition& condition) {
    const Expr x = root_ == 1 ? y : pow(y, Expr::rational(1, static_cast<std::int64_t>(root_)));
    if (x.is_undefined() || condition.never()) return;
    if (!bound_.is_zero()) require_bound(x, y, condition);
    if (!prover_.is_nonzero(difference_.denominator())) {
      const Expr below = substitute(difference_.denominator(), {{variable_->text, x}});
      condition.require_nonzero(below.numerator());
    }
    if (!condition.never()) solutions_.push_back({x, condition.expr(), true});
  }

  /// x >= bound. For x = n/d with n > 0 the condition already says d > 0, so n - bound·d >= 0 is
  /// enough.
  void require_bound(const Expr& x, const Expr& y, Condition& condition) {
    const Expr n = y.numerator();
    const Expr d = y.denominator();
    if (root_ == 1 && prover_.is_positive(n) && prover_.is_nonnegative(n - bound_ * d)) return;
    if (root_ == 1 && prover_.is_negative(n) && prover_.is_nonnegative(bound_ * d - n)) return;
    condition.require_nonnegative(x - bound_);
  }

  /// a y² + b y + c = 0. By Vieta's formulas c/a < 0 means one positive root, and c/a > 0 two or
  /// none, as -b/a goes.
  void solve_quadratic(const Expr& a, const Expr& b, const Expr& c) {
    const Expr discriminant = b * b - 4 * a * c;
    if (discriminant.is_zero()) return add(-b / (2 * a));
    if (prover_.is_negative(discriminant)) return;
    const Expr root = sqrt(discriminant);
    const std::vector<Expr> roots = in_order((-b - root) / (2 * a), (-b + root) / (2 * a), a);
    const Signs product = prover_.signs(c / a);
    const Signs sum = prover_.signs(-b / a);
    if (product == kMinus && prover_.is_nonzero(a)) return add(roots[1], Condition(prover_));
    if (product == kPlus && is_within(sum, kNonpositive)) return;
    for (const Expr& y : roots) {
      Condition condition(prover_);
      condition.require_nonnegative(discriminant);
      if (product == kPlus) {
        condition.require_positive(-b / a);
      } else {
        condition.require_positive(y);
      }
      add(y, condition);
    }
  }
  void add(const Expr& y, Condition&& condition) { add(y, condition); }

  /// Ascending where the sign of a is known.
  std::vector<Expr> in_order(Expr minus, Expr plus, const Expr& a) {
    if (prover_.is_negative(a)) std::swap(minus, plus);
    return {std::move(minus), std::move(plus)};
  }

  void solve_numerically() {
    Polynomial equation;
    const Polynomial x(variable_);
    for (std::size_t i = 0; i < coefficients_.size(); ++i) {
      equation = equation + coefficients_[i] * pow(x, static_cast<std::uint32_t>(i * root_));
    }
    const detail::Univariate p = detail::to_univariate(equation);
    root_ = 1;
    for (const detail::RootInterval& root : detail::positive_roots(p)) {
      if (root.is_rational()) {
        add(detail::to_expr(root.low));
        continue;
      }
      const Expr value = Expr::from_double(detail::nearest_double(p, root));
      if (bound_.is_zero() || prover_.is_nonnegative(value - bound_)) {
        solutions_.push_back({value, 1, false});
      }
    }
  }

  Expr difference_;
  const Atom* variable_;
  detail::SignProver prover_;
  Expr bound_ = 0;
  std::vector<Polynomial> coefficients_;
  std::size_t root_ = 1;  // the equation is one in x^root
  std::vector<Solution> solutions_;
};

}  // namespace

Result<std::vector<Solution>> solve(const Expr& expr, const Expr& target,
                                    const std::string& variable, const Bounds& bounds) {
  const Expr difference = expr - target;
  if (difference.is_undefined())
    return fail("solve", "the equation is undefined", "remove the division by zero");
  return Solver(difference, variable, bounds).run();
}

}  // namespace ridgepoint::symbolic
