// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ridgepoint/report/plan_report.hpp"

namespace ridgepoint::report {

/// "llama-3.3-70b, 4,000 tokens in, 500 tokens out: 20 requests/s with ttft<1s, tpot<40ms"
std::string plan_headline(const PlannedSpace& planned);
/// The plan, or that there is none, in sentences.
std::vector<std::string> plan_sentences(const PlannedSpace& planned);
/// How many points there are, and what became of them.
std::string certificate_sentence(const explore::Plan& plan);
/// Of every kind of deployment: what it would cost, and what keeps it from costing less.
std::vector<std::string> why_not_sentences(const PlannedSpace& planned);
/// What a tenth more of something would buy.
std::vector<std::string> relaxation_sentences(const PlannedSpace& planned);
std::vector<std::string> forbidden_sentences(const PlannedSpace& planned);

/// Those that carry the load, the plan first; or the nearest misses.
std::vector<const explore::PlanRow*> shown_rows(const explore::Plan& plan);
/// "The plan and its runners-up"
std::string rows_heading(const explore::Plan& plan);
Table rows_table(const PlannedSpace& planned);

/// "tpot<40ms", "the rate": what a breach is of.
std::string breached(const explore::Breach& breach, const explore::PlanQuestion& question);
std::string relaxed(const explore::Relaxation& relaxation, const explore::PlanQuestion& question);

}  // namespace ridgepoint::report
