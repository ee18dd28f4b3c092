// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/build_step.hpp"

#include <algorithm>

namespace ridgepoint::predict {

using symbolic::Expr;

namespace {

std::optional<std::int64_t> window(const model::LayerRun& run) {
  return std::get<model::Attention>(run.mixer).window;
}

/// The first run with a window; 0 if there is none.
std::size_t first_windowed_run(const model::Architecture& architecture) {
  const auto& runs = architecture.runs;
  const auto found = std::find_if(runs.begin(), runs.end(), window);
  return found == runs.end() ? 0 : static_cast<std::size_t>(found - runs.begin());
}

}  // namespace

Precision native_precision(const model::Architecture& architecture) {
  return {architecture.dtype, architecture.dtype, architecture.dtype};
}

Dimensions<Expr> symbols(const model::Architecture& architecture) {
  using Layer = LayerDimensions<Expr>;
  const std::vector<Layer> runs = dimensions<Expr>(architecture).runs;
  const std::size_t windowed = first_windowed_run(architecture);
  Dimensions<Expr> letters{Expr::symbol("D"), Expr::symbol("V"), {}};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto letter = [&](const std::string& name, Expr Layer::* size, std::size_t first = 0) {
      const bool is_same = runs[i].*size == runs[first].*size;
      return Expr::symbol(is_same ? name : name + "_" + std::to_string(i + 1));
    };
    letters.runs.push_back({letter("L", &Layer::layers), letter("N", &Layer::num_attention_heads),
                            letter("K", &Layer::num_key_value_heads), letter("H", &Layer::head_dim),
                            letter("F", &Layer::intermediate_size),
                            letter("W", &Layer::window, windowed)});
  }
  return letters;
}

bool mixes_windows(const model::Architecture& architecture) {
  const auto& runs = architecture.runs;
  return std::any_of(runs.begin(), runs.end(), [&](const model::LayerRun& run) {
    return window(run) != window(runs.front());
  });
}

}  // namespace ridgepoint::predict
