// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace ridgepoint::efficiency {

/// Bytes of an element, its share of the scales included.
struct OperandBytes {
  double weight;
  double activation;
  bool are_quantised;  ///< activations, by a kernel of its own before a matmul
};

/// Of a matmul in one of KernelTypes' compute types; 16 bits where the type is none of them.
/// `integer_group`: inputs that share a scale of two bytes, where weights are integers below 8
/// bits.
OperandBytes operand_bytes(std::string_view type, double integer_group);

}  // namespace ridgepoint::efficiency
