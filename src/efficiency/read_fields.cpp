// SPDX-License-Identifier: Apache-2.0
#include "efficiency/read_fields.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ridgepoint::efficiency {

using json::Kind;
using json::Reader;
using json::Value;

std::optional<double> read_number(Reader& reader, const std::string& key) {
  const Value* value = reader.any(key.c_str());
  if (value == nullptr) return std::nullopt;
  if (value->kind == Kind::number && std::isfinite(value->number)) return value->number;
  reader.fault(key, fmt::format("expected a number, got {}", json::describe(*value)), kFitAgain);
  return std::nullopt;
}

bool is_logarithm(double value) {
  constexpr double kMost = 20;  // e^20 is half a billion
  return std::abs(value) <= kMost;
}

std::optional<double> read_logarithm(Reader& reader, const std::string& key) {
  const auto value = read_number(reader, key);
  if (!value || is_logarithm(*value)) return value;
  reader.fault(key, fmt::format("{:g} is no logarithm of a ratio of times", *value), kFitAgain);
  return std::nullopt;
}

void read_objects(Reader& reader, const char* key, Presence presence, Diagnostics& faults,
                  const std::function<void(Reader&)>& take) {
  const Value* list = presence == Presence::required ? reader.any(key) : reader.optional_any(key);
  if (list == nullptr) return;
  if (list->kind != Kind::list) {
    reader.fault(key, fmt::format("expected a list, got {}", json::describe(*list)), kFitAgain);
    return;
  }
  const std::string prefix = reader.source_name() + ": ";
  const std::string pointer = reader.where(key).substr(prefix.size());
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    const Value& item = list->items[i];
    Reader inner(item, reader.source_name(), faults, fmt::format("{}/{}", pointer, i));
    if (item.kind == Kind::object) {
      take(inner);
    } else {
      inner.fault("", fmt::format("expected an object, got {}", json::describe(item)), kFitAgain);
    }
  }
}

}  // namespace ridgepoint::efficiency
