// SPDX-License-Identifier: Apache-2.0
#include "report/condition.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "ridgepoint/symbolic/parse.hpp"

namespace ridgepoint::report {
namespace {

using symbolic::Expr;
using Sign = ConditionPart::Sign;

/// Where the parenthesis at `open` is closed.
std::size_t closing(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && --depth == 0) return i;
  }
  return text.size();
}

/// The arguments of a call of `function` that `text` begins with or, if `whole`, consists of.
std::optional<std::vector<Expr>> arguments(std::string_view text, std::string_view function,
                                           bool whole) {
  if (!text.starts_with(function) || text.substr(function.size(), 1) != "(") return std::nullopt;
  const std::size_t end = closing(text, function.size());
  if (whole && end + 1 != text.size()) return std::nullopt;
  std::vector<Expr> result;
  int depth = 0;
  std::size_t start = function.size() + 1;
  for (std::size_t i = start; i <= end && i < text.size(); ++i) {
    if ((text[i] == ',' && depth == 0) || i == end) {
      const Result<Expr> argument = symbolic::parse(text.substr(start, i - start));
      if (!argument) return std::nullopt;
      result.push_back(*argument);
      start = i + 1;
    }
    if (text[i] == '(') ++depth;
    if (text[i] == ')') --depth;
  }
  return result;
}

/// floor(x) + c > 0 with a whole c is x >= 1 - c.
std::optional<ConditionPart> floor_part(const Expr& condition, std::string_view text) {
  const auto argument = arguments(text, "floor", false);
  if (!argument) return std::nullopt;
  const Expr rest = condition - floor(argument->front());
  if (!rest.to_integer()) return std::nullopt;
  return ConditionPart{argument->front() + rest - 1, Sign::not_negative};
}

}  // namespace

std::vector<ConditionPart> condition_parts(const Expr& condition) {
  const std::string text = to_text(condition);
  if (const auto parts = arguments(text, "min", true)) {
    std::vector<ConditionPart> result;
    for (const Expr& part : *parts) {
      for (ConditionPart& one : condition_parts(part)) result.push_back(std::move(one));
    }
    return result;
  }
  if (auto part = floor_part(condition, text)) return {*std::move(part)};
  const auto cases = arguments(text, "max", true);
  if (cases && cases->size() == 2 && cases->front() == -cases->back()) {
    return {{cases->front(), Sign::not_zero}};
  }
  return {{condition, Sign::positive}};
}

}  // namespace ridgepoint::report
