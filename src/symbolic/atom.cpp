// SPDX-License-Identifier: Apache-2.0
#include "symbolic/atom.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <utility>

#include "symbolic/fraction.hpp"
#include "symbolic/text.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>{}(text);
  }
};

/// Text identifies an atom: it reads back as the same function, and no kernel's text is a name.
class AtomTable {
 public:
  const Atom* find(std::string_view text) const {
    const std::shared_lock lock(mutex_);
    const auto found = atoms_.find(text);
    return found == atoms_.end() ? nullptr : found->second.get();
  }

  const Atom* insert(Atom atom) {
    const std::unique_lock lock(mutex_);
    std::unique_ptr<const Atom>& slot = atoms_[atom.text];
    if (!slot) slot = std::make_unique<const Atom>(std::move(atom));
    return slot.get();
  }

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, std::unique_ptr<const Atom>, TextHash, std::equal_to<>> atoms_;
};

AtomTable& table() {
  static auto* const atoms = new AtomTable;  // never destroyed: static Exprs may outlive it
  return *atoms;
}

bool kernel_is_positive(AtomKind kind, const std::vector<Expr>& arguments) {
  const auto positive = [](const Expr& e) { return is_surely_positive(e); };
  switch (kind) {
    case AtomKind::symbol:
      return true;
    case AtomKind::pow:
    case AtomKind::ceil:
      return positive(arguments[0]);
    case AtomKind::max:
      return std::any_of(arguments.begin(), arguments.end(), positive);
    case AtomKind::min:
      return std::all_of(arguments.begin(), arguments.end(), positive);
    case AtomKind::floor:
    case AtomKind::log:
      return false;
  }
  return false;
}

std::uint32_t root_index(AtomKind kind, const std::vector<Expr>& arguments) {
  if (kind != AtomKind::pow) return 0;
  const Fraction& exponent = arguments[1].fraction();
  const Polynomial& over = exponent.denominator();
  if (exponent.numerator().content() != 1) return 0;
  const Integer q = over.content();
  return q > 1 && q <= kMaxRoot ? static_cast<std::uint32_t>(q) : 0;
}

const Atom* variable_below(const std::vector<Expr>& arguments, std::uint32_t root) {
  const Expr exponent = arguments[1] * Expr(root);
  if (!exponent.is_constant()) return intern_kernel(AtomKind::pow, {arguments[0], exponent});
  const Polynomial& p = arguments[0].fraction().numerator();
  const bool is_variable = arguments[0].fraction().denominator().is_one() && p.is_monomial() &&
                           p.total_degree() == 1 && p.leading_coefficient() == 1;
  return is_variable ? p.variables().front() : nullptr;
}

bool is_positive_sum(const Polynomial& p) {
  return std::all_of(p.terms().begin(), p.terms().end(),
                     [](const Term& term) { return term.coefficient > 0; }) &&
         std::all_of(p.variables().begin(), p.variables().end(),
                     [](const Atom* atom) { return atom->surely_positive; });
}

}  // namespace

const Atom* intern_symbol(std::string_view name) {
  if (const Atom* atom = table().find(name)) return atom;
  return table().insert({AtomKind::symbol, std::string(name), {}, true});
}

const Atom* intern_kernel(AtomKind kind, std::vector<Expr> arguments) {
  std::string text = kernel_text(kind, arguments);
  if (const Atom* atom = table().find(text)) return atom;
  const bool positive = kernel_is_positive(kind, arguments);
  const std::uint32_t root = root_index(kind, arguments);
  const Atom* below = root != 0 ? variable_below(arguments, root) : nullptr;
  return table().insert({kind, std::move(text), std::move(arguments), positive, root, below});
}

bool precedes(const Atom* a, const Atom* b) {
  const bool a_is_symbol = a->kind == AtomKind::symbol;
  const bool b_is_symbol = b->kind == AtomKind::symbol;
  if (a_is_symbol != b_is_symbol) return a_is_symbol;
  return a != b && a->text < b->text;
}

bool is_surely_positive(const Atom* atom) { return atom->surely_positive; }

bool is_surely_positive(const Expr& expr) {
  if (expr.is_undefined() || expr.is_zero()) return false;
  return is_positive_sum(expr.fraction().numerator()) &&
         is_positive_sum(expr.fraction().denominator());
}

bool is_surely_integer(const Expr& expr) {
  if (!expr.fraction().denominator().is_one()) return false;
  const auto& variables = expr.fraction().numerator().variables();
  return std::all_of(variables.begin(), variables.end(), [](const Atom* atom) {
    return atom->kind == AtomKind::ceil || atom->kind == AtomKind::floor;
  });
}

}  // namespace ridgepoint::symbolic::detail
