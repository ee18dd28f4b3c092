// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "ridgepoint/explore/row_stream.hpp"

namespace ridgepoint::explore {

/// Puts the rows of parts that threads finish in any order into the order of the parts. A thread
/// that is too far ahead waits, so that few parts are held at a time.
class OrderedRows {
 public:
  /// REQUIRES: each part from `first` on is added once, without gaps.
  OrderedRows(const RowStream& stream, std::uint64_t first, std::uint64_t most_ahead)
      : stream_(stream), next_(first), most_ahead_(most_ahead) {}

  /// False when rows could not be written; from then on none are.
  bool add(std::uint64_t part, std::string rows);

 private:
  const RowStream& stream_;
  std::mutex mutex_;
  std::condition_variable has_written_;
  std::map<std::uint64_t, std::string> waiting_;
  std::uint64_t next_;
  std::uint64_t most_ahead_;
  bool is_good_ = true;
};

}  // namespace ridgepoint::explore
