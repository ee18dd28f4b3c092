// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/engine.hpp"

#include <array>
#include <cmath>

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

}  // namespace ridgepoint::predict
