// SPDX-License-Identifier: Apache-2.0
#include "symbolic/limit_kernels.hpp"

#include <algorithm>

#include "symbolic/fraction.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

bool is_whole(const Expr& e) { return e.is_constant() && e.fraction().denominator().is_one(); }

/// Expands the kernels of one expression, from the inside out.
class Expansion {
 public:
  explicit Expansion(Scale& scale) : scale_(scale) {}

  Result<Expr> run(const Expr& e) {
    Result<Expr> above = run(e.fraction().numerator());
    if (!above) return above;
    Result<Expr> below = run(e.fraction().denominator());
    if (!below) return below;
    return *above / *below;
  }

 private:
  Result<Expr> run(const Polynomial& p) {
    std::vector<Expr> values;
    bool changed = false;
    for (const Atom* atom : p.variables()) {
      Result<Expr> value = make_expr(Polynomial(atom));
      if (atom->kind != AtomKind::symbol && scale_.depends(atom)) {
        value = kernel(atom);
        if (!value) return value;
        changed = true;
      }
      values.push_back(std::move(*value));
    }
    if (!changed) return make_expr(p);
    Expr total = 0;
    for (const Term& term : p.terms()) {
      Expr product = make_expr(Polynomial(term.coefficient));
      for (std::size_t i = 0; i < values.size(); ++i) product *= pow(values[i], term.exponents[i]);
      total += product;
    }
    return total;
  }

  Result<Expr> kernel(const Atom* atom) {
    std::vector<Expr> arguments;
    for (const Expr& argument : atom->arguments) {
      Result<Expr> expanded = run(argument);
      if (!expanded) return expanded;
      arguments.push_back(std::move(*expanded));
    }
    switch (atom->kind) {
      case AtomKind::max:
      case AtomKind::min:
        return order(atom->kind == AtomKind::max, arguments);
      case AtomKind::ceil:
      case AtomKind::floor:
        return rounding(atom->kind == AtomKind::ceil, arguments[0]);
      case AtomKind::log:
        return logarithm(arguments[0]);
      case AtomKind::pow:
        return power(arguments[0], arguments[1]);
      case AtomKind::symbol:
        break;
    }
    return make_expr(Polynomial(atom));
  }

  /// The sign that e keeps from some point on.
  Result<int> eventual_sign(const Expr& e) {
    const Result<Leading> leading = scale_.leading(e);
    if (!leading) return fail(leading.error());
    if (leading->coefficient.is_zero()) return 0;
    if (scale_.has_unknown(leading->coefficient)) {
      return unknown_fraction();
    }
    if (scale_.signs().is_positive(leading->coefficient)) return 1;
    if (scale_.signs().is_negative(leading->coefficient)) return -1;
    return undecided_sign(leading->coefficient);
  }

  Result<Expr> order(bool is_max, const std::vector<Expr>& arguments) {
    Expr best = arguments.front();
    for (const Expr& argument : arguments) {
      const Result<int> sign = eventual_sign(argument - best);
      if (!sign) return fail(sign.error());
      if (*sign == (is_max ? 1 : -1)) best = argument;
    }
    return best;
  }

  /// The limit of e if it is finite and free of bounded unknowns.
  struct Finite {
    bool is_finite = false;
    Expr value;
  };
  Result<Finite> finite_limit(const Expr& e) {
    const Result<Leading> leading = scale_.leading(e);
    if (!leading) return fail(leading.error());
    if (leading->coefficient.is_zero()) return Finite{true, 0};
    const Result<int> direction = scale_.direction(leading->growth);
    if (!direction) return fail(direction.error());
    if (*direction > 0) return Finite{};
    if (*direction < 0) return Finite{true, 0};
    if (scale_.has_unknown(leading->coefficient)) {
      return unknown_fraction();
    }
    return Finite{true, leading->coefficient};
  }

  /// ceil(g) = g + u, floor(g) = g - u with 0 <= u < 1; with a finite limit the side from which g
  /// comes decides.
  Result<Expr> rounding(bool up, const Expr& g) {
    const Result<Finite> limit = finite_limit(g);
    if (!limit) return fail(limit.error());
    if (!limit->is_finite) return up ? g + scale_.bounded() : g - scale_.bounded();
    const Expr& value = limit->value;
    if (g == value || (value.is_constant() && !is_whole(value))) {
      return up ? ceil(value) : floor(value);
    }
    const Result<int> side = eventual_sign(g - value);
    if (!side) return fail(side.error());
    if (*side > 0) return up ? floor(value) + 1 : floor(value);
    return up ? ceil(value) : ceil(value) - 1;
  }

