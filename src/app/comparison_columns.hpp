// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/arguments.hpp"
#include "app/shortcuts.hpp"
#include "app/verb.hpp"

namespace ridgepoint::app {

/// One of the deployments that a list of words asks for: its words, and what tells it from others.
struct ComparisonColumn {
  std::string name;
  Arguments arguments;
};

/// Every combination of what the options list (-d h100,h200 -tp 1,2,4), in the order written; the
/// last option varies fastest. Faults: a list that is none (the option's default stands for it), or
/// more than 256 combinations.
std::vector<ComparisonColumn> comparison_columns(const Verb& verb, const Arguments& arguments,
                                                 Faults& faults);

/// What tells a variation of `column` from others.
std::string varied_name(const ComparisonColumn& column, const Variation& variation);
/// `column` with the words of a variation over its own.
Result<ComparisonColumn> varied(const Verb& verb, const ComparisonColumn& column,
                                const Variation& variation);

}  // namespace ridgepoint::app
