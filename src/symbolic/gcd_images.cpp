// SPDX-License-Identifier: Apache-2.0
#include "symbolic/gcd_images.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace ridgepoint::symbolic::detail {
namespace {

/// a becomes a multiple of itself modulo b, without a division.
void pseudo_remainder(const Field& field, Dense& a, const Dense& b) {
  while (a.size() >= b.size()) {
    const std::uint64_t above = a.back();
    const std::uint64_t below = b.back();
    const std::size_t shift = a.size() - b.size();
    a.pop_back();
    for (std::size_t i = 0; i < shift; ++i) a[i] = field.mul(a[i], below);
    for (std::size_t i = 0; i + 1 < b.size(); ++i)
      a[i + shift] = field.sub(field.mul(a[i + shift], below), field.mul(b[i], above));
    trim(a);
  }
}

std::uint32_t top_exponent(const Image& image, std::size_t column) {
  std::uint32_t top = 0;
  for (std::size_t i = 0; i < image.size(); ++i) top = std::max(top, image.row(i)[column]);
  return top;
}

/// Adds up the terms with equal exponents and drops those that vanish.
Image merged(const Field& field, const Image& image) {
  std::vector<std::size_t> order(image.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t n = image.columns;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::lexicographical_compare(image.row(a), image.row(a) + n, image.row(b),
                                        image.row(b) + n);
  });
  Image result{n, {}, {}};
  for (std::size_t i = 0; i < order.size();) {
    const std::uint32_t* row = image.row(order[i]);
    std::uint64_t sum = 0;
    for (; i < order.size() && std::equal(row, row + n, image.row(order[i])); ++i)
      sum = field.add(sum, image.coefficients[order[i]]);
    if (sum == 0) continue;
    result.exponents.insert(result.exponents.end(), row, row + n);
    result.coefficients.push_back(sum);
  }
  return result;
}

}  // namespace

void trim(Dense& p) {
  while (!p.empty() && p.back() == 0) p.pop_back();
}

Dense gcd(const Field& field, Dense a, Dense b) {
  if (a.size() < b.size()) std::swap(a, b);
  while (b.size() > 1) {
    pseudo_remainder(field, a, b);
    std::swap(a, b);
  }
  return b.empty() ? a : b;
}

Image reduce(const Field& field, const Polynomial& p, const std::vector<std::size_t>& columns,
             std::size_t count) {
  Image image{count, std::vector<std::uint32_t>(count * p.terms().size()), {}};
  image.coefficients.reserve(p.terms().size());
  for (const Term& term : p.terms()) {
    std::uint32_t* row = image.row(image.size());
    for (std::size_t i = 0; i < columns.size(); ++i) row[columns[i]] = term.exponents[i];
    image.coefficients.push_back(field.enter(term.coefficient));
  }
  return image;
}

std::vector<std::uint64_t> powers(const Field& field, std::uint64_t x, std::uint32_t degree) {
  std::vector<std::uint64_t> result{field.one()};
  result.reserve(degree + 1);
  for (std::uint32_t i = 0; i < degree; ++i) result.push_back(field.mul(result.back(), x));
  return result;
}

void scale_by_power(const Field& field, Image& image, std::size_t column, std::uint64_t value) {
  const auto table = powers(field, value, top_exponent(image, column));
  for (std::size_t i = 0; i < image.size(); ++i)
    image.coefficients[i] = field.mul(image.coefficients[i], table[image.row(i)[column]]);
}

Image evaluate_column(const Field& field, Image image, std::size_t column, std::uint64_t value) {
  scale_by_power(field, image, column, value);
  for (std::size_t i = 0; i < image.size(); ++i) image.row(i)[column] = 0;
  return merged(field, image);
}

std::vector<std::uint64_t> monomial_values(const Field& field, const Image& image,
                                           const std::vector<std::uint64_t>& point) {
  std::vector<std::uint64_t> values(image.size(), field.one());
  for (std::size_t column = 1; column < image.columns; ++column) {
    const std::uint32_t top = top_exponent(image, column);
    if (top == 0) continue;
    const auto table = powers(field, point[column], top);
    for (std::size_t i = 0; i < image.size(); ++i)
      values[i] = field.mul(values[i], table[image.row(i)[column]]);
  }
  return values;
}

PowerWalk::PowerWalk(const Field& field, const Image& image,
                     const std::vector<std::uint64_t>& point)
    : field_(field),
      image_(image),
      factors_(monomial_values(field, image, point)),
      values_(image.coefficients),
      length_(std::size_t{top_exponent(image, 0)} + 1) {}

const Dense& PowerWalk::next() {
  sum_.assign(length_, 0);
  for (std::size_t i = 0; i < values_.size(); ++i) {
    values_[i] = field_.mul(values_[i], factors_[i]);
    std::uint64_t& slot = sum_[image_.row(i)[0]];
    slot = field_.add(slot, values_[i]);
  }
  trim(sum_);
  return sum_;
}

LagrangeBasis::LagrangeBasis(const Field& field, std::vector<std::uint64_t> nodes)
    : field_(field), nodes_(std::move(nodes)), product_{field.one()} {
  for (const std::uint64_t node : nodes_) {
    product_.push_back(product_.back());
    for (std::size_t i = product_.size() - 2; i > 0; --i)
      product_[i] = field.sub(product_[i - 1], field.mul(product_[i], node));
    product_[0] = field.sub(0, field.mul(product_[0], node));
  }
  std::vector<std::uint64_t> sorted = nodes_;
  std::sort(sorted.begin(), sorted.end());
  distinct_ = std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
}

Dense LagrangeBasis::polynomial(std::size_t j) const {
  const std::uint64_t node = nodes_[j];
  Dense quotient(nodes_.size());
  std::uint64_t carry = 0;  // synthetic division by (z − node)
  for (std::size_t i = nodes_.size(); i-- > 0;) {
    carry = field_.add(product_[i + 1], field_.mul(carry, node));
    quotient[i] = carry;
  }
  std::uint64_t value = 0;
  for (std::size_t i = quotient.size(); i-- > 0;)
    value = field_.add(field_.mul(value, node), quotient[i]);
  const std::uint64_t scale = field_.inverse(value);
  for (std::uint64_t& coefficient : quotient) coefficient = field_.mul(coefficient, scale);
  return quotient;
}

}  // namespace ridgepoint::symbolic::detail
