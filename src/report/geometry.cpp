// SPDX-License-Identifier: Apache-2.0
#include "report/geometry.hpp"

#include "report/utf8.hpp"

namespace ridgepoint::report {
namespace {

/// 10^exponent by repeated multiplication: the same bits on every machine.
double power_of_ten(int exponent) {
  double result = 1;
  for (int i = 0; i < std::abs(exponent); ++i) result *= 10;
  return exponent < 0 ? 1 / result : result;
}

}  // namespace

bool Box::crosses(const Segment& segment) const {
  // Liang–Barsky: what is left of the segment between each pair of sides.
  double enter = 0;
  double leave = 1;
  const double dx = segment.to.x - segment.from.x;
  const double dy = segment.to.y - segment.from.y;
  const double directions[] = {-dx, dx, -dy, dy};
  const double distances[] = {segment.from.x - x, right() - segment.from.x, segment.from.y - y,
                              bottom() - segment.from.y};
  for (int side = 0; side < 4; ++side) {
    if (directions[side] == 0) {
      if (distances[side] < 0) return false;
      continue;
    }
    const double at = distances[side] / directions[side];
    if (directions[side] < 0) enter = std::max(enter, at);
    if (directions[side] > 0) leave = std::min(leave, at);
  }
  return enter <= leave;
}

std::vector<double> log_ticks(double low, double high) {
  const bool dense = high / low < 100;
  std::vector<double> ticks;
  const int first = static_cast<int>(std::floor(std::log10(low))) - 1;
  const int last = static_cast<int>(std::ceil(std::log10(high))) + 1;
  for (int exponent = first; exponent <= last; ++exponent) {
    for (const double mantissa : {1.0, 2.0, 5.0}) {
      const double tick = mantissa * power_of_ten(exponent);
      if ((mantissa == 1 || dense) && tick >= low && tick <= high) ticks.push_back(tick);
    }
  }
  return ticks;
}

std::vector<double> linear_ticks(double high, int wanted) {
  const double rough = high / wanted;
  const double power = power_of_ten(static_cast<int>(std::floor(std::log10(rough))));
  double step = 10 * power;
  for (const double mantissa : {5.0, 2.0, 1.0}) {
    if (mantissa * power >= rough) step = mantissa * power;
  }
  std::vector<double> ticks;
  for (int i = 0; i * step <= high; ++i) ticks.push_back(i * step);
  return ticks;
}

double text_width(std::string_view text, double font_size, Face face) {
  const double advance = face == Face::mono ? 0.61 : 0.6;
  return static_cast<double>(display_width(text)) * advance * font_size;
}

}  // namespace ridgepoint::report
