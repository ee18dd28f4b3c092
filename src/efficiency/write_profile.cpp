// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <nlohmann/json.hpp>

#include "ridgepoint/efficiency/profile.hpp"

namespace ridgepoint::efficiency {
namespace {

using Json = nlohmann::ordered_json;

/// Without what has no words: readers refuse empty texts.
Json without_empty_texts(const Json& object) {
  Json out = Json::object();
  for (const auto& [key, value] : object.items()) {
    if (value != "") out[key] = value;
  }
  return out;
}

Json numbers_by_name(std::span<const CoefficientFacts> facts, const std::vector<double>& values) {
  Json out = Json::object();
  for (std::size_t i = 0; i < facts.size(); ++i) out[std::string(facts[i].name)] = values[i];
  return out;
}

Json to_json(const Correction& correction) {
  Json out{{"axes", Json::array()}, {"values", correction.values}};
  for (const Axis& axis : correction.axes) {
    out["axes"].push_back({{"first", axis.first}, {"step", axis.step}, {"knots", axis.knots}});
  }
  if (!correction.features.empty()) out["features"] = correction.features;
  if (correction.factor) out["factor"] = *correction.factor;
  if (!correction.algorithms.empty()) out["algorithms"] = correction.algorithms;
  return out;
}

Json to_json(const Band& band) {
  Json out = Json::array();
  for (const Band::Class& each : band.classes) {
    out.push_back({{"below_s", each.below_s}, {"low", each.low}, {"high", each.high}});
  }
  return out;
}

Json to_json(const Evidence& evidence) {
  return without_empty_texts({{"sources", evidence.sources},
                              {"rows", evidence.rows},
                              {"groups", evidence.groups},
                              {"left_out_mdape", evidence.left_out_mdape},
                              {"transferred_from", evidence.transferred_from}});
}

Json to_json(const KernelProfile& kernel) {
  const auto facts = form(kernel.kind).coefficients;
  Json out{{"class", name(kernel.kind)},
           {"stack", kernel.stack},
           {"kernel", kernel.kernel},
           {"compute", kernel.compute},
           {"cache", kernel.cache},
           {"coefficients", numbers_by_name(facts, kernel.coefficients)},
           {"spread", numbers_by_name(facts, kernel.spread)},
           {"band", to_json(kernel.band)},
           {"evidence", to_json(kernel.evidence)}};
  if (!kernel.corrections.empty()) out["corrections"] = Json::array();
  for (const Correction& each : kernel.corrections) out["corrections"].push_back(to_json(each));
  return without_empty_texts(out);
}

}  // namespace

std::string write_profile(const Profile& profile) {
  Json kernels = Json::array();
  for (const KernelProfile& kernel : profile.kernels) kernels.push_back(to_json(kernel));
  const Json document{
      {"schema", kProfileSchema}, {"device", profile.device}, {"kernels", std::move(kernels)}};
  return document.dump(1) + "\n";
}

}  // namespace ridgepoint::efficiency
