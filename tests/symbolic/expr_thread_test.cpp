// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <string>
#include <thread>

#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::symbolic {
namespace {

/// New symbols and kernels, and sums with an expression that all threads share.
std::string derive(const Expr& shared, int rounds) {
  Expr sum;
  for (int i = 0; i < rounds; ++i) {
    const Expr own = Expr::symbol("t" + std::to_string(i));
    sum += ceil(own / 16) * pow(1 - 1 / own, shared) / (shared + own) + sqrt(own);
    sum = substitute(sum, {{"t" + std::to_string(i), own + 1}}) - shared;
    sum = *differentiate(shared / (shared + own), "S") + own;
  }
  return to_text(sum) + to_text(sum * shared / (sum + 1));
}

TEST(Threads, ShareExpressionsAndTheTableOfAtoms) {
  const Expr S = Expr::symbol("S");
  const Expr T = Expr::symbol("T");
  const Expr shared = S * T / (S + T) + max(S, T);
  std::array<std::string, 4> answers;
  std::array<std::thread, 4> threads;
  for (std::size_t i = 0; i < threads.size(); ++i)
    threads[i] = std::thread([&answers, &shared, i] {
      // max has no derivative: differentiate only the smooth part
      const Expr smooth = substitute(shared, {{"T", Expr(2)}}) - max(Expr::symbol("S"), Expr(2));
      answers[i] = derive(smooth, 20) + to_text(shared * shared);
    });
  for (std::thread& thread : threads) thread.join();
  for (const std::string& answer : answers) EXPECT_EQ(answer, answers[0]);
  EXPECT_FALSE(answers[0].empty());
}

}  // namespace
}  // namespace ridgepoint::symbolic
