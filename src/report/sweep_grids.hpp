// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "report/envelope.hpp"
#include "report/pictures.hpp"
#include "ridgepoint/report/sweep_report.hpp"

namespace ridgepoint::report {

/// A value of an axis: "64", "fp8"; "auto" where none was given.
std::string axis_value(const explore::Axes& axes, explore::Axis axis, std::uint64_t number);
Json axis_value_json(const explore::Axes& axes, explore::Axis axis, std::uint64_t number);
std::vector<std::string> axis_values(const explore::Axes& axes, explore::Axis axis);

/// "requests wait for memory", "does not fit".
std::string region_words(const SweptSpace& swept, explore::Region region);

std::string grid_heading(const SweptSpace& swept, const explore::SweepGrid& grid);
/// What the letters of a map stand for: those that it has.
std::string legend_sentence(const SweptSpace& swept, const explore::SweepGrid& grid);

/// A line for each cell: where it is, what limits it, its best point.
Table cells_table(const SweptSpace& swept, const explore::SweepGrid& grid);
/// Letters and values, the first axis across. REQUIRES: a grid of two axes.
Table map_table(const SweptSpace& swept, const explore::SweepGrid& grid);
/// The map in as much detail as the terminal takes: at the least a letter for each cell.
std::string map_text(const SweptSpace& swept, const explore::SweepGrid& grid,
                     const Terminal& terminal);

/// The value of the objective in each cell as a colour, with lines where another thing limits it.
/// REQUIRES: a grid of two axes.
std::string heat_picture(const SweptSpace& swept, const explore::SweepGrid& grid, Setting setting);

}  // namespace ridgepoint::report
