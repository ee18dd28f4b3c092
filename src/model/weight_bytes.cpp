// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "model/quantization.hpp"
#include "ridgepoint/model/parameters.hpp"

namespace ridgepoint::model {
namespace {

using Method = Quantization::Method;

Count own_size(const Architecture& architecture) {
  const ByteSize size = byte_size(architecture.dtype);
  return {size.numerator, size.denominator};
}

Count blocks(std::int64_t elements, std::int64_t per_block) {
  return (elements + per_block - 1) / per_block;
}

constexpr std::int64_t kScaleBytes = 4;      // fp32: of fp8, and nvfp4's second level
constexpr std::int64_t kHalfScaleBits = 16;  // bf16 or fp16: of integer groups

Count group_integer_bytes(const Quantization& quantization, Count rows, std::int64_t columns,
                          Count elements) {
  const std::int64_t group =
      quantization.group_size == 0 ? std::max<std::int64_t>(1, columns) : quantization.group_size;
  const Count groups = rows * blocks(columns, group);
  const Count bits =
      elements * quantization.bits + groups * Count(kHalfScaleBits + quantization.zero_bits);
  const Count index = quantization.has_group_index ? kScaleBytes * Count(columns) : Count(0);
  return bits / Count(8) + index;
}

/// One matrix with its scales.
Count matrix_bytes(const Quantization& quantization, const ParameterEntry& entry) {
  const Count elements = entry.elements;
  const std::int64_t columns = std::max<std::int64_t>(1, entry.inputs);
  const Count rows = elements / Count(columns);
  switch (quantization.method) {
    case Method::block_fp8:
      return elements + kScaleBytes * blocks(entry.outputs, quantization.block_rows) *
                            blocks(columns, quantization.block_columns);
    case Method::tensor_fp8:
      return elements + Count(kScaleBytes);
    case Method::channel_fp8:
    case Method::int8:
      return elements + kScaleBytes * rows;
    case Method::mxfp4:
      return elements / Count(2) + rows * blocks(columns, 32);
    case Method::nvfp4:
      return elements / Count(2) + rows * blocks(columns, 16) + Count(kScaleBytes);
    case Method::group_integer:
      break;
  }
  return group_integer_bytes(quantization, rows, columns, elements);
}

bool is_candidate(const Quantization& quantization, const ParameterEntry& entry) {
  if (entry.name == "lm_head") return quantization.covers_head;
  if (entry.name == "embed_tokens" || entry.name == "router") {
    return quantization.covers_embeddings;
  }
  return entry.inputs > 0 && entry.run >= 0;
}

/// Of the layers of a run, how many keep this tensor at the model's own type.
std::int64_t ignored_layers(const Quantization& quantization, const LayerRun& run,
                            const std::string& path) {
  if (quantization.ignored.empty()) return 0;
  return std::count_if(run.numbers.begin(), run.numbers.end(), [&](std::int64_t number) {
    return is_ignored(quantization, "layers." + std::to_string(number) + "." + path);
  });
}

Count entry_bytes(const Architecture& architecture, const ParameterEntry& entry) {
  const Count plain = entry.instances * entry.elements * own_size(architecture);
  if (!architecture.quantization) return plain;
  const Quantization& quantization = *architecture.quantization;
  if (!is_candidate(quantization, entry)) return plain;
  ParameterEntry matrix = entry;
  if (entry.inputs == 0) matrix.inputs = architecture.hidden_size;
  const Count quantised = entry.instances * matrix_bytes(quantization, matrix);
  if (entry.run < 0) return is_ignored(quantization, entry.path) ? plain : quantised;
  const LayerRun& run = architecture.runs[static_cast<std::size_t>(entry.run)];
  const std::int64_t ignored = ignored_layers(quantization, run, entry.path);
  const Count share(ignored, std::max<std::int64_t>(1, run.count));
  return share * plain + (Count(1) - share) * quantised;
}

}  // namespace

Count weight_bytes(const Architecture& architecture) {
  Count bytes;
  for (const ParameterEntry& entry : parameters(architecture)) {
    bytes += entry_bytes(architecture, entry);
  }
  return bytes;
}

}  // namespace ridgepoint::model
