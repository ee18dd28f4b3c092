// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/sensitivity.hpp"

#include <algorithm>
#include <cmath>

#include "predict/assumptions.hpp"
#include "predict/beside_point.hpp"
#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::predict {
namespace {

using DualTimes = RequestTimesOf<Dual>;

// Figure by figure as kSensitiveFigures.
constexpr std::array kDualFigures{&DualTimes::ttft_s,
                                  &DualTimes::tpot_s,
                                  &DualTimes::e2el_s,
                                  &DualTimes::throughput_tokens_per_s,
                                  &DualTimes::energy_j_per_token,
                                  &DualTimes::cost_per_million_tokens};
static_assert(kDualFigures.size() == kSensitiveFigures.size());

using Elasticities = std::array<Elasticity, kSensitiveFigures.size()>;

/// Two values of a parameter, and how far they are apart on a logarithmic scale.
struct Between {
  double low;
  double high;
};

/// Whole numbers: a sixteenth to each side, so that one step that is added weighs little, and at
/// least the neighbours; 1 has one.
Between ends_around(const Parameter& parameter) {
  if (!parameter.is_whole()) {
    constexpr double kStep = 0x1p-10;
    return {parameter.value * (1 - kStep), parameter.value * (1 + kStep)};
  }
  constexpr double kShare = 16;
  const double step = std::max(1.0, std::floor(parameter.value / kShare));
  return {std::max(1.0, parameter.value - step), parameter.value + step};
}

class Point {
 public:
  Point(const model::Architecture& architecture, const hardware::Device& device,
        const SensitivityQuestion& question)
      : architecture_(architecture), device_(device), question_(question) {
    if (question.reading != Reading::expected) at_ = beside({});
  }

  ParameterSensitivity of(const Parameter& parameter) const {
    if (question_.reading == Reading::expected) return {parameter, difference(parameter)};
    Elasticities all = derivative(parameter);
    const bool has_steps = std::any_of(all.begin(), all.end(), [](const Elasticity& one) {
      return one.method == Method::difference;
    });
    if (!has_steps || !can_change(parameter)) return {parameter, all};
    const Elasticities apart = difference(parameter);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].method == Method::difference) all[i] = apart[i];
    }
    return {parameter, all};
  }

 private:
  DualTimes beside(const Change& change) const {
    return predict::beside(architecture_, device_, question_.request, question_.reading, change);
  }

  /// A figure that jumps beside the point has no derivative.
  Elasticities derivative(const Parameter& parameter) const {
    const DualTimes less = beside({&parameter, -1});
    const DualTimes more = beside({&parameter, 1});
    Elasticities all;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const double here = (at_.*kDualFigures[i]).value;
      const Dual below = less.*kDualFigures[i];
      const Dual above = more.*kDualFigures[i];
      if (here == 0) continue;
      constexpr double kRounding = 1e-12;
      const bool jumps = std::fabs(below.value - here) > kRounding * here ||
                         std::fabs(above.value - here) > kRounding * here;
      all[i] = {(0 - below.slope) / here, (0 + above.slope) / here,
                jumps ? Method::difference : Method::exact};
    }
    return all;
  }

  Elasticities difference(const Parameter& parameter) const {
    const auto [low, high] = ends_around(parameter);
    const RequestTimes below = times_at(parameter, low);
    const RequestTimes above = times_at(parameter, high);
    Elasticities all;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const double before = below.*kSensitiveFigures[i];
      const double after = above.*kSensitiveFigures[i];
      if (before == 0) continue;
      const double slope = log2(after / before) / log2(high / low);
      all[i] = {slope, slope, Method::difference};
    }
    return all;
  }

  /// REQUIRES: can_change. Rates that exist are asked for: there is an answer at every value.
  RequestTimes times_at(const Parameter& parameter, double value) const {
    hardware::Device device = device_;
    RequestQuestion request = question_.request;
    set_parameter(parameter, value, device, request);
    const auto answer = estimate_static(architecture_, device, request);
    return answer ? times_of(*answer, question_.reading) : RequestTimes{};
  }

  const model::Architecture& architecture_;
  const hardware::Device& device_;
  const SensitivityQuestion& question_;
  DualTimes at_;  ///< of floor and bound
};

