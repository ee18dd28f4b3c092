// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/axis.hpp"

#include <algorithm>

#include "ridgepoint/core/names.hpp"

namespace ridgepoint::explore {

std::optional<Axis> axis_named(std::string_view text) {
  const std::string asked = normalized(text);
  const auto* found =
      std::find_if(kAxisFacts.begin(), kAxisFacts.end(), [&](const AxisFacts& each) {
        return !asked.empty() && (asked == normalized(each.key) || asked == each.flag);
      });
  if (found == kAxisFacts.end()) return std::nullopt;
  return found->axis;
}

}  // namespace ridgepoint::explore
