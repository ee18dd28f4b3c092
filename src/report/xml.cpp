// SPDX-License-Identifier: Apache-2.0
#include "report/xml.hpp"

#include <fmt/format.h>

#include <cassert>

#include "report/utf8.hpp"

namespace ridgepoint::report {

std::string escape_xml(std::string_view text) {
  std::string result;
  for (const char c : clean(text)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string px(double value) {
  std::string text = fmt::format("{:.2f}", value);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

void XmlWriter::new_line() {
  const bool inside_text = !open_.empty() && open_.back().has_text;
  if (!out_.empty() && !inside_text && out_.back() != '\n') out_ += '\n';
}

void XmlWriter::begin(std::string_view tag, Attributes attributes) {
  new_line();
  out_ += '<';
  out_ += tag;
  for (const auto& [name, value] : attributes) {
    out_ += fmt::format(" {}=\"{}\"", name, escape_xml(value));
  }
}

XmlWriter& XmlWriter::open(std::string_view tag, Attributes attributes) {
  begin(tag, attributes);
  out_ += '>';
  open_.push_back({std::string(tag)});
  return *this;
}

XmlWriter& XmlWriter::close() {
  assert(!open_.empty());
  new_line();
  out_ += fmt::format("</{}>", open_.back().tag);
  open_.pop_back();
  return *this;
}

XmlWriter& XmlWriter::empty(std::string_view tag, Attributes attributes) {
  begin(tag, attributes);
  out_ += "/>";
  return *this;
}

XmlWriter& XmlWriter::element(std::string_view tag, Attributes attributes, std::string_view words) {
  begin(tag, attributes);
  out_ += fmt::format(">{}</{}>", escape_xml(words), tag);
  return *this;
}

XmlWriter& XmlWriter::text(std::string_view words) {
  if (!open_.empty()) open_.back().has_text = true;
  out_ += escape_xml(words);
  return *this;
}

XmlWriter& XmlWriter::raw(std::string_view well_formed) {
  new_line();
  out_ += well_formed;
  return *this;
}

std::string XmlWriter::take() && {
  assert(open_.empty());
  return std::move(out_);
}

}  // namespace ridgepoint::report
