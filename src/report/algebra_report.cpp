// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/algebra_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/condition.hpp"
#include "report/envelope.hpp"
#include "ridgepoint/core/format.hpp"

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

std::string witness_latex(const symbolic::Substitution& witness) {
  std::string text;
  for (const auto& [name, value] : witness) {
    text += fmt::format("{}{} = {}", text.empty() ? "" : ",\\ ",
                        symbolic::to_latex(Expr::symbol(name)), symbolic::to_latex(value));
  }
  return text;
}

/// What stands inside the <math> element of an expression.
std::string mathml_inside(const Expr& expr) {
  const std::string element = symbolic::to_mathml(expr);
  const std::size_t begin = element.find('>') + 1;
  return element.substr(begin, element.rfind("</math>") - begin);
}

std::string math_element(std::string_view inside) {
  return fmt::format("<math xmlns=\"http://www.w3.org/1998/Math/MathML\">{}</math>\n", inside);
}

std::string result_mathml(const symbolic::Limit& result) {
  return print_result(result, mathml_inside, "<mo>&#x221E;</mo>",
                      "<mo>&#x2212;</mo><mo>&#x221E;</mo>");
}

const char* relation_mathml(symbolic::Relation relation) {
  switch (relation) {
    case symbolic::Relation::less:
      return "<mo>&lt;</mo>";
    case symbolic::Relation::less_equal:
      return "<mo>&#x2264;</mo>";
    case symbolic::Relation::equal:
      return "<mo>=</mo>";
    case symbolic::Relation::greater_equal:
      return "<mo>&#x2265;</mo>";
    case symbolic::Relation::greater:
      return "<mo>&gt;</mo>";
  }
  return "";
}

/// Words between formulas, kept apart from them.
std::string mathml_words(std::string_view words) {
  return fmt::format("<mspace width=\"1em\"/><mtext>{}</mtext><mspace width=\"0.5em\"/>", words);
}

std::string witness_mathml(const symbolic::Substitution& witness) {
  std::string text;
  for (const auto& [name, value] : witness) {
    text += fmt::format("{}{}<mo>=</mo>{}", text.empty() ? "" : "<mo>,</mo>",
                        mathml_inside(Expr::symbol(name)), mathml_inside(value));
  }
  return text;
}

/// The three signs of a condition in the words of one format.
struct SignWords {
  const char* positive;
  const char* not_negative;
  const char* not_zero;
  const char* both;  ///< "and"
};

template <class Printer>
std::string condition_words(const Expr& condition, Printer print, const SignWords& words) {
  std::string text;
  for (const ConditionPart& part : condition_parts(condition)) {
    const char* sign = part.sign == ConditionPart::Sign::positive       ? words.positive
                       : part.sign == ConditionPart::Sign::not_negative ? words.not_negative
                                                                        : words.not_zero;
    text += fmt::format("{}{}{}", text.empty() ? "" : words.both, print(part.left), sign);
  }
  return text;
}

/// A bracketed root as people read it: "1.16730397826".
std::string decimal(const Expr& value) {
  constexpr int kDigits = 12;
  std::string digits = format_number(value.to_double(), kDigits);
  std::erase(digits, ',');
  if (digits.find('.') == std::string::npos) return digits;
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits;
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
    text +=
        fmt::format("{} {} {}", solving.variable, solution.exact ? "=" : "≈",
                    solution.exact ? symbolic::to_text(solution.value) : decimal(solution.value));
    if (!is_always(solution)) text += fmt::format("   if {}", condition_text(solution));
    text += "\n";
  }
  return text;
}

std::string solving_latex(const AlgebraAnswer::Solving& solving) {
  if (solving.solutions.empty()) return "\\text{never}\n";
  std::string text;
  for (const symbolic::Solution& solution : solving.solutions) {
    text +=
        fmt::format("{} {} {}", symbolic::to_latex(Expr::symbol(solving.variable)),
                    solution.exact ? "=" : "\\approx",
                    solution.exact ? symbolic::to_latex(solution.value) : decimal(solution.value));
    if (!is_always(solution)) {
      const auto print = [](const Expr& e) { return symbolic::to_latex(e); };
      text += " \\quad\\text{if}\\quad " +
              condition_words(solution.condition, print,
                              {" > 0", " \\ge 0", " \\ne 0", " \\text{ and } "});
    }
    text += "\n";
  }
  return text;
}

std::string solving_mathml(const AlgebraAnswer::Solving& solving) {
  if (solving.solutions.empty()) return math_element("<mtext>never</mtext>");
  std::string text;
  for (const symbolic::Solution& solution : solving.solutions) {
    std::string inside = mathml_inside(Expr::symbol(solving.variable));
    inside += solution.exact ? "<mo>=</mo>" + mathml_inside(solution.value)
                             : fmt::format("<mo>&#x2248;</mo><mn>{}</mn>", decimal(solution.value));
    if (!is_always(solution)) {
      inside += mathml_words("if") +
                condition_words(solution.condition, mathml_inside,
                                {"<mo>&gt;</mo><mn>0</mn>", "<mo>&#x2265;</mo><mn>0</mn>",
                                 "<mo>&#x2260;</mo><mn>0</mn>", "<mtext> and </mtext>"});
    }
    text += math_element(inside);
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
  const auto print = [](const Expr& e) { return symbolic::to_text(e); };
  return condition_words(solution.condition, print, {" > 0", " >= 0", " != 0", " and "});
}

std::string to_text(const AlgebraAnswer& answer) {
  if (answer.comparison) return comparison_text(answer);
  if (answer.solving) return solving_text(*answer.solving);
  return result_text(answer.result) + "\n";
}

std::string to_latex(const AlgebraAnswer& answer) {
  if (answer.comparison) {
    const auto& [relation, right, proof] = *answer.comparison;
    std::string line = fmt::format("{} {} {} \\quad\\text{{{}}}", result_latex(answer.result),
                                   relation_latex(relation), symbolic::to_latex(right),
                                   symbolic::to_text(proof.verdict));
    if (!proof.witness.empty()) line += " \\text{ at } " + witness_latex(proof.witness);
    return line + "\n";
  }
  if (answer.solving) return solving_latex(*answer.solving);
  return result_latex(answer.result) + "\n";
}

std::string to_mathml(const AlgebraAnswer& answer) {
  if (answer.comparison) {
    const auto& [relation, right, proof] = *answer.comparison;
    std::string inside = result_mathml(answer.result) + relation_mathml(relation) +
                         mathml_inside(right) + mathml_words(symbolic::to_text(proof.verdict));
    if (!proof.witness.empty()) {
      inside += "<mtext>at </mtext>" + witness_mathml(proof.witness);
    }
    return math_element(inside);
  }
  if (answer.solving) return solving_mathml(*answer.solving);
  return math_element(result_mathml(answer.result));
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
