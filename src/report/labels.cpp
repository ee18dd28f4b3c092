// SPDX-License-Identifier: Apache-2.0
#include "report/labels.hpp"

#include <array>
#include <numeric>

namespace ridgepoint::report {
namespace {

constexpr double kGap = 5;   // between a mark and its label
constexpr double kStep = 8;  // between the rings that are tried
constexpr int kRings = 45;
constexpr double kLeaderCost = 90;  // in pixels of distance, as all costs
constexpr double kUnplaced = 10'000;

/// Unit vectors in the order of preference, below right first: under a roof there is room.
struct Direction {
  Point unit;
  double penalty;
};
constexpr double kDiagonal = 0.7071067811865476;
constexpr double kFlat = 0.9238795325112867;
constexpr double kSteep = 0.3826834323650898;
constexpr std::array kDirections{
    Direction{{kDiagonal, kDiagonal}, 0},   Direction{{1, 0}, 2},
    Direction{{kFlat, kSteep}, 2},          Direction{{0, 1}, 3},
    Direction{{kSteep, kFlat}, 3},          Direction{{-kSteep, kFlat}, 5},
    Direction{{-kDiagonal, kDiagonal}, 6},  Direction{{-1, 0}, 6},
    Direction{{kFlat, -kSteep}, 7},         Direction{{-kFlat, kSteep}, 7},
    Direction{{kDiagonal, -kDiagonal}, 8},  Direction{{-kFlat, -kSteep}, 8},
    Direction{{-kDiagonal, -kDiagonal}, 9}, Direction{{0, -1}, 9},
    Direction{{kSteep, -kFlat}, 9},         Direction{{-kSteep, -kFlat}, 9}};

/// The box that touches a circle around the anchor, on the side of the direction.
Box candidate(const LabelRequest& request, Point unit, double reach) {
  const Size& size = request.size;
  return {request.anchor.x + unit.x * (reach + size.width / 2) - size.width / 2,
          request.anchor.y + unit.y * (reach + size.height / 2) - size.height / 2, size.width,
          size.height};
}

/// Whether two segments cross inside both of them.
bool cross(const Segment& a, const Segment& b) {
  const auto side = [](const Segment& line, Point point) {
    return (line.to.x - line.from.x) * (point.y - line.from.y) -
           (line.to.y - line.from.y) * (point.x - line.from.x);
  };
  return side(a, b.from) * side(a, b.to) < 0 && side(b, a.from) * side(b, a.to) < 0;
}

/// A label in its place, and the line from its mark.
struct Placed {
  Box box;
  Segment leader;
};

/// Serves labels one after the other, each with the cheapest place that is left.
class Placer {
 public:
  Placer(const std::vector<LabelRequest>& requests, const Obstacles& obstacles)
      : requests_(requests), obstacles_(obstacles), boxes_(requests.size()) {}

  void place(std::size_t index) {
    const LabelRequest& request = requests_[index];
    std::optional<Box> best;
    double best_cost = kUnplaced;
    for (int ring = 0; ring < kRings && ring * kStep < best_cost; ++ring) {
      const double reach = request.radius + kGap + ring * kStep;
      for (const Direction& direction : kDirections) {
        const Box box = candidate(request, direction.unit, reach);
        if (!is_free(box, index)) continue;
        const double cost = ring * kStep + direction.penalty + soft_cost(box, request);
        if (cost >= best_cost) continue;
        best = box;
        best_cost = cost;
      }
    }
    total_cost_ += best_cost;
    boxes_[index] = best;
    if (best) placed_.push_back({*best, {request.anchor, best->nearest(request.anchor)}});
  }

  double total_cost() const { return total_cost_; }
  std::vector<std::optional<Box>> take() && { return std::move(boxes_); }

 private:
  bool is_free(const Box& box, std::size_t index) const {
    if (!obstacles_.frame.contains(box)) return false;
    const Box wide = box.grown(2);
    const auto hit = [&](const Box& other) { return wide.overlaps(other); };
    if (std::any_of(obstacles_.boxes.begin(), obstacles_.boxes.end(), hit)) return false;
    const auto hits = [&](const Placed& other) { return wide.overlaps(other.box); };
    if (std::any_of(placed_.begin(), placed_.end(), hits)) return false;
    for (const LabelRequest& other : requests_) {
      if (distance(box.nearest(other.anchor), other.anchor) < other.radius + 1) return false;
    }
    return distance(box.nearest(requests_[index].anchor), requests_[index].anchor) >=
           requests_[index].radius;
  }

  double soft_cost(const Box& box, const LabelRequest& request) const {
    double cost = 0;
    for (const SoftLine& line : obstacles_.lines) {
      if (box.crosses(line.segment)) cost += line.cost;
    }
    const Segment leader{request.anchor, box.nearest(request.anchor)};
    for (const Placed& other : placed_) {
      if (other.box.crosses(leader)) cost += kLeaderCost;
      if (box.crosses(other.leader)) cost += kLeaderCost;
      if (cross(leader, other.leader)) cost += kLeaderCost;
    }
    return cost;
  }

  const std::vector<LabelRequest>& requests_;
  const Obstacles& obstacles_;
  std::vector<std::optional<Box>> boxes_;
  std::vector<Placed> placed_;
  double total_cost_ = 0;
};

using Order = std::vector<std::size_t>;

std::vector<Order> orders(const std::vector<LabelRequest>& requests) {
  Order given(requests.size());
  std::iota(given.begin(), given.end(), std::size_t{0});
  Order from_left = given;
  Order from_right = given;
  const auto x = [&](std::size_t i) { return requests[i].anchor.x; };
  std::stable_sort(from_left.begin(), from_left.end(),
                   [&](std::size_t a, std::size_t b) { return x(a) < x(b); });
  std::stable_sort(from_right.begin(), from_right.end(),
                   [&](std::size_t a, std::size_t b) { return x(a) > x(b); });
  return {given, from_left, from_right};
}

}  // namespace

std::vector<std::optional<Box>> place_labels(const std::vector<LabelRequest>& requests,
                                             const Obstacles& obstacles) {
  std::optional<Placer> best;
  for (const Order& order : orders(requests)) {
    Placer placer(requests, obstacles);
    for (const std::size_t index : order) placer.place(index);
    if (!best || placer.total_cost() < best->total_cost()) best.emplace(std::move(placer));
  }
  return std::move(*best).take();
}

}  // namespace ridgepoint::report
