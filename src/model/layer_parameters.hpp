// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "ridgepoint/model/parameters.hpp"

namespace ridgepoint::model {

/// Adds every tensor of one run of layers to `entries`.
void add_layer_parameters(const Architecture& architecture, std::size_t run,
                          std::vector<ParameterEntry>& entries);

/// Elements of the matrices and biases of an MLP between `width` inputs and outputs.
Count mlp_elements(const Mlp& mlp, Count width);

}  // namespace ridgepoint::model
