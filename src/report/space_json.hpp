// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "report/envelope.hpp"
#include "ridgepoint/explore/space.hpp"
#include "ridgepoint/explore/sweep_state.hpp"

namespace ridgepoint::report {

/// Where on the axes of a space it is.
Json candidate_json(const explore::Axes& axes, const explore::Candidate& candidate);

/// A value as a field of CSV has it: words without their quotes.
std::string field_text(const Json& value);

Json left_out_json(const std::vector<explore::LeftOut>& left_out);

/// Each element as `make` has it.
template <class T, class Make>
Json array_of(const std::vector<T>& all, const Make& make) {
  Json out = Json::array();
  for (const T& each : all) out.push_back(make(each));
  return out;
}

template <class T>
Json names_json(const std::vector<T>& choices) {
  return array_of(choices, [](const T& choice) { return choice.words(); });
}

}  // namespace ridgepoint::report
