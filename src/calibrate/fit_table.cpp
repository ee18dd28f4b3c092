// SPDX-License-Identifier: Apache-2.0
#include "calibrate/fit_table.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace ridgepoint::calibrate {
namespace {

using efficiency::Axis;

std::vector<Axis> axes_over(const std::vector<TablePoint>& points, const FitPlan& plan) {
  std::vector<Axis> axes;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    double least = points.front().log2_features[i];
    double most = least;
    for (const TablePoint& point : points) {
      least = std::min(least, point.log2_features[i]);
      most = std::max(most, point.log2_features[i]);
    }
    const double steps = std::ceil((most - least) / plan.steps[i] - 1e-9);
    axes.push_back({least, plan.steps[i], static_cast<std::size_t>(steps) + 1});
  }
  return axes;
}

/// The normal equations of the table's values.
struct Equations {
  Eigen::MatrixXd matrix;
  Eigen::VectorXd right;
};

void add_points(const std::vector<TablePoint>& points, const std::vector<Axis>& axes, int algorithm,
                Equations& out) {
  for (const TablePoint& point : points) {
    if (point.algorithm != algorithm) continue;
    const efficiency::Stencil at = efficiency::stencil(axes, point.log2_features);
    for (std::size_t i = 0; i < at.size; ++i) {
      const auto row = static_cast<Eigen::Index>(at.index[i]);
      out.right[row] += at.weight[i] * point.value;
      for (std::size_t j = 0; j < at.size; ++j) {
        out.matrix(row, static_cast<Eigen::Index>(at.index[j])) += at.weight[i] * at.weight[j];
      }
    }
  }
}

/// Σ (a − 2b + c)² over all knots b with neighbours a and c along an axis.
void add_bending(const std::vector<Axis>& axes, double weight, Equations& out) {
  const auto knots = static_cast<std::size_t>(out.right.size());
  std::size_t stride = knots;
  for (const Axis& axis : axes) {
    stride /= axis.knots;
    for (std::size_t at = 0; at < knots; ++at) {
      const std::size_t along = at / stride % axis.knots;
      if (along == 0 || along + 1 >= axis.knots) continue;
      const std::array<std::size_t, 3> places{at - stride, at, at + stride};
      constexpr std::array kDifference{1.0, -2.0, 1.0};
      for (std::size_t i = 0; i < places.size(); ++i) {
        for (std::size_t j = 0; j < places.size(); ++j) {
          out.matrix(static_cast<Eigen::Index>(places[i]), static_cast<Eigen::Index>(places[j])) +=
              weight * kDifference[i] * kDifference[j];
        }
      }
    }
  }
}

}  // namespace

efficiency::Correction fit_table(const std::vector<TablePoint>& points, const FitPlan& plan) {
  efficiency::Correction table{.axes = axes_over(points, plan)};
  const auto size = static_cast<Eigen::Index>(table.knots());
  std::set<int> algorithms;
  for (const TablePoint& point : points) algorithms.insert(point.algorithm);
  for (const int algorithm : algorithms) {
    Equations equations{Eigen::MatrixXd::Identity(size, size) * plan.size,
                        Eigen::VectorXd::Zero(size)};
    add_points(points, table.axes, algorithm, equations);
    add_bending(table.axes, plan.bending, equations);
    const Eigen::VectorXd values = equations.matrix.ldlt().solve(equations.right);
    table.values.insert(table.values.end(), values.begin(), values.end());
  }
  if (algorithms != std::set{0}) table.algorithms.assign(algorithms.begin(), algorithms.end());
  return table;
}

}  // namespace ridgepoint::calibrate
