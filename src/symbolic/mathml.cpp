// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include "symbolic/typeset.hpp"

namespace ridgepoint::symbolic {
namespace {

using detail::Box;
using detail::BoxKind;

constexpr std::string_view kInvisibleTimes = "&#x2062;";
constexpr std::string_view kApplyFunction = "&#x2061;";

std::string mathml(const Box& box);
std::string unsigned_mathml(const Box& box);

std::string element(const std::string& tag, const std::string& content) {
  return "<" + tag + ">" + content + "</" + tag + ">";
}
std::string op(std::string_view sign) { return element("mo", std::string(sign)); }

/// Browsers set an <mi> of one letter italic and a longer one upright.
std::string word(std::string_view text) {
  const bool is_number = text.find_first_not_of("0123456789") == std::string_view::npos;
  return element(is_number && !text.empty() ? "mn" : "mi", std::string(text));
}

std::string symbol(std::string_view text) {
  const detail::Name name = detail::split_name(text);
  if (name.subscripts.empty()) return word(name.head);
  std::string below;
  for (std::size_t i = 0; i < name.subscripts.size(); ++i) {
    below += (i == 0 ? "" : op(",")) + word(name.subscripts[i]);
  }
  if (name.subscripts.size() > 1) below = element("mrow", below);
  return element("msub", word(name.head) + below);
}

std::string fenced(std::string_view open, const std::string& content, std::string_view close) {
  return element("mrow", op(open) + content + op(close));
}

std::string call(const Box& box) {
  std::string arguments;
  for (std::size_t i = 0; i < box.parts.size(); ++i) {
    arguments += (i == 0 ? "" : op(",")) + mathml(box.parts[i]);
  }
  const std::string name = element("mi", box.text == "log" ? "ln" : box.text);
  return element("mrow", name + op(kApplyFunction) + fenced("(", arguments, ")"));
}

std::string product(const Box& box) {
  std::string result;
  for (std::size_t i = 0; i < box.parts.size(); ++i) {
    if (i > 0) {
      const bool visible = begins_with_digit(box.parts[i]);
      result += op(visible ? "&#xB7;" : kInvisibleTimes);
    }
    result += mathml(box.parts[i]);
  }
  return element("mrow", result);
}

std::string sum(const Box& box) {
  std::string result;
  for (const Box& term : box.parts) {
    if (term.negative) {
      result += op("&#x2212;");
    } else if (!result.empty()) {
      result += op("+");
    }
    result += unsigned_mathml(term);
  }
  return element("mrow", result);
}

std::string unsigned_mathml(const Box& box) {
  switch (box.kind) {
    case BoxKind::number:
      return element("mn", box.text);
    case BoxKind::symbol:
      return symbol(box.text);
    case BoxKind::call:
      return call(box);
    case BoxKind::ceil:
      return fenced("&#x2308;", mathml(box.parts[0]), "&#x2309;");
    case BoxKind::floor:
      return fenced("&#x230A;", mathml(box.parts[0]), "&#x230B;");
    case BoxKind::root:
      return element("msqrt", mathml(box.parts[0]));
    case BoxKind::group:
      return fenced("(", mathml(box.parts[0]), ")");
    case BoxKind::power:
      return element("msup", mathml(box.parts[0]) + mathml(box.parts[1]));
    case BoxKind::product:
      return product(box);
    case BoxKind::sum:
      return sum(box);
    case BoxKind::fraction:
      return element("mfrac", mathml(box.parts[0]) + mathml(box.parts[1]));
    case BoxKind::ratio:
      return element("mrow", mathml(box.parts[0]) + op("/") + mathml(box.parts[1]));
    case BoxKind::undefined:
      break;
  }
  return element("mtext", "undefined");
}

std::string mathml(const Box& box) {
  if (!box.negative) return unsigned_mathml(box);
  return element("mrow", op("&#x2212;") + unsigned_mathml(box));
}

}  // namespace

std::string to_mathml(const Expr& expr) {
  return "<math xmlns=\"http://www.w3.org/1998/Math/MathML\">" + mathml(detail::typeset(expr)) +
         "</math>";
}

}  // namespace ridgepoint::symbolic
