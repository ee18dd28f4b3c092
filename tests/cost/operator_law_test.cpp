// SPDX-License-Identifier: Apache-2.0
// Laws of the further operators, and their formulas in three readings.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "ridgepoint/core/count.hpp"
#include "ridgepoint/cost/step.hpp"
#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::cost {
namespace {

using symbolic::Expr;

using Values = std::map<std::string, double, std::less<>>;

/// Every operator that has a power of no symbol, built from a scalar for each letter.
template <class N, class Letter>
std::vector<Totals<N>> operators(Letter at) {
  const N a = at("a");
  const N b = at("b");
  const N c = at("c");
  const N d = at("d");
  const N e = at("e");
  const N two = N(2);
  const N kv = scalar<N>(byte_size(DataType::fp8));
  const N w = scalar<N>(byte_size(DataType::mxfp4));
  const Shape<N> s{at("B"), at("T"), at("T") + at("P")};
  return {totals(ChunkedAttention<N>{a, b, c, two, kv, d}, s),
          totals(ChunkedAttention<N>{a, b, c, two, kv, d, e}, s),
          totals(CrossAttention<N>{a, b, c, two, kv, d}, s),
          totals(CrossKvProjection<N>{a, b, c, d, w, two, kv, e}, s),
          totals(EncoderAttention<N>{a, b, c, two}, s),
          totals(EncoderAttention<N>{a, b, c, two, true, d}, s),
          totals(CacheProjection<N>{a, b, w, two, kv, c}, s),
          totals(HeadwiseMatmul<N>{a, b, c, w, two, d}, s),
          totals(LatentAttention<N>{a, b, c, two, kv, Pairs::causal}, s),
          totals(LatentUpProjection<N>{a, b, c, d, w, two, kv}, s),
          totals(ExpandedLatentAttention<N>{a, b, c, d, two, kv}, s),
          totals(SparseIndexer<N>{a, b, c, two, kv, two}, s),
          totals(SparseLatentAttention<N>{a, b, c, d, two, kv}, s),
          totals(CausalConv<N>{a, b, w, two, two, c}, s),
          totals(SelectiveScan<N>{a, b, w, two, two}, s),
          totals(LinearAttention<N>{a, b, c, d, a, b, w, two, two, e}, s),
          totals(DeltaNet<N>{a, b, c, d, a, b, w, two, two, e}, s),
          totals(DeltaNet<N>{a, b, c, d, a, b, w, two, two, e, Scan::recurrent}, s),
          totals(GatedRecurrence<N>{a, b, w, two, two}, s),
          totals(GroupedMatmul<N>{a, b, c + d, d, N(1), w, two, e}, s),
          totals(Collective<N>{CollectiveKind::all_reduce, 8, a, two}, s),
          totals(Sampling<N>{a, two, two}, s)};
}

void expect_same(const Expr& symbol, const Count& count, double number,
                 const symbolic::Substitution& at) {
  const Expr value = symbolic::substitute(symbol, at);
  RC_ASSERT(count.is_valid());
  RC_ASSERT(value.is_constant());
  RC_ASSERT(value.to_double() == count.to_double());
  // The third of an inverse's FLOPs is a division: the rest is exact.
  RC_ASSERT(std::abs(number - count.to_double()) <= 1e-12 * std::abs(number));
}

RC_GTEST_PROP(FurtherOperators, ReadTheSameInExprCountAndDouble, ()) {
  Values values;
  symbolic::Substitution exact;
  for (const char* letter : {"B", "T", "P", "a", "b", "c", "d", "e"}) {
    const int value = *rc::gen::inRange(std::string_view(letter) == "P" ? 0 : 1, 200);
    values[letter] = value;
    exact.emplace(letter, Expr(value));
  }
  static const auto formulas = operators<Expr>([](const char* name) { return Expr::symbol(name); });
  const auto counts = operators<Count>(
      [&](const char* name) { return Count(static_cast<std::int64_t>(values.at(name))); });
  const auto numbers = operators<double>([&](const char* name) { return values.at(name); });
  for (std::size_t i = 0; i < formulas.size(); ++i) {
    expect_same(formulas[i].flops, counts[i].flops, numbers[i].flops, exact);
    expect_same(formulas[i].bytes(), counts[i].bytes(), numbers[i].bytes(), exact);
    expect_same(formulas[i].compulsory_bytes(), counts[i].compulsory_bytes(),
                numbers[i].compulsory_bytes(), exact);
    expect_same(formulas[i].network_bytes, counts[i].network_bytes, numbers[i].network_bytes,
                exact);
  }
}

// In Expr the power is (E − k)^n/E^n: n small enough for E^n to be a double.
RC_GTEST_PROP(DistinctExperts, ReadTheSameInExprAndDouble, ()) {
  const int experts = *rc::gen::inRange(1, 513);
  const int per_token = *rc::gen::inRange(1, experts + 1);
  const double tokens = *rc::gen::inRange(1, 100);
  const double number =
      distinct_experts(static_cast<double>(experts), static_cast<double>(per_token), tokens);
  const Expr n = Expr::symbol("n");
  const Result<double> symbol =
      symbolic::evaluate(distinct_experts(Expr(experts), Expr(per_token), n), {{"n", tokens}});
  RC_ASSERT(symbol.has_value());
  RC_ASSERT(std::abs(*symbol - number) <= 1e-11 * experts);
}

RC_GTEST_PROP(DistinctExperts, AreARationalWithinAMillionthOfAnExpert, ()) {
  const int experts = *rc::gen::inRange(1, 513);
  const int per_token = *rc::gen::inRange(1, experts + 1);
  const int tokens = *rc::gen::inRange(1, 20000);
  const double number = distinct_experts(
      static_cast<double>(experts), static_cast<double>(per_token), static_cast<double>(tokens));
  const Count count = distinct_experts(Count(experts), Count(per_token), Count(tokens));
  RC_ASSERT(std::abs(count.to_double() - number) <= 0.5 / (1 << 20) + 1e-12 * experts);
}

RC_GTEST_PROP(DistinctExperts, AreAtMostAllAndAtMostThePairsAndGrowWithTheTokens, ()) {
  const double experts = *rc::gen::inRange(1, 1025);
  const double per_token = *rc::gen::inRange(1, static_cast<int>(experts) + 1);
  const double tokens = *rc::gen::inRange(1, 100000);
  const double distinct = distinct_experts(experts, per_token, tokens);
  const double slack = 1e-12 * experts;
  RC_ASSERT(distinct <= min(experts, tokens * per_token) + slack);
  RC_ASSERT(distinct >= per_token - slack);
  RC_ASSERT(distinct_experts(experts, per_token, tokens + 1) >= distinct - slack);
}

TEST(DistinctExperts, OfMoreTokensThanAPowerCanTellApartAreAll) {
  EXPECT_EQ(distinct_experts(1024.0, 1.0, 1e12), 1024.0);
  EXPECT_EQ(distinct_experts(8.0, 8.0, 1.0), 8.0);
}

RC_GTEST_PROP(Pow, IsTheRepeatedProduct, ()) {
  const double base = *rc::gen::inRange(0, 1001) / 1000.0;
  const int exponent = *rc::gen::inRange(0, 3000);
  double product = 1;
  for (int i = 0; i < exponent; ++i) product *= base;
  RC_ASSERT(std::abs(pow(base, static_cast<double>(exponent)) - product) <=
            1e-12 * product + 1e-300);
}

struct Point {
  Shape<double> shape;
  double size;
};
Point point() {
  const double tokens = *rc::gen::inRange(1, 3000);
  const double past = *rc::gen::inRange(0, 9000);
  const double batch = *rc::gen::inRange(1, 300);
  const double size = *rc::gen::inRange(1, 5000);
  return {{batch, tokens, tokens + past}, size};
}

RC_GTEST_PROP(ChunkedAttention, NeverDoesMoreThanCausalAttention, ()) {
  const Point x = point();
  const auto chunked = totals(ChunkedAttention<double>{8, 2, 64, 2, 2, x.size}, x.shape);
  const auto causal = totals(Attention<double>{8, 2, 64, 2, 2}, x.shape);
  RC_ASSERT(chunked.flops <= causal.flops);
  RC_ASSERT(chunked.kv_bytes <= causal.kv_bytes);
}

RC_GTEST_PROP(SparseAttention, NeverDoesMoreThanLatentAttention, ()) {
  const Point x = point();
  const auto sparse = totals(SparseLatentAttention<double>{16, 512, 64, x.size, 2, 2}, x.shape);
  const auto full = totals(LatentAttention<double>{16, 512, 64, 2, 2, Pairs::causal}, x.shape);
  RC_ASSERT(sparse.flops <= full.flops);
  RC_ASSERT(sparse.kv_bytes <= full.kv_bytes);
}

RC_GTEST_PROP(RecurrentLayers, DoNotKnowTheContext, ()) {
  const Point x = point();
  Shape<double> longer = x.shape;
  longer.context += 1000;
  const DeltaNet<double> delta{32, 16, 128, 128, 64, 64, 4, 2, 4, 64};
  const LinearAttention<double> ssd{64, 8, 128, 64, 64, 192, 4, 2, 4, 128};
  RC_ASSERT(totals(delta, x.shape).bytes() == totals(delta, longer).bytes());
  RC_ASSERT(totals(delta, x.shape).flops == totals(delta, longer).flops);
  RC_ASSERT(totals(ssd, x.shape).bytes() == totals(ssd, longer).bytes());
  RC_ASSERT(totals(ssd, x.shape).state_bytes == 2 * x.shape.batch * 64 * 64 * 128 * 4);
}

RC_GTEST_PROP(LatentProjections, OfAPromptAreThoseOfItsDecodeSteps, ()) {
  const double tokens = *rc::gen::inRange(1, 2000);
  const CacheProjection<double> kv_a{7168, 576, 2, 2, 2};
  const HeadwiseMatmul<double> absorb{128, 128, 512, 2, 2};
  const Shape<double> prompt{3, tokens, tokens};
  const Shape<double> step{3, 1, tokens};
  RC_ASSERT(totals(kv_a, prompt).flops == tokens * totals(kv_a, step).flops);
  RC_ASSERT(totals(absorb, prompt).flops == tokens * totals(absorb, step).flops);
}

}  // namespace
}  // namespace ridgepoint::cost
