// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/hardware/device.hpp"
#include "ridgepoint/model/architecture.hpp"

namespace ridgepoint::predict::testing {

/// Llama 2 13B: the facts of its config.json.
inline model::Architecture llama_2_13b() {
  model::Architecture llama;
  llama.name = "llama-2-13b";
  llama.family = "llama";
  llama.hidden_size = 5120;
  llama.vocab_size = 32000;
  llama.max_position_embeddings = 4096;
  llama.dtype = DataType::fp16;
  llama.runs = {
      {40,
       model::Attention{
           .num_attention_heads = 40, .num_key_value_heads = 40, .head_dim = 128, .window = {}},
       model::Mlp{.intermediate_size = 13824}, 2}};
  return llama;
}

/// The same with fewer key/value heads.
inline model::Architecture llama_2_13b_with_kv_heads(std::int64_t kv_heads) {
  model::Architecture llama = llama_2_13b();
  std::get<model::Attention>(llama.runs[0].mixer).num_key_value_heads = kv_heads;
  return llama;
}

/// H100 SXM: 989.4 TFLOP/s dense in 16 bits, 3.35 TB/s, 80 GB.
inline hardware::Device h100_sxm() {
  hardware::Device device;
  device.name = "h100-sxm";
  device.title = "NVIDIA H100 80GB SXM5";
  device.dense_peaks = {{DataType::bf16, {FlopsPerSecond(989.4e12), "datasheet", ""}},
                        {DataType::fp16, {FlopsPerSecond(989.4e12), "datasheet", ""}},
                        {DataType::fp8, {FlopsPerSecond(1978.9e12), "datasheet", ""}}};
  device.memory_bandwidth = {BytesPerSecond(3.35e12), "datasheet", ""};
  device.memory_capacity_bytes = {80'000'000'000, "datasheet", ""};
  return device;
}

}  // namespace ridgepoint::predict::testing
