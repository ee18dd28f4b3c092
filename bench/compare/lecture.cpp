// SPDX-License-Identifier: Apache-2.0
// The lecture's part of the algebra, timed here and printed for SymPy to do again: one line a task,
// name, operation, expression, argument, answer, first time and mean of later times in µs, tabs in
// between. The expressions come from the ledgers, so both sides work on the same formulas.
#include <fmt/format.h>

#include <chrono>
#include <string>
#include <vector>

#include "ridgepoint/cost/attention.hpp"
#include "ridgepoint/cost/matmul.hpp"
#include "ridgepoint/cost/mlp.hpp"
#include "ridgepoint/cost/transformer.hpp"
#include "ridgepoint/symbolic/parse.hpp"

namespace {

using namespace ridgepoint;
using symbolic::Expr;

Expr symbol(const char* name) { return Expr::symbol(name); }

/// A quotient before it is simplified: SymPy gets the text, we divide.
struct Quotient {
  Expr numerator;
  Expr denominator;
};

struct Task {
  std::string name;
  std::string operation;  ///< simplify, substitute, limit or differentiate
  Quotient quotient;
  std::string argument;
};

Quotient intensity(const cost::Totals<Expr>& totals) { return {totals.flops, totals.bytes()}; }

std::vector<Task> tasks() {
  const Expr two(2);
  const cost::Shape<Expr> tokens{symbol("B"), symbol("T"), symbol("S")};
  const cost::Shape<Expr> rows{symbol("B"), Expr(1), Expr(1)};
  const auto matmul =
      intensity(cost::totals(cost::Matmul<Expr>{symbol("D"), symbol("F"), two, two}, rows));
  const auto mlp =
      intensity(cost::totals(cost::GatedMlp<Expr>{symbol("D"), symbol("F"), two, two}, tokens));
  const cost::Attention<Expr> heads{symbol("N"), symbol("N"), symbol("H"),
                                    two,         two,         cost::Pairs::full};
  const auto attention = intensity(cost::totals(heads, tokens));
  const cost::Transformer<Expr> model{symbol("V"), symbol("D"), symbol("F"), symbol("L"),
                                      symbol("N"), symbol("K"), symbol("H"), two};
  const Quotient throughput{symbol("B") * symbol("W"),
                            model.memory_bytes(symbol("B"), symbol("S"))};
  return {
      {"matmul intensity", "simplify", matmul, ""},
      {"matmul limit", "limit", matmul, "D=c*B, F=c*B, c->oo"},
      {"matrix-vector", "substitute", matmul, "B=1"},
      {"mlp intensity", "simplify", mlp, ""},
      {"mlp limit", "limit", mlp, "D=c*B*T, F=c*B*T, c->oo"},
      {"attention intensity", "simplify", attention, ""},
      {"attention prefill", "substitute", attention, "T=S"},
      {"attention generation", "substitute", attention, "T=1"},
      {"throughput", "simplify", throughput, ""},
      {"throughput limit", "limit", throughput, "B->oo"},
      {"throughput slope", "differentiate", throughput, "B"},
  };
}

Expr perform(const Task& task) {
  const Expr expr = task.quotient.numerator / task.quotient.denominator;
  if (task.operation == "substitute") {
    return symbolic::substitute(expr, symbolic::parse_substitution(task.argument).value());
  }
  if (task.operation == "limit") {
    return symbolic::limit(expr, symbolic::parse_path(task.argument).value()).value().value;
  }
  if (task.operation == "differentiate") {
    return symbolic::differentiate(expr, task.argument).value();
  }
  return expr;
}

double microseconds(const Task& task, int repetitions) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < repetitions; ++i) perform(task);
  const std::chrono::duration<double, std::micro> taken = std::chrono::steady_clock::now() - begin;
  return taken.count() / repetitions;
}

}  // namespace

int main() {
  for (const Task& task : tasks()) {
    const double first = microseconds(task, 1);
    const double later = microseconds(task, 1000);
    fmt::print("{}\t{}\t({})/({})\t{}\t{}\t{:.3f}\t{:.3f}\n", task.name, task.operation,
               symbolic::to_text(task.quotient.numerator),
               symbolic::to_text(task.quotient.denominator), task.argument,
               symbolic::to_text(perform(task)), first, later);
  }
  return 0;
}
