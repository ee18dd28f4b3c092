// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "ridgepoint/explore/sweep.hpp"

namespace ridgepoint::app {

/// The state to go on from: that of the file, where it is there, else `start`. Errors: what is
/// wrong with the file, and that it is of another sweep or shard than `start`.
Result<explore::SweepState> saved_state(const std::string& path, const explore::SweepState& start);

/// Errors: that it cannot be written.
Diagnostics save(const explore::SweepState& state, const std::string& path);

/// Works until all is done, Ctrl-C is pressed or `has_failed` says so; what is found is saved now
/// and then, unless the path is empty. Faults of the last save.
Diagnostics work(
    const explore::Space& space, const explore::SweepQuestion& question, const std::string& path,
    explore::SweepState& state, const std::function<bool()>& has_failed = [] { return false; });

}  // namespace ridgepoint::app
