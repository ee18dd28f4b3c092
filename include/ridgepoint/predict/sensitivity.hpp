// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <vector>

#include "ridgepoint/predict/parameter.hpp"

namespace ridgepoint::predict {

/// How a figure of sensitivity was found.
enum class Method {
  exact,      ///< the derivative of the formulas
  difference  ///< between two points: their formulas change in steps here, or have tables
};
constexpr std::string_view name(Method method) {
  return method == Method::exact ? "exact" : "difference";
}

/// d ln figure ÷ d ln parameter at a point: by how many percent a figure grows when the parameter
/// grows by one. At a kink, where another limit takes over, it is not the same on both sides.
struct Elasticity {
  double less = 0;  ///< towards smaller values of the parameter
  double more = 0;  ///< towards larger ones
  Method method = Method::exact;

  bool is_kink() const;
  /// The larger of both by magnitude.
  double magnitude() const;
};

/// The figures of a request that elasticities are of.
inline constexpr std::array kSensitiveFigures{&RequestTimes::ttft_s,
                                              &RequestTimes::tpot_s,
                                              &RequestTimes::e2el_s,
                                              &RequestTimes::throughput_tokens_per_s,
                                              &RequestTimes::energy_j_per_token,
                                              &RequestTimes::cost_per_million_tokens};

struct ParameterSensitivity {
  Parameter parameter;
  /// In the order of kSensitiveFigures; 0 of what is not known.
  std::array<Elasticity, kSensitiveFigures.size()> elasticities;

  const Elasticity& of(double RequestTimes::* figure) const;
};

struct SensitivityQuestion {
  RequestQuestion request;
  Reading reading = Reading::bound;
};

struct Sensitivity {
  Estimate estimate;  ///< of the static batch
  Reading reading = Reading::bound;
  std::vector<ParameterSensitivity> parameters;  ///< the largest effect on E2EL first, by group
  std::vector<std::string> assumptions;

  const RequestTimes& times() const { return times_of(estimate, reading); }
};

/// Of the static batch of `estimate`. Floor and bound: exact derivatives, from both sides; request
/// sizes at which steps are added are told by a difference over a sixteenth to each side. Expected:
/// differences, over that of whole numbers and 2^-10 to each side of the device's figures; none to
/// the sizes of a model, whose kernels work in tiles. Errors: as estimate; expected times without a
/// calibration; a disaggregated deployment.
Result<Sensitivity> sensitivity(const model::Architecture& architecture,
                                const hardware::Device& device,
                                const SensitivityQuestion& question);

}  // namespace ridgepoint::predict
