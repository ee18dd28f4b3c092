// SPDX-License-Identifier: Apache-2.0
// Products and exact quotients, over packed monomials where they fit into 128 bits.
#include <algorithm>
#include <cassert>
#include <queue>
#include <utility>

#include "symbolic/polynomial.hpp"
#include "symbolic/polynomial_key.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

template <class Keys>
struct KeyedTerm {
  typename Keys::Key key;
  const Integer* coefficient;
};

template <class Keys>
std::vector<KeyedTerm<Keys>> pack(const Keys& keys, const Polynomial& p,
                                  const std::vector<std::size_t>& positions) {
  std::vector<KeyedTerm<Keys>> packed;
  packed.reserve(p.terms().size());
  for (const Term& term : p.terms())
    packed.push_back({keys.pack(term.exponents, positions), &term.coefficient});
  return packed;
}

template <class Keys>
std::vector<Term> multiply(const Keys& keys, const std::vector<KeyedTerm<Keys>>& a,
                           const std::vector<KeyedTerm<Keys>>& b) {
  struct Pair {
    typename Keys::Key key;
    std::uint32_t left, right;
  };
  std::vector<Pair> pairs;
  pairs.reserve(a.size() * b.size());
  for (std::uint32_t i = 0; i < a.size(); ++i)
    for (std::uint32_t j = 0; j < b.size(); ++j)
      pairs.push_back({keys.multiply(a[i].key, b[j].key), i, j});
  if (a.size() > 1 && b.size() > 1)
    std::sort(pairs.begin(), pairs.end(),
              [](const Pair& x, const Pair& y) { return Keys::before(x.key, y.key); });
  std::vector<Term> terms;
  for (auto pair = pairs.begin(); pair != pairs.end();) {
    const auto& key = pair->key;
    Integer sum = 0;
    for (; pair != pairs.end() && pair->key == key; ++pair)
      sum += *a[pair->left].coefficient * *b[pair->right].coefficient;
    if (sum != 0) terms.push_back({keys.unpack(key), std::move(sum)});
  }
  return terms;
}

/// Heap division: the products quotient[i]·divisor[j] of one key meet at the top of the heap.
template <class Keys>
class Division {
 public:
  Division(const Keys& keys, const std::vector<KeyedTerm<Keys>>& dividend,
           const std::vector<KeyedTerm<Keys>>& divisor)
      : keys_(keys), dividend_(dividend), divisor_(divisor) {}

  std::optional<std::vector<Term>> run() {
    std::size_t next = 0;
    while (next < dividend_.size() || !heap_.empty()) {
      const bool from_dividend =
          heap_.empty() ||
          (next < dividend_.size() && !Keys::before(heap_.top().key, dividend_[next].key));
      const Key key = from_dividend ? dividend_[next].key : heap_.top().key;
      Integer rest = from_dividend ? *dividend_[next++].coefficient : Integer(0);
      take_products(key, rest);
      if (rest != 0 && !add_quotient_term(key, rest)) return std::nullopt;
    }
    return std::move(terms_);
  }

 private:
  using Key = typename Keys::Key;
  struct Product {
    Key key;
    std::uint32_t quotient, divisor;
    friend bool operator<(const Product& a, const Product& b) { return Keys::before(b.key, a.key); }
  };

  void take_products(const Key& key, Integer& rest) {
    while (!heap_.empty() && heap_.top().key == key) {
      const Product product = heap_.top();
      heap_.pop();
      rest -= terms_[product.quotient].coefficient * *divisor_[product.divisor].coefficient;
      push(product.quotient, product.divisor + 1);
    }
  }

  bool add_quotient_term(const Key& key, const Integer& rest) {
    if (!keys_.divides(divisor_.front().key, key)) return false;
    Integer quotient;
    Integer remainder;
    divide_qr(rest, *divisor_.front().coefficient, quotient, remainder);
    if (remainder != 0) return false;
    quotient_keys_.push_back(keys_.divide(key, divisor_.front().key));
    terms_.push_back({keys_.unpack(quotient_keys_.back()), std::move(quotient)});
    push(static_cast<std::uint32_t>(terms_.size() - 1), 1);
    return true;
  }

  void push(std::uint32_t quotient, std::uint32_t divisor) {
    if (divisor < divisor_.size())
      heap_.push(
          {keys_.multiply(quotient_keys_[quotient], divisor_[divisor].key), quotient, divisor});
  }

