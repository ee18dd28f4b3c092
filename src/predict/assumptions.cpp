// SPDX-License-Identifier: Apache-2.0
#include "predict/assumptions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "predict/layer_norms.hpp"
#include "predict/step_analysis.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/predict/expected_words.hpp"

namespace ridgepoint::predict {
namespace {

bool is_recurrent(const model::LayerRun& run) {
  return !std::holds_alternative<model::Attention>(run.mixer) &&
         !std::holds_alternative<model::LatentAttention>(run.mixer) &&
         !std::holds_alternative<model::LinearMixer>(run.mixer) &&
         !std::holds_alternative<model::NoMixer>(run.mixer);
}

std::string pairs_sentence(const model::Architecture& architecture) {
  if (!architecture.is_causal) return "attention FLOPs count all query–key pairs";
  return has_stack(architecture, model::Stack::encoder)
             ? "attention FLOPs count causal query–key pairs in the decoder, all in the encoder "
               "and "
               "in cross attention"
             : "attention FLOPs count causal query–key pairs";
}

/// What the model's kinds of layers made us assume.
void add_layer_assumptions(const Analysis& answer, std::vector<std::string>& sentences) {
  const model::Architecture& architecture = answer.architecture;
  const auto any = [&](auto is) {
    return std::any_of(architecture.runs.begin(), architecture.runs.end(), is);
  };
  if (has_experts(architecture)) {
    sentences.emplace_back(
        "experts read in a step: the expected number of distinct ones, E·(1 − (1 − k/E)^tokens), "
        "as if tokens chose uniformly; the floor counts the k of one token");
  }
  if (!(answer.workload.expert_imbalance == Count(1))) {
    sentences.push_back(
        fmt::format("the busiest expert gets {} times the mean: rows are counted "
                    "as if all experts were as busy",
                    format_exact(answer.workload.expert_imbalance.to_double())));
  }
  const auto has_latent = [&](bool sparse) {
    return any([&](const model::LayerRun& run) {
      const auto* mla = std::get_if<model::LatentAttention>(&run.mixer);
      return mla != nullptr && mla->indexer.has_value() == sparse;
    });
  };
  if (has_latent(false)) {
    sentences.emplace_back(
        "latent attention is expanded to keys and values of each head in prefill, and absorbed "
        "into queries and outputs in decode");
  }
  if (has_latent(true)) {
    sentences.emplace_back(
        "sparse attention is absorbed into queries and outputs in prefill too; the memory and KV "
        "bytes of a step include the indexer's keys");
  }
  if (any(is_recurrent)) {
    sentences.emplace_back(
        "states are kept in fp32 and the last inputs of convolutions in bf16; a prefill works off "
        "chunks (64 tokens in delta rules, 256 in lightning attention, else as the config says)");
  }
  if (any([](const auto& run) { return run.cross_attention.has_value(); })) {
    sentences.emplace_back(
        "prefill is the encoder's pass and the projection to the keys and values of cross "
        "attention; a decode step attends to as many source tokens as its context");
  }
  if (any(attends_to_image)) {
    sentences.emplace_back("layers that attend to an image are passed over: there is none");
  }
}

/// How the parts of a mixed step work together.
void add_mixed_assumptions(const Analysis& answer, std::vector<std::string>& sentences) {
  if (!asks_for(answer.workload, Phase::mixed)) return;
  const PromptChunk& chunk = answer.workload.chunk;
  sentences.push_back(fmt::format(
      "{} decodes and {} tokens of one prompt, the last of them its {}-th, run together what they "
      "have in common; logits are made of each decode and of the last of those tokens",
      format_integer(answer.workload.batch), format_integer(chunk.tokens), chunk.context));
}

/// What the way in which devices share the work made us assume.
void add_split_assumptions(const Analysis& answer, std::vector<std::string>& sentences) {
  const Parallelism& split = answer.workload.parallelism;
  if (split.pipeline > 1) {
    sentences.push_back(fmt::format(
        "the batch is a micro-batch: {} of them are under way, one on each stage, and the memory "
        "holds the KV cache of all; throughput is that of a full pipeline at this stage's pace",
        split.pipeline));
  }
  if (split.sequence) {
    sentences.push_back(fmt::format(
        "norms and residual sums work on a share of the tokens on each of {} devices (tokens ÷ {}, "
        "rounded up); an all-reduce is a reduce-scatter before them and an all-gather after them, "
        "and the payload of each is listed",
        split.tensor, split.tensor));
  }
}

}  // namespace

std::vector<std::string> given_assumptions(const model::Architecture& architecture,
                                           const hardware::Device& device) {
  std::vector<std::string> sentences = architecture.assumptions;
  sentences.insert(sentences.end(), device.assumptions.begin(), device.assumptions.end());
  return sentences;
}

std::string precision_sentence(const model::Architecture& architecture,
                               const Precision& precision) {
  return fmt::format("weights {}, activations {}, KV cache {}",
                     weights_name(architecture, precision), name(precision.activations),
                     name(precision.kv_cache));
}

std::vector<std::string> assumptions(const Analysis& answer) {
  const auto& device = answer.device;
  std::vector<std::string> sentences = given_assumptions(answer.architecture, device);
  for (const hardware::PeakInUse& peak : answer.peaks) {
    if (peak.fell_back()) sentences.push_back(hardware::fallback_note(device, peak));
  }
  sentences.push_back(precision_sentence(answer.architecture, answer.workload.precision));
  const auto& weights = answer.workload.precision.weights;
  if (weights && *weights != answer.architecture.dtype) {
    sentences.push_back(
        fmt::format("embedding, lm_head, {}norms stay {}, as the config stores them",
                    has_experts(answer.architecture) ? "routers and " : "and ",
                    name(answer.architecture.dtype)));
  }
  add_layer_assumptions(answer, sentences);
  add_mixed_assumptions(answer, sentences);
  add_split_assumptions(answer, sentences);
  sentences.push_back(pairs_sentence(answer.architecture));
  const auto expected = expected_assumptions(device, execution_of(answer.workload));
  sentences.insert(sentences.end(), expected.begin(), expected.end());
  sentences.push_back("memory is the datasheet's capacity: no runtime overhead, no activations");
  return sentences;
}

}  // namespace ridgepoint::predict
