// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

namespace ridgepoint::distribute {

/// One number that all ranks count on, each for itself and without waiting for another. It begins
/// and ends with all ranks together; in between it is for one thread of a rank at a time.
class Counter {
 public:
  /// Begins at what the first rank says.
  explicit Counter(std::uint64_t first);
  ~Counter();
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;

  /// The number, which no other call of any rank gets.
  std::uint64_t next();
  /// From now on the number is at least this one.
  void raise(std::uint64_t least);
  /// The first rank holds the number: where the network cannot read it by itself, others wait until
  /// this is called there, or anything else of this layer.
  void serve() const;

 private:
  struct Number;
  std::unique_ptr<Number> number_;
};

}  // namespace ridgepoint::distribute
