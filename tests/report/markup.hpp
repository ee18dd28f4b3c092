// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ridgepoint::report::test {

/// What is wrong with the tags, attributes and entities of an XML text; empty when it is
/// well-formed as far as our documents use XML.
std::string markup_fault(std::string_view text);

/// The values of an attribute of all elements of one tag, in order: markup_values(svg, "text",
/// "x").
std::vector<std::string> attribute_values(std::string_view text, std::string_view tag,
                                          std::string_view attribute);

/// Lines of a CSV text as fields.
std::vector<std::vector<std::string>> read_csv(std::string_view text);

}  // namespace ridgepoint::report::test
