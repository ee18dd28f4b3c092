// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace ridgepoint::report {

/// Lengths of pictures are CSS pixels; y grows downwards.
struct Point {
  double x = 0;
  double y = 0;
};

struct Size {
  double width = 0;
  double height = 0;
};

struct Segment {
  Point from;
  Point to;
};

struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;

  double right() const { return x + width; }
  double bottom() const { return y + height; }
  Point centre() const { return {x + width / 2, y + height / 2}; }
  bool overlaps(const Box& other) const {
    return x < other.right() && other.x < right() && y < other.bottom() && other.y < bottom();
  }
  bool contains(const Box& other) const {
    return x <= other.x && other.right() <= right() && y <= other.y && other.bottom() <= bottom();
  }
  Box grown(double margin) const {
    return {x - margin, y - margin, width + 2 * margin, height + 2 * margin};
  }
  /// The point of the box that is nearest to `point`.
  Point nearest(Point point) const {
    return {std::clamp(point.x, x, right()), std::clamp(point.y, y, bottom())};
  }
  bool crosses(const Segment& segment) const;
};

inline double distance(Point a, Point b) { return std::hypot(a.x - b.x, a.y - b.y); }
inline Box square_around(Point centre, double radius) {
  return {centre.x - radius, centre.y - radius, 2 * radius, 2 * radius};
}

/// A logarithmic axis. REQUIRES: 0 < low < high.
class LogScale {
 public:
  LogScale(double low, double high, double at_low, double at_high)
      : low_(std::log10(low)),
        per_decade_((at_high - at_low) / (std::log10(high) - low_)),
        at_low_(at_low) {}

  double operator()(double value) const {
    return at_low_ + (std::log10(value) - low_) * per_decade_;
  }
  double decade() const { return std::fabs(per_decade_); }  ///< its length

 private:
  double low_;
  double per_decade_;
  double at_low_;
};

/// The values that a logarithmic axis is labelled at: powers of ten, with 2 and 5 between them
/// where it shows fewer than two decades.
std::vector<double> log_ticks(double low, double high);

/// 0, 20, 40, … in about `wanted` steps of 1, 2 or 5.
std::vector<double> linear_ticks(double high, int wanted);

enum class Face { sans, mono };
/// An upper bound of the width of a text in common system fonts.
double text_width(std::string_view text, double font_size, Face face);

}  // namespace ridgepoint::report
