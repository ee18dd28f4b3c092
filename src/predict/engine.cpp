// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/engine.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace ridgepoint::predict {
namespace {

constexpr std::array kKinds{Engine::Kind::vllm, Engine::Kind::sglang, Engine::Kind::tensorrt_llm};
constexpr double kLargestGraph = 512;

double next_power_of_two(double sequences) {
  double size = 1;
  while (size < sequences) size *= 2;
  return size;
}

double next_multiple(double sequences, double of) { return std::ceil(sequences / of) * of; }

/// FlashInfer's fused all-reduce: what vLLM lets it do, in MiB.
struct FusedLimit {
  double link_generation;
  double ranks;
  double mebibytes;
};
constexpr std::array kFusedLimits{FusedLimit{4, 2, 64}, FusedLimit{4, 4, 2},  FusedLimit{4, 8, 0.5},
                                  FusedLimit{5, 2, 64}, FusedLimit{5, 4, 32}, FusedLimit{5, 8, 1}};

}  // namespace

std::string_view name(Engine::Kind kind) {
  switch (kind) {
    case Engine::Kind::vllm:
      return "vllm";
    case Engine::Kind::sglang:
      return "sglang";
    case Engine::Kind::tensorrt_llm:
      break;
  }
  return "trtllm";
}

std::optional<Engine::Kind> engine_named(std::string_view text) {
  for (const Engine::Kind kind : kKinds) {
    if (name(kind) == text) return kind;
  }
  return std::nullopt;
}

double padded_sequences(const Engine& engine, double sequences) {
  constexpr double kSmall = 4;
  constexpr double kStep = 8;
  constexpr double kFine = 256;
  if (!engine.has_graphs || sequences > kLargestGraph) return sequences;
  if (engine.kind == Engine::Kind::tensorrt_llm || sequences <= kSmall) {
    return next_power_of_two(sequences);
  }
  return next_multiple(sequences, sequences <= kFine ? kStep : 2 * kStep);
}

double fused_norm_bytes(const Engine& engine, double link_generation, double ranks) {
  constexpr double kMebi = 1024 * 1024;
  if (!engine.has_graphs) return 0;
  if (engine.kind == Engine::Kind::tensorrt_llm) return std::numeric_limits<double>::infinity();
  for (const FusedLimit& limit : kFusedLimits) {
    if (limit.link_generation == link_generation && limit.ranks == ranks) {
      return kMebi * limit.mebibytes;
    }
  }
  return 0;
}

bool quantises_early(const Engine& engine) {
  return engine.has_graphs && engine.kind != Engine::Kind::sglang;
}

bool reads_prompts_together(const Engine& engine) {
  return engine.kind == Engine::Kind::tensorrt_llm;
}

bool fuses_rotary_into_cache_write(const Engine& engine) {
  return engine.kind == Engine::Kind::tensorrt_llm;
}

}  // namespace ridgepoint::predict
