// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "ridgepoint/model/architecture.hpp"

namespace ridgepoint::predict {

/// Decoding in which something cheap proposes tokens and the model checks them all in one step.
struct SpeculativeDecoding {
  std::int64_t proposed = 0;  ///< k, tokens proposed for each check; 0: none, a step is a token
  double acceptance = 0.8;    ///< α, that a proposed token is accepted, each alike; from 0 to 1
  /// A model that proposes one token a step; null: k heads on the model itself, each a residual
  /// block of D×D and an output matrix, all in one pass (Medusa).
  std::shared_ptr<const model::Architecture> draft;

  bool is_used() const { return proposed > 0; }
};
inline constexpr std::int64_t kMostProposed = 64;

/// Expected tokens of a check, the model's own included: 1 + α + … + α^k.
/// Source: Leviathan, Kalman, Matias, arXiv:2211.17192, equation 1.
double expected_tokens(double acceptance, std::int64_t proposed);

}  // namespace ridgepoint::predict
