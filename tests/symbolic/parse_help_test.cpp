// SPDX-License-Identifier: Apache-2.0
// Whatever is wrong with a text, a limit or an equation, the fault says what to do about it.
#include <gtest/gtest.h>

#include "core/faults.hpp"
#include "ridgepoint/symbolic/calculus.hpp"
#include "ridgepoint/symbolic/parse.hpp"

namespace ridgepoint::symbolic {
namespace {

using ridgepoint::testing::expect_helpful;

TEST(Help, StandsUnderEveryFaultOfAnExpression) {
  const std::string deep = std::string(300, '(') + "x" + std::string(300, ')');
  const std::string long_name(101, 'a');
  const std::string long_number(2001, '9');
  const std::string long_text(70'000, ' ');
  for (const std::string_view text :
       {std::string_view(""),           std::string_view("x*/y"),
        std::string_view("x/(y-y)"),    std::string_view("max(x)"),
        std::string_view("ceil(a, b)"), std::string_view("log(0)"),
        std::string_view("x)"),         std::string_view("(x"),
        std::string_view("x+"),         std::string_view("1e401"),
        std::string_view("2*max"),      std::string_view("f(x)"),
        std::string_view("x,y"),        std::string_view("x!"),
        std::string_view("x ? y"),      std::string_view("\xff"),
        std::string_view("a\x1b[2J"),   std::string_view("λ"),
        std::string_view("(a+b)^2000"), std::string_view("x->1"),
        std::string_view("*"),          std::string_view("x$"),
        std::string_view("oo"),         std::string_view("模型"),
        std::string_view(deep),         std::string_view(long_name),
        std::string_view(long_number),  std::string_view(long_text)}) {
    expect_helpful(parse(text), text.substr(0, 50));
  }
}

TEST(Help, StandsUnderEveryFaultOfTheOtherTexts) {
  for (const char* text : {"x", "x=", "1=x", "x=1,x=2", "x=1 y=2", ",", "x==", "\xff"}) {
    expect_helpful(parse_substitution(text), text);
  }
  for (const char* text : {"", "1", "x<", "<", "< 1 2", "\xff"}) {
    expect_helpful(parse_relation(text), text);
  }
  for (const char* text : {"", "x", "x->", "x->-1", "x->x", "x=1,x->oo", "x->oo,y=1", "\xff"}) {
    expect_helpful(parse_path(text), text);
  }
  for (const char* text : {"x", "x>1", "x<1", "x>=-1", "x>=y", "x>=1,x>=2", "\xff"}) {
    expect_helpful(parse_bounds(text), text);
  }
}

TEST(Help, StandsUnderEveryLimitThatIsNotKnown) {
  const std::pair<const char*, const char*> cases[] = {
      {"ceil(x)-x", "x->oo"}, {"(a-b)*x", "x->oo"},  {"1/(x-y)", "y=x,x->oo"},
      {"x^x", "x->oo"},       {"x", "x->ceil(y)-y"}, {"x", "x->1/2-1"}};
  for (const auto& [expression, path] : cases) {
    const Result<Path> where = parse_path(path);
    if (!where) {
      expect_helpful(where, path);
      continue;
    }
    const Result<Limit> result = limit(parse(expression).value(), *where);
    if (!result) expect_helpful(result, expression);
  }
}

}  // namespace
}  // namespace ridgepoint::symbolic
