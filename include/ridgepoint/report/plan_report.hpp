// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ridgepoint/explore/plan.hpp"
#include "ridgepoint/report/table.hpp"

namespace ridgepoint::report {

/// A plan with the space that it was found in.
struct PlannedSpace {
  const explore::Space& space;
  const explore::Plan& plan;
};

/// The documents of `plan`; each ends with a line feed.
std::string to_text(const PlannedSpace& planned, const Terminal& terminal = {});
std::string to_json(const PlannedSpace& planned);
/// One line for the plan and each runner-up, or for each of the nearest misses, in base units.
std::string to_csv(const PlannedSpace& planned);
std::string to_markdown(const PlannedSpace& planned);

}  // namespace ridgepoint::report
