// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/override.hpp"
#include "ridgepoint/core/result.hpp"

namespace ridgepoint::json {

enum class Kind { null, boolean, number, string, list, object };

/// A JSON value as a plain tree. Members keep the order of the file.
struct Value {
  Kind kind = Kind::null;
  bool boolean = false;
  double number = 0;                    ///< of a number; may be infinite or NaN, see parse
  std::optional<std::int64_t> integer;  ///< of a number that is whole and fits
  std::string text;                     ///< a string, or a number as the file spells it
  std::vector<Value> items;             ///< of a list, or the values of an object
  std::vector<std::string> keys;        ///< of an object, parallel to items

  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  void set(std::string_view key, Value value);

  static Value of(std::string text);
  /// As typed on a command line: null, true, false, a number with suffix (8k), else a string.
  static Value from_word(std::string_view word);
};

/// "the string \"forty\"", "1.5", "a list", for messages.
std::string describe(const Value& value);

inline constexpr std::size_t kMaxBytes = std::size_t{64} << 20;
inline constexpr std::size_t kMaxDepth = 100;

/// Reads JSON as it occurs in the wild: besides the standard, the bare words NaN, Infinity and
/// -Infinity that Python writes. A syntax fault gives its line and column; a key that an object
/// has twice, nesting beyond kMaxDepth and text beyond kMaxBytes are faults.
Result<Value> parse(std::string_view text, std::string_view source_name);

/// Puts `overrides` into an object. A key must be in the file or in `known`, else its nearest
/// names are offered.
Diagnostics apply(const Overrides& overrides, const std::vector<std::string>& known, Value& root);

}  // namespace ridgepoint::json
