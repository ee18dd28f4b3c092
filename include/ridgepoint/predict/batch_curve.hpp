// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ridgepoint/predict/memory_fit.hpp"
#include "ridgepoint/predict/request.hpp"

namespace ridgepoint::predict {

/// What a deployment does at one batch size.
struct BatchEstimate {
  std::int64_t batch = 0;
  RequestTimes floor;
  RequestTimes bound;
  std::optional<ExpectedRequest> expected;  ///< none without a calibration
  Count memory_bytes;                       ///< of a device of the tightest stage
  bool fits = false;
};

/// One deployment over batch sizes, rising.
struct BatchCurve {
  std::vector<BatchEstimate> points;
  MemoryFit memory;  ///< for sequences as long as the requests
};

/// The question of `estimate` at powers of two up to twice what memory holds, at that most and at
/// the batch asked for; of a disaggregated deployment one instance that does both. A batch that
/// there is no answer for is left out.
BatchCurve batch_curve(const Estimate& estimate);

}  // namespace ridgepoint::predict
