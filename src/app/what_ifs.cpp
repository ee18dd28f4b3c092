// SPDX-License-Identifier: Apache-2.0
#include "app/what_ifs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ridgepoint/core/text.hpp"

namespace ridgepoint::app {
namespace {

/// "key=8,4" → "key=8" and "key=4".
std::vector<std::string> split_values(const std::string& text, std::string_view option,
                                      Faults& faults) {
  const std::size_t begin = text.find('=') + 1;
  constexpr std::string_view kJson = "[{\"";
  if (begin == 0 || begin == text.size() || kJson.find(text[begin]) != std::string_view::npos) {
    return {text};
  }
  std::vector<std::string> all;
  bool has_empty = false;
  for (std::size_t from = begin; from <= text.size();) {
    const std::size_t to = std::min(text.find(',', from), text.size());
    const std::string_view value = trimmed(std::string_view(text).substr(from, to - from));
    has_empty = has_empty || value.empty();
    all.push_back(text.substr(0, begin) + std::string(value));
    from = to + 1;
  }
  if (!has_empty) return all;
  faults.add(std::string(option), fmt::format("\"{}\" has an empty entry", shown(text)),
             "write the values with one comma between them");
  return {};
}

/// Each of `all` with each of the values.
std::vector<WhatIf> combined(const std::vector<WhatIf>& all,
                             const std::vector<std::string>& values) {
  std::vector<WhatIf> more;
  for (const WhatIf& known : all) {
    for (const std::string& value : values) {
      WhatIf& one = more.emplace_back(known);
      one.changes.push_back(value);
      if (values.size() > 1) one.words += (one.words.empty() ? "" : ", ") + value;
    }
  }
  return more;
}

}  // namespace

std::vector<WhatIf> read_what_ifs(const Arguments& arguments, std::string_view option,
                                  Faults& faults) {
  constexpr std::size_t kMost = 10'000;
  std::vector<WhatIf> all(1);
  for (const std::string& text : arguments.values(option)) {
    const auto values = split_values(text, option, faults);
    if (all.size() * values.size() > kMost) {
      faults.add(std::string(option),
                 fmt::format("{} combinations, of {} at most", all.size() * values.size(), kMost),
                 "list fewer values");
      return {};
    }
    all = combined(all, values);
  }
  return all;
}

Arguments with(const Arguments& arguments, std::string_view option, const WhatIf& what_if) {
  Arguments one = arguments;
  one.erase(option);
  for (const std::string& change : what_if.changes) one.add(option, change);
  return one;
}

}  // namespace ridgepoint::app
