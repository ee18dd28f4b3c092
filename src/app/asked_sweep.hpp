// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/common_options.hpp"
#include "ridgepoint/explore/sweep.hpp"

namespace ridgepoint::app {

inline constexpr std::string_view kReadings = "floor|bound|expected";

/// --mode; without it expected times where all devices have them, so that no device is judged by
/// another measure, and no tokens are proposed, of which they say nothing.
predict::Reading read_mode(const Arguments& arguments, const explore::Axes& axes, Faults& faults);

/// What a line of `sweep` asks for.
struct AskedSweep {
  explore::Axes axes;
  explore::SweepQuestion question;
  std::vector<std::string> words;  ///< that ask for the same space and question
  std::string fingerprint;         ///< of those words, of the files that they name, of the version
};

/// REQUIRES: the words are those of `sweep`. Of a space too large to go through unasked: a fault.
AskedSweep read_sweep(const Arguments& arguments, Faults& faults);

/// One remark for each model whose longest context is exceeded.
std::vector<std::string> sweep_warnings(const explore::Axes& axes);

}  // namespace ridgepoint::app
