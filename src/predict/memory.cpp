// SPDX-License-Identifier: Apache-2.0
#include "predict/memory.hpp"

#include "predict/stage_memory.hpp"
#include "predict/whole_part.hpp"
#include "ridgepoint/model/parameters.hpp"

namespace ridgepoint::predict {
MemoryUse memory_use(const model::Architecture& architecture, const hardware::Device& device,
                     const Workload& workload) {
  MemoryUse use;
  const ByteSize element = byte_size(workload.precision.kv_cache);
  const DeviceShare share = device_shares(architecture, workload.parallelism).front();
  use.weights = stage_weights(share, workload.precision);
  use.state_per_sequence = model::state_bytes_per_sequence(share.model);
  constexpr std::int64_t kNoBlocks = 1;
  use.kv_cache_per_sequence = sequence_memory(share.model, workload.context, kNoBlocks, element);
  use.kv_cache = Count(workload.batch) * use.kv_cache_per_sequence;
  use.capacity = device.memory_capacity_bytes.value;
  if (!use.total().is_valid()) return use;
  use.fits = !(Count(use.capacity) < use.total());
  if (use.weights < Count(use.capacity)) {
    use.max_batch =
        use.kv_cache_per_sequence == Count(0)
            ? MemoryUse::kUnbounded
            : whole_part((Count(use.capacity) - use.weights) / use.kv_cache_per_sequence);
  }
  return use;
}

}  // namespace ridgepoint::predict
