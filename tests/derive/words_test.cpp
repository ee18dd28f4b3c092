// SPDX-License-Identifier: Apache-2.0
#include "derive/words.hpp"

#include <gtest/gtest.h>

#include "derive/h100.hpp"

namespace ridgepoint::derive {
namespace {

using symbolic::Expr;
using Entry = cost::Entry<Expr>;

std::vector<Entry> product() {
  const Expr b = Expr::symbol("B");
  const Expr d = Expr::symbol("D");
  using cost::Action;
  using cost::Kind;
  return {{Action::read, "X", Kind::activations, {b, Expr(1), d}, 0, 2 * b * d},
          {Action::read, "W", Kind::weights, {d, d + 1}, 0, 2 * d * (d + 1)},
          {Action::compute, "Y = X·W", Kind::activations, {}, 2 * b * d, 0},
          {Action::compute, "Y = act(X)·W", Kind::activations, {}, 2 * b * d, 0}};
}

TEST(ShapeWords, LeaveOutExtentsOfOneAndKeepSumsTogether) {
  EXPECT_EQ(shape_words(product()[0].shape), "B×D");
  EXPECT_EQ(shape_words(product()[1].shape), "D×(D + 1)");
  EXPECT_EQ(shape_words({Expr(1)}), "1");
}

TEST(StepWords, GiveShapesToAPlainProductOnly) {
  const std::vector<Entry> ledger = product();
  EXPECT_EQ(step_words(ledger[0], ledger), "Read X (B×D) from HBM");
  EXPECT_EQ(step_words(ledger[2], ledger), "Compute Y = X (B×D) @ W (D×(D + 1))");
  EXPECT_EQ(step_words(ledger[3], ledger), "Compute Y = act(X)·W");
}

TEST(PathWords, ReadAsTheOptionOfTheCommandLine) {
  const symbolic::Path path = symbolic::parse_path("D=c*B, c->oo").value();
  EXPECT_EQ(path_words(path), "D = B*c, c -> oo");
}

}  // namespace
}  // namespace ridgepoint::derive
