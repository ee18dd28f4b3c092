// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "ridgepoint/core/data_type.hpp"

namespace ridgepoint::efficiency {

// KernelTypes' words for numbers.

/// Both run alike.
constexpr bool is_sixteen_bit(std::string_view type) { return type == "bf16" || type == "fp16"; }

/// At whose peak kernels of that type multiply: weights that are only stored in 4 bits at 16 bits'.
/// None for a word that no table of measurements has.
std::optional<DataType> peak_type_of(std::string_view compute);

}  // namespace ridgepoint::efficiency
