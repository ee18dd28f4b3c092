// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ridgepoint/efficiency/shapes.hpp"

namespace ridgepoint::score {

/// "m=16 n=4096 k=7168", in the columns of the tables.
std::string describe(const efficiency::Shape& shape);

}  // namespace ridgepoint::score
