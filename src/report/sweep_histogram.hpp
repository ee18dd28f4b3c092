// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "report/envelope.hpp"
#include "report/pictures.hpp"
#include "ridgepoint/explore/histogram.hpp"
#include "ridgepoint/report/sweep_report.hpp"

namespace ridgepoint::report {

// REQUIRES, of all: the sweep was asked for a histogram.

struct HistogramBar {
  explore::BinEdges edges;  ///< in base units
  std::uint64_t count = 0;
};
/// From the first to the last bin that holds something; bins are joined where that makes too many.
std::vector<HistogramBar> histogram_bars(const std::vector<std::uint64_t>& histogram,
                                         std::size_t most);

std::string histogram_heading(const explore::Sweep& sweep);
/// Between what edges the median and other percentiles lie; empty where nothing was counted.
std::string percentiles_sentence(const explore::Sweep& sweep);
Table histogram_table(const explore::Sweep& sweep);
std::string histogram_text(const explore::Sweep& sweep, const Terminal& terminal);
Json histogram_json(const explore::Sweep& sweep);
/// Empty where nothing was counted.
std::string histogram_picture(const explore::Sweep& sweep, Setting setting);

}  // namespace ridgepoint::report
