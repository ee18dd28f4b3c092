// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ridgepoint/explore/inverse.hpp"
#include "ridgepoint/predict/operator_crossover.hpp"
#include "ridgepoint/report/table.hpp"

namespace ridgepoint::report {

// The documents of `sensitivity --solve`; each ends with a line feed.

/// Which value of a parameter makes a metric what it is to be.
std::string to_text(const explore::Inverse& inverse, const Terminal& terminal = {});
std::string to_json(const explore::Inverse& inverse);
std::string to_csv(const explore::Inverse& inverse);
std::string to_markdown(const explore::Inverse& inverse);

/// Which value turns an operator from memory- to compute-bound.
std::string to_text(const predict::OperatorCrossover& crossover, const Terminal& terminal = {});
std::string to_json(const predict::OperatorCrossover& crossover);
std::string to_csv(const predict::OperatorCrossover& crossover);
std::string to_markdown(const predict::OperatorCrossover& crossover);

}  // namespace ridgepoint::report
