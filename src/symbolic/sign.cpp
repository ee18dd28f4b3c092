// SPDX-License-Identifier: Apache-2.0
#include "symbolic/sign.hpp"

#include <algorithm>
#include <numeric>

#include "symbolic/fraction.hpp"
#include "symbolic/sign_interval.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

constexpr std::uint32_t kMaxRaised = 4;  // the highest root taken apart by raising
constexpr int kBudget = 2500;            // terms looked at in one proof
constexpr int kMaxKernels = 6;           // taken apart in one proof
constexpr int kMaxNesting = 4;           // proofs about the arguments of kernels inside a proof

const Polynomial& one() {
  static const Polynomial number{Integer(1)};
  return number;
}

bool is_kernel(const Atom* atom) { return atom->kind != AtomKind::symbol; }

bool is_number(const Atom& kernel) {
  return std::all_of(kernel.arguments.begin(), kernel.arguments.end(),
                     [](const Expr& e) { return symbols(e).empty(); });
}

std::optional<Rational> rational_value(const Expr& e) {
  if (!e.is_constant()) return std::nullopt;
  return Rational(
      e.fraction().numerator().is_zero() ? Integer(0) : e.fraction().numerator().constant(),
      e.fraction().denominator().constant());
}

/// pow(x, p/q) of a symbol x.
struct SymbolRoot {
  const Atom* kernel;
  const Atom* symbol;
  Rational exponent;
};

std::optional<SymbolRoot> as_symbol_root(const Atom* atom) {
  if (atom->kind != AtomKind::pow) return std::nullopt;
  const Fraction& base = atom->arguments[0].fraction();
  const std::optional<Rational> exponent = rational_value(atom->arguments[1]);
  if (!exponent || abs(*exponent) > 64 || denominator(*exponent) > 16) return std::nullopt;
  const auto& variables = base.numerator().variables();
  if (variables.size() != 1 || is_kernel(variables.front())) return std::nullopt;
  if (!(base.numerator() == Polynomial(variables.front())) || !base.denominator().is_one()) {
    return std::nullopt;
  }
  return SymbolRoot{atom, variables.front(), *exponent};
}

bool can_take_apart(const Atom* atom) {
  switch (atom->kind) {
    case AtomKind::max:
    case AtomKind::min:
    case AtomKind::ceil:
    case AtomKind::floor:
      return true;
    case AtomKind::pow:
      return !as_symbol_root(atom);
    case AtomKind::log:
      return is_number(*atom);
    case AtomKind::symbol:
      return false;
  }
  return false;
}

/// The one with the longest text: a kernel inside another one has the shorter text.
const Atom* outermost_kernel(const Claim& claim) {
  const Atom* best = nullptr;
  const auto look_at = [&best](const Polynomial& p) {
    for (const Atom* atom : p.variables()) {
      if (can_take_apart(atom) && (best == nullptr || atom->text.size() > best->text.size())) {
        best = atom;
      }
    }
  };
  look_at(claim.p);
  for (const Polynomial& h : claim.constraints) look_at(h);
  return best;
}

Claim replaced(const Claim& claim, const Atom* variable, const Polynomial& above,
               const Polynomial& below) {
  Claim result = claim;
  result.p = compose(claim.p, variable, above, below);
  for (Polynomial& h : result.constraints) h = compose(h, variable, above, below);
  return result;
}

std::vector<SymbolRoot> symbol_roots(const Claim& claim) {
  std::vector<SymbolRoot> roots;
  for (const Atom* atom : claim.p.variables()) {
    if (std::optional<SymbolRoot> root = as_symbol_root(atom)) roots.push_back(*root);
  }
  return roots;
}

}  // namespace

SignProver::SignProver(const Bounds& bounds) {
  for (const auto& [name, bound] : bounds) {
    if (bound.is_undefined()) continue;
    const Expr excess = Expr::symbol(name) - bound;
    const Polynomial& below = excess.fraction().denominator();
    if (Region().signs(below) == kPlus) constraints_.push_back(excess.fraction().numerator());
  }
}

