// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/json.hpp"
#include "ridgepoint/core/result.hpp"

namespace ridgepoint::json {

/// The largest size that any count in a file may have unless its reader says otherwise: 2^40.
inline constexpr std::int64_t kMaxSize = std::int64_t{1} << 40;

/// The spellings of one key, the preferred one first. The first that is present counts.
class Keys {
 public:
  Keys(const char* only) : spellings_{only} {}  // NOLINT: reader.size("hidden_size")
  Keys(std::initializer_list<std::string_view> spellings) : spellings_(spellings) {}
  const std::vector<std::string_view>& spellings() const { return spellings_; }

 private:
  std::vector<std::string_view> spellings_;
};

/// Reads one object key by key and collects every fault, with its place as a JSON pointer:
/// "config.json: /text_config/hidden_size". A getter returns nothing after a fault.
///
/// A key whose value is null counts as absent.
class Reader {
 public:
  /// REQUIRES: object and faults outlive the reader.
  Reader(const Value& object, std::string source_name, Diagnostics& faults,
         std::string pointer = "");

  bool has(const Keys& keys) const;
  /// The one that the object has; else the preferred one.
  std::string_view spelling(const Keys& keys) const;

  std::optional<std::int64_t> size(const Keys& keys, std::int64_t limit = kMaxSize);
  std::optional<std::int64_t> optional_size(const Keys& keys, std::int64_t limit = kMaxSize);
  std::optional<std::string> string(const Keys& keys);
  std::optional<std::string> optional_string(const Keys& keys);
  std::optional<bool> optional_boolean(const Keys& keys);
  /// Empty when absent.
  std::vector<std::string> strings(const Keys& keys);
  /// A reader of the nested object; nothing when it is absent or not an object.
  std::optional<Reader> object(const Keys& keys);
  std::optional<Reader> optional_object(const Keys& keys);
  /// The value as it is; a fault when it is absent.
  const Value* any(const Keys& keys);
  const Value* optional_any(const Keys& keys);

  const std::vector<std::string>& keys() const { return object_->keys; }
  const std::string& source_name() const { return source_name_; }

  void fault(std::string_view key, const std::string& what, const std::string& help = {});
  /// "config.json: /text_config/hidden_size"; of the object itself with an empty key.
  std::string where(std::string_view key = {}) const;

  /// Faults every key that no getter asked for. Keys that begin with '_' or '$' are comments.
  void refuse_unknown_keys();

 private:
  const Value* find(const Keys& keys, bool required);
  std::optional<std::int64_t> check_size(std::string_view key, const Value& value,
                                         std::int64_t limit);
  std::optional<std::string> check_string(std::string_view key, const Value* value);
  std::optional<Reader> check_object(std::string_view key, const Value* value);

  const Value* object_;
  std::string source_name_;
  Diagnostics* faults_;
  std::string pointer_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace ridgepoint::json
