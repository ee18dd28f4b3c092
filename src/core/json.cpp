// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "core/json_syntax.hpp"
#include "ridgepoint/core/text.hpp"

namespace ridgepoint::json {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// A bare word that JSON does not have but real files do. Its stand-in is a string of the same
/// length, so that places stay right; the strings hold one control character each, which no
/// configuration means.
struct Word {
  std::string_view text;
  std::string_view stand_in;
  std::string_view decoded;
  double number;
};
constexpr Word kWords[] = {
    {"-Infinity", "\"\\u0002\" ", "\x02", -kInfinity},
    {"Infinity", "\"\\u0001\"", "\x01", kInfinity},
    {"NaN", "\"\x7f\"", "\x7f", std::numeric_limits<double>::quiet_NaN()},
};

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool begins_a_word(char c) {
  return std::any_of(std::begin(kWords), std::end(kWords),
                     [&](const Word& word) { return word.text.front() == c; });
}

/// Puts the stand-ins in, outside strings. Copies only when there is something to replace.
std::string with_stand_ins(std::string_view text) {
  std::string result(text);
  bool in_string = false;
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (in_string && result[i] == '\\') {
      ++i;
    } else if (result[i] == '"') {
      in_string = !in_string;
    } else if (!in_string && begins_a_word(result[i]) &&
               (i == 0 || !is_word_character(result[i - 1]))) {
      for (const Word& word : kWords) {
        const std::size_t end = i + word.text.size();
        if (result.compare(i, word.text.size(), word.text) != 0) continue;
        if (end < result.size() && is_word_character(result[end])) continue;
        result.replace(i, word.text.size(), word.stand_in);
        i = end - 1;
        break;
      }
    }
  }
  return result;
}

std::string place(std::string_view source_name, std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t newline = before.rfind('\n');
  const std::string_view last_line =
      before.substr(newline == std::string_view::npos ? 0 : newline + 1);
  const std::size_t column = count_characters(last_line) + 1;
  return fmt::format("{}: line {}, column {}", source_name, line, column);
}

/// Builds the tree from the events of the parser.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  Builder(std::string_view text, std::string_view source_name)
      : text_(text), source_name_(source_name) {}

  Diagnostics faults;
  Value root;

  bool null() override { return add({}); }
  bool boolean(bool value) override {
    Value result;
    result.kind = Kind::boolean;
    result.boolean = value;
    return add(std::move(result));
  }
  bool number_integer(std::int64_t value) override { return add(whole(value)); }
  bool number_unsigned(std::uint64_t value) override {
    if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return add(whole(static_cast<std::int64_t>(value)));
    }
    return add(real(static_cast<double>(value), fmt::format("{}", value)));
  }
  bool number_float(double value, const std::string& spelling) override {
    return add(real(value, spelling));
  }
  bool string(std::string& value) override {
    for (const Word& word : kWords) {
      if (value == word.decoded) return add(real(word.number, std::string(word.text)));
    }
    return add(Value::of(std::move(value)));
  }
  bool binary(nlohmann::json::binary_t&) override { return false; }

  bool start_object(std::size_t) override { return open(Kind::object); }
  bool start_array(std::size_t) override { return open(Kind::list); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(std::string& name) override {
    Value& object = open_.back();
    if (!names_.back().insert(name).second) {
      faults.push_back({fmt::format("{}: {}/{}", source_name_, pointer(), shown(name)),
                        "this key occurs twice in the same object", "remove one of them"});
    }
    object.keys.push_back(std::move(name));
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    const SyntaxFault found = explain_syntax(text_, position, error.what());
    faults.push_back({place(source_name_, text_, found.offset), found.what, found.help});
    return false;
  }

 private:
  static Value whole(std::int64_t value) {
    Value result = real(static_cast<double>(value), fmt::format("{}", value));
    result.integer = value;
    return result;
  }
  static Value real(double value, std::string spelling) {
    Value result;
    result.kind = Kind::number;
    result.number = value;
    result.text = std::move(spelling);
    constexpr double kExact = 9007199254740992.0;  // 2^53
    if (std::fabs(value) <= kExact && value == std::floor(value)) {
      result.integer = static_cast<std::int64_t>(value);
    }
    return result;
  }

  bool add(Value value) {
    if (open_.empty()) {
      root = std::move(value);
    } else {
      open_.back().items.push_back(std::move(value));
    }
    return true;
  }
  bool open(Kind kind) {
    if (open_.size() == kMaxDepth) {
      faults.push_back({std::string(source_name_),
                        fmt::format("nested more than {} levels deep", kMaxDepth),
                        "is it the right file? configurations are a few levels deep"});
      return false;
    }
    Value value;
    value.kind = kind;
    open_.push_back(std::move(value));
    names_.emplace_back();
    return true;
  }
  bool close() {
    Value value = std::move(open_.back());
    open_.pop_back();
    names_.pop_back();
    return add(std::move(value));
  }
  std::string pointer() const {
    std::string result;
    for (std::size_t i = 0; i + 1 < open_.size(); ++i) {
      const Value& value = open_[i];
      result += '/';
      result +=
          value.keys.empty() ? fmt::format("{}", value.items.size()) : shown(value.keys.back());
    }
    return result;
  }
  std::string_view text_;
  std::string_view source_name_;
  std::vector<Value> open_;
  std::vector<std::set<std::string>> names_;  // of the keys in each open object
};

}  // namespace

const Value* Value::find(std::string_view key) const {
  for (std::size_t i = 0; i < keys.size() && i < items.size(); ++i) {
    if (keys[i] == key) return &items[i];
  }
  return nullptr;
}

Value* Value::find(std::string_view key) {
  return const_cast<Value*>(static_cast<const Value*>(this)->find(key));
}

void Value::set(std::string_view key, Value value) {
  if (Value* present = find(key)) {
    *present = std::move(value);
    return;
  }
  keys.emplace_back(key);
  items.push_back(std::move(value));
}

Value Value::of(std::string text) {
  Value result;
  result.kind = Kind::string;
  result.text = std::move(text);
  return result;
}

std::string describe(const Value& value) {
  constexpr std::size_t kLongest = 40;
  switch (value.kind) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return value.boolean ? "true" : "false";
    case Kind::number:
      return shown(value.text, kLongest);
    case Kind::string:
      return fmt::format("the string \"{}\"", shown(value.text, kLongest));
    case Kind::list:
      return "a list";
    case Kind::object:
      return "an object";
  }
  return {};
}

Result<Value> parse(std::string_view text, std::string_view source_name) {
  if (text.size() > kMaxBytes) {
    return fail(std::string(source_name), fmt::format("is longer than {} bytes", kMaxBytes),
                "is it the right file? configurations and device files take kilobytes");
  }
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return fail(std::string(source_name), "is empty", "write a JSON object: {\"key\": value, …}");
  }
  const std::string prepared = with_stand_ins(text);
  Builder builder(prepared, source_name);
  nlohmann::json::sax_parse(prepared.begin(), prepared.end(), &builder);
  if (!builder.faults.empty()) return fail(std::move(builder.faults));
  return std::move(builder.root);
}

}  // namespace ridgepoint::json