  /// g = c·m·(1 + h) with h → 0.
  struct Factored {
    Leading leading;
    Expr excess;
  };
  Result<Factored> factor(const Expr& g) {
    const Result<Leading> leading = scale_.leading(g);
    if (!leading) return fail(leading.error());
    if (scale_.has_unknown(leading->coefficient)) return unknown_fraction();
    if (scale_.signs().is_negative(leading->coefficient)) {
      return fail("limit", "a root or logarithm is taken of what becomes negative",
                  "symbols and values are positive: check the signs inside it");
    }
    if (!scale_.signs().is_positive(leading->coefficient)) {
      return undecided_sign(leading->coefficient);
    }
    return Factored{*leading, g / (leading->coefficient * leading->monomial) - 1};
  }

  Result<Expr> logarithm(const Expr& g) {
    const Result<Factored> f = factor(g);
    if (!f) return fail(f.error());
    const Growth& growth = f->leading.growth;
    if (growth.logs != 0) return scale_.unknown_growth(log(g));
    Expr result = log(f->leading.coefficient) + growth.rate * scale_.variable();
    if (!growth.power.is_zero()) result += growth.power * log(scale_.variable());
    const Expr& h = f->excess;
    if (!h.is_zero()) result += h - h * h / 2 + h * h * h * scale_.bounded();
    return result;
  }

  Result<Expr> power(const Expr& base, const Expr& exponent) {
    if (!scale_.depends(exponent)) return constant_power(base, exponent);
    if (!scale_.depends(base)) return exponential(base, exponent);
    const Result<Finite> exponent_times_excess = finite_limit(exponent * (base - 1));
    if (!exponent_times_excess) return fail(exponent_times_excess.error());
    const Result<Finite> excess = finite_limit(base - 1);
    if (!excess) return fail(excess.error());
    if (excess->is_finite && excess->value.is_zero() && exponent_times_excess->is_finite &&
        exponent_times_excess->value.is_zero()) {
      return 1 + exponent * (base - 1) * scale_.bounded();
    }
    return fail("limit",
                "the growth of (" + to_text(base) + ")^(" + to_text(exponent) + ") is not known",
                kPutInValues);
  }

  Result<Expr> constant_power(const Expr& base, const Expr& exponent) {
    const Result<Factored> f = factor(base);
    if (!f) return fail(f.error());
    const Growth& growth = f->leading.growth;
    if (growth.logs != 0 || !growth.rate.is_zero()) {
      return fail("limit",
                  "the growth of (" + to_text(base) + ")^(" + to_text(exponent) + ") is not known",
                  kPutInValues);
    }
    Expr result = pow(f->leading.coefficient, exponent);
    if (!growth.power.is_zero()) result *= pow(scale_.variable(), growth.power * exponent);
    const Expr& h = f->excess;
    if (h.is_zero()) return result;
    return result * (1 + exponent * h + exponent * (exponent - 1) / 2 * h * h +
                     h * h * h * scale_.bounded());
  }

  /// b^e with e = p·v + q + r, r → 0: b^(p·v + q) · (1 + r·bounded).
  Result<Expr> exponential(const Expr& base, const Expr& exponent) {
    const Result<Leading> leading = scale_.leading(exponent);
    if (!leading) return fail(leading.error());
    const bool is_linear = leading->growth.rate.is_zero() && leading->growth.power == Expr(1) &&
                           leading->growth.logs == 0 && !scale_.has_unknown(leading->coefficient);
    const Expr slope = is_linear ? leading->coefficient * scale_.variable() : Expr(0);
    const Result<Leading> rest = scale_.leading(exponent - slope);
    if (!rest) return fail(rest.error());
    const Result<int> direction = rest->coefficient.is_zero() ? -1 : scale_.direction(rest->growth);
    if (!direction) return fail(direction.error());
    if (*direction > 0) {
      return fail("limit",
                  "the growth of (" + to_text(base) + ")^(" + to_text(exponent) + ") is not known",
                  kPutInValues);
    }
    const Expr offset = *direction == 0 ? rest->coefficient : Expr(0);
    const Expr remainder = exponent - slope - offset;
    if (!scale_.signs().is_positive(base)) return undecided_sign(base);
    const Expr result = pow(base, slope + offset);
    return remainder.is_zero() ? result : result * (1 + remainder * scale_.bounded());
  }

  Scale& scale_;
};

}  // namespace

Result<Expr> expand_kernels(const Expr& e, Scale& scale) { return Expansion(scale).run(e); }

}  // namespace ridgepoint::symbolic::detail
