// SPDX-License-Identifier: Apache-2.0
#include "report/picture_frame.hpp"

#include <fmt/format.h>

#include "report/text.hpp"
#include "report/theme.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {

PictureFrame::PictureFrame(Size size, Setting setting) : size_(size), setting_(setting) {}

double PictureFrame::margin() const { return setting_ == Setting::standalone ? 28 : 2; }

double PictureFrame::content_top() const { return setting_ == Setting::standalone ? 82 : 4; }

void PictureFrame::set_title(const std::string& title, const std::string& subtitle) {
  title_ = title;
  subtitle_ = subtitle;
}

void PictureFrame::add_notes(const std::vector<std::string>& sentences, double y) {
  const double font = 11;
  Terminal page;
  page.width = static_cast<int>((size_.width - 2 * margin()) / (font * 0.58));
  double at = y;
  for (const std::string& sentence : sentences) {
    std::string rest = wrapped(sentence, page);
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      draw_text(out_, "m small", {margin(), at}, rest.substr(0, end));
      rest.erase(0, end + 1);
      at += 15;
    }
  }
  size_.height = std::max(size_.height, at + margin() / 2);
}

std::string PictureFrame::take() && {
  const std::string box = fmt::format("0 0 {} {}", px(size_.width), px(size_.height));
  XmlWriter svg;
  if (setting_ == Setting::standalone) {
    svg.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                     {"viewBox", box},
                     {"width", px(size_.width)},
                     {"height", px(size_.height)},
                     {"role", "img"}});
    svg.element("title", {}, title_ + ", " + subtitle_);
    svg.open("style").raw(picture_css()).close();
    svg.empty("rect", {{"class", "ground"},
                       {"width", px(size_.width)},
                       {"height", px(size_.height)},
                       {"rx", "8"}});
    draw_text(svg, "t title", {margin(), 42}, title_);
    draw_text(svg, "m subtitle", {margin(), 65}, subtitle_);
  } else {
    svg.open("svg", {{"class", setting_ == Setting::wide ? "wide" : "narrow"},
                     {"viewBox", box},
                     {"role", "img"},
                     {"aria-label", title_ + ", " + subtitle_}});
  }
  svg.raw(std::move(out_).take()).close();
  return std::move(svg).take() + "\n";
}

void draw_text(XmlWriter& out, std::string_view css_class, Point at, std::string_view words) {
  out.element("text", {{"class", std::string(css_class)}, {"x", px(at.x)}, {"y", px(at.y)}}, words);
}

void draw_line(XmlWriter& out, std::string_view css_class, const Segment& segment) {
  out.empty("line", {{"class", std::string(css_class)},
                     {"x1", px(segment.from.x)},
                     {"y1", px(segment.from.y)},
                     {"x2", px(segment.to.x)},
                     {"y2", px(segment.to.y)}});
}

void draw_tick_label(XmlWriter& out, const Box& plot, double x, double value) {
  const std::string words = format_number(value, 1);
  const bool is_at_end = x + text_width(words, 12, Face::sans) / 2 > plot.right();
  draw_text(out, is_at_end ? "m end" : "m mid", {is_at_end ? plot.right() : x, plot.bottom() + 17},
            words);
}

std::string_view mark_class(predict::Phase phase) {
  switch (phase) {
    case predict::Phase::prefill:
      return "p";
    case predict::Phase::decode:
      return "d";
    case predict::Phase::mixed:
      break;
  }
  return "x";
}

void draw_mark(XmlWriter& out, predict::Phase phase, Point at, double radius,
               std::string_view tooltip) {
  const std::string css(mark_class(phase));
  if (phase == predict::Phase::decode) {
    out.open("circle", {{"class", css}, {"cx", px(at.x)}, {"cy", px(at.y)}, {"r", px(radius)}});
  } else if (phase == predict::Phase::mixed) {
    const double side = radius * 1.7724538509055;  // sqrt(pi)
    out.open("rect", {{"class", css},
                      {"x", px(at.x - side / 2)},
                      {"y", px(at.y - side / 2)},
                      {"width", px(side)},
                      {"height", px(side)}});
  } else {
    const double half = radius * 1.2533141373155;  // sqrt(pi / 2): as much area as the circle
    out.open("path", {{"class", css},
                      {"d", fmt::format("M{} {}L{} {}L{} {}L{} {}Z", px(at.x), px(at.y - half),
                                        px(at.x + half), px(at.y), px(at.x), px(at.y + half),
                                        px(at.x - half), px(at.y))}});
  }
  if (!tooltip.empty()) out.element("title", {}, tooltip);
  out.close();
}

}  // namespace ridgepoint::report
