// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "report/bar_picture.hpp"
#include "report/picture_frame.hpp"
#include "report/plot.hpp"
#include "report/shown_metric.hpp"
#include "report/sweep_axes.hpp"
#include "report/sweep_grids.hpp"
#include "report/sweep_words.hpp"
#include "ridgepoint/core/elementary.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using explore::Region;
using explore::SweepCell;
using explore::SweepGrid;

constexpr double kPaletteFrom = 0.12;  // opacity of the smallest value, so that it is seen
constexpr double kFont = 12;

/// Values as opacities, by their logarithms.
struct Shades {
  double low = 1;
  double high = 1;

  double of(double value) const {
    if (!(high > low)) return 1;
    const double share = (log2(value) - log2(low)) / (log2(high) - log2(low));
    return kPaletteFrom + (1 - kPaletteFrom) * share;
  }
};

/// A map with its place in the picture; the first value of the second axis is at the bottom.
struct Map {
  const SweptSpace& swept;
  const SweepGrid& grid;
  std::size_t width;
  std::size_t height;
  Box box;
  ShownMetric metric;

  const SweepCell& at(std::size_t x, std::size_t y) const { return grid.cells[y * width + x]; }
  Box cell(std::size_t x, std::size_t y) const {
    const double w = box.width / static_cast<double>(width);
    const double h = box.height / static_cast<double>(height);
    return {box.x + w * static_cast<double>(x), box.bottom() - h * static_cast<double>(y + 1), w,
            h};
  }
  double value(const SweepCell& cell) const {
    return metric.of(*cell.best, swept.sweep.question.reading);
  }
};

Shades shades_of(const Map& map) {
  Shades shades{0, 0};
  for (const SweepCell& cell : map.grid.cells) {
    if (!cell.best) continue;
    const double value = map.value(cell);
    shades.low = shades.low == 0 ? value : std::min(shades.low, value);
    shades.high = std::max(shades.high, value);
  }
  return shades;
}

std::string cell_words(const Map& map, std::size_t x, std::size_t y) {
  const explore::Axes& axes = map.swept.space.axes();
  const SweepCell& cell = map.at(x, y);
  const std::string place =
      fmt::format("{} {}, {} {}: {}", facts(map.grid.grid.axes[0]).words,
                  axis_value(axes, map.grid.grid.axes[0], x), facts(map.grid.grid.axes[1]).words,
                  axis_value(axes, map.grid.grid.axes[1], y), region_words(map.swept, cell.region));
  return cell.best ? place + "; " + point_words(map.swept, *cell.best) : place;
}

std::string_view empty_class(Region region) {
  if (region == Region::capacity) return "beyond-memory";
  return region == Region::subject ? "beyond-limits" : "free";
}

void draw_cells(XmlWriter& out, const Map& map) {
  const Shades shades = shades_of(map);
  for (std::size_t y = 0; y < map.height; ++y) {
    for (std::size_t x = 0; x < map.width; ++x) {
      const SweepCell& cell = map.at(x, y);
      const Box box = map.cell(x, y);
      const std::string opacity =
          cell.best ? fmt::format("{:.2f}", shades.of(map.value(cell))) : "1";
      out.open("rect", {{"class", std::string(cell.best ? "heat" : empty_class(cell.region))},
                        {"x", px(box.x)},
                        {"y", px(box.y)},
                        {"width", px(box.width)},
                        {"height", px(box.height)},
                        {"opacity", opacity}});
      out.element("title", {}, cell_words(map, x, y)).close();
    }
  }
}

/// Between cells of different regions.
void draw_borders(XmlWriter& out, const Map& map) {
  std::string path;
  const auto add = [&](Point from, Point to) {
    path += fmt::format("M{} {}L{} {}", px(from.x), px(from.y), px(to.x), px(to.y));
  };
  for (std::size_t y = 0; y < map.height; ++y) {
    for (std::size_t x = 0; x < map.width; ++x) {
      const Box box = map.cell(x, y);
      const Region region = map.at(x, y).region;
      if (x + 1 < map.width && map.at(x + 1, y).region != region) {
        add({box.right(), box.y}, {box.right(), box.bottom()});
      }
      if (y + 1 < map.height && map.at(x, y + 1).region != region) {
        add({box.x, box.y}, {box.right(), box.y});
      }
    }
  }
  if (!path.empty()) out.empty("path", {{"class", "roof"}, {"d", path}});
}

using Place = std::pair<std::size_t, std::size_t>;

/// The cells of one region that hang together with the one at `start`; marks them as seen.
std::vector<Place> region_around(const Map& map, Place start, std::vector<bool>& is_seen) {
  std::vector<Place> cells{start};
  is_seen[start.second * map.width + start.first] = true;
  for (std::size_t next = 0; next < cells.size(); ++next) {
    const auto [x, y] = cells[next];
    const auto visit = [&](std::size_t to_x, std::size_t to_y) {
      if (to_x >= map.width || to_y >= map.height) return;  // to the left of 0, too
      const std::size_t at = to_y * map.width + to_x;
      if (is_seen[at] || map.grid.cells[at].region != map.at(x, y).region) return;
      is_seen[at] = true;
      cells.emplace_back(to_x, to_y);
    };
    visit(x - 1, y);
    visit(x + 1, y);
    visit(x, y - 1);
    visit(x, y + 1);
  }
  return cells;
}

