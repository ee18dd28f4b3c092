// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/names.hpp"

#include <algorithm>
#include <utility>

#include "ridgepoint/core/text.hpp"

namespace ridgepoint {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// True when the letters of `name` occur in `whole` in their order: num_kv_heads in
/// num_key_value_heads.
bool abbreviates(std::string_view name, std::string_view whole) {
  std::size_t at = 0;
  for (const char c : whole) {
    if (at < name.size() && name[at] == c) ++at;
  }
  return at == name.size();
}

/// How far a candidate is, or nothing when it is not near at all.
std::size_t rank(const std::string& name, const std::string& candidate) {
  constexpr std::size_t kFar = static_cast<std::size_t>(-1);
  const std::size_t longer = std::max(name.size(), candidate.size());
  const std::size_t shorter = std::min(name.size(), candidate.size());
  const std::size_t distance = edit_distance(name, candidate);
  if (distance <= std::max<std::size_t>(1, longer / 3)) return distance;
  const bool contains = shorter >= 3 && (candidate.find(name) != std::string::npos ||
                                         name.find(candidate) != std::string::npos);
  const bool shortens = 2 * name.size() >= candidate.size() && abbreviates(name, candidate);
  return contains || shortens ? distance : kFar;
}

}  // namespace

std::string normalized(std::string_view name) {
  std::string result;
  for (const char c : name) {
    const char lower = is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    if (is_word(lower)) result += lower;
  }
  return result;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // Rows i−2, i−1 and i of the usual table.
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replace});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

std::vector<std::string> nearest_names(std::string_view name,
                                       const std::vector<std::string>& candidates,
                                       std::size_t limit) {
  constexpr std::size_t kLongestName = 200;
  const std::string wanted = normalized(name.substr(0, kLongestName));
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = rank(wanted, normalized(candidate));
    if (distance != static_cast<std::size_t>(-1)) near.emplace_back(distance, candidate);
  }
  std::sort(near.begin(), near.end());
  near.erase(std::unique(near.begin(), near.end()), near.end());
  constexpr std::size_t kMuchFarther = 1;  // than the nearest: of no use beside it
  std::vector<std::string> result;
  for (const auto& [distance, candidate] : near) {
    if (result.size() == limit || distance > near.front().first + kMuchFarther) break;
    result.push_back(candidate);
  }
  return result;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
  return did_you_mean(nearest_names(name, candidates));
}

std::string did_you_mean_or_list(std::string_view name, const std::vector<std::string>& candidates,
                                 const std::vector<std::string>& listed) {
  const std::string near = did_you_mean(name, candidates);
  if (!near.empty() || listed.empty()) return near;
  std::string text = "give one of ";
  for (const std::string& each : listed) text += (&each == &listed.front() ? "" : ", ") + each;
  return text;
}

std::string did_you_mean(const std::vector<std::string>& near) {
  if (near.empty()) return {};
  std::string text = "did you mean ";
  for (std::size_t i = 0; i < near.size(); ++i) {
    if (i > 0) text += i + 1 == near.size() ? " or " : ", ";
    text += shown(near[i]);
  }
  return text + "?";
}

}  // namespace ridgepoint
