// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ridgepoint/predict/analysis.hpp"
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

predict::Statistics sample_statistics();

}  // namespace ridgepoint::report::test
