// SPDX-License-Identifier: Apache-2.0
#include "report/tags.hpp"

#include "report/picture_frame.hpp"

namespace ridgepoint::report {
namespace {

constexpr double kFont = 12;
constexpr double kHeight = 15;
constexpr double kLeaderFrom = 14;

void draw_tag(XmlWriter& out, const Tag& tag, const Box& box, double gap) {
  const Point near = box.nearest(tag.at);
  if (gap > kLeaderFrom) {
    const double t = (tag.radius + 2) / (gap + tag.radius);
    const Point start{tag.at.x + t * (near.x - tag.at.x), tag.at.y + t * (near.y - tag.at.y)};
    draw_line(out, "leader", {start, near});
  }
  const bool is_left = box.right() <= tag.at.x;
  draw_text(out, tag.css_class + (is_left ? " end halo" : " halo"),
            {is_left ? box.right() : box.x, box.bottom() - 3.5}, tag.words);
}

}  // namespace

std::vector<std::string> draw_tags(XmlWriter& out, const std::vector<Tag>& tags,
                                   const Obstacles& obstacles, double reach) {
  std::vector<LabelRequest> requests;
  for (const Tag& tag : tags) {
    requests.push_back({tag.at, tag.radius, {text_width(tag.words, kFont, Face::sans), kHeight}});
  }
  std::vector<std::string> left_out;
  const auto boxes = place_labels(requests, obstacles);
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const Tag& tag = tags[i];
    const double gap =
        boxes[i] ? distance(boxes[i]->nearest(tag.at), tag.at) - tag.radius : 2 * reach;
    if (gap > reach) {
      left_out.push_back(tag.words);
    } else {
      draw_tag(out, tag, *boxes[i], gap);
    }
  }
  return left_out;
}

}  // namespace ridgepoint::report
