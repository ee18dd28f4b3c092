// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include "symbolic/typeset.hpp"

namespace ridgepoint::symbolic {
namespace {

using detail::Box;
using detail::BoxKind;

std::string latex(const Box& box);
std::string latex_unsigned(const Box& box);

/// One letter and digits stand as they are, words upright: B, 16, \mathrm{model}.
std::string latex_word(std::string_view word) {
  const bool is_number = word.find_first_not_of("0123456789") == std::string_view::npos;
  if (word.size() == 1 || is_number) return std::string(word);
  std::string escaped;
  for (const char c : word) escaped += c == '_' ? "\\_" : std::string(1, c);
  return "\\mathrm{" + escaped + "}";
}

std::string latex_symbol(std::string_view text) {
  const detail::Name name = detail::split_name(text);
  std::string result = latex_word(name.head);
  for (std::size_t i = 0; i < name.subscripts.size(); ++i) {
    result += (i == 0 ? "_{" : ",") + latex_word(name.subscripts[i]);
  }
  return name.subscripts.empty() ? result : result + "}";
}

std::string between(const std::string& open, const Box& box, const std::string& close) {
  return "\\left" + open + " " + latex(box) + " \\right" + close;
}

std::string latex_call(const Box& box) {
  std::string result = box.text == "log" ? "\\ln" : "\\" + box.text;
  result += "\\left(";
  for (std::size_t i = 0; i < box.parts.size(); ++i) {
    result += (i == 0 ? "" : ", ") + latex(box.parts[i]);
  }
  return result + "\\right)";
}

/// Letters stand apart by a space that LaTeX does not print, words and calls by a thin one.
bool is_wide(const Box& box) {
  if (box.kind == BoxKind::power) return is_wide(box.parts[0]);
  if (box.kind == BoxKind::symbol) return detail::split_name(box.text).head.size() > 1;
  return box.kind != BoxKind::number;
}

std::string latex_product(const Box& box) {
  std::string result;
  for (std::size_t i = 0; i < box.parts.size(); ++i) {
    if (i > 0) {
      const Box& left = box.parts[i - 1];
      const Box& right = box.parts[i];
      const bool wide = is_wide(left) || is_wide(right);
      result += begins_with_digit(right) ? " \\cdot " : wide ? " \\, " : " ";
    }
    result += latex(box.parts[i]);
  }
  return result;
}

std::string latex_sum(const Box& box) {
  std::string result;
  for (const Box& term : box.parts) {
    if (!result.empty()) result += term.negative ? " - " : " + ";
    result += result.empty() ? latex(term) : latex_unsigned(term);
  }
  return result;
}

std::string latex_unsigned(const Box& box) {
  switch (box.kind) {
    case BoxKind::number:
      return box.text;
    case BoxKind::symbol:
      return latex_symbol(box.text);
    case BoxKind::call:
      return latex_call(box);
    case BoxKind::ceil:
      return between("\\lceil", box.parts[0], "\\rceil");
    case BoxKind::floor:
      return between("\\lfloor", box.parts[0], "\\rfloor");
    case BoxKind::root:
      return "\\sqrt{" + latex(box.parts[0]) + "}";
    case BoxKind::group:
      return "\\left(" + latex(box.parts[0]) + "\\right)";
    case BoxKind::power:
      return latex(box.parts[0]) + "^{" + latex(box.parts[1]) + "}";
    case BoxKind::product:
      return latex_product(box);
    case BoxKind::sum:
      return latex_sum(box);
    case BoxKind::fraction:
      return "\\frac{" + latex(box.parts[0]) + "}{" + latex(box.parts[1]) + "}";
    case BoxKind::ratio:
      return latex(box.parts[0]) + "/" + latex(box.parts[1]);
    case BoxKind::undefined:
      break;
  }
  return "\\text{undefined}";
}

std::string latex(const Box& box) { return (box.negative ? "-" : "") + latex_unsigned(box); }

}  // namespace

std::string to_latex(const Expr& expr) { return latex(detail::typeset(expr)); }

}  // namespace ridgepoint::symbolic
