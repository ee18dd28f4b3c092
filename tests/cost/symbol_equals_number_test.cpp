// SPDX-License-Identifier: Apache-2.0
// One formula, three readings: Expr, Count and double agree at every point.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cstdint>

#include "ridgepoint/core/count.hpp"
#include "ridgepoint/cost/mlp.hpp"
#include "ridgepoint/cost/step.hpp"
#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::cost {
namespace {

using symbolic::Expr;

/// Sizes by letter, as one scalar or another.
struct Sample {
  std::array<std::int64_t, 8> sizes;  // B, T, past, and five sizes of the operator
};

template <class N>
N at(const Sample& sample, std::size_t i) {
  return N(sample.sizes[i]);
}
template <>
Expr at<Expr>(const Sample&, std::size_t i) {
  constexpr std::array<const char*, 8> kLetters{"B", "T", "P", "a", "b", "c", "d", "e"};
  return Expr::symbol(kLetters[i]);
}

template <class N>
Shape<N> shape(const Sample& sample) {
  return {at<N>(sample, 0), at<N>(sample, 1), at<N>(sample, 1) + at<N>(sample, 2)};
}

/// Every operator of the module, built over its scalar from five sizes.
template <class N>
std::vector<Totals<N>> all_operators(const Sample& x) {
  const N a = at<N>(x, 3);
  const N b = at<N>(x, 4);
  const N c = at<N>(x, 5);
  const N d = at<N>(x, 6);
  const N e = at<N>(x, 7);
  const N weight = scalar<N>(byte_size(DataType::mxfp4));
  const N kv = scalar<N>(byte_size(DataType::fp8));
  const N two = N(2);
  const Shape<N> s = shape<N>(x);
  return {totals(Matmul<N>{a, b, weight, two, b}, s),
          totals(QkvProjection<N>{a, b, c, d, weight, two, kv, e}, s),
          totals(QkvProjection<N>{a, b, c, d, weight, two, kv, e, a, b}, s),
          totals(QkvProjection<N>{a, b, c, d, weight, two, kv, e, d, b, false}, s),
          totals(LmHead<N>{a, b, two, two, b}, s),
          totals(GatedMlp<N>{a, b, weight, two}, s),
          totals(PlainMlp<N>{a, b, weight, two}, s),
          totals(Attention<N>{a, b, c, two, kv, Pairs::causal}, s),
          totals(Attention<N>{a, b, c, two, kv, Pairs::full}, s),
          totals(Attention<N>{a, b, c, two, kv, Pairs::causal, d}, s),
          totals(WindowAttention<N>{a, b, c, two, kv, d, e}, s),
          totals(WindowAttention<N>{a, b, c, two, kv, d}, s),
          totals(PrefixAttention<N>{a, b, c, two, kv, d}, s),
          totals(LatentAttention<N>{a, b, c, two, kv}, s),
          totals(KvAppend<N>{a, b, two, kv}, s),
          totals(Elementwise<N>{a, b, c, two, two}, s),
          totals(SharedElementwise<N>{{a, b, c, two, two}, d}, s),
          totals(Embedding<N>{a, two, two}, s)};
}

Expr value_at(const Expr& formula, const Sample& x) {
  return symbolic::substitute(formula, {{"B", Expr(x.sizes[0])},
                                        {"T", Expr(x.sizes[1])},
                                        {"P", Expr(x.sizes[2])},
                                        {"a", Expr(x.sizes[3])},
                                        {"b", Expr(x.sizes[4])},
                                        {"c", Expr(x.sizes[5])},
                                        {"d", Expr(x.sizes[6])},
                                        {"e", Expr(x.sizes[7])}});
}

void expect_same(const Expr& symbol, const Count& count, double number, const Sample& x) {
  const Expr value = value_at(symbol, x);
  RC_ASSERT(count.is_valid());
  RC_ASSERT(value.is_constant());
  RC_ASSERT(value.to_double() == count.to_double());
  RC_ASSERT(number == count.to_double());
}

Sample sample() {
  Sample x{};
  for (std::size_t i = 0; i < x.sizes.size(); ++i) {
    x.sizes[i] = *rc::gen::inRange<std::int64_t>(i == 2 ? 0 : 1, 200);
  }
  return x;
}

// P is a positive symbol, the past may be 0: formulas are polynomials and piecewise minima, so the
// value at 0 is the value of the formula.
RC_GTEST_PROP(OneFormula, ReadsTheSameInExprCountAndDouble, ()) {
  const Sample x = sample();
  const auto formulas = all_operators<Expr>(x);
  const auto counts = all_operators<Count>(x);
  const auto numbers = all_operators<double>(x);
  for (std::size_t i = 0; i < formulas.size(); ++i) {
    expect_same(formulas[i].flops, counts[i].flops, numbers[i].flops, x);
    expect_same(formulas[i].weight_bytes, counts[i].weight_bytes, numbers[i].weight_bytes, x);
    expect_same(formulas[i].activation_bytes, counts[i].activation_bytes,
                numbers[i].activation_bytes, x);
    expect_same(formulas[i].kv_bytes, counts[i].kv_bytes, numbers[i].kv_bytes, x);
  }
}

RC_GTEST_PROP(Ledger, AddsUpToTheTotals, ()) {
  const Sample x = sample();
  const Shape<Count> s = shape<Count>(x);
  const QkvProjection<Count> op{
      at<Count>(x, 3), at<Count>(x, 4), at<Count>(x, 5), at<Count>(x, 6), 2, 2, 1, at<Count>(x, 7)};
  Totals<Count> sum;
  for (const Entry<Count>& entry : ledger(op, s)) {
    sum.flops += entry.flops;
    sum.add(entry.kind, entry.bytes);
  }
  RC_ASSERT(sum.flops == totals(op, s).flops);
  RC_ASSERT(sum.bytes() == totals(op, s).bytes());
}

}  // namespace
}  // namespace ridgepoint::cost
