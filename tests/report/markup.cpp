// SPDX-License-Identifier: Apache-2.0
#include "report/markup.hpp"

#include <algorithm>
#include <array>

namespace ridgepoint::report::test {
namespace {

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == ':' || c == '_';
}

std::string take_name(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && is_name(text[end])) ++end;
  std::string name(text.substr(0, end));
  text.remove_prefix(end);
  return name;
}

/// Every & begins one of the entities that our writer knows.
bool entities_are_known(std::string_view text) {
  constexpr std::array<std::string_view, 4> kEntities{"&amp;", "&lt;", "&gt;", "&quot;"};
  for (std::size_t at = text.find('&'); at != text.npos; at = text.find('&', at + 1)) {
    const std::string_view rest = text.substr(at);
    const bool numeric = rest.starts_with("&#") && rest.find(';') < 10;
    const auto begins = [&](std::string_view entity) { return rest.starts_with(entity); };
    if (!numeric && std::none_of(kEntities.begin(), kEntities.end(), begins)) return false;
  }
  return true;
}

/// The attributes up to the end of a tag; what is wrong, or nothing.
std::string take_attributes(std::string_view& text, bool& closes_itself) {
  std::vector<std::string> names;
  while (true) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\n')) text.remove_prefix(1);
    if (text.starts_with("/>") || text.starts_with(">")) {
      closes_itself = text.front() == '/';
      text.remove_prefix(closes_itself ? 2 : 1);
      return {};
    }
    const std::string name = take_name(text);
    if (name.empty() || !text.starts_with("=\"")) return "a malformed attribute";
    if (std::find(names.begin(), names.end(), name) != names.end())
      return "attribute " + name + " twice";
    names.push_back(name);
    text.remove_prefix(2);
    const std::size_t end = text.find('"');
    if (end == text.npos) return "an attribute without end";
    const std::string_view value = text.substr(0, end);
    if (value.find('<') != value.npos || !entities_are_known(value)) return "a bare < or &";
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::string markup_fault(std::string_view text) {
  if (text.starts_with("<!DOCTYPE html>\n")) text.remove_prefix(16);
  std::vector<std::string> open;
  while (!text.empty()) {
    const std::size_t tag = std::min(text.find('<'), text.size());
    if (!entities_are_known(text.substr(0, tag)))
      return "a bare & in " + std::string(text.substr(0, tag));
    text.remove_prefix(tag);
    if (text.empty()) break;
    text.remove_prefix(1);
    if (text.front() == '/') {
      text.remove_prefix(1);
      const std::string name = take_name(text);
      if (open.empty() || open.back() != name) return "unexpected </" + name + ">";
      if (!text.starts_with(">")) return "a malformed end of " + name;
      text.remove_prefix(1);
      open.pop_back();
      continue;
    }
    const std::string name = take_name(text);
    if (name.empty()) return "a bare <";
    bool closes_itself = false;
    if (auto fault = take_attributes(text, closes_itself); !fault.empty())
      return fault + " in " + name;
    if (!closes_itself) open.push_back(name);
  }
  return open.empty() ? "" : "never closed: " + open.back();
}

std::vector<std::string> attribute_values(std::string_view text, std::string_view tag,
                                          std::string_view attribute) {
  std::vector<std::string> values;
  const std::string start = "<" + std::string(tag) + " ";
  const std::string key = " " + std::string(attribute) + "=\"";
  for (std::size_t at = text.find(start); at != text.npos; at = text.find(start, at + 1)) {
    const std::string_view element = text.substr(at, text.find('>', at) - at);
    const std::size_t from = element.find(key);
    if (from == element.npos) continue;
    const std::string_view rest = element.substr(from + key.size());
    values.emplace_back(rest.substr(0, rest.find('"')));
  }
  return values;
}

std::vector<std::vector<std::string>> read_csv(std::string_view text) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> row{""};
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') {
        row.back() += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        row.back() += text[++i];
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      row.emplace_back();
    } else if (c == '\n') {
      rows.push_back(row);
      row = {""};
    } else {
      row.back() += c;
    }
  }
  return rows;
}

}  // namespace ridgepoint::report::test
