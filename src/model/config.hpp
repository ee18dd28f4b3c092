// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/family.hpp"
#include "ridgepoint/core/json_reader.hpp"
#include "ridgepoint/model/architecture.hpp"

namespace ridgepoint::model {

// More than any real model by orders of magnitude, and small enough for products to be exact.
constexpr std::int64_t kMostLayers = std::int64_t{1} << 16;
constexpr std::int64_t kMostHeads = std::int64_t{1} << 20;
constexpr std::int64_t kLargestWidth = std::int64_t{1} << 28;
constexpr std::int64_t kLargestVocabulary = std::int64_t{1} << 32;

/// One file on its way to an Architecture: its keys, what its family implies, and the two lists
/// that every reader adds to, faults and assumptions.
class Config {
 public:
  Config(const json::Value& top, const json::Value& object, json::Reader reader,
         Diagnostics& faults, const Family& family, Architecture& out)
      : top_(top),
        object_(object),
        reader_(std::move(reader)),
        faults_(faults),
        family_(family),
        out_(out) {}

  const Family& family() const { return family_; }
  Architecture& out() { return out_; }
  bool failed() const { return !faults_.empty(); }
  const json::Value& top() const { return top_; }
  const json::Value& object() const { return object_; }
  json::Reader& reader() { return reader_; }

  bool has(const json::Keys& keys) const { return reader_.has(keys); }
  /// The value under the first spelling that is present; null for none.
  const json::Value* find(const json::Keys& keys) { return reader_.optional_any(keys); }

  /// A needed size, from the file or else from the class defaults of the family; 0 after a fault.
  std::int64_t size(const json::Keys& keys, std::int64_t limit = kLargestWidth);
  /// The file's, the family's, or `fallback`; said where it is not the file's.
  std::int64_t size_or(const json::Keys& keys, std::int64_t fallback, std::string_view why);
  /// Zero and more; `fallback` when absent, and nothing is said.
  std::int64_t count_or(const json::Keys& keys, std::int64_t fallback);
  std::optional<std::int64_t> optional_size(const json::Keys& keys,
                                            std::int64_t limit = kLargestWidth);
  bool flag(const json::Keys& keys, bool fallback);
  std::string word(const json::Keys& keys, std::string_view fallback);
  /// Whole numbers of a list; a fault for anything else. Nothing when absent.
  std::optional<std::vector<std::int64_t>> integers(const json::Keys& keys);
  std::vector<std::string> strings(const json::Keys& keys) { return reader_.strings(keys); }
  /// The same family's view of a nested object; nothing when absent.
  std::optional<Config> nested(const json::Keys& keys);

  void assume(std::string sentence);
  /// Names the spelling that the file uses. Each fault has help: there is no default.
  void fault(const json::Keys& keys, const std::string& what, const std::string& help);

  /// L, read once.
  std::int64_t layers = 0;

 private:
  const Default* class_default(const json::Keys& keys) const;
  bool is_nested() const { return &top_ != &object_; }

  const json::Value& top_;
  const json::Value& object_;  ///< the language model's part: the file itself or its text_config
  json::Reader reader_;
  Diagnostics& faults_;
  const Family& family_;
  Architecture& out_;
};

/// True for a key that is there and neither null, zero, false, nor empty.
bool is_set(const json::Value& object, std::string_view key);

}  // namespace ridgepoint::model
