// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/parallelism.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace ridgepoint::predict {
namespace {

using model::Architecture;
using model::LayerRun;

/// A size that is split over tensor-parallel devices.
struct SplitSize {
  const char* name;
  std::int64_t* value;
  bool may_replicate = false;  ///< heads of keys: one stays on each device when there are fewer
};

// The sizes of each kind of layer that tensor parallelism splits, as vLLM does; what is not listed
// stays whole on every device (latent ranks, routers, norms, an indexer).
using Splits = std::vector<SplitSize>;

void list(model::Attention& attention, Splits& out) {
  out.push_back({"num_attention_heads", &attention.num_attention_heads});
  out.push_back({"num_key_value_heads", &attention.num_key_value_heads, true});
}
void list(model::LatentAttention& mla, Splits& out) {
  out.push_back({"num_attention_heads", &mla.num_attention_heads});
}
void list(model::Mamba1& mamba, Splits& out) {
  out.push_back({"intermediate_size of the mixer", &mamba.intermediate_size});
}
void list(model::Mamba2& mamba, Splits& out) {
  out.push_back({"heads of the state", &mamba.num_heads});
  out.push_back({"n_groups", &mamba.groups, true});
}
void list(model::GatedDeltaNet& delta, Splits& out) {
  out.push_back({"linear_num_value_heads", &delta.num_value_heads});
  out.push_back({"linear_num_key_heads", &delta.num_key_heads, true});
}
void list(model::KimiDeltaAttention& kda, Splits& out) {
  out.push_back({"heads of the state", &kda.num_heads});
}
void list(model::LightningAttention& lightning, Splits& out) {
  out.push_back({"heads of the state", &lightning.num_heads});
}
void list(model::ShortConvolution& conv, Splits& out) {
  out.push_back({"width of the convolution", &conv.width});
}
void list(model::RecurrentUnit& unit, Splits& out) {
  out.push_back({"lru_width", &unit.width});
  out.push_back({"blocks of the gates", &unit.blocks});
}
void list(model::AttentionBesideMamba& both, Splits& out) {
  list(both.attention, out);
  list(both.mamba, out);
}
void list(model::LinearMixer&, Splits&) {}
void list(model::NoMixer&, Splits&) {}
void list(model::Mlp& mlp, Splits& out) {
  out.push_back({"intermediate_size", &mlp.intermediate_size});
}
void list(model::MixtureOfExperts& moe, Splits& out) {
  if (moe.shared) {
    out.push_back({"width of the shared experts", &moe.shared->intermediate_size});
  }
  if (moe.dense) out.push_back({"width of the dense MLP", &moe.dense->intermediate_size});
}
void list(model::NoFeedForward&, Splits&) {}

Splits splits(LayerRun& run) {
  Splits out;
  std::visit([&](auto& mixer) { list(mixer, out); }, run.mixer);
  if (run.cross_attention) list(*run.cross_attention, out);
  std::visit([&](auto& part) { list(part, out); }, run.feed_forward);
  return out;
}

bool divides(const SplitSize& size, std::int64_t by) {
  return *size.value % by == 0 || (size.may_replicate && by % *size.value == 0);
}

/// Over how many devices the matrices of one expert are split.
std::int64_t tensor_of_experts(const Parallelism& parallelism) {
  return std::max<std::int64_t>(1, parallelism.tensor / parallelism.expert);
}

/// The sizes of all layers, which point into `architecture`.
Splits splits(Architecture& architecture) {
  Splits all;
  for (LayerRun& run : architecture.runs) {
    const Splits sizes = splits(run);
    all.insert(all.end(), sizes.begin(), sizes.end());
  }
  return all;
}

bool divides(const Splits& sizes, std::int64_t by) {
  return std::all_of(sizes.begin(), sizes.end(),
                     [&](const SplitSize& size) { return divides(size, by); });
}

std::string listed(const std::vector<std::int64_t>& sizes) {
  return fmt::format("{}", fmt::join(sizes, ", "));
}

constexpr std::int64_t kMostTensor = 1024;
constexpr std::int64_t kMostSplit = 1'000'000;

void check_tensor(const Architecture& architecture, std::int64_t tensor, Diagnostics& faults) {
  Architecture copy = architecture;
  const Splits sizes = splits(copy);
  if (divides(sizes, tensor)) return;
  const std::string help = "legal sizes: " + listed(legal_tensor_sizes(architecture, kMostTensor));
  for (const SplitSize& size : sizes) {
    Diagnostic fault{"--tensor-parallel-size",
                     fmt::format("{} does not divide {} {}", tensor, size.name, *size.value), help};
    const bool is_new = std::find(faults.begin(), faults.end(), fault) == faults.end();
    if (!divides(size, tensor) && is_new) faults.push_back(std::move(fault));
  }
}

const model::MixtureOfExperts* experts_of(const LayerRun& run) {
  return std::get_if<model::MixtureOfExperts>(&run.feed_forward);
}

std::vector<std::int64_t> legal_expert_sizes(std::int64_t experts, const Parallelism& parallelism) {
  std::vector<std::int64_t> legal;
  const std::int64_t tensor = parallelism.tensor;
  const std::int64_t most = std::min(experts, tensor * parallelism.data);
  for (std::int64_t size = 1; size <= most; ++size) {
    const bool is_shape = tensor % size == 0 || size % tensor == 0;
    if (is_shape && (tensor * parallelism.data) % size == 0 && experts % size == 0) {
      legal.push_back(size);
    }
  }
  return legal;
}

void check_experts(const Architecture& architecture, const Parallelism& parallelism,
                   Diagnostics& faults) {
  bool has_experts = false;
  for (const LayerRun& run : architecture.runs) {
    const auto* moe = experts_of(run);
    if (moe == nullptr) continue;
    has_experts = true;
    const auto legal = legal_expert_sizes(moe->num_experts, parallelism);
    if (std::find(legal.begin(), legal.end(), parallelism.expert) == legal.end()) {
      faults.push_back({"--expert-parallel-size",
                        fmt::format("{} experts over {} of TP {} × DP {} devices", moe->num_experts,
                                    parallelism.expert, parallelism.tensor, parallelism.data),
                        "legal sizes: " + listed(legal)});
      return;
    }
    const std::int64_t within = tensor_of_experts(parallelism);
    if (moe->expert.intermediate_size % within != 0) {
      faults.push_back({"--tensor-parallel-size",
                        fmt::format("{} does not divide the width of an expert, {}", within,
                                    moe->expert.intermediate_size),
                        "expert parallelism keeps experts whole: --enable-expert-parallel"});
      return;
    }
  }
  if (!has_experts && parallelism.expert > 1) {
    faults.push_back({"--expert-parallel-size",
                      fmt::format("{} has no experts to spread", architecture.name),
                      "leave expert parallelism out"});
  }
}

std::int64_t share_of(const SplitSize& size, std::int64_t by) {
  return std::max<std::int64_t>(1, *size.value / by);
}

/// Rows of the vocabulary on each device: padded to a multiple of 64, as vLLM does.
std::int64_t vocabulary_share(std::int64_t rows, std::int64_t tensor) {
  if (tensor == 1) return rows;
  constexpr std::int64_t kPadding = 64;
  const std::int64_t padded = (rows + kPadding - 1) / kPadding * kPadding;
  return (padded + tensor - 1) / tensor;
}

void split_tensors(Architecture& architecture, const Parallelism& parallelism) {
  for (LayerRun& run : architecture.runs) {
    for (const SplitSize& size : splits(run)) *size.value = share_of(size, parallelism.tensor);
    auto* moe = std::get_if<model::MixtureOfExperts>(&run.feed_forward);
    if (moe == nullptr) continue;
    moe->router_outputs = moe->num_experts;
    moe->num_experts /= parallelism.expert;
    moe->expert.intermediate_size /= tensor_of_experts(parallelism);
  }
  architecture.vocab_size = vocabulary_share(architecture.vocab_size, parallelism.tensor);
}

/// How many layers each stage has: as even as can be, what is left over from the last but one
/// stage backwards, as vLLM has it.
std::vector<std::int64_t> stage_sizes(std::int64_t layers, std::int64_t stages) {
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(stages), layers / stages);
  for (std::int64_t i = 0; i < layers % stages; ++i) {
    ++sizes[static_cast<std::size_t>((2 * stages - 2 - i) % stages)];
  }
  return sizes;
}

