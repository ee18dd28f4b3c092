// SPDX-License-Identifier: Apache-2.0
#include "predict/memory.hpp"

#include "ridgepoint/model/parameters.hpp"

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
  const auto step = build_step(architecture, dimensions<Count>(architecture), precision);
  const cost::Shape<Count> one_token{1, 1, 1};
  Count bytes;
  for (const cost::StepOperator<Count>& part : step) {
    bytes += cost::totals(part, one_token).weight_bytes;
  }
  const Count rows = Count(architecture.learned_position_rows) +
                     Count(architecture.tie_word_embeddings ? 0 : architecture.vocab_size);
  const auto element = cost::scalar<Count>(byte_size(architecture.dtype));
  return bytes + rows * Count(architecture.hidden_size) * element;
}

MemoryUse memory_use(const model::Architecture& architecture, const hardware::Device& device,
                     const Workload& workload) {
  MemoryUse use;
  use.weights = weight_memory(architecture, workload.precision);
  use.kv_cache_per_sequence = model::kv_bytes_per_sequence(architecture, workload.context,
                                                           byte_size(workload.precision.kv_cache));
  use.kv_cache = Count(workload.batch) * use.kv_cache_per_sequence;
  use.capacity = device.memory_capacity_bytes.value;
  if (!use.total().is_valid()) return use;
  use.fits = !(Count(use.capacity) < use.total());
  if (use.weights < Count(use.capacity)) {
    use.max_batch = whole_quotient(Count(use.capacity) - use.weights, use.kv_cache_per_sequence);
  }
  return use;
}

}  // namespace ridgepoint::predict
