// SPDX-License-Identifier: Apache-2.0
#include "symbolic/sign_region.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>

#include "symbolic/solve_roots.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

constexpr int kMaxCaseDepth = 3;
constexpr std::size_t kMaxOrdered = 4;
constexpr std::uint32_t kMaxDegree = 24;  // of a variable that is replaced by a sum

bool search(const Polynomial& p, bool strict, const Region& region, int depth, int& budget);

Signs goal_signs(bool strict) { return strict ? kPlus : kNonnegative; }

/// Exact in one variable: p keeps one sign between its roots.
bool is_proved_in_one_variable(const Polynomial& p, bool strict, Signs variable) {
  const Univariate coefficients = to_univariate(p);
  if (coefficients.size() > kMaxSturmSize) return false;
  if (!is_within(variable, kNonnegative)) return false;
  if ((variable & kZero) != 0 && !is_within(sign_of(coefficients.front()), goal_signs(strict))) {
    return false;
  }
  const std::vector<RootInterval> roots = positive_roots(coefficients);
  if (strict && !roots.empty()) return false;
  for (const Rational& point : points_between_roots(roots)) {
    if (sign_at(coefficients, point) < 0) return false;
  }
  return true;
}

/// p(x, y) = y^n p(x/y, 1) where every term has the same degree and both variables are positive.
bool is_binary_form(const Polynomial& p, const Region& region) {
  const auto& variables = p.variables();
  if (variables.size() != 2) return false;
  const std::uint32_t degree = p.total_degree();
  return std::all_of(variables.begin(), variables.end(),
                     [&](const Atom* v) { return region.signs(v) == kPlus; }) &&
         std::all_of(p.terms().begin(), p.terms().end(),
                     [&](const Term& t) { return t.exponents[0] + t.exponents[1] == degree; });
}

Polynomial with_value(const Polynomial& p, const Atom* variable, int value) {
  return compose(p, variable, Polynomial(Integer(value)), Polynomial(Integer(1)));
}

/// a x² + b x + c with a > 0 and 4ac - b² >= 0 is nowhere negative, whatever the sign of x.
bool is_proved_by_discriminant(const Polynomial& p, bool strict, const Region& region, int depth,
                               int& budget) {
  for (const Atom* variable : p.variables()) {
    if (p.degree(variable) != 2) continue;
    const std::vector<Polynomial> c = p.coefficients_in(variable);
    if (region.signs(c[2]) != kPlus) continue;
    const Polynomial discriminant = Polynomial(Integer(4)) * c[2] * c[0] - c[1] * c[1];
    if (search(discriminant, strict, region, depth - 1, budget)) return true;
  }
  return false;
}

/// In the case larger >= smaller: larger = smaller + z, z >= 0.
bool holds_when_ordered(const Polynomial& p, bool strict, const Region& region, const Atom* larger,
                        const Atom* smaller, int depth, int& budget) {
  Region inside = region;
  const Polynomial difference(inside.fresh(kNonnegative));
  const Polynomial shifted = compose(p, larger, difference + Polynomial(smaller), Polynomial(1));
  return search(shifted, strict, inside, depth - 1, budget);
}

bool is_proved_by_cases(const Polynomial& p, bool strict, const Region& region, int depth,
                        int& budget) {
  const auto& variables = p.variables();
  for (std::size_t i = 0; i < variables.size(); ++i) {
    for (std::size_t j = i + 1; j < variables.size(); ++j) {
      const Atom* x = variables[i];
      const Atom* y = variables[j];
      if (!is_within(region.signs(x), kNonnegative)) continue;
      if (!is_within(region.signs(y), kNonnegative)) continue;
      if (holds_when_ordered(p, strict, region, x, y, depth, budget) &&
          holds_when_ordered(p, strict, region, y, x, depth, budget)) {
        return true;
      }
    }
  }
  return false;
}

/// One case for each order of all variables, x1 <= x2 <= …: x1 = z1, x2 = z1 + z2, and so on.
/// Then the terms alone decide.
bool is_proved_by_orders(const Polynomial& p, bool strict, const Region& region, int& budget) {
  std::vector<const Atom*> order = p.variables();
  if (order.size() > kMaxOrdered) return false;
  if (!std::all_of(order.begin(), order.end(),
                   [&](const Atom* v) { return is_within(region.signs(v), kNonnegative); })) {
    return false;
  }
  std::sort(order.begin(), order.end(), precedes);
  do {
    Region inside = region;
    Polynomial shifted = p;
    for (std::size_t i = order.size(); i-- > 1;) {  // x_i = x_(i-1) + z, from the largest down
      const Polynomial step(inside.fresh(kNonnegative));
      shifted = compose(shifted, order[i], step + Polynomial(order[i - 1]), Polynomial(Integer(1)));
      budget -= static_cast<int>(shifted.terms().size());
    }
    if (budget <= 0 || !is_within(inside.signs(shifted), goal_signs(strict))) return false;
  } while (std::next_permutation(order.begin(), order.end(), precedes));
  return true;
}

