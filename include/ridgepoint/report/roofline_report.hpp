// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ridgepoint/predict/analysis.hpp"
#include "ridgepoint/report/table.hpp"

namespace ridgepoint::report {

/// The documents of `roofline`. All show the same figures; each ends with a line feed.

/// Headline, one table of operators for each step, floor and bound, memory, batch curve.
std::string to_text(const predict::Analysis& analysis, const Terminal& terminal = {});
/// `--explain`: every operator's formula in letters and with the numbers put in, the assumptions,
/// the source of each device figure.
std::string to_explanation(const predict::Analysis& analysis, const Terminal& terminal = {});
std::string to_json(const predict::Analysis& analysis);
/// One line for each operator of each phase, in base units.
std::string to_csv(const predict::Analysis& analysis);
std::string to_markdown(const predict::Analysis& analysis);
/// The roofline picture alone, for a README: legible in light and dark.
std::string to_svg(const predict::Analysis& analysis);
/// A page that needs no other file: pictures, tables, formulas, sources.
std::string to_html(const predict::Analysis& analysis);

}  // namespace ridgepoint::report