bool SignProver::is_positive(const Expr& e) { return proves(e, true); }
bool SignProver::is_nonnegative(const Expr& e) { return proves(e, false); }

Signs SignProver::signs(const Expr& e) {
  if (e.is_undefined()) return kAnySign;
  if (e.is_zero()) return kZero;
  if (is_positive(e)) return kPlus;
  if (is_negative(e)) return kMinus;
  if (is_nonnegative(e)) return kNonnegative;
  if (is_nonpositive(e)) return kNonpositive;
  return kAnySign;
}

bool SignProver::proves(const Expr& e, bool strict) {
  if (e.is_undefined() || nesting_ > kMaxNesting) return false;
  const Polynomial& above = e.fraction().numerator();
  const Polynomial& below = e.fraction().denominator();
  if (proves(below, true)) return proves(above, strict);
  return proves(-below, true) && proves(-above, strict);
}

bool SignProver::proves(const Polynomial& p, bool strict) {
  ++nesting_;
  if (nesting_ == 1) budget_ = kBudget;
  bool proved = false;
  if (is_defined(p)) {
    Region region;
    note_signs(p, region);
    proved = is_within(region.signs(p), strict ? kPlus : kNonnegative) ||
             (!p.is_constant() && proves_within({p, strict, constraints_, region}, kMaxKernels));
  }
  --nesting_;
  return proved;
}

/// log and powers have a real value only where their argument is positive.
bool SignProver::is_defined(const Polynomial& p) {
  return std::all_of(p.variables().begin(), p.variables().end(), [this](const Atom* atom) {
    if (!is_kernel(atom)) return true;
    for (const Expr& argument : atom->arguments) {
      const Polynomial& below = argument.fraction().denominator();
      if (!is_defined(argument.fraction().numerator()) || !is_defined(below)) return false;
      if (!proves(below, true) && !proves(-below, true)) return false;
    }
    if (atom->kind == AtomKind::log) return is_positive(atom->arguments[0]);
    if (atom->kind != AtomKind::pow) return true;
    return is_positive(atom->arguments[0]) ||
           (is_nonnegative(atom->arguments[0]) && is_positive(atom->arguments[1]));
  });
}

void SignProver::note_signs(const Polynomial& p, Region& region) {
  for (const Atom* atom : p.variables()) {
    if (is_kernel(atom)) region.set(atom, kernel_signs(atom));
  }
}

Signs SignProver::kernel_signs(const Atom* kernel) {
  for (const auto& [atom, signs] : kernel_signs_) {
    if (atom == kernel) return signs;
  }
  if (nesting_ > kMaxNesting) return kAnySign;
  const Signs signs = compute_kernel_signs(kernel);
  kernel_signs_.emplace_back(kernel, signs);
  return signs;
}

/// The sign of a maximum is the largest of its arguments' signs, that of a minimum the smallest.
Signs SignProver::extremum_signs(const Atom* kernel) {
  const Signs best = kernel->kind == AtomKind::max ? kPlus : kMinus;
  Signs total = 0;
  bool is_best = false;
  bool is_at_least_zero = false;
  for (const Expr& argument : kernel->arguments) {
    const Signs s = signs(argument);
    is_best = is_best || s == best;
    is_at_least_zero = is_at_least_zero || is_within(s, kZero | best);
    total |= s;
  }
  if (is_best) return best;
  return is_at_least_zero ? total & (kZero | best) : total;
}

Signs SignProver::compute_kernel_signs(const Atom* kernel) {
  const Expr& first = kernel->arguments.front();
  switch (kernel->kind) {
    case AtomKind::symbol:
      return kPlus;
    case AtomKind::max:
    case AtomKind::min:
      return extremum_signs(kernel);
    case AtomKind::ceil:
      if (is_positive(first)) return kPlus;
      return is_nonnegative(first) ? kNonnegative : is_nonpositive(first) ? kNonpositive : kAnySign;
    case AtomKind::floor:
      if (is_negative(first)) return kMinus;
      if (is_nonnegative(first - 1)) return kPlus;
      return is_nonnegative(first) ? kNonnegative : kAnySign;
    case AtomKind::log:
      return signs(first - 1);
    case AtomKind::pow:
      return is_positive(first) ? kPlus : is_nonnegative(first) ? kNonnegative : kAnySign;
  }
  return kAnySign;
}

