// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ridgepoint/core/data_type.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/hardware/device.hpp"
#include "ridgepoint/model/architecture.hpp"

namespace ridgepoint::predict {

/// The lecture's figures at one batch size.
struct StatisticsRow {
  std::int64_t batch = 0;
  std::int64_t memory_bytes = 0;
  double latency_s = 0;
  double throughput_tokens_per_s = 0;
  bool fits = false;  ///< memory <= the datasheet's capacity
};

struct Statistics {
  model::Architecture architecture;
  hardware::Device device;
  std::int64_t context = 0;
  DataType dtype = DataType::bf16;
  std::int64_t parameters = 0;
  std::int64_t parameter_bytes = 0;
  std::int64_t kv_bytes_per_sequence = 0;
  std::int64_t max_batch = 0;  ///< largest batch that fits; 0 if not even the weights do
  std::vector<StatisticsRow> rows;
  std::vector<std::string> assumptions;
};

/// Errors: a model to which the lecture's formula does not apply (it says why), a count above
/// 2^63 − 1.
Result<Statistics> statistics(const model::Architecture& architecture,
                              const hardware::Device& device, std::int64_t context,
                              const std::vector<std::int64_t>& batches);

}  // namespace ridgepoint::predict
