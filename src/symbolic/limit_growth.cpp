// SPDX-License-Identifier: Apache-2.0
#include "symbolic/limit_growth.hpp"

#include <algorithm>

#include "symbolic/fraction.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

bool same(const Growth& a, const Growth& b) {
  return a.logs == b.logs && a.power == b.power && a.rate == b.rate;
}

Growth operator-(const Growth& a, const Growth& b) {
  return {a.rate - b.rate, a.power - b.power, a.logs - b.logs};
}

Leading product(const Leading& a, const Leading& b) {
  return {a.coefficient * b.coefficient,
          {a.growth.rate + b.growth.rate, a.growth.power + b.growth.power,
           a.growth.logs + b.growth.logs},
          a.monomial * b.monomial};
}

Leading whole_power(const Leading& base, std::uint32_t exponent) {
  const auto times = static_cast<int>(exponent);
  return {pow(base.coefficient, times),
          {base.growth.rate * times, base.growth.power * times, base.growth.logs * times},
          pow(base.monomial, times)};
}

Leading constant(Expr value) { return {std::move(value), {}, 1}; }

}  // namespace

tl::unexpected<Diagnostics> undecided_sign(const Expr& e) {
  return fail("limit", "the sign of " + to_text(e) + " is not decided, and the limit depends on it",
              kPutInValues);
}

tl::unexpected<Diagnostics> unknown_fraction() {
  return fail("limit", "there is none: it depends on a fractional part that keeps changing",
              "take the limit of its bounds, without ceil and floor");
}

tl::unexpected<Diagnostics> Scale::unknown_growth(const Expr& e) const {
  return fail("limit",
              "the growth of " + to_text(substitute(e, {{name_, shown_}})) + " is not known",
              kPutInValues);
}

Scale::Scale(std::string variable)
    : variable_(Expr::symbol(variable)),
      shown_(variable_),
      atom_(intern_symbol(variable)),
      name_(std::move(variable)) {}

bool Scale::depends(const Atom* atom) const {
  if (atom == atom_) return true;
  return std::any_of(atom->arguments.begin(), atom->arguments.end(),
                     [this](const Expr& e) { return depends(e); });
}

bool Scale::depends(const Expr& e) const {
  const auto inside = [this](const Polynomial& p) {
    return std::any_of(p.variables().begin(), p.variables().end(),
                       [this](const Atom* atom) { return depends(atom); });
  };
  return inside(e.fraction().numerator()) || inside(e.fraction().denominator());
}

Expr Scale::bounded() {
  bounded_.push_back("$bounded" + std::to_string(bounded_.size()));
  return atom_expr(intern_symbol(bounded_.back()));
}

bool Scale::has_unknown(const Expr& e) const {
  if (bounded_.empty()) return false;
  const std::vector<std::string> names = symbols(e);
  return std::any_of(bounded_.begin(), bounded_.end(), [&names](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  });
}

Result<int> Scale::sign_of(const Expr& e) {
  if (e.is_zero()) return 0;
  if (has_unknown(e)) return unknown_fraction();
  if (signs_.is_positive(e)) return 1;
  if (signs_.is_negative(e)) return -1;
  return undecided_sign(e);
}

Result<int> Scale::direction(const Growth& growth) {
  for (const Expr* part : {&growth.rate, &growth.power}) {
    const Result<int> sign = sign_of(*part);
    if (!sign || *sign != 0) return sign;
  }
  return growth.logs > 0 ? 1 : growth.logs < 0 ? -1 : 0;
}

Result<int> Scale::compare(const Growth& a, const Growth& b) { return direction(a - b); }

Result<Leading> Scale::leading(const Expr& e) {
  if (e.is_zero()) return constant(0);
  const Result<Leading> above = leading(e.fraction().numerator());
  if (!above) return above;
  const Result<Leading> below = leading(e.fraction().denominator());
  if (!below) return below;
  if (has_unknown(below->coefficient)) {
    return unknown_fraction();
  }
  return Leading{above->coefficient / below->coefficient, above->growth - below->growth,
                 above->monomial / below->monomial};
}

