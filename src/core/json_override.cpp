// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "ridgepoint/core/decimal.hpp"
#include "ridgepoint/core/json.hpp"
#include "ridgepoint/core/names.hpp"
#include "ridgepoint/core/units.hpp"

namespace ridgepoint {

Result<Override> parse_override(std::string_view text, std::string_view where) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size()) {
    return fail(std::string(where), fmt::format("\"{}\" is not of the form key=value", shown(text)),
                "write for example num_key_value_heads=8");
  }
  return Override{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)),
                  std::string(where)};
}

namespace json {
namespace {

Value number_from_word(std::string_view word, const Decimal& number) {
  Value value;
  value.kind = Kind::number;
  value.number = number.to_double();
  value.integer = number.to_integer();
  value.text = std::string(word);
  return value;
}

/// The object that holds the last part of a dotted key, and that part.
std::pair<Value*, std::string_view> holder(Value& root, std::string_view key) {
  Value* object = &root;
  for (;;) {
    const std::size_t dot = key.find('.');
    if (dot == std::string_view::npos || object->find(key) != nullptr) return {object, key};
    Value* inner = object->find(key.substr(0, dot));
    if (inner == nullptr || inner->kind != Kind::object) return {nullptr, key};
    object = inner;
    key.remove_prefix(dot + 1);
  }
}

}  // namespace

Value Value::from_word(std::string_view word) {
  Value value;
  if (word == "null" || word == "none" || word == "None") return value;
  if (word == "true" || word == "false") {
    value.kind = Kind::boolean;
    value.boolean = word == "true";
    return value;
  }
  constexpr CountBounds kAny{-(std::int64_t{1} << 62), std::int64_t{1} << 62};
  if (const Result<std::int64_t> count = parse_count(word, "", kAny)) {
    value = number_from_word(word, Decimal{});
    value.integer = *count;
    value.number = static_cast<double>(*count);
    return value;
  }
  std::string_view rest = word;
  const std::optional<Decimal> number = take_decimal(rest);
  if (number && rest.empty()) return number_from_word(word, *number);
  return of(std::string(word));
}

Diagnostics apply(const Overrides& overrides, const std::vector<std::string>& known, Value& root) {
  Diagnostics faults;
  for (const Override& change : overrides) {
    const auto [object, last] = holder(root, change.key);
    const bool is_known = std::find(known.begin(), known.end(), change.key) != known.end();
    if (object != nullptr && (object->find(last) != nullptr || is_known)) {
      object->set(last, Value::from_word(change.value));
      continue;
    }
    std::vector<std::string> names = root.keys;
    names.insert(names.end(), known.begin(), known.end());
    faults.push_back({change.where, fmt::format("there is no key \"{}\"", shown(change.key)),
                      did_you_mean_or_list(change.key, names, known)});
  }
  return faults;
}

}  // namespace json
}  // namespace ridgepoint
