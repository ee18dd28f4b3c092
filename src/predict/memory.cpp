// SPDX-License-Identifier: Apache-2.0
#include "predict/memory.hpp"

#include "predict/stage_memory.hpp"
#include "predict/step_analysis.hpp"
#include "predict/whole_part.hpp"
#include "ridgepoint/model/parameters.hpp"

namespace ridgepoint::predict {
MemoryUse memory_use(const DeviceShare& share, const hardware::Device& device,
                     const Workload& workload) {
  MemoryUse use;
  const KeptBytes kept_bytes(share.model, byte_size(workload.precision.kv_cache));
  use.weights = stage_weights(share, workload.precision);
  use.state_per_sequence = model::state_bytes_per_sequence(share.model);
  constexpr std::int64_t kNoBlocks = 1;
  use.kv_cache_per_sequence =
      kept_bytes.of_sequence({workload.context, workload.context}, kNoBlocks);
  use.micro_batches = workload.parallelism.pipeline;
  const bool has_chunk = asks_for(workload, Phase::mixed);
  if (has_chunk) {
    use.chunk_cache =
        kept_bytes.of_sequence({workload.chunk.context, workload.chunk.context}, kNoBlocks);
  }
  const Count kv_cache_per_batch = Count(use.micro_batches) * use.kv_cache_per_sequence;
  const Count kept = use.weights + Count(use.micro_batches) * use.chunk_cache;
  use.kv_cache = Count(workload.batch) * kv_cache_per_batch + (kept - use.weights);
  use.capacity = device.memory_capacity_bytes.value;
  if (!use.total().is_valid()) return use;
  use.fits = !(Count(use.capacity) < use.total());
  if (kept < Count(use.capacity)) {
    use.max_batch = use.kv_cache_per_sequence == Count(0)
                        ? MemoryUse::kUnbounded
                        : whole_part((Count(use.capacity) - kept) / kv_cache_per_batch);
  }
  return use;
}

}  // namespace ridgepoint::predict
