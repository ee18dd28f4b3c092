// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ridgepoint/calibrate/fit_device.hpp"
#include "ridgepoint/report/table.hpp"
#include "ridgepoint/score/score.hpp"

namespace ridgepoint::report {

/// A score with the files that it is of.
struct ScoreSheet {
  score::Score score;
  std::vector<std::string> files;
  std::vector<std::string> profiles;
};

/// The documents of `score`. All show the same figures; each ends with a line feed.
std::string to_text(const ScoreSheet& sheet, const Terminal& terminal = {});
std::string to_json(const ScoreSheet& sheet);
/// One line for each device, operator and type.
std::string to_csv(const ScoreSheet& sheet);
std::string to_markdown(const ScoreSheet& sheet);

/// What `calibrate` says of its fits: one line for each kernel, then those that have none.
std::string to_text(const calibrate::DeviceFit& fit, const Terminal& terminal = {});

}  // namespace ridgepoint::report
