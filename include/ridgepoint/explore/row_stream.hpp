// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/predict/request_rate.hpp"

namespace ridgepoint::explore {

/// A point that keeps to the subject, by the times that the sweep reads.
struct KeptPoint {
  std::uint64_t point = 0;
  double room = 0;  ///< sequences of its length that a replica's memory holds
  predict::RequestTimes times;
};

/// Where all points that keep to the subject go while a sweep finds them. Both or neither.
struct RowStream {
  /// What points of one deployment, in their order, are in a file; several threads ask at once.
  std::function<std::string(const std::vector<KeptPoint>& points)> encode = {};
  /// Takes what was encoded, in the order of points whoever did the work, never twice at once;
  /// false ends the sweep.
  std::function<bool(std::string_view rows)> write = {};

  explicit operator bool() const { return static_cast<bool>(encode); }
};

}  // namespace ridgepoint::explore
