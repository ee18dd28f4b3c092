// SPDX-License-Identifier: Apache-2.0
#include "app/verb.hpp"

namespace ridgepoint::app {

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all{
      roofline_verb(), fit_verb(),       estimate_verb(),    compare_verb(),   plan_verb(),
      sweep_verb(),    merge_verb(),     sensitivity_verb(), speculate_verb(), emit_verb(),
      stats_verb(),    calibrate_verb(), score_verb(),       derive_verb(),    algebra_verb(),
      devices_verb(),  models_verb(),    completion_verb()};
  return all;
}

}  // namespace ridgepoint::app
