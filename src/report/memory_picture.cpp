// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "report/picture_frame.hpp"
#include "report/pictures.hpp"
#include "report/roofline_words.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using predict::Analysis;

constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;

/// The memory at one batch size, in GiB.
struct Bar {
  std::string name;
  double weights = 0;
  double kv_cache = 0;
};

std::vector<Bar> bars_of(const Analysis& analysis) {
  const predict::MemoryUse& memory = analysis.memory;
  const auto bar = [&](std::int64_t batch, const char* suffix) {
    const Count kv = memory_bytes(memory, batch) - memory.weights;
    return Bar{fmt::format("batch {}{}", format_integer(batch), suffix),
               memory.weights.to_double() / kGiB, kv.to_double() / kGiB};
  };
  std::vector<Bar> bars{bar(analysis.workload.batch, "")};
  if (memory.max_batch > 0 && memory.max_batch != analysis.workload.batch) {
    bars.push_back(bar(memory.max_batch, ", the most that fits"));
  }
  return bars;
}

struct Part {
  std::string css_class;
  std::string name;
  double from;
  double to;
};

/// A part of a bar with its figure inside, where it is wide enough.
void draw_part(XmlWriter& out, const Part& part, double scale, Point origin, double height) {
  const double width = (part.to - part.from) * scale;
  if (width <= 0) return;
  const std::string figure =
      fmt::format("{} {} GiB", part.name, format_number(part.to - part.from));
  const double x = origin.x + part.from * scale;
  out.open("rect", {{"class", part.css_class},
                    {"x", px(x)},
                    {"y", px(origin.y)},
                    {"width", px(width)},
                    {"height", px(height)}});
  out.element("title", {}, figure).close();
}

constexpr double kBarHeight = 46;
constexpr double kBarPitch = 132;

/// Above its bar: the name; below it: what the parts are, in their order.
void draw_bar(XmlWriter& out, const Bar& bar, double capacity, double scale, Point at) {
  const double used = bar.weights + bar.kv_cache;
  draw_text(out, "t strong", {at.x, at.y - 9}, bar.name);
  const std::vector<Part> parts{{"weights", "weights", 0, bar.weights},
                                {"kv", "KV cache", bar.weights, used},
                                {"free", "free", used, std::max(used, capacity)}};
  for (const Part& part : parts) draw_part(out, part, scale, at, kBarHeight);
  if (used > capacity) {
    out.empty("rect", {{"class", "over"},
                       {"x", px(at.x + capacity * scale)},
                       {"y", px(at.y - 2)},
                       {"width", px((used - capacity) * scale)},
                       {"height", px(kBarHeight + 4)}});
  }
  double x = at.x;
  const double y = at.y + kBarHeight + 18;
  for (const Part& part : parts) {
    if (part.to <= part.from) continue;
    out.empty("rect", {{"class", part.css_class},
                       {"x", px(x)},
                       {"y", px(y - 9)},
                       {"width", "10"},
                       {"height", "10"},
                       {"rx", "2"}});
    const std::string words = fmt::format("{} {}", part.name, format_number(part.to - part.from));
    draw_text(out, "m", {x + 15, y}, words);
    x += 15 + text_width(words, 12, Face::sans) + 8;
  }
  if (used > capacity) {
    draw_text(out, "alarm strong", {at.x, y + 18},
              fmt::format("{} GiB more than there is", format_number(used - capacity)));
  }
}

}  // namespace

std::string memory_picture(const Analysis& analysis, Setting setting) {
  const std::vector<Bar> bars = bars_of(analysis);
  const double capacity = static_cast<double>(analysis.memory.capacity) / kGiB;
  double widest = capacity;
  for (const Bar& bar : bars) widest = std::max(widest, bar.weights + bar.kv_cache);
  widest *= 1.04;

  const double width = setting == Setting::narrow ? 400 : 480;
  const double bars_height = kBarPitch * static_cast<double>(bars.size()) - 36;
  PictureFrame frame({width, 120 + bars_height}, setting);
  frame.set_title("Memory", report::setting(analysis));
  const double left = frame.margin() + 6;
  const double scale = (width - 2 * left - 10) / widest;
  const double top = frame.content_top() + 62;
  const double bottom = top + bars_height;

  XmlWriter& out = frame.out();
  for (const double tick : linear_ticks(widest, 5)) {
    const double x = left + tick * scale;
    draw_line(out, "grid", {{x, top - 30}, {x, bottom}});
    draw_text(out, "m mid", {x, bottom + 17}, format_number(tick, 1));
  }
  for (std::size_t i = 0; i < bars.size(); ++i) {
    draw_bar(out, bars[i], capacity, scale, {left, top + kBarPitch * static_cast<double>(i)});
  }
  const double edge = left + capacity * scale;
  draw_line(out, "wall", {{edge, top - 30}, {edge, bottom}});
  draw_text(out, "alarm end halo strong", {edge + 4, top - 38},
            fmt::format("capacity {} GiB", format_number(capacity)));
  draw_line(out, "axis", {{left, bottom}, {width - left, bottom}});
  draw_text(out, "t mid", {width / 2, bottom + 38}, "memory (GiB)");
  return std::move(frame).take();
}

}  // namespace ridgepoint::report
