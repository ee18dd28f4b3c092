// SPDX-License-Identifier: Apache-2.0
#include "repo/readme.hpp"

#include <algorithm>
#include <iterator>

namespace ridgepoint::repo {
namespace {

using Lines = std::vector<std::string>;
using Line = Lines::const_iterator;

/// `shown` up to its end against `printed`: a literal line consumes one, "…" any number.
bool shows(Line shown, Line shown_end, Line printed, Line printed_end) {
  for (; shown != shown_end; ++shown) {
    if (*shown == "…") {
      const Line next = std::next(shown);
      for (Line from = printed;; ++from) {
        if (shows(next, shown_end, from, printed_end)) return true;
        if (from == printed_end) return false;
      }
    }
    if (printed == printed_end || *printed++ != *shown) return false;
  }
  return printed == printed_end;
}

}  // namespace

std::vector<Example> examples(const Lines& markdown) {
  std::vector<Example> found;
  bool inside = false;
  bool open = false;  // a command of this block has begun
  for (const std::string& line : markdown) {
    if (line.starts_with("```")) {
      inside = !inside;
      open = false;
    } else if (inside && line.starts_with("$ ")) {
      found.push_back({line.substr(2), {}});
      open = true;
    } else if (open) {
      found.back().shown.push_back(line);
    }
  }
  return found;
}

bool shows(const Lines& shown, const Lines& printed) {
  return shows(shown.begin(), shown.end(), printed.begin(), printed.end());
}

}  // namespace ridgepoint::repo
