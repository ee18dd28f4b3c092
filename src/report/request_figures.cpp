// SPDX-License-Identifier: Apache-2.0
#include "report/request_figures.hpp"

#include "report/band_words.hpp"

namespace ridgepoint::report {
namespace {

Json limit_json(const predict::Limit& limit) {
  return {{"bound", name(limit.by)}, {"next", name(limit.next)}, {"next_share", limit.next_share}};
}

}  // namespace

std::string figure_band(const RequestFigure& figure, const predict::ExpectedRequest& expected) {
  const double fast = expected.fast.*figure.value;
  const double slow = expected.slow.*figure.value;
  return fast > 0 && slow > 0 ? band_words(fast, slow, Scale{"", 1 / figure.scale}) : "–";
}

const predict::RequestTimes& floor_of(const predict::Estimate& answer) {
  return answer.disaggregated ? answer.disaggregated->floor.times : answer.floor;
}
const predict::RequestTimes& bound_of(const predict::Estimate& answer) {
  return answer.disaggregated ? answer.disaggregated->bound.times : answer.bound;
}
const predict::ExpectedRequest* expected_of(const predict::Estimate& answer) {
  if (const auto& apart = answer.disaggregated) {
    return apart->expected ? &apart->expected->request : nullptr;
  }
  return answer.expected ? &*answer.expected : nullptr;
}

Json times_json(const predict::RequestTimes& times) {
  Json out = Json::object();
  for (const RequestFigure& figure : kRequestFigures) out[figure.key] = times.*figure.value;
  return out;
}

Json expected_parts_json(const predict::ExpectedTime& time) {
  return {{"kernels_s", time.kernels_s},
          {"sampling_s", time.sampling_s},
          {"host_s", time.host_s},
          {"unmeasured_s", time.unmeasured_s}};
}

Json sources_json(const std::vector<predict::ExpectedSource>& sources) {
  Json all = Json::array();
  for (const predict::ExpectedSource& source : sources) {
    all.push_back({{"operators", source.operators},
                   {"kernel", source.kernel},
                   {"ttft_share", source.ttft_share},
                   {"tpot_share", source.tpot_share}});
  }
  return all;
}

Json expected_json(const predict::ExpectedRequest& expected) {
  Json out = times_json(expected.times);
  out["band80"] = {{"fast", times_json(expected.fast)}, {"slow", times_json(expected.slow)}};
  out["parts"] = {{"ttft", expected_parts_json(expected.ttft)},
                  {"tpot", expected_parts_json(expected.tpot)}};
  return out;
}

Json parts_json(const roofline::TimeParts& parts) {
  Json out = Json::object();
  for (const TimePart& part : kTimeParts) out[part.key] = parts.*part.value;
  return out;
}

Json limits_json(const predict::Estimate& answer) {
  return {{"ttft", limit_json(answer.ttft_limit)}, {"tpot", limit_json(answer.tpot_limit)}};
}

}  // namespace ridgepoint::report
