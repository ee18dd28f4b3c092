// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace ridgepoint::distribute {

/// What ranks hand each other: any bytes.
using Texts = std::vector<std::string>;

/// The processes that one `mpirun` or `srun` has started work together while it lives: they are
/// ranks, from 0. Without MPI, or started alone, a process is the first rank and the only one.
/// REQUIRES: one in a process, before all else of this layer. Throws std::runtime_error where MPI
/// allows calls of one thread only.
class Session {
 public:
  Session();
  /// Waits for the other ranks, unless an exception is on its way.
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
};

/// Whether a launcher has started this process as a rank, be it the only one.
bool is_launched();
/// The number of this rank; the first one, 0, speaks for all.
int rank();
int ranks();
/// "rank 3 on node7"
std::string rank_name();
/// Cores for threads of this rank: those that it may use, divided among the ranks that may use the
/// same ones. 1 at least.
std::size_t cores();

// For all ranks together, in the same order on each; for one thread.

/// What the first rank gives.
Texts shared(Texts mine);
/// At the first rank what each one gives, by their numbers; at the others nothing. Throws
/// std::length_error where that is more than 2 GiB.
std::vector<Texts> gathered(Texts mine);

/// Ends all ranks at once, this one too, where there are others.
void abandon(int exit_code);

}  // namespace ridgepoint::distribute
