// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ridgepoint {

/// ASCII letters in lower case and digits, nothing else: "H100 SXM" and "h100-sxm" are equal.
std::string normalized(std::string_view name);

/// Insertions, deletions, replacements and swaps of neighbours between two strings
/// (Damerau–Levenshtein, each part edited once).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// At most `limit` candidates that `name` was probably meant to be, the nearest first: those within
/// an edit in three letters, and those that contain the name, are contained in it or are
/// abbreviated by it; none that is more than an edit farther than the nearest. Compared as
/// `normalized` does.
std::vector<std::string> nearest_names(std::string_view name,
                                       const std::vector<std::string>& candidates,
                                       std::size_t limit = 5);

/// "did you mean a, b or c?", or an empty string when nothing is near.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);
/// The same of names already chosen.
std::string did_you_mean(const std::vector<std::string>& near);
/// As did_you_mean, and where nothing is near "give one of …" with all that are `listed`.
std::string did_you_mean_or_list(std::string_view name, const std::vector<std::string>& candidates,
                                 const std::vector<std::string>& listed);

}  // namespace ridgepoint
