// SPDX-License-Identifier: Apache-2.0
// A number in memory of the first rank that MPI lets all ranks change.
#include <mpi.h>

#include <algorithm>
#include <exception>

#include "ridgepoint/distribute/counter.hpp"
#include "ridgepoint/distribute/ranks.hpp"

namespace ridgepoint::distribute {

/// A word of the first rank's memory; without MPI, one of this process.
struct Counter::Number {
  std::uint64_t alone = 0;
  MPI_Win window = MPI_WIN_NULL;

  /// What the number was.
  std::uint64_t apply(MPI_Op operation, std::uint64_t operand) {
    std::uint64_t before = 0;
    MPI_Fetch_and_op(&operand, &before, MPI_UINT64_T, 0, 0, operation, window);
    MPI_Win_flush(0, window);
    return before;
  }
};

Counter::Counter(std::uint64_t first) : number_(std::make_unique<Number>()) {
  number_->alone = first;
  if (!is_launched()) return;
  constexpr int kWord = sizeof(std::uint64_t);
  void* word = nullptr;
  MPI_Win_allocate(rank() == 0 ? kWord : 0, kWord, MPI_INFO_NULL, MPI_COMM_WORLD,
                   static_cast<void*>(&word), &number_->window);
  MPI_Win_lock_all(0, number_->window);
  if (rank() == 0) number_->apply(MPI_REPLACE, first);
  MPI_Barrier(MPI_COMM_WORLD);
}

Counter::~Counter() {
  if (number_->window == MPI_WIN_NULL || std::uncaught_exceptions() > 0) return;
  MPI_Win_unlock_all(number_->window);
  MPI_Win_free(&number_->window);
}

std::uint64_t Counter::next() {
  return is_launched() ? number_->apply(MPI_SUM, 1) : number_->alone++;
}

void Counter::raise(std::uint64_t least) {
  if (is_launched()) {
    number_->apply(MPI_MAX, least);
  } else {
    number_->alone = std::max(number_->alone, least);
  }
}

/// Any call lets MPI look at what has come in; this one asks for nothing.
void Counter::serve() const {
  if (!is_launched() || rank() != 0) return;
  int has_message = 0;
  MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &has_message, MPI_STATUS_IGNORE);
}

}  // namespace ridgepoint::distribute