/// The layers from `first` to before `end` alone.
void keep_layers(Architecture& architecture, std::int64_t first, std::int64_t end) {
  for (LayerRun& run : architecture.runs) {
    std::erase_if(run.numbers, [&](std::int64_t i) { return i < first || i >= end; });
    run.count = static_cast<std::int64_t>(run.numbers.size());
  }
  std::erase_if(architecture.runs, [](const LayerRun& run) { return run.count == 0; });
}

/// Hand-made architectures do not number their layers.
void number_layers(Architecture& architecture) {
  std::int64_t next = 0;
  for (LayerRun& run : architecture.runs) {
    if (!run.numbers.empty()) return;
    for (std::int64_t i = 0; i < run.count; ++i) run.numbers.push_back(next++);
  }
}

}  // namespace

std::int64_t replicas_of_experts(const Parallelism& parallelism) {
  return std::max<std::int64_t>(1, parallelism.expert / parallelism.tensor);
}

std::int64_t token_shares(const Parallelism& parallelism) {
  return parallelism.sequence ? parallelism.tensor : 1;
}

std::string describe(const Parallelism& parallelism) {
  std::vector<std::string> parts;
  const auto add = [&](const char* name, std::int64_t size) {
    if (size > 1) parts.push_back(fmt::format("{} {}", name, size));
  };
  add("TP", parallelism.tensor);
  add("PP", parallelism.pipeline);
  add("DP", parallelism.data);
  add("EP", parallelism.expert);
  if (parts.empty()) return "1 device";
  return fmt::format("{}{}", fmt::join(parts, " × "),
                     parallelism.sequence ? ", sequence-parallel" : "");
}

