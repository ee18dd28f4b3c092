// SPDX-License-Identifier: Apache-2.0
#include "app/lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "ridgepoint/core/numbers.hpp"
#include "ridgepoint/core/text.hpp"

namespace ridgepoint::app {
namespace {

bool is_file(const std::string& text) {
  std::error_code ignored;
  return std::filesystem::exists(text, ignored);
}

std::vector<std::string> split_names(const std::string& text) {
  if (is_file(text)) return {text};
  std::vector<std::string> names;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    names.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

/// An empty name is a fault.
std::vector<std::string> read_name_list(std::string_view option, const std::string& text,
                                        Faults& faults) {
  std::vector<std::string> names = split_names(text);
  const auto empty = std::remove(names.begin(), names.end(), "");
  if (empty == names.end()) return names;
  names.erase(empty, names.end());
  faults.add(std::string(option), fmt::format("\"{}\" has an empty entry", shown(text)),
             "write the names with one comma between them");
  return names;
}

}  // namespace

std::vector<std::string> read_names(const Arguments& arguments, std::string_view option,
                                    Faults& faults) {
  std::vector<std::string> all;
  for (const std::string& text : arguments.values(option)) {
    for (std::string& name : read_name_list(option, text, faults)) all.push_back(std::move(name));
  }
  return all;
}

std::vector<std::int64_t> read_numbers(const Arguments& arguments, std::string_view option,
                                       Faults& faults, CountBounds bounds) {
  std::vector<std::int64_t> all;
  for (const std::string& text : arguments.values(option)) {
    const auto numbers = faults.take(parse_counts(text, option, bounds));
    if (numbers) all.insert(all.end(), numbers->begin(), numbers->end());
  }
  return all;
}

}  // namespace ridgepoint::app
