// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ridgepoint/predict/analysis.hpp"
#include "ridgepoint/predict/request.hpp"
#include "ridgepoint/predict/statistics.hpp"

namespace ridgepoint::report::test {

/// Facts of our own, so that no test depends on the catalogue's data.
hardware::Device sample_device();  ///< 989.4 TFLOP/s at 16 bits, twice that at fp8, 3.35 TB/s
model::Architecture sample_architecture();  ///< the shape of Llama 2 13B

/// A case with a name for messages.
struct Sample {
  std::string name;
  predict::Analysis analysis;
};

predict::Analysis analysis_of(std::int64_t batch, std::int64_t context,
                              predict::Precision precision = {});
/// Cases that stress a layout: small and large batches, two roofs, one phase, far too much memory.
std::vector<Sample> samples();

/// Kernels of every class at the starts of their forms, with bands of a tenth: of no silicon, so
/// that no test depends on what was measured. Rotary embeddings are unknown.
std::shared_ptr<const efficiency::Calibration> sample_calibration();
/// The device, with what expected times need to know of it.
hardware::Device calibrated_device();
predict::Analysis expected_analysis_of(std::int64_t batch, std::int64_t context);
predict::Estimate expected_estimate_of(std::int64_t batch);

predict::Statistics sample_statistics();

}  // namespace ridgepoint::report::test
