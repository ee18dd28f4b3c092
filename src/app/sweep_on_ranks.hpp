// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ridgepoint/explore/sweep.hpp"

namespace ridgepoint::app {

// A sweep that the ranks of a launcher share. It is cut into shards, as many as the space alone
// says, and each rank takes the next one when it comes free. Each is saved beside FILE of
// --resume, as FILE.2-of-64, until all are joined in FILE: any number of ranks can go on.

/// Why no ranks can go on from the state in FILE, or from a shard beside it.
Diagnostics faults_of_saved(const explore::Space& space, const explore::SweepQuestion& question,
                            const explore::SweepState& start, const std::string& path);

/// Works, all ranks together, until no shard is left or Ctrl-C is pressed. The state is then at the
/// first rank what all have found. Faults of saving it, at any rank.
Diagnostics work_on_ranks(const explore::Space& space, const explore::SweepQuestion& question,
                          const std::string& path, explore::SweepState& state);

}  // namespace ridgepoint::app