  const Keys& keys_;
  const std::vector<KeyedTerm<Keys>>& dividend_;
  const std::vector<KeyedTerm<Keys>>& divisor_;
  std::vector<Key> quotient_keys_;
  std::vector<Term> terms_;
  std::priority_queue<Product> heap_;
};

template <class Keys>
Polynomial product(const Keys& keys, const Polynomial& a, const Polynomial& b,
                   JointVariables joint) {
  auto terms = multiply(keys, pack(keys, a, joint.from_a), pack(keys, b, joint.from_b));
  return Polynomial::from_sorted(std::move(joint.variables), std::move(terms));
}

/// Every term is shifted by the same monomial, so the order stays.
Polynomial product_with_monomial(const Polynomial& a, const Polynomial& b) {
  JointVariables joint = join_variables(a.variables(), b.variables());
  std::vector<Term> terms;
  terms.reserve(a.terms().size() * b.terms().size());
  for (const Term& s : a.terms())
    for (const Term& t : b.terms()) {
      Exponents exponents(joint.variables.size());
      for (std::size_t i = 0; i < s.exponents.size(); ++i)
        exponents[joint.from_a[i]] = s.exponents[i];
      for (std::size_t i = 0; i < t.exponents.size(); ++i)
        exponents[joint.from_b[i]] += t.exponents[i];
      terms.push_back({std::move(exponents), s.coefficient * t.coefficient});
    }
  return Polynomial::from_sorted(std::move(joint.variables), std::move(terms));
}

template <class Keys>
std::optional<Polynomial> quotient(const Keys& keys, const Polynomial& a, const Polynomial& b,
                                   JointVariables joint) {
  const auto dividend = pack(keys, a, joint.from_a);
  const auto divisor = pack(keys, b, joint.from_b);
  auto terms = Division<Keys>(keys, dividend, divisor).run();
  if (!terms) return std::nullopt;
  return Polynomial::from_sorted(std::move(joint.variables), std::move(*terms));
}

std::optional<Polynomial> quotient_by_integer(const Polynomial& a, const Integer& divisor) {
  const auto leaves_rest = [&](const Term& term) { return term.coefficient % divisor != 0; };
  if (std::any_of(a.terms().begin(), a.terms().end(), leaves_rest)) return std::nullopt;
  return divide_by_integer(a, divisor);
}

/// A necessary condition, checked before any arithmetic: no variable has a higher degree in b.
bool degrees_allow(const Polynomial& a, const Polynomial& b) {
  return b.total_degree() <= a.total_degree() &&
         std::all_of(b.variables().begin(), b.variables().end(),
                     [&](const Atom* v) { return b.degree(v) <= a.degree(v); });
}

}  // namespace

Polynomial operator*(const Integer& factor, const Polynomial& a) {
  if (factor == 0) return {};
  Polynomial scaled = a;
  if (factor != 1)
    for (Term& term : scaled.terms_) term.coefficient *= factor;
  return scaled;
}

Polynomial operator*(const Polynomial& a, const Polynomial& b) {
  if (a.is_zero() || b.is_zero()) return {};
  if (a.is_constant()) return a.leading_coefficient() * b;
  if (b.is_constant()) return b.leading_coefficient() * a;
  if (a.is_monomial() || b.is_monomial()) return product_with_monomial(a, b);
  JointVariables joint = join_variables(a.variables(), b.variables());
  const std::size_t count = joint.variables.size();
  if (PackedKeys::fits(count, std::uint64_t{a.total_degree()} + b.total_degree()))
    return product(PackedKeys(count), a, b, std::move(joint));
  return product(PlainKeys(count), a, b, std::move(joint));
}

std::optional<Polynomial> exact_quotient(const Polynomial& a, const Polynomial& b) {
  if (a.is_zero()) return a;
  if (b.is_constant()) return quotient_by_integer(a, b.leading_coefficient());
  if (!degrees_allow(a, b)) return std::nullopt;
  JointVariables joint = join_variables(a.variables(), b.variables());
  const std::size_t count = joint.variables.size();
  if (PackedKeys::fits(count, a.total_degree()))
    return quotient(PackedKeys(count), a, b, std::move(joint));
  return quotient(PlainKeys(count), a, b, std::move(joint));
}

Polynomial quotient(const Polynomial& a, const Polynomial& b) {
  std::optional<Polynomial> result = exact_quotient(a, b);
  assert(result.has_value());
  return *std::move(result);
}

}  // namespace ridgepoint::symbolic::detail
