// SPDX-License-Identifier: Apache-2.0
#include "predict/memory.hpp"

#include "ridgepoint/model/parameters.hpp"
#include "ridgepoint/model/storage.hpp"

namespace ridgepoint::predict {
namespace {

/// The largest integer not above a / b, for valid a >= 0 and b > 0.
std::int64_t whole_quotient(const Count& a, const Count& b) {
  const Count quotient = a / b;
  const Count up = ceil(quotient);
  const Count down = up == quotient ? up : up - Count(1);
  return down.to_integer().value_or(0);
}

}  // namespace

Count weight_memory(const model::Architecture& architecture, const Precision& precision) {
  std::optional<ByteSize> matrices;
  if (precision.weights) matrices = byte_size(*precision.weights);
  return model::WeightStorage(architecture).total_bytes(matrices);
}

MemoryUse memory_use(const model::Architecture& architecture, const hardware::Device& device,
                     const Workload& workload) {
  MemoryUse use;
  const ByteSize element = byte_size(workload.precision.kv_cache);
  use.weights = weight_memory(architecture, workload.precision);
  use.state_per_sequence = model::state_bytes_per_sequence(architecture);
  use.kv_cache_per_sequence =
      model::kv_bytes_per_sequence(architecture, workload.context, element) +
      workload.context * model::index_bytes_per_token(architecture, element) +
      use.state_per_sequence;
  use.kv_cache = Count(workload.batch) * use.kv_cache_per_sequence;
  use.capacity = device.memory_capacity_bytes.value;
  if (!use.total().is_valid()) return use;
  use.fits = !(Count(use.capacity) < use.total());
  if (use.weights < Count(use.capacity)) {
    use.max_batch =
        use.kv_cache_per_sequence == Count(0)
            ? MemoryUse::kUnbounded
            : whole_quotient(Count(use.capacity) - use.weights, use.kv_cache_per_sequence);
  }
  return use;
}

}  // namespace ridgepoint::predict
