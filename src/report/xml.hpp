// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ridgepoint::report {

/// Text for XML and HTML, between tags and in attributes: cleaned, the five special characters
/// replaced.
std::string escape_xml(std::string_view text);

/// A length in a picture: at most two decimals, no trailing zeros.
std::string px(double value);

/// Writes elements; the tags balance by construction.
class XmlWriter {
 public:
  using Attributes = std::initializer_list<std::pair<std::string_view, std::string>>;

  XmlWriter& open(std::string_view tag, Attributes attributes = {});
  /// Closes the innermost open element. REQUIRES: there is one.
  XmlWriter& close();
  XmlWriter& empty(std::string_view tag, Attributes attributes = {});  ///< <tag …/>
  XmlWriter& element(std::string_view tag, Attributes attributes, std::string_view text);
  XmlWriter& text(std::string_view text);
  XmlWriter& raw(std::string_view well_formed);  ///< as it is, on a line of its own

  /// REQUIRES: every element is closed.
  std::string take() &&;

 private:
  struct Open {
    std::string tag;
    bool has_text = false;  // no line breaks inside: they would be spaces
  };
  void begin(std::string_view tag, Attributes attributes);
  void new_line();

  std::string out_;
  std::vector<Open> open_;
};

}  // namespace ridgepoint::report
