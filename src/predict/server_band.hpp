// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ridgepoint::predict {

/// By how much the steps of servers lay beside the sum of their kernels, beyond what the kernels'
/// own bands allow: other versions of engines, fusions that nobody wrote down, hosts, routing.
/// Distances of ln time that hold 80 % of 744 runs of dense models and 715 of mixtures of experts,
/// to which nothing was fitted: `ridgepoint score e2e.csv` on the runs of splitwise-sim, gpt-fast
/// and aiconfigurator's silicon samples.
struct ServerBand {
  double faster;
  double slower;
};
inline constexpr ServerBand kDenseServer{0.11, 0.16};
inline constexpr ServerBand kExpertsServer{0.27, 0.30};

}  // namespace ridgepoint::predict
