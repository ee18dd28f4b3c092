// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "report/labels.hpp"
#include "report/xml.hpp"

namespace ridgepoint::report {

/// Words beside a mark.
struct Tag {
  Point at;
  double radius = 0;  ///< of the mark
  std::string words;
  std::string css_class;
};

/// Draws each tag where there is room, the first ones first, with a leader where it stands apart;
/// one that would stand farther than `reach` from its mark is left out. Returns the words of those.
std::vector<std::string> draw_tags(XmlWriter& out, const std::vector<Tag>& tags,
                                   const Obstacles& obstacles, double reach);

}  // namespace ridgepoint::report
