// SPDX-License-Identifier: Apache-2.0
#include "efficiency/experts_tiles.hpp"

#include <algorithm>
#include <limits>

namespace ridgepoint::efficiency {
namespace {

constexpr double kAnyMore = std::numeric_limits<double>::infinity();

constexpr std::array kRules{
    TileRule{
        "marlin",
        "",
        false,
        TileMeasure::rows_per_local_expert,
        5,
        {{{7.2, 8}, {14.4, 16}, {28.8, 32}, {43.2, 48}, {kAnyMore, 64}}},
        "vLLM, fused_marlin_moe.py: the first of 8, 16, 32, 48, 64 with less than 0.9 tiles of "
        "rows for each expert of the device; SGLang's copy is the same"},
    TileRule{"cutlass",
             "",
             false,
             TileMeasure::tokens,
             1,
             {{{kAnyMore, 64}}},
             "FlashInfer's CUTLASS grouped matmul: its smallest tile on Hopper; larger ones are "
             "picked by timing, which no rule tells"},
    TileRule{"trtllm",
             "",
             false,
             TileMeasure::rows_per_expert,
             4,
             {{{8 / 1.3, 8}, {16 / 1.3, 16}, {32 / 1.3, 32}, {kAnyMore, 64}}},
             "FlashInfer, calculate_tile_tokens_dim: the power of two above 1.3 times the rows for "
             "each expert, from 8; vLLM's copy (flashinfer_utils.py) ends at 64"},
    TileRule{"triton",
             "sglang",
             true,
             TileMeasure::tokens_per_local_expert,
             2,
             {{{1, 16}, {kAnyMore, 64}}},
             "SGLang, fused_moe_triton, get_default_config: 16 up to a token for each expert"},
    TileRule{"vllm_fused_moe",
             "vllm-0.14",
             true,
             TileMeasure::tokens_per_local_expert,
             2,
             {{{1, 16}, {kAnyMore, 64}}},
             "vLLM 0.14, fused_moe.py, get_default_config: 16 up to a token for each expert"},
    TileRule{"",
             "fp8_block",
             true,
             TileMeasure::tokens,
             2,
             {{{64, 16}, {kAnyMore, 64}}},
             "vLLM, fused_moe.py, get_default_config with scales by block"},
    TileRule{"",
             "",
             true,
             TileMeasure::tokens,
             4,
             {{{32, 16}, {96, 32}, {512, 64}, {kAnyMore, 128}}},
             "vLLM, fused_moe.py, get_default_config"}};

constexpr bool are_sound() {
  for (const TileRule& rule : kRules) {
    if (rule.steps == 0 || rule.steps > TileRule::kMostSteps || rule.source.empty()) return false;
    if (rule.step[rule.steps - 1].most != kAnyMore) return false;
    for (std::size_t i = 1; i < rule.steps; ++i) {
      if (rule.step[i - 1].most >= rule.step[i].most) return false;
      if (rule.step[i - 1].height >= rule.step[i].height) return false;
    }
  }
  return kRules.back().family.empty() && kRules.back().of.empty();
}
static_assert(are_sound(),
              "limits and heights rise, the last limit is none, the last rule is any's");

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool is_of(const TileRule& rule, const KernelTypes& types) {
  return contains(types.kernel, rule.family) &&
         (rule.of.empty() || rule.of == types.compute || types.stack.starts_with(rule.of));
}

/// What the measure grows by with each token.
double measure_of_a_token(TileMeasure measure, const ExpertsShape& s) {
  const double local = s.experts / s.expert_parallel;
  switch (measure) {
    case TileMeasure::tokens:
      return 1;
    case TileMeasure::tokens_per_local_expert:
      return 1 / local;
    case TileMeasure::rows_per_expert:
      return s.experts_per_token / s.experts;
    case TileMeasure::rows_per_local_expert:
      break;
  }
  return s.experts_per_token / local;
}

}  // namespace

const TileRule& tile_rule(const KernelTypes& types) {
  return *std::find_if(kRules.begin(), kRules.end(),
                       [&](const TileRule& rule) { return is_of(rule, types); });
}

std::size_t step_at(const TileRule& rule, const ExpertsShape& shape, double tokens) {
  std::size_t step = 0;
  while (tokens > last_tokens(rule, shape, step)) ++step;
  return step;
}

double last_tokens(const TileRule& rule, const ExpertsShape& shape, std::size_t step) {
  return rule.step[step].most / measure_of_a_token(rule.measure, shape);
}

}  // namespace ridgepoint::efficiency
