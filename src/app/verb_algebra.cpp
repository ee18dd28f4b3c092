// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/common_options.hpp"
#include "ridgepoint/report/algebra_report.hpp"
#include "ridgepoint/symbolic/parse.hpp"

namespace ridgepoint::app {
namespace {

using symbolic::Expr;
using symbolic::Limit;
using symbolic::LimitKind;

constexpr std::string_view kFormats = "text|latex|mathml|json";

/// What was asked, read; a part that was not asked for is absent.
struct Question {
  std::optional<Expr> expression;
  std::optional<symbolic::Substitution> substitution;
  std::optional<symbolic::Path> path;
  std::string derivative;  ///< by this symbol; empty for none
  std::optional<std::pair<symbolic::Relation, Expr>> relation;
  std::string unknown;  ///< to solve for; empty for none
  std::optional<Expr> target;
  symbolic::Bounds bounds;
};

/// Reads an option by `parse`, if it was given; the option's name goes before each fault.
template <class T>
std::optional<T> read_if_given(const Arguments& arguments, std::string_view option,
                               Result<T> (*parse)(std::string_view), Faults& faults) {
  if (!arguments.has(option)) return std::nullopt;
  Result<T> result = parse(arguments.value(option));
  if (result) return *result;
  for (const Diagnostic& fault : result.error()) {
    faults.add(fmt::format("{}: {}", option, fault.where), fault.what, fault.help);
  }
  return std::nullopt;
}

/// The one symbol that an option names, or empty.
std::string read_symbol(const Arguments& arguments, std::string_view option, Faults& faults) {
  const auto parsed = read_if_given(arguments, option, symbolic::parse, faults);
  if (!parsed) return {};
  const auto names = symbolic::symbols(*parsed);
  if (names.size() == 1 && Expr::symbol(names[0]) == *parsed) return names[0];
  faults.add(std::string(option), fmt::format("\"{}\" is not a symbol", arguments.value(option)),
             "give one name, such as B");
  return {};
}

Question read_question(const Arguments& arguments, Faults& faults) {
  Question question;
  question.expression = read_if_given(arguments, "EXPR", symbolic::parse, faults);
  question.substitution = read_if_given(arguments, "--subs", symbolic::parse_substitution, faults);
  question.path = read_if_given(arguments, "--limit", symbolic::parse_path, faults);
  question.derivative = read_symbol(arguments, "--diff", faults);
  question.relation = read_if_given(arguments, "--compare", symbolic::parse_relation, faults);
  question.unknown = read_symbol(arguments, "--solve", faults);
  question.target = read_if_given(arguments, "--equals", symbolic::parse, faults);
  question.bounds = read_if_given(arguments, "--where", symbolic::parse_bounds, faults)
                        .value_or(symbolic::Bounds{});
  if (arguments.has("--solve") != arguments.has("--equals")) {
    faults.add("--solve", "--solve and --equals go together", "--solve B --equals 295");
  }
  if (arguments.has("--solve") && arguments.has("--compare")) {
    faults.add("--compare", "cannot be asked together with --solve", "ask one after the other");
  }
  return question;
}

/// Substitution, then the limit, then the derivative.
Result<Limit> reduce(const Question& question) {
  Expr expr = *question.expression;
  if (question.substitution) expr = symbolic::substitute(expr, *question.substitution);
  if (expr.is_undefined()) {
    return fail("--subs", "the substitution divides by zero", "choose other values");
  }
  Limit reduced{LimitKind::finite, expr};
  if (question.path) {
    auto limit = symbolic::limit(expr, *question.path);
    if (!limit) return fail(limit.error());
    reduced = *limit;
  }
  if (question.derivative.empty()) return reduced;
  if (reduced.kind != LimitKind::finite) {
    return fail("--diff", "the limit is infinite: it has no derivative", "leave out --limit");
  }
  const auto slope = symbolic::differentiate(reduced.value, question.derivative);
  if (!slope) return fail(slope.error());
  return Limit{LimitKind::finite, *slope};
}

Result<report::AlgebraAnswer> answer_question(const Question& question) {
  const auto reduced = reduce(question);
  if (!reduced) return fail(reduced.error());
  report::AlgebraAnswer answer{.inputs = {}, .result = *reduced, .comparison = {}, .solving = {}};
  const bool is_finite = reduced->kind == LimitKind::finite;
  if ((question.relation || question.target) && !is_finite) {
    return fail("--limit", "the limit is infinite: there is nothing to compare or solve",
                "leave out --limit");
  }
  if (question.relation) {
    const auto& [relation, right] = *question.relation;
    answer.comparison = {relation, right,
                         symbolic::prove(reduced->value, relation, right, question.bounds)};
  }
  if (question.target) {
    auto solutions =
        symbolic::solve(reduced->value, *question.target, question.unknown, question.bounds);
    if (!solutions) return fail(solutions.error());
    answer.solving = {question.unknown, std::move(*solutions)};
  }
  return answer;
}

Result<Answer> run(const Arguments& arguments) {
  Faults faults;
  const std::string format = read_format(arguments, kFormats, faults);
  const Question question = read_question(arguments, faults);
  if (faults) return fail(faults.all());

  auto answer = answer_question(question);
  if (!answer) return fail(answer.error());
  for (const char* option :
       {"EXPR", "--subs", "--limit", "--diff", "--compare", "--solve", "--equals", "--where"}) {
    const std::string name = option[0] == '-' ? option + 2 : "expression";
    if (arguments.has(option)) answer->inputs.emplace_back(name, arguments.value(option));
  }
  if (format == "json") return Answer{report::to_json(*answer), {}};
  if (format == "latex") return Answer{report::to_latex(*answer), {}};
  if (format == "mathml") return Answer{report::to_mathml(*answer), {}};
  return Answer{report::to_text(*answer), {}};
}

}  // namespace

Verb algebra_verb() {
  return {
      .name = "algebra",
      .summary = "Simplify, substitute, take limits and derivatives, prove and solve, exactly",
      .examples = {"ridgepoint algebra 'B*D*F/(B*D + D*F + B*F)' --limit 'D=c*B, F=c*B, c->oo'",
                   "ridgepoint algebra 'S/(S+1)' --compare '< 1'"},
      .positionals = {{"EXPR", "an expression over positive symbols; it may begin with a minus"}},
      .options = {{"--subs", "ASSIGNMENTS", "put in values: 'T=1, D=c*B'", ""},
                  {"--limit", "PATH", "then the limit along a path: 'D=c*B, c->oo'", ""},
                  {"--diff", "SYMBOL", "then the derivative", ""},
                  {"--compare", "RELATION", "prove or disprove: '< B'", ""},
                  {"--solve", "SYMBOL", "all positive solutions, with --equals", ""},
                  {"--equals", "EXPR", "what the expression shall equal", ""},
                  {"--where", "BOUNDS", "lower bounds on symbols: 'S>=1, T>=1'", ""},
                  format_option(kFormats),
                  kJsonOption,
                  kOutOption},
      .run = run};
}

}  // namespace ridgepoint::app
