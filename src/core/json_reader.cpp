// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/json_reader.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "ridgepoint/core/format.hpp"
#include "ridgepoint/core/names.hpp"
#include "ridgepoint/core/text.hpp"

namespace ridgepoint::json {
namespace {

constexpr const char* kWriteSize = "write a whole number, 1 or more, without quotes";
constexpr const char* kWriteString = "write text in double quotes";
constexpr const char* kWriteList = "write [\"one\", \"another\"]";

/// RFC 6901: '~' and '/' inside a key.
std::string escaped(std::string_view key) {
  std::string result;
  for (const char c : shown(key)) {
    if (c == '~') {
      result += "~0";
    } else if (c == '/') {
      result += "~1";
    } else {
      result += c;
    }
  }
  return result;
}

std::string expected(std::string_view what, const Value& value) {
  return fmt::format("expected {}, got {}", what, describe(value));
}

}  // namespace

Reader::Reader(const Value& object, std::string source_name, Diagnostics& faults,
               std::string pointer)
    : object_(&object),
      source_name_(std::move(source_name)),
      faults_(&faults),
      pointer_(std::move(pointer)) {}

std::string Reader::where(std::string_view key) const {
  if (key.empty() && pointer_.empty()) return source_name_;
  if (key.empty()) return fmt::format("{}: {}", source_name_, pointer_);
  return fmt::format("{}: {}/{}", source_name_, pointer_, escaped(key));
}

void Reader::fault(std::string_view key, const std::string& what, const std::string& help) {
  faults_->push_back({where(key), what, help});
}

std::string_view Reader::spelling(const Keys& keys) const {
  for (const std::string_view key : keys.spellings()) {
    const Value* value = object_->find(key);
    if (value != nullptr && value->kind != Kind::null) return key;
  }
  return keys.spellings().front();
}

bool Reader::has(const Keys& keys) const {
  const Value* value = object_->find(spelling(keys));
  return value != nullptr && value->kind != Kind::null;
}

const Value* Reader::find(const Keys& keys, bool required) {
  for (const std::string_view key : keys.spellings()) asked_.emplace(key);
  const std::string_view key = spelling(keys);
  const Value* value = object_->find(key);
  if (value != nullptr && value->kind != Kind::null) return value;
  if (!required) return nullptr;
  if (value != nullptr) {
    fault(key, "is null, a value is needed", "give it a value");
    return nullptr;
  }
  std::string also;
  for (std::size_t i = 1; i < keys.spellings().size(); ++i) {
    also += fmt::format("{}{}", i == 1 ? "also read: " : ", ", keys.spellings()[i]);
  }
  const std::string near = did_you_mean(key, object_->keys);
  if (also.empty()) also = fmt::format("add \"{}\"", key);
  fault(key, "is missing", near.empty() ? also : "there is a similar key; " + near);
  return nullptr;
}

std::optional<std::int64_t> Reader::check_size(std::string_view key, const Value& value,
                                               std::int64_t limit) {
  if (value.kind != Kind::number || std::isnan(value.number)) {
    fault(key, expected("a positive integer", value), kWriteSize);
  } else if (value.number < 1 && value.number == std::floor(value.number)) {
    fault(key, fmt::format("must be at least 1, got {}", describe(value)), kWriteSize);
  } else if (value.number > static_cast<double>(limit)) {
    fault(key, fmt::format("{} is absurd: the limit is {}", describe(value), format_integer(limit)),
          "is there a digit too many?");
  } else if (!value.integer) {
    fault(key, expected("a whole number", value), kWriteSize);
  } else {
    return value.integer;
  }
  return std::nullopt;
}

std::optional<std::int64_t> Reader::size(const Keys& keys, std::int64_t limit) {
  const Value* value = find(keys, true);
  if (value == nullptr) return std::nullopt;
  return check_size(spelling(keys), *value, limit);
}

std::optional<std::int64_t> Reader::optional_size(const Keys& keys, std::int64_t limit) {
  const Value* value = find(keys, false);
  if (value == nullptr) return std::nullopt;
  return check_size(spelling(keys), *value, limit);
}

std::optional<std::string> Reader::check_string(std::string_view key, const Value* value) {
  if (value == nullptr) return std::nullopt;
  if (value->kind == Kind::string && !value->text.empty()) return value->text;
  fault(key, expected("a string", *value), kWriteString);
  return std::nullopt;
}

std::optional<std::string> Reader::string(const Keys& keys) {
  return check_string(spelling(keys), find(keys, true));
}

std::optional<std::string> Reader::optional_string(const Keys& keys) {
  return check_string(spelling(keys), find(keys, false));
}

std::optional<bool> Reader::optional_boolean(const Keys& keys) {
  const Value* value = find(keys, false);
  if (value == nullptr) return std::nullopt;
  if (value->kind == Kind::boolean) return value->boolean;
  fault(spelling(keys), expected("true or false", *value), "write true or false without quotes");
  return std::nullopt;
}

std::vector<std::string> Reader::strings(const Keys& keys) {
  const Value* value = find(keys, false);
  std::vector<std::string> result;
  if (value == nullptr) return result;
  const std::string key(spelling(keys));
  if (value->kind != Kind::list) fault(key, expected("a list of strings", *value), kWriteList);
  for (std::size_t i = 0; value->kind == Kind::list && i < value->items.size(); ++i) {
    const Value& item = value->items[i];
    if (item.kind == Kind::string) {
      result.push_back(item.text);
    } else {
      faults_->push_back(
          {fmt::format("{}/{}", where(key), i), expected("a string", item), kWriteString});
    }
  }
  return result;
}

std::optional<Reader> Reader::check_object(std::string_view key, const Value* value) {
  if (value == nullptr) return std::nullopt;
  if (value->kind == Kind::object) {
    return Reader(*value, source_name_, *faults_, fmt::format("{}/{}", pointer_, escaped(key)));
  }
  fault(key, expected("an object", *value), "write {\"key\": value, …}");
  return std::nullopt;
}

std::optional<Reader> Reader::object(const Keys& keys) {
  return check_object(spelling(keys), find(keys, true));
}

std::optional<Reader> Reader::optional_object(const Keys& keys) {
  return check_object(spelling(keys), find(keys, false));
}

const Value* Reader::any(const Keys& keys) { return find(keys, true); }
const Value* Reader::optional_any(const Keys& keys) { return find(keys, false); }

void Reader::refuse_unknown_keys() {
  const std::vector<std::string> known(asked_.begin(), asked_.end());
  for (const std::string& key : object_->keys) {
    const bool comment = key.starts_with('_') || key.starts_with('$');
    if (comment || asked_.contains(key)) continue;
    const std::string help = did_you_mean_or_list(key, known, known);
    fault(key, "is not a known key", help.empty() ? "remove it" : help);
  }
}

}  // namespace ridgepoint::json
