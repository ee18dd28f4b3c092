// SPDX-License-Identifier: Apache-2.0
#include "explore/ordered_rows.hpp"

#include <utility>

namespace ridgepoint::explore {

/// Whoever has the next part never waits, so that all others come to their turn.
bool OrderedRows::add(std::uint64_t part, std::string rows) {
  std::unique_lock lock(mutex_);
  has_written_.wait(lock, [&] { return part < next_ + most_ahead_; });
  waiting_.emplace(part, std::move(rows));
  for (auto first = waiting_.begin(); first != waiting_.end() && first->first == next_;) {
    is_good_ = is_good_ && (first->second.empty() || stream_.write(first->second));
    first = waiting_.erase(first);
    ++next_;
  }
  has_written_.notify_all();
  return is_good_;
}

}  // namespace ridgepoint::explore
