// SPDX-License-Identifier: Apache-2.0
#include "symbolic/gcd_sparse.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace ridgepoint::symbolic::detail {
namespace {

/// The terms of each exponent in the main column.
std::vector<std::vector<std::size_t>> groups_of(const Image& skeleton, std::uint32_t degree) {
  std::vector<std::vector<std::size_t>> groups(degree + 1);
  for (std::size_t i = 0; i < skeleton.size(); ++i) groups[skeleton.row(i)[0]].push_back(i);
  return groups;
}

/// Solves Σ_j c_j·node_j^s = sums[s − 1], s = 1, 2, …, for as many c as nodes.
std::optional<std::vector<std::uint64_t>> solve_power_sums(const Field& field,
                                                           std::vector<std::uint64_t> nodes,
                                                           const std::vector<std::uint64_t>& sums) {
  const LagrangeBasis basis(field, nodes);
  if (!basis.nodes_are_distinct()) return std::nullopt;
  std::vector<std::uint64_t> solution;
  solution.reserve(nodes.size());
  for (std::size_t j = 0; j < nodes.size(); ++j) {
    const Dense polynomial = basis.polynomial(j);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < polynomial.size(); ++i)
      sum = field.add(sum, field.mul(polynomial[i], sums[i]));
    solution.push_back(field.mul(sum, field.inverse(nodes[j])));
  }
  return solution;
}

std::vector<std::size_t> columns_for(const Polynomial& p, const Polynomial& all,
                                     const std::vector<std::size_t>& column_of) {
  std::vector<std::size_t> columns;
  for (const Atom* variable : p.variables()) {
    const auto at = std::find(all.variables().begin(), all.variables().end(), variable);
    columns.push_back(column_of[static_cast<std::size_t>(at - all.variables().begin())]);
  }
  return columns;
}

}  // namespace

SparseGcd::SparseGcd(const SparseGcdProblem& problem, Budget& budget)
    : problem_(problem), budget_(budget) {
  const std::size_t count = problem.a.variables().size();
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::swap(order[0], order[problem.main]);
  // The last variables are interpolated over the most terms, so those of low degree come last.
  std::stable_sort(order.begin() + 1, order.end(), [&](std::size_t x, std::size_t y) {
    return problem.bounds[x] > problem.bounds[y];
  });
  column_of_.resize(count);
  for (std::size_t column = 0; column < count; ++column) {
    const std::size_t variable = order[column];
    column_of_[variable] = column;
    degrees_.push_back(problem.bounds[variable] +
                       problem.leading.degree(problem.a.variables()[variable]));
  }
}

std::optional<Polynomial> SparseGcd::next() {
  while (next_prime_ < kPrimeDistances.size() && budget_.spend(1)) {
    const Field field(prime(next_prime_++));
    if (modulus_ == 0) {
      if (!build(field)) continue;
      start_lifting(field);
      if (is_plausible()) return candidate();
    } else if (const auto coefficients = fit(field, reduced(field))) {
      if (!lift(field, *coefficients)) continue;
      modulus_ = 0;  // unless this candidate is right, start over with other points
      return candidate();
    }
  }
  return std::nullopt;
}

SparseGcd::Triple SparseGcd::reduced(const Field& field) const {
  const auto image = [&](const Polynomial& p) {
    return reduce(field, p, columns_for(p, problem_.a, column_of_), column_of_.size());
  };
  return {image(problem_.a), image(problem_.b), image(problem_.leading)};
}

SparseGcd::Triple SparseGcd::evaluated(const Field& field, const Triple& triple, std::size_t column,
                                       std::uint64_t value) const {
  return {evaluate_column(field, triple.a, column, value),
          evaluate_column(field, triple.b, column, value),
          evaluate_column(field, triple.leading, column, value)};
}

/// The skeleton, from a univariate image up to all variables.
bool SparseGcd::build(const Field& field) {
  const std::size_t count = column_of_.size();
  std::vector<std::uint64_t> point(count);
  for (std::uint64_t& value : point) value = points_.next(field);
  std::vector<Triple> stages(count);  // stages[k] has the columns 0…k
  stages[count - 1] = reduced(field);
  for (std::size_t k = count - 1; k > 0; --k)
    stages[k - 1] = evaluated(field, stages[k], k, point[k]);
  skeleton_ = Image{count, std::vector<std::uint32_t>(count * (degrees_[0] + 1)), {}};
  for (std::uint32_t e = 0; e <= degrees_[0]; ++e) {
    skeleton_.coefficients.push_back(0);
    skeleton_.row(e)[0] = e;
  }
  const auto start = fit(field, stages[0]);
  if (!start) return false;
  skeleton_.coefficients = *start;
  for (std::size_t k = 1; k < count; ++k)
    if (!extend(field, stages[k], k, point[k])) return false;
  return true;
}

/// Brings one more variable in: the skeleton's coefficients at `known` are there, the others come
/// from sparse interpolation at further values.
bool SparseGcd::extend(const Field& field, const Triple& triple, std::size_t column,
                       std::uint64_t known) {
  Coefficients nodes{known};
  std::vector<Coefficients> values{skeleton_.coefficients};
  while (nodes.size() <= degrees_[column]) {
    nodes.push_back(points_.next(field));
    auto more = fit(field, evaluated(field, triple, column, nodes.back()));
    if (!more) return false;
    values.push_back(std::move(*more));
  }
  return interpolate(field, column, nodes, values);
}