/// The cell next to the middle of all.
Place middle_of(const std::vector<Place>& cells) {
  double x = 0;
  double y = 0;
  for (const Place& cell : cells) {
    x += static_cast<double>(cell.first) / static_cast<double>(cells.size());
    y += static_cast<double>(cell.second) / static_cast<double>(cells.size());
  }
  const auto away = [&](const Place& cell) {
    return distance({static_cast<double>(cell.first), static_cast<double>(cell.second)}, {x, y});
  };
  return *std::min_element(cells.begin(), cells.end(),
                           [&](const Place& a, const Place& b) { return away(a) < away(b); });
}

/// A name for each region that is large enough to bear it; tooltips tell the others'.
void draw_names(XmlWriter& out, const Map& map) {
  constexpr double kSmallest = 0.02;  // of all cells
  std::vector<bool> is_seen(map.grid.cells.size());
  std::vector<Box> taken;
  for (std::size_t i = 0; i < map.grid.cells.size(); ++i) {
    if (is_seen[i]) continue;
    const auto cells = region_around(map, {i % map.width, i / map.width}, is_seen);
    const auto [x, y] = middle_of(cells);
    const std::string words(name(map.at(x, y).region));
    const double width = text_width(words, kFont, Face::sans);
    const Point middle = map.cell(x, y).centre();
    const Box box{std::clamp(middle.x - width / 2, map.box.x, map.box.right() - width),
                  middle.y - kFont / 2, width, kFont};
    const bool is_small =
        static_cast<double>(cells.size()) < kSmallest * static_cast<double>(is_seen.size());
    const bool is_taken = std::any_of(
        taken.begin(), taken.end(), [&](const Box& other) { return other.grown(2).overlaps(box); });
    if (is_small || is_taken) continue;
    taken.push_back(box);
    draw_text(out, "t strong mid halo", {box.centre().x, box.bottom() - 2}, words);
  }
}

/// Values of both axes where there is room, and the names of the axes.
void draw_scales(XmlWriter& out, const Map& map) {
  const explore::Axes& axes = map.swept.space.axes();
  const auto [across, down] = std::pair(map.grid.grid.axes[0], map.grid.grid.axes[1]);
  double free_from = map.box.x - 20;
  for (std::size_t x = 0; x < map.width; ++x) {
    const std::string words = axis_value(axes, across, x);
    const double half = text_width(words, kFont, Face::sans) / 2;
    const double middle = map.cell(x, 0).centre().x;
    if (middle - half < free_from) continue;
    draw_text(out, "m mid", {middle, map.box.bottom() + 17}, words);
    free_from = middle + half + 6;
  }
  double free_to = map.box.bottom() + kFont;
  for (std::size_t y = 0; y < map.height; ++y) {
    const double middle = map.cell(0, y).centre().y;
    if (middle + kFont / 2 > free_to) continue;
    draw_text(out, "m end", {map.box.x - 6, middle + 4}, axis_value(axes, down, y));
    free_to = middle - kFont / 2 - 2;
  }
  draw_text(out, "t mid", {map.box.centre().x, map.box.bottom() + 38},
            std::string(facts(across).words));
  draw_text(out, "t", {map.box.x, map.box.y - 8}, std::string(facts(down).words));
}

/// From the smallest value to the largest, in the upper right corner.
void draw_shades(XmlWriter& out, const Map& map) {
  const Shades shades = shades_of(map);
  if (shades.high == 0) return;
  constexpr int kSteps = 12;
  constexpr double kStep = 8;
  const double y = map.box.y - 42;
  const std::string high = format_number(shades.high);
  const double right = map.box.right() - text_width(high, kFont, Face::sans) - 6;
  for (int i = 0; i < kSteps; ++i) {
    const double opacity = kPaletteFrom + (1 - kPaletteFrom) * i / (kSteps - 1);
    out.empty("rect", {{"class", "heat"},
                       {"x", px(right - kStep * (kSteps - i))},
                       {"y", px(y)},
                       {"width", px(kStep)},
                       {"height", "10"},
                       {"opacity", fmt::format("{:.2f}", opacity)}});
  }
  draw_text(out, "m", {right + 6, y + 9}, high);
  draw_text(out, "m end", {right - kStep * kSteps - 6, y + 9}, format_number(shades.low));
  draw_text(out, "t end", {map.box.right(), y - 8}, map.metric.words());
}

/// Of the longest value beside the map.
double label_width(const SweptSpace& swept, explore::Axis axis) {
  double widest = 0;
  for (const std::string& words : axis_values(swept.space.axes(), axis)) {
    widest = std::max(widest, text_width(words, kFont, Face::sans));
  }
  return widest;
}

}  // namespace

std::string heat_picture(const SweptSpace& swept, const SweepGrid& grid, Setting setting) {
  const bool is_narrow = setting == Setting::narrow;
  const Size size = is_narrow ? Size{kPhoneWidth, 420} : Size{kWholeWidth, 520};
  PictureFrame frame(size, setting);
  frame.set_title("A heat map of a design space", grid_heading(swept, grid));
  constexpr double kAbove = 66;  // the scale of shades
  constexpr double kBelow = 46;
  const double left =
      frame.margin() + std::min(size.width / 3, label_width(swept, grid.grid.axes[1]) + 10);
  const double top = frame.content_top() + kAbove;
  const Box box{left, top, size.width - left - frame.margin() - 8, size.height - top - kBelow};
  const Map map{swept,
                grid,
                swept.space.size(grid.grid.axes[0]),
                swept.space.size(grid.grid.axes[1]),
                box,
                shown(swept.sweep.question.objective.metric)};
  XmlWriter& out = frame.out();
  draw_shades(out, map);
  draw_cells(out, map);
  draw_borders(out, map);
  draw_scales(out, map);
  draw_names(out, map);
  return std::move(frame).take();
}

}  // namespace ridgepoint::report
