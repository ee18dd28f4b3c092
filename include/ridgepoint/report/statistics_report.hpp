// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ridgepoint/predict/statistics.hpp"
#include "ridgepoint/report/table.hpp"

namespace ridgepoint::report {

/// The documents of `stats`. All show the same figures; each ends with a line feed.
std::string to_text(const predict::Statistics& statistics, const Terminal& terminal = {});
/// `--explain`: the lecture's formulas in letters and with the numbers put in.
std::string to_explanation(const predict::Statistics& statistics, const Terminal& terminal = {});
std::string to_json(const predict::Statistics& statistics);
/// One line for each batch size, in base units.
std::string to_csv(const predict::Statistics& statistics);
std::string to_markdown(const predict::Statistics& statistics);

}  // namespace ridgepoint::report
