// SPDX-License-Identifier: Apache-2.0
#include "model/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ridgepoint/core/format.hpp"

namespace ridgepoint::model {

using json::Keys;
using json::Kind;
using json::Value;

bool is_set(const Value& object, std::string_view key) {
  const Value* value = object.find(key);
  if (value == nullptr || value->kind == Kind::null) return false;
  const bool is_zero = value->kind == Kind::number && value->integer == 0;
  const bool is_false = value->kind == Kind::boolean && !value->boolean;
  const bool is_empty = value->kind == Kind::list && value->items.empty();
  return !is_zero && !is_false && !is_empty;
}

const Default* Config::class_default(const Keys& keys) const {
  const auto row_of = [&](std::span<const Default> rows) -> const Default* {
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const Default& each) {
      return each.key == keys.spellings().front();
    });
    return row == rows.end() ? nullptr : &*row;
  };
  const Default* row = row_of(family_.defaults);
  return row == nullptr && is_nested() ? row_of(family_.nested_defaults) : row;
}

std::int64_t Config::size(const Keys& keys, std::int64_t limit) {
  const Default* row = class_default(keys);
  if (row == nullptr || has(keys)) return reader_.size(keys, limit).value_or(0);
  assume(fmt::format("{} absent: {}, as {} has it", row->key, row->value, family_.name));
  return row->value;
}

std::int64_t Config::size_or(const Keys& keys, std::int64_t fallback, std::string_view why) {
  if (has(keys) || class_default(keys) != nullptr) return size(keys);
  assume(fmt::format("{} absent: {}{}", keys.spellings().front(), fallback, why));
  return fallback;
}

std::int64_t Config::count_or(const Keys& keys, std::int64_t fallback) {
  const Value* value = reader_.optional_any(keys);
  if (value == nullptr) {
    const Default* row = class_default(keys);
    if (row != nullptr) {
      assume(fmt::format("{} absent: {}, as {} has it", row->key, row->value, family_.name));
    }
    return row == nullptr ? fallback : row->value;
  }
  if (value->kind == Kind::number && value->integer && *value->integer >= 0 &&
      *value->integer <= kLargestWidth) {
    return *value->integer;
  }
  fault(keys, fmt::format("expected a whole number from 0, got {}", json::describe(*value)),
        fmt::format("write a number from 0 to {}, without quotes", format_integer(kLargestWidth)));
  return fallback;
}

std::optional<std::int64_t> Config::optional_size(const Keys& keys, std::int64_t limit) {
  if (!has(keys) && class_default(keys) != nullptr) return size(keys, limit);
  return reader_.optional_size(keys, limit);
}

bool Config::flag(const Keys& keys, bool fallback) {
  return reader_.optional_boolean(keys).value_or(fallback);
}

std::string Config::word(const Keys& keys, std::string_view fallback) {
  return reader_.optional_string(keys).value_or(std::string(fallback));
}

std::optional<std::vector<std::int64_t>> Config::integers(const Keys& keys) {
  const Value* value = reader_.optional_any(keys);
  if (value == nullptr) return std::nullopt;
  std::vector<std::int64_t> numbers;
  bool sound = value->kind == Kind::list;
  for (const Value& item : value->items) {
    sound = sound && item.kind == Kind::number && item.integer && *item.integer >= 0 &&
            *item.integer <= kLargestWidth;
    if (sound) numbers.push_back(*item.integer);
  }
  if (sound) return numbers;
  fault(keys, fmt::format("expected a list of whole numbers, got {}", json::describe(*value)),
        "write [0, 4, 8]: numbers from 0, without quotes");
  return std::nullopt;
}

std::optional<Config> Config::nested(const Keys& keys) {
  const std::optional<json::Reader> inner = reader_.optional_object(keys);
  if (!inner) return std::nullopt;
  const Value* value = reader_.optional_any(keys);
  Config result(top_, *value, *inner, faults_, family_, out_);
  result.layers = layers;
  return result;
}

void Config::assume(std::string sentence) {
  std::vector<std::string>& known = out_.assumptions;
  if (std::find(known.begin(), known.end(), sentence) == known.end()) {
    known.push_back(std::move(sentence));
  }
}

void Config::fault(const Keys& keys, const std::string& what, const std::string& help) {
  reader_.fault(reader_.spelling(keys), what, help);
}

}  // namespace ridgepoint::model
