// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "ridgepoint/efficiency/facts.hpp"
#include "ridgepoint/efficiency/shapes.hpp"

namespace ridgepoint::efficiency {

/// A number that silicon decides, between the bounds that physics sets.
struct CoefficientFacts {
  std::string_view name;
  std::string_view unit;  ///< "µs"; empty for a share
  double least;           ///< above 0
  double start;
  double most;
  std::string_view meaning;
};

/// What kind of number a kernel works in and whose it is, as tables of measurements name it.
struct KernelTypes {
  std::string_view compute;      ///< "bf16", "fp8", "fp8_block", "nvfp4", "int4_wo", …
  std::string_view cache;        ///< of attention: "bf16", "fp8"; empty elsewhere
  std::string_view stack = {};   ///< "vllm-0.24.0": forms choose discrete rules by it
  std::string_view kernel = {};  ///< likewise

  /// Outside of a CUDA graph: mostly the host's time.
  bool is_eager() const { return kernel.find("eager") != std::string_view::npos; }
};

/// The form of one operator class: its time as a function of coefficients, device and shape.
struct Form {
  OperatorClass kind;
  std::span<const CoefficientFacts> coefficients;
  /// Seconds. REQUIRES: as many coefficients as facts; the class's shape.
  double (*seconds)(std::span<const double> coefficients, const DeviceFacts& device,
                    const KernelTypes& types, const Shape& shape);
  /// log2 of what a correction depends on; empty where there is none.
  std::vector<double> (*features)(const Shape& shape);
  /// Which of its algorithms a kernel runs, where software chooses one by documented limits: what a
  /// correction has learnt of one says nothing of another. None: one algorithm, 0.
  int (*algorithm)(const DeviceFacts& device, const KernelTypes& types,
                   const Shape& shape) = nullptr;

  /// Where most of the time goes into what coefficients do not change (null elsewhere): `work` does
  /// that once, and `seconds_of_work` the rest. Together they are `seconds`.
  std::vector<double> (*work)(const KernelTypes& types, const Shape& shape) = nullptr;
  double (*seconds_of_work)(std::span<const double> coefficients, const DeviceFacts& device,
                            const KernelTypes& types, const Shape& shape,
                            std::span<const double> work) = nullptr;

  /// What tables may be multiplied by: how much of the time they speak of. Null: none has a factor.
  std::vector<double> (*factors)(std::span<const double> coefficients, const DeviceFacts& device,
                                 const KernelTypes& types, const Shape& shape) = nullptr;
  std::size_t factor_count = 0;
  /// A shape with such first features; null where no table is made to rise.
  Shape (*shape_at)(std::span<const double> log2_features) = nullptr;
  /// Seconds that no kernel can be faster than; null where the form does not say.
  double (*floor)(const DeviceFacts& device, const KernelTypes& types,
                  const Shape& shape) = nullptr;

  int algorithm_of(const DeviceFacts& device, const KernelTypes& types, const Shape& shape) const {
    return algorithm == nullptr ? 0 : algorithm(device, types, shape);
  }
};

/// The forms of all classes, one for each.
const Form& form(OperatorClass kind);

}  // namespace ridgepoint::efficiency