double value_at(const Polynomial& p, const std::vector<double>& point) {
  double value = 0;
  for (const Term& term : p.terms()) {
    double product = static_cast<double>(term.coefficient);
    for (std::size_t i = 0; i < point.size(); ++i) {
      for (std::uint32_t k = 0; k < term.exponents[i]; ++k) product *= point[i];
    }
    value += product;
  }
  return value;
}

/// A cheap look at a few points: a clearly negative value ends the search. (That a value is not
/// negative proves nothing, so rounding cannot make a false claim true.)
bool fails_somewhere(const Polynomial& p) {
  constexpr std::array<double, 5> kValues{1, 1.0 / 64, 64, 0.5, 3};
  const std::size_t n = p.variables().size();
  std::vector<double> point(n, 1.0);
  if (value_at(p, point) < 0) return true;
  for (std::size_t round = 0; round < 24; ++round) {
    for (std::size_t i = 0; i < n; ++i) {
      point[i] = kValues[(round * (2 * i + 1) + i * i + round / 5) % kValues.size()];
    }
    if (value_at(p, point) < 0) return true;
  }
  return false;
}

bool search(const Polynomial& p, bool strict, const Region& region, int depth, int& budget) {
  budget -= static_cast<int>(p.terms().size());
  if (budget <= 0) return false;
  if (is_within(region.signs(p), goal_signs(strict))) return true;
  if (p.is_constant()) return false;
  if (p.variables().size() == 1) {
    return is_proved_in_one_variable(p, strict, region.signs(p.variables().front()));
  }
  if (is_binary_form(p, region)) {
    return is_proved_in_one_variable(with_value(p, p.variables().back(), 1), strict, kPlus);
  }
  if (depth == 0 || p.total_degree() > kMaxDegree || fails_somewhere(p)) return false;
  return is_proved_by_discriminant(p, strict, region, depth, budget) ||
         (depth == kMaxCaseDepth && is_proved_by_orders(p, strict, region, budget)) ||
         is_proved_by_cases(p, strict, region, depth, budget);
}

// ---- constraints ------------------------------------------------------------------------------

/// A constraint h1·x + h0 >= 0 solved for one variable.
struct Solved {
  const Atom* variable;
  Polynomial slope;  // h1, of one strict sign
  Polynomial rest;   // h0
  bool is_lower;     // x >= -h0/h1, otherwise x <= h0/-h1
  int rank;          // 0 best: the bound itself has the right sign, so x stays positive
};

std::optional<Solved> solve_for(const Polynomial& h, const Atom* variable, const Region& region) {
  if (h.degree(variable) != 1) return std::nullopt;
  if (!is_within(region.signs(variable), kNonnegative)) return std::nullopt;
  std::vector<Polynomial> c = h.coefficients_in(variable);
  const Signs slope = region.signs(c[1]);
  const Signs rest = region.signs(c[0]);
  if (slope == kPlus) {
    return Solved{variable, c[1], c[0], true, is_within(rest, kNonpositive) ? 0 : 2};
  }
  if (slope == kMinus && rest == kPlus) return Solved{variable, c[1], c[0], false, 1};
  return std::nullopt;
}

std::optional<Solved> best_solution(const Polynomial& h, const Region& region) {
  std::optional<Solved> best;
  for (const Atom* variable : h.variables()) {
    std::optional<Solved> solved = solve_for(h, variable, region);
    if (solved && (!best || solved->rank < best->rank)) best = std::move(solved);
  }
  return best;
}

Claim with_replacement(const Claim& claim, const Atom* variable, const Polynomial& above,
                       const Polynomial& below, Region region) {
  Claim result{compose(claim.p, variable, above, below), claim.strict, {}, std::move(region)};
  for (const Polynomial& h : claim.constraints) {
    result.constraints.push_back(compose(h, variable, above, below));
  }
  return result;
}

/// x = (z - h0)/h1 with z >= 0.
bool is_proved_above(const Claim& claim, const Solved& solved, int& budget) {
  Region region = claim.region;
  const Polynomial excess(region.fresh(kNonnegative));
  return is_proved(with_replacement(claim, solved.variable, excess - solved.rest, solved.slope,
                                    std::move(region)),
                   budget);
}

/// x = h0/(-h1 (1 + w)) with w >= 0 reaches every 0 < x <= h0/-h1; x = 0 is a case of its own.
bool is_proved_below(const Claim& claim, const Solved& solved, int& budget) {
  if ((claim.region.signs(solved.variable) & kZero) != 0 &&
      !is_proved(with_replacement(claim, solved.variable, Polynomial(), Polynomial(Integer(1)),
                                  claim.region),
                 budget)) {
    return false;
  }
  Region region = claim.region;
  const Polynomial excess(region.fresh(kNonnegative));
  const Polynomial below = -solved.slope * (excess + Polynomial(Integer(1)));
  return is_proved(with_replacement(claim, solved.variable, solved.rest, below, std::move(region)),
                   budget);
}

