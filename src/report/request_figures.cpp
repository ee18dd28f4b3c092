// SPDX-License-Identifier: Apache-2.0
#include "report/request_figures.hpp"

namespace ridgepoint::report {
namespace {

Json limit_json(const predict::Limit& limit) {
  return {{"bound", name(limit.by)}, {"next", name(limit.next)}, {"next_share", limit.next_share}};
}

}  // namespace

Json times_json(const predict::RequestTimes& times) {
  Json out = Json::object();
  for (const RequestFigure& figure : kRequestFigures) out[figure.key] = times.*figure.value;
  return out;
}

Json expected_json(const predict::ExpectedRequest& expected) {
  const auto parts = [](const predict::ExpectedTime& time) {
    return Json{{"kernels_s", time.kernels_s},
                {"sampling_s", time.sampling_s},
                {"host_s", time.host_s},
                {"unmeasured_s", time.unmeasured_s}};
  };
  Json out = times_json(expected.times);
  out["band80"] = {{"fast", times_json(expected.fast)}, {"slow", times_json(expected.slow)}};
  out["parts"] = {{"ttft", parts(expected.ttft)}, {"tpot", parts(expected.tpot)}};
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
