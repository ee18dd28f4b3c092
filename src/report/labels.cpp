// SPDX-License-Identifier: Apache-2.0
#include "report/labels.hpp"

#include <array>

namespace ridgepoint::report {
namespace {

constexpr double kGap = 5;   // between a mark and its label
constexpr double kStep = 8;  // between the rings that are tried
constexpr int kRings = 45;
constexpr double kLinePenalty = 60;  // in pixels of distance
constexpr double kLeaderPenalty = 90;

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

class Placer {
 public:
  Placer(const std::vector<LabelRequest>& requests, const Obstacles& obstacles)
      : requests_(requests), obstacles_(obstacles) {}

  std::optional<Box> place(std::size_t index) {
    const LabelRequest& request = requests_[index];
    std::optional<Box> best;
    double best_cost = 0;
    for (int ring = 0; ring < kRings; ++ring) {
      const double reach = request.radius + kGap + ring * kStep;
      if (best && best_cost < ring * kStep) break;
      for (const Direction& direction : kDirections) {
        const Box box = candidate(request, direction.unit, reach);
        if (!is_free(box, index)) continue;
        const double cost = ring * kStep + direction.penalty + soft_cost(box, request);
        if (!best || cost < best_cost) {
          best = box;
          best_cost = cost;
        }
      }
    }
    if (best) placed_.push_back(*best);
    return best;
  }

 private:
  bool is_free(const Box& box, std::size_t index) const {
    if (!obstacles_.frame.contains(box)) return false;
    const Box wide = box.grown(2);
    const auto hit = [&](const Box& other) { return wide.overlaps(other); };
    if (std::any_of(obstacles_.boxes.begin(), obstacles_.boxes.end(), hit)) return false;
    if (std::any_of(placed_.begin(), placed_.end(), hit)) return false;
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      const LabelRequest& other = requests_[i];
      const bool covers = distance(box.nearest(other.anchor), other.anchor) < other.radius + 1;
      if (covers) return false;
    }
    return distance(box.nearest(requests_[index].anchor), requests_[index].anchor) >=
           requests_[index].radius;
  }

  double soft_cost(const Box& box, const LabelRequest& request) const {
    double cost = 0;
    for (const Segment& line : obstacles_.lines) cost += box.crosses(line) ? kLinePenalty : 0;
    const Segment leader{request.anchor, box.nearest(request.anchor)};
    for (const Box& other : placed_) cost += other.crosses(leader) ? kLeaderPenalty : 0;
    return cost;
  }

  const std::vector<LabelRequest>& requests_;
  const Obstacles& obstacles_;
  std::vector<Box> placed_;
};

}  // namespace

std::vector<std::optional<Box>> place_labels(const std::vector<LabelRequest>& requests,
                                             const Obstacles& obstacles) {
  Placer placer(requests, obstacles);
  std::vector<std::optional<Box>> boxes;
  for (std::size_t i = 0; i < requests.size(); ++i) boxes.push_back(placer.place(i));
  return boxes;
}

}  // namespace ridgepoint::report
