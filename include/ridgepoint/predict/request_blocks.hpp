// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "ridgepoint/core/instruction_set.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/predict/reading.hpp"
#include "ridgepoint/predict/request.hpp"

namespace ridgepoint::predict {

/// TTFT and TPOT of static batches of one deployment, many at once: bit-equal to what `estimate`
/// says of each, whatever the instruction set. For one thread.
class RequestBlocks {
 public:
  /// Of the question batch, output and context may vary, and input unless the model has an encoder.
  /// Errors: those of `estimate` that hang on nothing else. REQUIRES: a calibration for expected
  /// times; `set` is available.
  static Result<RequestBlocks> build(const model::Architecture& architecture,
                                     const hardware::Device& device,
                                     const RequestQuestion& question, Reading reading,
                                     InstructionSet set = best_instruction_set());
  ~RequestBlocks();
  RequestBlocks(RequestBlocks&&) noexcept;
  RequestBlocks& operator=(RequestBlocks&&) noexcept;

  /// Seconds in which all prompts of each batch are read. Of an encoder–decoder TPOT comes on top.
  /// REQUIRES: spans of equal length; batches of whole numbers.
  void prefill(std::int64_t input, std::span<const double> batch, std::span<double> seconds);
  /// Of decode steps. REQUIRES: spans of equal length.
  void tpot(std::span<const double> batch, std::span<const double> context,
            std::span<double> seconds);

 private:
  class Steps;
  explicit RequestBlocks(std::unique_ptr<Steps> steps);
  std::unique_ptr<Steps> steps_;
};

}  // namespace ridgepoint::predict