bool SignProver::proves_within(Claim claim, int depth) {
  if (budget_ <= 0) return false;
  note_signs(claim.p, claim.region);
  for (const Polynomial& h : claim.constraints) note_signs(h, claim.region);
  if (is_within(claim.region.signs(claim.p), claim.strict ? kPlus : kNonnegative)) return true;
  const Atom* kernel = depth > 0 ? outermost_kernel(claim) : nullptr;
  if (kernel == nullptr) return proves_by_roots(std::move(claim));
  if (is_number(*kernel)) return proves_by_enclosure(kernel, claim, depth);
  if (kernel->root >= 2 && proves_by_raising(kernel, claim, depth)) return true;
  if (kernel->kind == AtomKind::pow) return proves_by_size(kernel, claim, depth);
  return kernel->kind == AtomKind::max || kernel->kind == AtomKind::min
             ? proves_by_order(kernel, claim, depth)
             : proves_by_rounding(kernel, claim, depth);
}

/// low <= kernel <= high: kernel = (low + w·high')/(1 + w) with w >= 0 and high' just above high.
bool SignProver::proves_by_enclosure(const Atom* kernel, const Claim& claim, int depth) {
  const std::optional<Interval> value = enclose(Polynomial(kernel), {});
  if (!value) return proves_opaquely(kernel, claim, depth);
  const Rational high = value->is_exact() ? value->high : value->high + (value->high - value->low);
  Claim inside = claim;
  const Polynomial w(inside.region.fresh(kNonnegative));
  const Integer scale = denominator(value->low) * denominator(high);
  const Polynomial above(Integer(numerator(value->low) * denominator(high)));
  const Polynomial slope(Integer(numerator(high) * denominator(value->low)));
  return proves_within(replaced(inside, kernel, above + slope * w, Polynomial(scale) * (one() + w)),
                       depth - 1);
}

/// max: one case for each argument, in which it is the largest.
bool SignProver::proves_by_order(const Atom* kernel, const Claim& claim, int depth) {
  const bool is_max = kernel->kind == AtomKind::max;
  const std::vector<Expr>& arguments = kernel->arguments;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Fraction& chosen = arguments[i].fraction();
    if (!proves(chosen.denominator(), true)) return false;
    Claim inside = replaced(claim, kernel, chosen.numerator(), chosen.denominator());
    for (std::size_t j = 0; j < arguments.size(); ++j) {
      if (j == i) continue;
      const Expr lead = is_max ? arguments[i] - arguments[j] : arguments[j] - arguments[i];
      if (!proves(lead.fraction().denominator(), true)) continue;
      inside.constraints.insert(inside.constraints.begin(), lead.fraction().numerator());
    }
    if (!proves_within(std::move(inside), depth - 1)) return false;
  }
  return true;
}

/// ceil(g) = g + u and floor(g) = g - u with u = w/(1 + w), w >= 0; or 1 + z where it is >= 1.
bool SignProver::proves_by_rounding(const Atom* kernel, const Claim& claim, int depth) {
  const Fraction& g = kernel->arguments.front().fraction();
  if (proves(g.denominator(), true)) {
    Claim inside = claim;
    const Polynomial w(inside.region.fresh(kNonnegative));
    const Polynomial slack = kernel->kind == AtomKind::ceil ? w : -w;
    const Polynomial above = g.numerator() * (one() + w) + g.denominator() * slack;
    if (proves_within(replaced(inside, kernel, above, g.denominator() * (one() + w)), depth - 1)) {
      return true;
    }
  }
  return proves_opaquely(kernel, claim, depth);
}

