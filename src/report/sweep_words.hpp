// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "report/pictures.hpp"
#include "report/request_figures.hpp"
#include "ridgepoint/report/sweep_report.hpp"

namespace ridgepoint::report {

/// "llama-3.3-70b on h100-sxm and h200-sxm"
std::string sweep_title(const explore::Space& space);
std::string sweep_headline(const SweptSpace& swept);
/// "fits, tpot<40ms"; "any".
std::string subject_words(const explore::Subject& subject);
std::string counts_sentence(const SweptSpace& swept);
std::vector<std::string> left_out_sentences(const std::vector<explore::LeftOut>& left_out);
std::string top_heading(const explore::Sweep& sweep);
std::string front_heading(const explore::Sweep& sweep);

/// The axes that vary and the figures that are known;
/// `without`: axes that are told elsewhere.
Table rows_table(const SweptSpace& swept, const std::vector<explore::SweepRow>& rows,
                 const std::vector<explore::Axis>& without = {});

/// Where a point is and its figures, for a tooltip.
std::string point_words(const SweptSpace& swept, const explore::SweepRow& row);

/// The front, or the best, by two metrics: those of the front, else TPOT and the throughput of a
/// device. REQUIRES: there is a row.
std::string sweep_picture(const SweptSpace& swept, Setting setting);

}  // namespace ridgepoint::report
