// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
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

}  // namespace ridgepoint
