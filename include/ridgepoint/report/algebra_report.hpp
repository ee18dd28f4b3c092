// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ridgepoint/symbolic/calculus.hpp"
#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::report {

/// What `algebra` was asked, as typed, and what it found.
struct AlgebraAnswer {
  std::vector<std::pair<std::string, std::string>> inputs;  ///< option name without dashes, text

  symbolic::Limit
      result;  ///< the expression after all operations; finite unless a limit made it oo

  /// Of --compare: the relation asked about, and the proof.
  struct Comparison {
    symbolic::Relation relation;
    symbolic::Expr right;
    symbolic::Proof proof;
  };
  std::optional<Comparison> comparison;

  /// Of --solve: for which symbol, and every positive solution.
  struct Solving {
    std::string variable;
    std::vector<symbolic::Solution> solutions;
  };
  std::optional<Solving> solving;
};

/// One line: the expression, the verdict, or a line for each solution ("never" for none).
std::string to_text(const AlgebraAnswer& answer);
std::string to_latex(const AlgebraAnswer& answer);
std::string to_mathml(const AlgebraAnswer& answer);
std::string to_json(const AlgebraAnswer& answer);

/// When a solution is one: "always", "D*F - D*R - F*R > 0", "a^2 - 4 >= 0 and b != 0".
std::string condition_text(const symbolic::Solution& solution);

}  // namespace ridgepoint::report
