// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/core/units.hpp"

namespace ridgepoint {

inline constexpr std::size_t kMaxListedNumbers = 1'000'000;

/// Lists and ranges, in the order written: "1,64,256"; "1..256", every integer;
/// "16..16384:+16", steps; "1..1024:x2", factors. The end counts when the steps reach it. Every
/// number may have a suffix (8k, 8K). All faults at once; more than kMaxListedNumbers is one.
Result<std::vector<std::int64_t>> parse_counts(std::string_view text, std::string_view where,
                                               CountBounds bounds = {});

}  // namespace ridgepoint
