// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>

#include "ridgepoint/core/instruction_set.hpp"
#include "ridgepoint/efficiency/profile.hpp"

namespace ridgepoint::efficiency {

/// Shapes of one kernel that differ in what varies from step to step alone; spans of equal lengths.
struct VaryingShapes {
  /// m of a matmul, tokens of experts, bytes of a collective, rows of an element-wise kernel, batch
  /// of attention.
  std::span<const double> size;
  std::span<const double> new_tokens = {};  ///< of attention alone
  std::span<const double> context = {};     ///< likewise
};

/// `VaryingShapes::size` of a shape.
double size_of(const Shape& shape);

/// Where times are written to; of the shapes' length.
struct ExpectedSpans {
  std::span<double> seconds;
  std::span<double> low;
  std::span<double> high;
};

/// A kernel with all that does not vary worked out once: coefficients, device, the fixed sizes of
/// its shape, and the tables there. Its times are those of `expected_time` to rounding.
class PreparedKernel {
 public:
  /// `like`: a shape with the fixed sizes; what varies of it does not matter.
  PreparedKernel(const KernelProfile& kernel, const DeviceFacts& device, const Shape& like);

  /// The same bits with every instruction set, and as `time` at each shape.
  /// REQUIRES: `set` is available; new_tokens and context are there for attention.
  void times(const VaryingShapes& shapes, const ExpectedSpans& out, InstructionSet set) const;
  /// REQUIRES: the fixed sizes are those of `like`.
  Expected time(const Shape& shape) const;

  class Times;  ///< one for each class of kernels

 private:
  std::shared_ptr<const Times> times_;
};

}  // namespace ridgepoint::efficiency
