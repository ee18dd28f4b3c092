// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "ridgepoint/efficiency/form.hpp"

namespace ridgepoint::efficiency {

/// What a kernel looks at when it chooses how many rows its tiles have.
enum class TileMeasure {
  tokens,                   ///< that enter the kernel
  tokens_per_local_expert,  ///< those over the experts of this device
  rows_per_expert,          ///< tokens · experts per token ÷ all experts
  rows_per_local_expert,    ///< likewise over the experts of this device
};

/// The rule of one family of grouped matmul kernels: the first height whose limit is not exceeded.
struct TileRule {
  struct Step {
    double most;    ///< of the measure
    double height;  ///< rows of a tile
  };
  static constexpr std::size_t kMostSteps = 5;

  std::string_view family;  ///< part of the kernel's name …
  std::string_view of;      ///< … and of its type or stack; empty: any
  bool is_triton;           ///< its second matmul is slow on unaligned splits
  TileMeasure measure;
  std::size_t steps;
  std::array<Step, kMostSteps> step;
  std::string_view source;
};

/// Of the first family that the kernel's name has; vLLM's Triton kernels of any other name.
const TileRule& tile_rule(const KernelTypes& types);

/// The step of a rule at so many tokens. REQUIRES: the shape's experts_per_token ≤ experts.
std::size_t step_at(const TileRule& rule, const ExpertsShape& shape, double tokens);

/// The most tokens at which a rule still takes that step.
double last_tokens(const TileRule& rule, const ExpertsShape& shape, std::size_t step);

}  // namespace ridgepoint::efficiency
