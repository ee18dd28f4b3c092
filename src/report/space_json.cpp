// SPDX-License-Identifier: Apache-2.0
#include "report/space_json.hpp"

#include "report/sweep_axes.hpp"

namespace ridgepoint::report {

Json candidate_json(const explore::Axes& axes, const explore::Candidate& candidate) {
  Json out = Json::object();
  for (const SweepAxis& axis : sweep_axes(axes)) out[axis.key] = axis.json(candidate);
  return out;
}

std::string field_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

Json left_out_json(const std::vector<explore::LeftOut>& left_out) {
  return array_of(left_out, [](const explore::LeftOut& each) {
    return Json{{"deployments", each.deployments},
                {"where", each.reason.where},
                {"reason", each.reason.what},
                {"help", each.reason.help}};
  });
}

}  // namespace ridgepoint::report
