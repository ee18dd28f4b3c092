// SPDX-License-Identifier: Apache-2.0
#include "explore/reasons.hpp"

#include <algorithm>

#include "ridgepoint/predict/expected_words.hpp"

namespace ridgepoint::explore {

void add(Reasons& reasons, const LeftOut& left_out) {
  const Diagnostic& reason = left_out.reason;
  LeftOut& known =
      reasons.try_emplace({reason.where, reason.what}, LeftOut{reason, 0}).first->second;
  known.deployments += left_out.deployments;
}

std::vector<LeftOut> listed(Reasons reasons) {
  std::vector<LeftOut> all;
  all.reserve(reasons.size());
  for (auto& [key, left_out] : reasons) all.push_back(std::move(left_out));
  return all;
}

Diagnostics unknown_costs(const std::vector<Metric>& metrics, const DeviceChoice& device) {
  const auto cost = predict::running_cost(device.device);
  for (const Metric metric : metrics) {
    if (!is_unknown(metric, cost)) continue;
    const bool is_price = metric == Metric::cost;
    return {{device.name, is_price ? "its price is not known" : "its power limit is not known",
             is_price ? "--set-device price=\"2.5 $/h\"" : "--set-device power=\"700 W\""}};
  }
  return {};
}

std::vector<std::string> reading_assumptions(const Axes& axes, predict::Reading reading) {
  if (reading == predict::Reading::floor) {
    return {"times are floors: the compulsory work at full peak, perfectly overlapped"};
  }
  if (reading == predict::Reading::bound) {
    return {"times are bounds: the sum over operators of max(compute, memory, network)"};
  }
  std::vector<std::string> sentences;
  predict::Execution execution = axes.rest.execution;
  for (const DeviceChoice& each : axes.devices) {
    execution.calibration = each.calibration;
    for (std::string& sentence : predict::expected_assumptions(each.device, execution)) {
      const bool is_known =
          std::find(sentences.begin(), sentences.end(), sentence) != sentences.end();
      if (!is_known) sentences.push_back(std::move(sentence));
    }
  }
  return sentences;
}

}  // namespace ridgepoint::explore