/// c1·K + c0 >= 0 with K^q = g: for c1 > 0 where K >= -c0/c1, which c1^q·g >= (-c0)^q is enough
/// for; for c1 < 0 where K <= c0/-c1.
bool SignProver::proves_by_raising(const Atom* kernel, const Claim& claim, int depth) {
  const Expr g = pow(make_expr(Polynomial(kernel)), kernel->root);
  const std::vector<Polynomial> c = claim.p.coefficients_in(kernel);
  if (c.size() != 2 || kernel->root > kMaxRaised || g.is_undefined()) return false;
  const Polynomial& above = g.fraction().numerator();
  const Polynomial& below = g.fraction().denominator();
  const Signs slope = claim.region.signs(c[1]);
  if ((slope != kPlus && slope != kMinus) || kernel_signs(kernel) != kPlus) return false;
  if (!proves(below, true)) return false;
  Claim inside = claim;
  if (slope == kPlus) {
    inside.p = above * pow(c[1], kernel->root) - below * pow(-c[0], kernel->root);
    return proves_within(std::move(inside), depth - 1);
  }
  inside.p = c[0];
  inside.strict = false;
  if (!proves_within(inside, depth - 1)) return false;
  inside.p = below * pow(c[0], kernel->root) - above * pow(-c[1], kernel->root);
  inside.strict = claim.strict;
  return proves_within(std::move(inside), depth - 1);
}

/// b^e lies above or below 1 as log(b)·e is positive or negative: 1 + z or 1/(1 + z), z >= 0.
bool SignProver::proves_by_size(const Atom* kernel, const Claim& claim, int depth) {
  const Signs exponent = product(signs(kernel->arguments[0] - 1), signs(kernel->arguments[1]));
  const bool is_large = is_within(exponent, kNonnegative);
  if ((!is_large && !is_within(exponent, kNonpositive)) || kernel_signs(kernel) != kPlus) {
    return proves_opaquely(kernel, claim, depth);
  }
  Claim inside = claim;
  const Polynomial z(inside.region.fresh((exponent & kZero) != 0 ? kNonnegative : kPlus));
  const Polynomial size = one() + z;
  return proves_within(replaced(inside, kernel, is_large ? size : one(), is_large ? one() : size),
                       depth - 1);
}

/// The kernel as a variable of which the sign is known, and that an integer > 0 is >= 1.
bool SignProver::proves_opaquely(const Atom* kernel, const Claim& claim, int depth) {
  Claim inside = claim;
  const Signs signs = kernel_signs(kernel);
  const bool is_integer = kernel->kind == AtomKind::ceil || kernel->kind == AtomKind::floor;
  Polynomial value(inside.region.fresh(is_integer && signs == kPlus ? kNonnegative : signs));
  if (is_integer && signs == kPlus) value = value + one();
  return proves_within(replaced(inside, kernel, value, one()), depth - 1);
}

/// x = t^q turns every pow(x, p/q) into a whole power of t.
bool SignProver::proves_by_roots(Claim claim) {
  for (std::vector<SymbolRoot> roots = symbol_roots(claim); !roots.empty();
       roots = symbol_roots(claim)) {
    const Atom* symbol = roots.front().symbol;
    Integer degree = 1;
    for (const SymbolRoot& root : roots) {
      if (root.symbol == symbol) degree = lcm(degree, Integer(denominator(root.exponent)));
    }
    const Polynomial t(claim.region.fresh(kPlus));
    for (const SymbolRoot& root : roots) {
      if (root.symbol != symbol) continue;
      const Integer exponent = numerator(root.exponent) * (degree / denominator(root.exponent));
      const Polynomial power = pow(t, static_cast<std::uint32_t>(abs(exponent)));
      claim =
          replaced(claim, root.kernel, exponent > 0 ? power : one(), exponent > 0 ? one() : power);
    }
    claim = replaced(claim, symbol, pow(t, static_cast<std::uint32_t>(degree)), one());
  }
  return is_proved(claim, budget_);
}

}  // namespace ridgepoint::symbolic::detail
