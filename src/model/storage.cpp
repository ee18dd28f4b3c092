// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/model/storage.hpp"

#include <algorithm>
#include <string>

#include "model/quantization.hpp"

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

constexpr std::int64_t kFullScaleBits = 32;  // fp32: of fp8, int8 and nvfp4's second level
constexpr std::int64_t kHalfScaleBits = 16;  // bf16 or fp16: of integer groups

Count in_bytes(Count bits) { return bits / Count(8); }

Count scale_bytes(const Quantization& quantization, Count scales) {
  const bool is_half = quantization.method == Method::group_integer;
  const std::int64_t usual = is_half ? kHalfScaleBits : kFullScaleBits;
  Count bits = scales * Count(quantization.scale_bits == 0 ? usual : quantization.scale_bits);
  if (quantization.scales_per_scale > 0) {
    bits += ceil(scales / Count(quantization.scales_per_scale)) * Count(kFullScaleBits);
  }
  return in_bytes(bits);
}

Count group_integer_bytes(const Quantization& quantization, Count rows, std::int64_t columns,
                          Count elements) {
  const std::int64_t group =
      quantization.group_size == 0 ? std::max<std::int64_t>(1, columns) : quantization.group_size;
  const Count groups = rows * blocks(columns, group);
  const Count bits = elements * quantization.bits + groups * Count(quantization.zero_bits);
  const Count index = quantization.has_group_index ? 4 * Count(columns) : Count(0);
  return in_bytes(bits) + scale_bytes(quantization, groups) + index;
}

/// One matrix with its scales.
Count weights_and_scales(const Quantization& quantization, const ParameterEntry& entry) {
  const Count elements = entry.elements;
  const std::int64_t columns = std::max<std::int64_t>(1, entry.inputs);
  const Count rows = elements / Count(columns);
  switch (quantization.method) {
    case Method::block_fp8:
      return elements + scale_bytes(quantization, blocks(entry.outputs, quantization.block_rows) *
                                                      blocks(columns, quantization.block_columns));
    case Method::tensor_fp8:
      return elements + scale_bytes(quantization, 1);
    case Method::channel_fp8:
    case Method::int8:
      return elements + scale_bytes(quantization, rows);
    case Method::mxfp4:
      return elements / Count(2) + rows * blocks(columns, 32);
    case Method::nvfp4:
      return elements / Count(2) + rows * blocks(columns, 16) + in_bytes(kFullScaleBits);
    case Method::group_integer:
      break;
  }
  return group_integer_bytes(quantization, rows, columns, elements);
}

Count matrix_bytes(const Quantization& quantization, const ParameterEntry& entry) {
  return weights_and_scales(quantization, entry) + in_bytes(quantization.input_scale_bits);
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

DataType computing_type(Method method) {
  switch (method) {
    case Method::block_fp8:
    case Method::tensor_fp8:
    case Method::channel_fp8:
      return DataType::fp8;
    case Method::int8:
      return DataType::int8;
    case Method::mxfp4:
      return DataType::mxfp4;
    case Method::nvfp4:
      return DataType::nvfp4;
    case Method::group_integer:
      break;
  }
  return DataType::int4;
}

std::string_view format_of(const Quantization& quantization) {
  if (quantization.method == Method::block_fp8) return "fp8_block";
  if (quantization.method == Method::group_integer && quantization.bits == 8) return "int8_wo";
  return number_format(computing_type(quantization.method));
}

bool contains(std::initializer_list<std::string_view> paths, const std::string& path) {
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

}  // namespace

std::string_view number_format(DataType weights) {
  switch (weights) {
    case DataType::int4:
      return "int4_wo";
    case DataType::int3:
      return "int3_wo";
    case DataType::mxfp4:
      return "w4a16_mxfp4";
    default:
      return name(weights);
  }
}

WeightStorage::WeightStorage(const Architecture& architecture)
    : own_(own_size(architecture)),
      dtype_(architecture.dtype),
      quantised_type_(architecture.quantization ? computing_type(architecture.quantization->method)
                                                : architecture.dtype),
      quantised_format_(architecture.quantization ? format_of(*architecture.quantization)
                                                  : number_format(architecture.dtype)) {
  for (ParameterEntry& entry : parameters(architecture)) {
    Tensor tensor;
    const LayerRun* run = nullptr;
    if (entry.run >= 0) run = &architecture.runs[static_cast<std::size_t>(entry.run)];
    tensor.layers = tensor.plain_layers =
        run == nullptr ? 1 : std::max<std::int64_t>(1, run->count);
    if (architecture.quantization && is_candidate(*architecture.quantization, entry)) {
      const Quantization& quantization = *architecture.quantization;
      ParameterEntry matrix = entry;
      if (entry.inputs == 0) matrix.inputs = architecture.hidden_size;
      tensor.quantised = matrix_bytes(quantization, matrix);
      tensor.plain_layers = run == nullptr ? (is_ignored(quantization, entry.path) ? 1 : 0)
                                           : ignored_layers(quantization, *run, entry.path);
    }
    tensor.entry = std::move(entry);
    tensors_.push_back(std::move(tensor));
  }
}

std::vector<StoredTensor> WeightStorage::of(std::int64_t run,
                                            std::initializer_list<std::string_view> paths) const {
  const Tensor* first = nullptr;
  Count elements;
  Count quantised;
  for (const Tensor& tensor : tensors_) {
    if (tensor.entry.run != run || !contains(paths, tensor.entry.path)) continue;
    if (first == nullptr) first = &tensor;
    elements += tensor.entry.elements;
    quantised += tensor.quantised;
  }
  if (first == nullptr) return {};
  std::vector<StoredTensor> ways;
  const std::int64_t plain = first->plain_layers;
  if (first->layers > plain) {
    ways.push_back(
        {first->layers - plain, quantised / elements, quantised_type_, quantised_format_});
  }
  if (plain > 0) ways.push_back({plain, own_, dtype_, number_format(dtype_)});
  return ways;
}

bool WeightStorage::are_matrices(std::int64_t run,
                                 std::initializer_list<std::string_view> paths) const {
  return std::any_of(tensors_.begin(), tensors_.end(), [&](const Tensor& tensor) {
    return tensor.entry.run == run && tensor.entry.inputs > 0 && contains(paths, tensor.entry.path);
  });
}

Count WeightStorage::total_bytes(std::optional<ByteSize> matrices) const {
  Count bytes;
  for (const Tensor& tensor : tensors_) {
    const ParameterEntry& entry = tensor.entry;
    if (matrices && entry.run >= 0 && entry.inputs > 0) {
      bytes += entry.instances * entry.elements * Count(matrices->numerator, matrices->denominator);
      continue;
    }
    bytes += stored_bytes(tensor);
  }
  return bytes;
}

Count WeightStorage::tensor_bytes(std::int64_t run,
                                  std::initializer_list<std::string_view> paths) const {
  Count bytes;
  for (const Tensor& tensor : tensors_) {
    if (tensor.entry.run == run && contains(paths, tensor.entry.path)) {
      bytes += stored_bytes(tensor);
    }
  }
  return bytes;
}

Count WeightStorage::stored_bytes(const Tensor& tensor) const {
  const Count plain_share(tensor.plain_layers, tensor.layers);
  const Count plain = tensor.entry.elements * own_;
  return tensor.entry.instances *
         (plain_share * plain + (Count(1) - plain_share) * tensor.quantised);
}

Count weight_bytes(const Architecture& architecture) {
  return WeightStorage(architecture).total_bytes();
}

}  // namespace ridgepoint::model
