// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <vector>

#include "symbolic/prove_support.hpp"

namespace ridgepoint::symbolic {
namespace {

using testing::expr;

/// One line of tests/oracle/sympy_cases.txt.
struct Case {
  std::string operation;
  std::string expression;
  std::string argument;
  std::string answer;
};

std::vector<Case> stored_cases() {
  std::ifstream file(RIDGEPOINT_SYMPY_CASES);
  std::vector<Case> cases;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::vector<std::string> fields(1);
    for (const char c : line) {
      if (c == '\t') {
        fields.emplace_back();
      } else {
        fields.back() += c;
      }
    }
    if (fields.size() == 4) cases.push_back({fields[0], fields[1], fields[2], fields[3]});
  }
  return cases;
}

/// Our answer; undefined where we have none.
Expr our_answer(const Case& c) {
  const Expr e = expr(c.expression);
  if (c.operation == "simplify") return e;
  if (c.operation == "differentiate") {
    return differentiate(e, c.argument).value_or(Expr::undefined());
  }
  const Result<Path> path = parse_path(c.argument);
  const Result<Limit> found = path ? limit(e, *path) : Result<Limit>(Limit{});
  return found && found->kind == LimitKind::finite ? found->value : Expr::undefined();
}

TEST(SymPyReplay, AHundredStoredAnswersAreOursToo) {
  const std::vector<Case> cases = stored_cases();
  ASSERT_EQ(cases.size(), 100U) << RIDGEPOINT_SYMPY_CASES;
  for (const Case& c : cases) {
    SCOPED_TRACE(c.operation + " " + c.expression + " " + c.argument);
    if (c.answer == "oo" || c.answer == "-oo") {
      const Result<Path> path = parse_path(c.argument);
      ASSERT_TRUE(path);
      const Result<Limit> found = limit(expr(c.expression), *path);
      ASSERT_TRUE(found);
      EXPECT_EQ(to_text(*found), c.answer);
    } else {
      EXPECT_EQ(our_answer(c), expr(c.answer)) << to_text(our_answer(c)) << "\n" << c.answer;
    }
  }
}

}  // namespace
}  // namespace ridgepoint::symbolic
