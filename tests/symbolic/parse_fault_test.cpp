// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "ridgepoint/symbolic/parse.hpp"

namespace ridgepoint::symbolic {
namespace {

Diagnostic fault_of(const std::string& text) {
  const Result<Expr> result = parse(text);
  if (result || result.error().size() != 1) {
    ADD_FAILURE() << "expected one fault in " << text;
    return {};
  }
  return result.error()[0];
}

TEST(ParseFault, ShowsTheLineAndACaretBelowIt) {
  const Diagnostic fault = fault_of("B*D/(B*)");
  EXPECT_EQ(fault.where, "expression, column 8");
  EXPECT_EQ(fault.what,
            "expected a number, a name or '(' but found ')'\n"
            "  B*D/(B*)\n"
            "         ^");
}

TEST(ParseFault, CountsColumnsInCharacters) {
  const Diagnostic fault = fault_of("a·b·)");
  EXPECT_EQ(fault.where, "expression, column 5");
  EXPECT_EQ(fault.what,
            "expected a number, a name or '(' but found ')'\n"
            "  a·b·)\n"
            "      ^");
}

TEST(ParseFault, ShowsAWindowOfALongLine) {
  std::string text = "x";
  for (int i = 0; i < 100; ++i) text += "+x";  // 201 characters, then the fault
  const Diagnostic fault = fault_of(text + "+)");
  EXPECT_EQ(fault.where, "expression, column 203");
  const std::size_t line = fault.what.find('\n') + 1;
  const std::size_t caret_line = fault.what.find('\n', line) + 1;
  EXPECT_EQ(fault.what.substr(line, 8), "  …+x+");  // … is three bytes
  // The caret stands below the last of 72 characters, behind the indent and the ellipsis.
  EXPECT_EQ(fault.what.size() - caret_line, 2U + 1 + 72);
}

TEST(ParseFault, PrintsNoControlCharacter) {
  const Diagnostic fault = fault_of("a\x1b[2J\n\xff");
  EXPECT_EQ(fault.what,
            "expected an operator or the end but found byte 0x1B\n"
            "  a [2J ?\n"
            "   ^");
}

struct Case {
  std::string text;
  std::string column;
  std::string what;  // the first line
  std::string help;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.text; }

class Fault : public testing::TestWithParam<Case> {};

TEST_P(Fault, SaysWhereAndWhatAndWhatWasMeant) {
  const Diagnostic fault = fault_of(GetParam().text);
  EXPECT_EQ(fault.where, "expression, column " + GetParam().column);
  EXPECT_EQ(fault.what.substr(0, fault.what.find('\n')), GetParam().what);
  EXPECT_EQ(fault.help, GetParam().help);
}

constexpr const char* kOperand = "expected a number, a name or '(' but found ";
constexpr const char* kOperator = "expected an operator or the end but found ";
constexpr const char* kFunctions = ": there are max, min, ceil, floor, log and sqrt";

INSTANTIATE_TEST_SUITE_P(
    Syntax, Fault,
    testing::Values(
        Case{"2B", "2", kOperator + std::string("'B'"), "write 2*B"},
        Case{"2 B", "3", kOperator + std::string("'B'"), "write 2*B"},
        Case{"(B)(D)", "4", kOperator + std::string("'('"), "write '*' between the factors"},
        Case{"1 2", "3", kOperator + std::string("'2'"), "write an operator between the numbers"},
        Case{"1.2.3", "4", kOperator + std::string("'.3'"), "a number has one decimal point"},
        Case{"1,000", "2", kOperator + std::string("','"),
             "write numbers without separators: 1000, and 0.5 with a point"},
        Case{"x * * 2", "5", kOperand + std::string("'*'"), "did you mean '^' for a power?"},
        Case{"x//2", "3", kOperand + std::string("'/'"), "write '/' once"},
        Case{"x²", "2", kOperator + std::string("'²'"), "write ^2 for a square"},
        Case{"[x]", "1", kOperand + std::string("'['"), "group with parentheses"},
        Case{"λ", "1", kOperand + std::string("'λ'"),
             "names are made of the letters a-z and A-Z, digits and underscores"},
        Case{"", "1", kOperand + std::string("the end"), "write an expression, such as 2*B*D"},
        Case{"x = 1", "3", kOperator + std::string("'='"),
             "an expression has no comparison or assignment in it"},
        Case{"oo", "1", kOperand + std::string("'oo'"),
             "oo (infinity) stands only behind the arrow of a limit: c->oo"},
        Case{"x)", "2", kOperator + std::string("')'"), "remove it, or write its '('"},
        Case{"a*(b + c", "9", "expected ')' but found the end",
             "the '(' in column 3 is still open"}));

INSTANTIATE_TEST_SUITE_P(
    Meaning, Fault,
    testing::Values(
        Case{"1/(B-B)", "3", "the divisor is zero", "divide by something else"},
        Case{"a/0", "3", "the divisor is zero", "divide by something else"},
        Case{"0^-1", "2", "this is undefined", "remove the division by zero"},
        Case{"1 + log(0)", "5", "this is undefined", "remove the division by zero"},
        Case{"1e401", "1", "the exponent of 1e401 is beyond 400", "write a smaller number"},
        Case{"ceiling(S)", "1", "there is no function 'ceiling'" + std::string(kFunctions),
             "did you mean ceil?"},
        Case{"ln(S)", "1", "there is no function 'ln'" + std::string(kFunctions),
             "did you mean log?"},
        Case{"B(D + F)", "1", "there is no function 'B'" + std::string(kFunctions),
             "for a product with the symbol B write B*(…)"},
        Case{"max(a)", "6", "max takes two or more arguments", "write max(a, b)"},
        Case{"ceil(a, b)", "7", "ceil takes one argument", "write ceil(a)"},
        Case{"2*max", "3", "'max' is a function, not a symbol",
             "write max(…), or choose another name"}));

}  // namespace
}  // namespace ridgepoint::symbolic
