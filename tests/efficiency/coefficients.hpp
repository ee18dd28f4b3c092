// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "ridgepoint/efficiency/form.hpp"

namespace ridgepoint::efficiency {

/// Those of a form by name; the others at their starts.
inline std::vector<double> coefficients(const Form& form,
                                        std::map<std::string, double, std::less<>> named) {
  std::vector<double> values;
  for (const CoefficientFacts& facts : form.coefficients) {
    const auto at = named.find(facts.name);
    values.push_back(at == named.end() ? facts.start : at->second);
    if (at != named.end()) named.erase(at);
  }
  for (const auto& [name, value] : named) ADD_FAILURE() << "no coefficient " << name;
  return values;
}

/// Evenly in the logarithm, the ends among them.
inline double between(double least, double most) {
  constexpr int kSteps = 100'000;
  const double share = *rc::gen::inRange(0, kSteps + 1) / double{kSteps};
  return std::min(most, least * std::pow(most / least, share));
}

inline std::vector<double> any_coefficients(const Form& form) {
  std::vector<double> values;
  for (const CoefficientFacts& facts : form.coefficients) {
    values.push_back(between(facts.least, facts.most));
  }
  return values;
}

}  // namespace ridgepoint::efficiency
