// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/tabular_answer.hpp"
#include "ridgepoint/explore/sweep.hpp"

namespace ridgepoint::app {

/// What a sweep has found, in the form asked for: exit code 4 where nothing keeps to the subject.
Answer sweep_answer(const explore::Space& space, const explore::SweepQuestion& question,
                    const explore::SweepState& state, const std::string& format,
                    const report::Terminal& terminal);

/// A file that `sweep` wrote.
Result<explore::SweepState> read_state_file(const std::string& path);

}  // namespace ridgepoint::app
