// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "ridgepoint/core/result.hpp"

namespace ridgepoint {

inline constexpr std::size_t kMaxFileBytes = std::size_t{64} << 20;

/// The bytes of a file; an error for a directory, a missing or unreadable file, or one that is
/// longer than `max_bytes`. A pipe is read to its end, but one that no program has opened for
/// writing within two seconds is an error.
Result<std::string> read_file(const std::string& path, std::size_t max_bytes = kMaxFileBytes);

/// Replaces the file at `path` in one step: readers see the old content or the new one, and after
/// an error the old one (or no file) is left and nothing else. Devices and pipes (/dev/stdout) are
/// written to directly; a symbolic link keeps pointing where it does.
Result<void> write_file_atomically(const std::string& path, std::string_view content);

/// A file that is written piece by piece, and is at its path once all of it is written: as
/// write_file_atomically for what memory would not hold. Before that nothing is there to see, and
/// without a commit nothing is left.
class AtomicFile {
 public:
  /// Errors: a path that cannot be written to.
  static Result<AtomicFile> create(const std::string& path);
  AtomicFile(AtomicFile&&) noexcept;
  AtomicFile& operator=(AtomicFile&&) noexcept;
  ~AtomicFile();

  /// Errors: a full disk.
  Result<void> write(std::string_view piece);
  /// Errors: likewise. REQUIRES: nothing is written after it.
  Result<void> commit();

 private:
  struct Draft;
  explicit AtomicFile(std::unique_ptr<Draft> draft);
  std::unique_ptr<Draft> draft_;
};

}  // namespace ridgepoint
