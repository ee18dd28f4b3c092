// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/geometry.hpp"
#include "report/pictures.hpp"
#include "report/xml.hpp"

namespace ridgepoint::report {

/// An <svg> element with a name for those who cannot see it; standing alone, it brings its ground,
/// its title and its style.
class PictureFrame {
 public:
  PictureFrame(Size size, Setting setting);

  void set_title(const std::string& title, const std::string& subtitle);
  double content_top() const;  ///< below the title
  double margin() const;
  XmlWriter& out() { return out_; }

  /// Small lines from `y` down, broken to the width; the picture grows to hold them.
  void add_notes(const std::vector<std::string>& sentences, double y);

  std::string take() &&;

 private:
  Size size_;
  Setting setting_;
  std::string title_;
  std::string subtitle_;
  XmlWriter out_;
};

void draw_text(XmlWriter& out, std::string_view css_class, Point at, std::string_view words);
void draw_line(XmlWriter& out, std::string_view css_class, const Segment& segment);
/// A number under the x axis, kept inside the plot at its right end.
void draw_tick_label(XmlWriter& out, const Box& plot, double x, double value);
/// A circle for decode, a diamond for prefill, a square for both, all of one area.
void draw_mark(XmlWriter& out, predict::Phase phase, Point at, double radius,
               std::string_view tooltip);

}  // namespace ridgepoint::report
