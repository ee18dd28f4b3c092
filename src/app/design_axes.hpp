// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "app/common_options.hpp"
#include "ridgepoint/explore/space.hpp"

namespace ridgepoint::app {

/// The options of a design space: those of one deployment, each a list.
const std::vector<Option>& design_options();

/// The axes that the words ask for; faults where a list is none.
explore::Axes read_axes(const Arguments& arguments, Faults& faults);

}  // namespace ridgepoint::app