Result<Leading> Scale::leading(const Polynomial& p) {
  const bool is_plain =
      std::all_of(p.variables().begin(), p.variables().end(),
                  [this](const Atom* atom) { return atom == atom_ || !depends(atom); });
  return is_plain ? leading_by_degree(p) : leading_by_growth(p);
}

Result<Leading> Scale::leading_by_degree(const Polynomial& p) const {
  const std::vector<Polynomial> coefficients = p.coefficients_in(atom_);
  const auto degree = static_cast<std::int64_t>(coefficients.size()) - 1;
  return Leading{make_expr(coefficients.back()), {0, degree, 0}, pow(variable_, degree)};
}

/// Terms of one growth are added, and what cancels is dropped: every term is exact, so the next
/// growth leads.
Result<Leading> Scale::leading_by_growth(const Polynomial& p) {
  std::vector<Leading> groups;
  for (const Term& term : p.terms()) {
    const Result<Leading> leading = leading_of_term(p, term);
    if (!leading) return leading;
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const Leading& g) {
      return same(g.growth, leading->growth);
    });
    if (group == groups.end()) {
      groups.push_back(*leading);
    } else {
      group->coefficient += leading->coefficient;
    }
  }
  const Leading* best = nullptr;
  for (const Leading& group : groups) {
    if (group.coefficient.is_zero()) continue;
    const Result<int> order = best == nullptr ? 1 : compare(group.growth, best->growth);
    if (!order) return fail(order.error());
    if (*order == 0)
      return fail("limit", "two terms grow alike in ways that cannot be added", kPutInValues);
    if (*order > 0) best = &group;
  }
  if (best == nullptr) return constant(0);
  return *best;
}

Result<Leading> Scale::leading_of_term(const Polynomial& p, const Term& term) {
  Leading total = constant(make_expr(Polynomial(term.coefficient)));
  for (std::size_t i = 0; i < p.variables().size(); ++i) {
    if (term.exponents[i] == 0) continue;
    const Result<Leading> factor = leading_of_atom(p.variables()[i]);
    if (!factor) return factor;
    total = product(total, whole_power(*factor, term.exponents[i]));
  }
  return total;
}

Result<Leading> Scale::leading_of_atom(const Atom* atom) {
  const Expr e = atom_expr(atom);
  if (!depends(atom)) return constant(e);
  if (atom == atom_) return Leading{1, {0, 1, 0}, e};
  if (atom->kind == AtomKind::log && atom->arguments[0] == variable_) {
    return Leading{1, {0, 0, 1}, e};
  }
  if (atom->kind == AtomKind::pow) return leading_of_power(atom);
  return unknown_growth(e);
}

/// v^r with a constant r, or b^(p·v + q) = b^q · exp(p·log(b)·v).
Result<Leading> Scale::leading_of_power(const Atom* atom) {
  const Expr e = atom_expr(atom);
  const Expr& base = atom->arguments[0];
  const Expr& exponent = atom->arguments[1];
  if (base == variable_ && !depends(exponent)) return Leading{1, {0, exponent, 0}, e};
  const bool is_linear = !depends(base) && exponent.fraction().numerator().degree(atom_) == 1 &&
                         !depends(make_expr(exponent.fraction().denominator()));
  if (!is_linear) return unknown_growth(e);
  const std::vector<Polynomial> parts = exponent.fraction().numerator().coefficients_in(atom_);
  const Polynomial& below = exponent.fraction().denominator();
  const Expr slope = make_expr(parts[1], below);
  const Expr offset = make_expr(parts[0], below);
  if (depends(slope) || depends(offset)) {
    return unknown_growth(e);
  }
  if (!signs_.is_positive(base)) return undecided_sign(base);
  return Leading{pow(base, offset), {slope * log(base), 0, 0}, pow(base, slope * variable_)};
}

}  // namespace ridgepoint::symbolic::detail
