// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "ridgepoint/core/text.hpp"

namespace ridgepoint {
namespace {

constexpr std::string_view kForms = "write 1,64,256 or 1..256 or 16..16384:+16 or 1..1024:x2";

/// `first..last`, then by adding or by multiplying.
struct Range {
  std::int64_t first = 1;
  std::int64_t last = 1;
  bool multiply = false;
  std::int64_t step = 1;
};

tl::unexpected<Diagnostics> malformed(std::string_view where, const std::string& what) {
  return fail(std::string(where), what, std::string(kForms));
}

Result<Range> parse_step(std::string_view step, std::string_view where, Range range) {
  if (step.empty() || (step[0] != '+' && step[0] != 'x' && step[0] != '*')) {
    return malformed(where, fmt::format("\":{}\" is not a step", shown(step)));
  }
  range.multiply = step[0] != '+';
  const Result<std::int64_t> value = parse_count(step.substr(1), where, {});
  if (!value) return fail(value.error());
  if (range.multiply && *value < 2) {
    return malformed(where, fmt::format("the factor in \":{}\" must be at least 2", shown(step)));
  }
  if (range.multiply && range.first < 1) {
    return malformed(where, fmt::format("a range by factors cannot begin at {}", range.first));
  }
  range.step = *value;
  return range;
}

Result<Range> parse_range(std::string_view item, std::string_view where, CountBounds bounds) {
  const std::size_t dots = item.find("..");
  if (dots == std::string_view::npos) {
    const Result<std::int64_t> value = parse_count(item, where, bounds);
    if (!value) return fail(value.error());
    return Range{*value, *value};
  }
  const std::size_t colon = item.find(':', dots);
  if (dots == 0 || dots + 2 == std::min(colon, item.size())) {
    return malformed(where, fmt::format("the range \"{}\" lacks its {} number", shown(item),
                                        dots == 0 ? "first" : "last"));
  }
  const Result<std::int64_t> first = parse_count(item.substr(0, dots), where, bounds);
  if (!first) return fail(first.error());
  const std::size_t end = colon == std::string_view::npos ? item.size() : colon;
  const Result<std::int64_t> last =
      parse_count(item.substr(dots + 2, end - dots - 2), where, bounds);
  if (!last) return fail(last.error());
  if (*last < *first) {
    return malformed(where, fmt::format("the range \"{}\" ends before it begins", shown(item)));
  }
  const Range range{*first, *last};
  if (colon == std::string_view::npos) return range;
  return parse_step(item.substr(colon + 1), where, range);
}

/// False when the limit is reached.
bool append(const Range& range, std::vector<std::int64_t>& numbers) {
  std::int64_t value = range.first;
  for (;;) {
    if (numbers.size() == kMaxListedNumbers) return false;
    numbers.push_back(value);
    std::int64_t next = 0;
    const bool overflow = range.multiply ? __builtin_mul_overflow(value, range.step, &next)
                                         : __builtin_add_overflow(value, range.step, &next);
    if (overflow || next > range.last) return true;
    value = next;
  }
}

/// Of an item without a number that ends at `end`.
std::string empty_item(std::string_view text, std::size_t end) {
  if (text.find(',') == std::string_view::npos) return "the list of numbers is empty";
  return fmt::format("\"{}\" lacks a number {} a comma", shown(text),
                     end < text.size() ? "before" : "after");
}

}  // namespace

Result<std::vector<std::int64_t>> parse_counts(std::string_view text, std::string_view where,
                                               CountBounds bounds) {
  std::vector<std::int64_t> numbers;
  Diagnostics faults;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view item = text.substr(begin, end - begin);
    begin = end + 1;
    if (item.find_first_not_of(" \t") == std::string_view::npos) {
      faults.push_back({std::string(where), empty_item(text, end), std::string(kForms)});
      continue;
    }
    const Result<Range> range = parse_range(item, where, bounds);
    if (!range) {
      faults.insert(faults.end(), range.error().begin(), range.error().end());
    } else if (!append(*range, numbers)) {
      return fail(std::string(where),
                  fmt::format("\"{}\" lists more than 1,000,000 numbers", shown(text)),
                  "use larger steps, such as 1..1024:x2");
    }
  }
  if (!faults.empty()) return fail(std::move(faults));
  return numbers;
}

}  // namespace ridgepoint
