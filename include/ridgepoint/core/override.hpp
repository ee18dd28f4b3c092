// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/result.hpp"

namespace ridgepoint {

/// One what-if on a file of facts: `--set num_key_value_heads=8`.
struct Override {
  std::string key;    ///< a key of the file; a dot leads into a nested object ("dense_peaks.bf16")
  std::string value;  ///< as typed: "8", "true", "4.8TB/s"
  std::string where;  ///< the option it came from, for diagnostics: "--set"
};
using Overrides = std::vector<Override>;

/// "num_key_value_heads=8" → key and value; `where` names the option in the diagnostic.
Result<Override> parse_override(std::string_view text, std::string_view where);

}  // namespace ridgepoint
