// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/algebra_report.hpp"

#include <fmt/format.h>

#include "report/envelope.hpp"

namespace ridgepoint::report {
namespace {

using symbolic::Expr;
using symbolic::LimitKind;

/// A text form of the result, whatever prints an expression: text, LaTeX or MathML.
template <class Printer>
std::string print_result(const symbolic::Limit& result, Printer print, const char* infinity,
                         const char* minus_infinity) {
  if (result.kind == LimitKind::plus_infinity) return infinity;
  if (result.kind == LimitKind::minus_infinity) return minus_infinity;
  return print(result.value);
}

std::string result_text(const symbolic::Limit& result) { return symbolic::to_text(result); }
std::string result_latex(const symbolic::Limit& result) {
  return print_result(
      result, [](const Expr& e) { return symbolic::to_latex(e); }, "\\infty", "-\\infty");
}

const char* relation_latex(symbolic::Relation relation) {
  switch (relation) {
    case symbolic::Relation::less:
      return "<";
    case symbolic::Relation::less_equal:
      return "\\le";
    case symbolic::Relation::equal:
      return "=";
    case symbolic::Relation::greater_equal:
      return "\\ge";
    case symbolic::Relation::greater:
      return ">";
  }
  return "";
}

bool is_always(const symbolic::Solution& solution) { return solution.condition == Expr(1); }

std::string witness_text(const symbolic::Substitution& witness) {
  std::string text;
  for (const auto& [name, value] : witness) {
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", name, symbolic::to_text(value));
  }
  return text;
}

std::string comparison_text(const AlgebraAnswer& answer) {
  const auto& [relation, right, proof] = *answer.comparison;
  std::string line =
      fmt::format("{} {} {}: {}", result_text(answer.result), symbolic::to_text(relation),
                  symbolic::to_text(right), symbolic::to_text(proof.verdict));
  if (!proof.witness.empty()) line += fmt::format(" at {}", witness_text(proof.witness));
  return line + "\n";
}

std::string solving_text(const AlgebraAnswer::Solving& solving) {
  if (solving.solutions.empty()) return "never\n";
  std::string text;
  for (const symbolic::Solution& solution : solving.solutions) {
    text += fmt::format("{} {} {}", solving.variable, solution.exact ? "=" : "≈",
                        symbolic::to_text(solution.value));
    if (!is_always(solution)) text += fmt::format("   if {}", condition_text(solution));
    text += "\n";
  }
  return text;
}

std::string solving_latex(const AlgebraAnswer::Solving& solving) {
  if (solving.solutions.empty()) return "\\text{never}\n";
  std::string text;
  for (const symbolic::Solution& solution : solving.solutions) {
    text += fmt::format("{} {} {}", symbolic::to_latex(Expr::symbol(solving.variable)),
                        solution.exact ? "=" : "\\approx", symbolic::to_latex(solution.value));
    if (!is_always(solution)) {
      text +=
          fmt::format(" \\quad\\text{{if}}\\quad {} > 0", symbolic::to_latex(solution.condition));
    }
    text += "\n";
  }
  return text;
}

Json json_solutions(const AlgebraAnswer::Solving& solving) {
  Json list = Json::array();
  for (const symbolic::Solution& solution : solving.solutions) {
    list.push_back({{"value", symbolic::to_text(solution.value)},
                    {"condition", condition_text(solution)},
                    {"latex", symbolic::to_latex(solution.value)},
                    {"exact", solution.exact}});
  }
  return list;
}

Json json_witness(const symbolic::Substitution& witness) {
  Json object = Json::object();
  for (const auto& [name, value] : witness) object[name] = symbolic::to_text(value);
  return object;
}

}  // namespace

std::string condition_text(const symbolic::Solution& solution) {
  if (is_always(solution)) return "always";
  return symbolic::to_text(solution.condition) + " > 0";
}

std::string to_text(const AlgebraAnswer& answer) {
  if (answer.comparison) return comparison_text(answer);
  if (answer.solving) return solving_text(*answer.solving);
  return result_text(answer.result) + "\n";
}

std::string to_latex(const AlgebraAnswer& answer) {
  if (answer.comparison) {
    const auto& [relation, right, proof] = *answer.comparison;
    return fmt::format("{} {} {} \\quad\\text{{{}}}\n", result_latex(answer.result),
                       relation_latex(relation), symbolic::to_latex(right),
                       symbolic::to_text(proof.verdict));
  }
  if (answer.solving) return solving_latex(*answer.solving);
  return result_latex(answer.result) + "\n";
}

std::string to_mathml(const AlgebraAnswer& answer) {
  constexpr const char* kInfinity =
      "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"><mo>&#x221E;</mo></math>";
  constexpr const char* kMinusInfinity =
      "<math "
      "xmlns=\"http://www.w3.org/1998/Math/MathML\"><mo>&#x2212;</mo><mo>&#x221E;</mo></math>";
  const auto print = [](const Expr& e) { return symbolic::to_mathml(e); };
  if (!answer.solving) {
    return print_result(answer.result, print, kInfinity, kMinusInfinity) + "\n";
  }
  std::string text;
  for (const symbolic::Solution& solution : answer.solving->solutions) {
    text += print(solution.value) + "\n";
  }
  return text;
}

std::string to_json(const AlgebraAnswer& answer) {
  Json inputs = Json::object();
  for (const auto& [name, text] : answer.inputs) inputs[name] = text;
  Json document = envelope("algebra", std::move(inputs), {"every symbol is positive"});
  document["result"] = result_text(answer.result);
  document["latex"] = result_latex(answer.result);
  if (answer.comparison) {
    document["verdict"] = symbolic::to_text(answer.comparison->proof.verdict);
    document["witness"] = json_witness(answer.comparison->proof.witness);
  }
  if (answer.solving) document["solutions"] = json_solutions(*answer.solving);
  return dump(document);
}

}  // namespace ridgepoint::report