Diagnostics illegal_splits(const Architecture& architecture, const Parallelism& parallelism) {
  Diagnostics faults;
  for (const std::int64_t size : {parallelism.tensor, parallelism.pipeline, parallelism.data}) {
    if (size <= kMostSplit) continue;
    faults.push_back({"--devices", fmt::format("{} devices in one direction", size),
                      fmt::format("at most {}", kMostSplit)});
  }
  if (!faults.empty()) return faults;
  check_tensor(architecture, parallelism.tensor, faults);
  check_experts(architecture, parallelism, faults);
  if (parallelism.sequence && parallelism.tensor == 1) {
    faults.push_back({"--sequence-parallel",
                      "there is one device to share the tokens of a sequence",
                      "give it with --tensor-parallel-size, or leave it out"});
  }
  const std::int64_t layers = num_hidden_layers(architecture);
  if (parallelism.pipeline > layers) {
    faults.push_back({"--pipeline-parallel-size",
                      fmt::format("{} stages of {} layers", parallelism.pipeline, layers),
                      fmt::format("at most {}", layers)});
  } else if (parallelism.pipeline > 1 && has_stack(architecture, model::Stack::encoder)) {
    faults.push_back(
        {"--pipeline-parallel-size",
         fmt::format("{} has an encoder, which no stage can leave out", architecture.name),
         "leave pipeline parallelism out"});
  }
  return faults;
}

std::vector<std::int64_t> legal_tensor_sizes(const Architecture& architecture, std::int64_t most) {
  Architecture copy = architecture;
  const Splits sizes = splits(copy);
  std::vector<std::int64_t> legal;
  for (std::int64_t size = 1; size <= std::min(most, kMostTensor); ++size) {
    if (divides(sizes, size)) legal.push_back(size);
  }
  return legal;
}

std::vector<DeviceShare> device_shares(const Architecture& architecture,
                                       const Parallelism& parallelism) {
  Architecture share = architecture;
  split_tensors(share, parallelism);
  if (parallelism.pipeline == 1) return {{std::move(share)}};
  number_layers(share);
  std::vector<DeviceShare> shares;
  std::int64_t first = 0;
  const auto sizes = stage_sizes(num_hidden_layers(architecture), parallelism.pipeline);
  for (const std::int64_t layers : sizes) {
    const auto index = static_cast<std::int64_t>(shares.size());
    Architecture stage = share;
    keep_layers(stage, first, first + layers);
    first += layers;
    shares.push_back({std::move(stage), index, index == 0, index + 1 == parallelism.pipeline});
  }
  return shares;
}

}  // namespace ridgepoint::predict