/// A variable that a constraint h >= 0 forces to 0, where no term of h can be positive.
const Atom* forced_to_zero(const Polynomial& h, const Region& region) {
  for (const Term& term : h.terms()) {
    const Atom* candidate = nullptr;
    int count = 0;
    for (std::size_t i = 0; i < h.variables().size(); ++i) {
      if (term.exponents[i] == 0 || (region.signs(h.variables()[i]) & kZero) == 0) continue;
      candidate = h.variables()[i];
      ++count;
    }
    if (count == 1) return candidate;
  }
  return nullptr;
}

}  // namespace

Signs sign_of(const Integer& value) {
  return value.sign() > 0 ? kPlus : value.sign() < 0 ? kMinus : kZero;
}

Signs negated(Signs signs) {
  return (signs & kZero) | ((signs & kMinus) != 0 ? kPlus : 0U) |
         ((signs & kPlus) != 0 ? kMinus : 0U);
}

Signs product(Signs a, Signs b) {
  Signs result = (a | b) & kZero;
  if ((a & kPlus) != 0) result |= b;
  if ((a & kMinus) != 0) result |= negated(b);
  return result;
}

Signs sum(Signs a, Signs b) {
  Signs result = 0;
  if ((a & kZero) != 0) result |= b;
  if ((b & kZero) != 0) result |= a;
  if ((a & kPlus) != 0 && (b & kPlus) != 0) result |= kPlus;
  if ((a & kMinus) != 0 && (b & kMinus) != 0) result |= kMinus;
  const bool opposite =
      ((a & kPlus) != 0 && (b & kMinus) != 0) || ((a & kMinus) != 0 && (b & kPlus) != 0);
  return opposite ? kAnySign : result;
}

Signs power(Signs base, std::uint32_t exponent) {
  if (exponent == 0) return kPlus;
  if (exponent % 2 == 1) return base;
  return (base & kZero) | ((base & (kPlus | kMinus)) != 0 ? kPlus : 0U);
}

Signs Region::signs(const Atom* variable) const {
  for (const auto& [atom, signs] : known_) {
    if (atom == variable) return signs;
  }
  return variable->kind == AtomKind::symbol ? kPlus : kAnySign;
}

void Region::set(const Atom* variable, Signs signs) {
  for (auto& [atom, known] : known_) {
    if (atom == variable) {
      known = signs;
      return;
    }
  }
  known_.emplace_back(variable, signs);
}

const Atom* Region::fresh(Signs signs) {
  const Atom* variable = intern_symbol("$" + std::to_string(fresh_count_++));
  known_.emplace_back(variable, signs);
  return variable;
}

Signs Region::signs(const Polynomial& p) const {
  std::vector<Signs> of_variable;
  for (const Atom* variable : p.variables()) of_variable.push_back(signs(variable));
  Signs total = kZero;
  for (const Term& term : p.terms()) {
    Signs of_term = sign_of(term.coefficient);
    for (std::size_t i = 0; i < of_variable.size(); ++i) {
      if (term.exponents[i] > 0)
        of_term = product(of_term, power(of_variable[i], term.exponents[i]));
    }
    total = sum(total, of_term);
    if (total == kAnySign) return total;
  }
  return total;
}

Polynomial compose(const Polynomial& p, const Atom* variable, const Polynomial& above,
                   const Polynomial& below) {
  if (!p.contains(variable)) return p;
  const std::vector<Polynomial> coefficients = p.coefficients_in(variable);
  Polynomial result;  // Horner's rule, homogenised by `below`
  Polynomial scale(Integer(1));
  for (std::size_t i = coefficients.size(); i-- > 0;) {
    result = result * above + coefficients[i] * scale;
    scale = scale * below;
  }
  return result;
}

bool is_proved(const Claim& claim, int& budget) {
  const Signs known = claim.region.signs(claim.p);
  if (is_within(known, goal_signs(claim.strict))) return true;
  if (claim.constraints.empty()) {
    return search(claim.p, claim.strict, claim.region, kMaxCaseDepth, budget);
  }
  Claim rest = claim;
  const Polynomial constraint = rest.constraints.front();
  rest.constraints.erase(rest.constraints.begin());
  budget -= static_cast<int>(constraint.terms().size());
  if (budget <= 0) return false;
  const Signs satisfied = claim.region.signs(constraint);
  if (satisfied == kMinus) return true;  // the case never happens
  if (is_within(satisfied, kNonnegative)) return is_proved(rest, budget);
  if (is_within(satisfied, kNonpositive)) {
    const Atom* zero = forced_to_zero(constraint, claim.region);
    return is_proved(zero == nullptr ? rest
                                     : with_replacement(rest, zero, Polynomial(),
                                                        Polynomial(Integer(1)), rest.region),
                     budget);
  }
  const std::optional<Solved> solved = best_solution(constraint, claim.region);
  if (!solved) return is_proved(rest, budget);
  return solved->is_lower ? is_proved_above(rest, *solved, budget)
                          : is_proved_below(rest, *solved, budget);
}

}  // namespace ridgepoint::symbolic::detail
