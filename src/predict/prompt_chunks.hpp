// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <vector>

#include "ridgepoint/cost/formula.hpp"

namespace ridgepoint::predict {

/// So many equal steps.
template <class N>
struct ChunksOf {
  cost::Shape<N> shape;
  N count{1};
};
using Chunks = ChunksOf<double>;

/// Equal prompts that are to be prefilled. Whole numbers, but beside a point.
template <class N>
struct Prompts {
  N count;
  N input;   ///< tokens of each
  N cached;  ///< of these, found in the cache
  N budget;  ///< new tokens of a step
};

/// The steps in which all prompts are worked off: whole prompts, as many at a time as the token
/// budget holds; a prompt above the budget in chunks.
template <class N>
std::vector<ChunksOf<N>> prompt_chunks(const Prompts<N>& prompts) {
  using cost::min;
  using std::floor;
  const auto& [count, input, cached, budget] = prompts;
  const N fresh = input - cached;
  std::vector<ChunksOf<N>> chunks;
  if (!(budget < fresh)) {
    const N together = min(count, N(floor(N(budget / fresh))));
    const N rounds = floor(N(count / together));
    const N rest = count - rounds * together;
    if (N(0) < rest) chunks.push_back({{rest, fresh, input}, N(1)});
    chunks.push_back({{together, fresh, input}, rounds});
    return chunks;
  }
  const N whole = floor(N(fresh / budget));
  for (N i = 1; !(whole < i); i += 1) {
    chunks.push_back({{N(1), budget, N(cached + i * budget)}, count});
  }
  const N rest = fresh - whole * budget;
  if (N(0) < rest) chunks.push_back({{N(1), rest, input}, count});
  return chunks;
}

}  // namespace ridgepoint::predict