/// Device, request, model: what can be bought comes first.
int group_of(const Parameter& parameter) {
  if (parameter.is_of_device()) return 0;
  return parameter.kind == ParameterKind::sequence ? 1 : 2;
}

void sort(std::vector<ParameterSensitivity>& all) {
  const auto effect = [](const ParameterSensitivity& one) {
    return one.of(&RequestTimes::e2el_s).magnitude();
  };
  std::stable_sort(all.begin(), all.end(), [&](const auto& a, const auto& b) {
    const int first = group_of(a.parameter);
    const int second = group_of(b.parameter);
    return first != second ? first < second : effect(a) > effect(b);
  });
}

std::vector<std::string> assumptions(const Sensitivity& answer) {
  const Estimate& at = answer.estimate;
  std::vector<std::string> sentences = given_assumptions(at.architecture, at.device);
  sentences.push_back(precision_sentence(at.architecture, at.question.execution.precision));
  if (answer.reading == Reading::expected) {
    sentences.emplace_back(
        "expected times have tables and tiles: elasticities are differences, over 0.1 % to each "
        "side of a device's figure and a sixteenth of a whole number, with the kernels of the "
        "profile taken to reach the same shares of other peaks; sizes of the model are left out");
    return sentences;
  }
  sentences.emplace_back(
      "each parameter changes alone: heads without hidden_size, experts without the experts per "
      "token; a size that differs by layer grows in all of them in proportion");
  sentences.emplace_back(
      "where one more request or token adds a step, what it makes is a difference, over a "
      "sixteenth to each side");
  sentences.emplace_back(
      "derivatives are those of the formulas between whole numbers: bytes per weight stay as they "
      "are, shares of tensor-parallel devices and stages are not rounded");
  return sentences;
}

Diagnostics faults_of(const SensitivityQuestion& question) {
  Diagnostics faults;
  if (question.request.disaggregation) {
    faults.push_back({"--disaggregate", "instances apart are not differentiated", "leave it out"});
  }
  if (question.request.speculation.is_used()) {
    faults.push_back({"--num-speculative-tokens", "is not told yet by sensitivities",
                      "leave it out: `estimate` and `sweep` know it"});
  }
  if (question.reading == Reading::expected && !question.request.execution.calibration) {
    faults.push_back({"--mode", "no expected times are known of the device",
                      "take --mode bound, or give a --profile of it"});
  }
  return faults;
}

}  // namespace

bool Elasticity::is_kink() const {
  constexpr double kRounding = 1e-9;
  return std::fabs(less - more) > kRounding * std::max(1.0, magnitude());
}

double Elasticity::magnitude() const { return std::max(std::fabs(less), std::fabs(more)); }

const Elasticity& ParameterSensitivity::of(double RequestTimes::* figure) const {
  const auto* at = std::find(kSensitiveFigures.begin(), kSensitiveFigures.end(), figure);
  return elasticities[static_cast<std::size_t>(at - kSensitiveFigures.begin())];
}

Result<Sensitivity> sensitivity(const model::Architecture& architecture,
                                const hardware::Device& device,
                                const SensitivityQuestion& question) {
  if (Diagnostics faults = faults_of(question); !faults.empty()) return fail(faults);
  auto at = estimate_static(architecture, device, question.request);
  if (!at) return fail(at.error());
  const auto parameters = parameters_of(architecture, device, question.request);
  if (!parameters) return fail(parameters.error());
  Sensitivity answer{std::move(*at), question.reading, {}, {}};
  const Point point(architecture, device, question);
  for (const Parameter& parameter : *parameters) {
    if (question.reading == Reading::expected && !can_change(parameter)) continue;
    answer.parameters.push_back(point.of(parameter));
  }
  sort(answer.parameters);
  answer.assumptions = assumptions(answer);
  return answer;
}

}  // namespace ridgepoint::predict