bool SparseGcd::interpolate(const Field& field, std::size_t column, const Coefficients& nodes,
                            const std::vector<Coefficients>& values) {
  const LagrangeBasis basis(field, nodes);
  if (!basis.nodes_are_distinct()) return false;
  std::vector<Dense> polynomials;
  polynomials.reserve(nodes.size());
  for (std::size_t j = 0; j < nodes.size(); ++j) polynomials.push_back(basis.polynomial(j));
  Image extended{skeleton_.columns, {}, {}};
  for (std::size_t term = 0; term < skeleton_.size(); ++term) {
    for (std::uint32_t e = 0; e < nodes.size(); ++e) {
      std::uint64_t coefficient = 0;
      for (std::size_t j = 0; j < nodes.size(); ++j)
        coefficient = field.add(coefficient, field.mul(values[j][term], polynomials[j][e]));
      if (coefficient == 0) continue;
      extended.exponents.insert(extended.exponents.end(), skeleton_.row(term),
                                skeleton_.row(term) + skeleton_.columns);
      extended.coefficients.push_back(coefficient);
      extended.row(extended.size() - 1)[column] = e;
    }
  }
  skeleton_ = std::move(extended);
  return budget_.spend(skeleton_.size() * nodes.size() * nodes.size());
}

/// The gcd of univariate images, scaled to the leading coefficient that the result has.
std::optional<Dense> SparseGcd::univariate(const Field& field, const Dense& a, const Dense& b,
                                           const Dense& leading) {
  if (a.empty() || b.empty() || leading.empty()) return std::nullopt;
  Dense image = gcd(field, a, b);
  if (image.size() != std::size_t{degrees_[0]} + 1) {
    if (image.size() <= degrees_[0]) {  // the bound was too high: what was found is no image of G
      degrees_[0] = static_cast<std::uint32_t>(image.size() - 1);
      modulus_ = 0;
    }
    return std::nullopt;
  }
  const std::uint64_t scale = field.mul(leading[0], field.inverse(image.back()));
  for (std::uint64_t& coefficient : image) coefficient = field.mul(coefficient, scale);
  return image;
}

/// The coefficients of the skeleton's monomials in the gcd of these images.
std::optional<SparseGcd::Coefficients> SparseGcd::fit(const Field& field, const Triple& triple) {
  const auto groups = groups_of(skeleton_, degrees_[0]);
  std::size_t samples = 0;
  for (const auto& group : groups) samples = std::max(samples, group.size());
  Coefficients point(skeleton_.columns);
  for (std::uint64_t& value : point) value = points_.next(field);
  PowerWalk walk_a(field, triple.a, point);
  PowerWalk walk_b(field, triple.b, point);
  PowerWalk walk_leading(field, triple.leading, point);
  std::vector<Coefficients> sums(groups.size());
  const std::size_t cost = triple.a.size() + triple.b.size() + triple.leading.size() +
                           std::size_t{degrees_[0]} * degrees_[0];
  for (std::size_t s = 0; s < samples; ++s) {
    if (!budget_.spend(cost)) return std::nullopt;
    const auto image = univariate(field, walk_a.next(), walk_b.next(), walk_leading.next());
    if (!image) return std::nullopt;
    for (std::size_t e = 0; e < groups.size(); ++e) {
      if (groups[e].empty() && (*image)[e] != 0) return std::nullopt;
      sums[e].push_back((*image)[e]);
    }
  }
  const Coefficients nodes = monomial_values(field, skeleton_, point);
  Coefficients coefficients(skeleton_.size());
  for (std::size_t e = 0; e < groups.size(); ++e) {
    Coefficients own;
    for (const std::size_t term : groups[e]) own.push_back(nodes[term]);
    const auto solution = solve_power_sums(field, own, sums[e]);
    if (!solution || !budget_.spend(own.size() * own.size())) return std::nullopt;
    for (std::size_t i = 0; i < own.size(); ++i) coefficients[groups[e][i]] = (*solution)[i];
  }
  return coefficients;
}

void SparseGcd::start_lifting(const Field& field) {
  modulus_ = field.prime();
  lifted_.clear();
  for (const std::uint64_t residue : skeleton_.coefficients) {
    Integer value = field.leave(residue);
    if (value * 2 > modulus_) value -= modulus_;
    lifted_.push_back(std::move(value));
  }
}

/// Chinese remainders. True when the new prime changes nothing: the lifting is complete.
bool SparseGcd::lift(const Field& field, const Coefficients& coefficients) {
  const std::uint64_t inverse = field.inverse(field.enter(modulus_));
  const Integer next_modulus = modulus_ * field.prime();
  bool stable = true;
  for (std::size_t i = 0; i < lifted_.size(); ++i) {
    const std::uint64_t difference = field.sub(coefficients[i], field.enter(lifted_[i]));
    if (difference == 0) continue;
    stable = false;
    lifted_[i] += modulus_ * field.leave(field.mul(difference, inverse));
    if (lifted_[i] * 2 > next_modulus) lifted_[i] -= next_modulus;
  }
  modulus_ = next_modulus;
  return stable;
}

/// Coefficients far smaller than the prime are hardly residues of larger ones.
bool SparseGcd::is_plausible() const {
  const Integer small = modulus_ / 4096;
  return std::all_of(lifted_.begin(), lifted_.end(),
                     [&](const Integer& value) { return abs(value) < small; });
}

Polynomial SparseGcd::candidate() const {
  std::vector<Term> terms;
  for (std::size_t i = 0; i < skeleton_.size(); ++i) {
    Exponents exponents(column_of_.size());
    for (std::size_t variable = 0; variable < column_of_.size(); ++variable)
      exponents[variable] = skeleton_.row(i)[column_of_[variable]];
    terms.push_back({std::move(exponents), lifted_[i]});
  }
  return {problem_.a.variables(), std::move(terms)};
}

}  // namespace ridgepoint::symbolic::detail
