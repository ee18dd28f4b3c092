// SPDX-License-Identifier: Apache-2.0
#include "calibrate/fit_tables.hpp"

#include <Eigen/Dense>
#include <array>
#include <cmath>
#include <span>

namespace ridgepoint::calibrate {
namespace {

using efficiency::Correction;

/// A value of all tables, one table after the other, and its share in a point.
struct Term {
  Eigen::Index at;
  double weight;
};

/// The last ones have the form's factors, one each.
std::vector<Correction> empty_tables(const FitPlan& plan, std::size_t factors) {
  std::vector<Correction> tables;
  for (const std::vector<AxisPlan>& axes : plan.tables) {
    Correction& table = tables.emplace_back();
    for (const AxisPlan& axis : axes) {
      table.features.push_back(axis.feature);
      table.axes.push_back({axis.first, axis.step, axis.knots});
    }
    const std::size_t left = plan.tables.size() - tables.size();
    if (left < factors) table.factor = factors - 1 - left;
  }
  return tables;
}

std::vector<Term> terms_of(std::span<const Correction> tables, const TablePoint& point) {
  std::vector<Term> terms;
  std::size_t first = 0;
  for (const Correction& table : tables) {
    const double factor = table.factor ? point.factors[*table.factor] : 1;
    const auto around =
        efficiency::stencil(table.axes, efficiency::features_of(table, point.log2_features));
    for (std::size_t i = 0; i < around.size; ++i) {
      const double weight = factor * around.weight[i];
      if (weight == 0) continue;
      terms.push_back({static_cast<Eigen::Index>(first + around.index[i]), weight});
    }
    first += table.knots();
  }
  return terms;
}

/// weight · (Σ factors[i] · value[at + i·stride])².
void add_square(std::span<const double> factors, std::size_t at, std::size_t stride, double weight,
                Eigen::MatrixXd& matrix) {
  for (std::size_t i = 0; i < factors.size(); ++i) {
    for (std::size_t j = 0; j < factors.size(); ++j) {
      matrix(static_cast<Eigen::Index>(at + i * stride),
             static_cast<Eigen::Index>(at + j * stride)) += weight * factors[i] * factors[j];
    }
  }
}

/// Bending and slope of one table, whose values begin at `first`.
void add_roughness(const std::vector<AxisPlan>& axes, std::size_t first, std::size_t knots,
                   const FitPlan& plan, Eigen::MatrixXd& matrix) {
  constexpr std::array kBending{1.0, -2.0, 1.0};
  constexpr std::array kSlope{1.0, -1.0};
  std::size_t stride = knots;
  for (const AxisPlan& axis : axes) {
    stride /= axis.knots;
    if (axis.is_category) continue;
    for (std::size_t at = 0; at < knots; ++at) {
      const std::size_t along = at / stride % axis.knots;
      if (along + 2 < axis.knots) add_square(kBending, first + at, stride, plan.bending, matrix);
      if (along + 1 < axis.knots) add_square(kSlope, first + at, stride, plan.slope, matrix);
    }
  }
}

/// What the values cost without any point.
Eigen::MatrixXd cost_of_values(std::span<const Correction> tables, const FitPlan& plan) {
  std::size_t size = 0;
  for (const Correction& table : tables) size += table.knots();
  const auto values = static_cast<Eigen::Index>(size);
  Eigen::MatrixXd cost = Eigen::MatrixXd::Identity(values, values) * plan.size;
  std::size_t first = 0;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    add_roughness(plan.tables[i], first, tables[i].knots(), plan, cost);
    first += tables[i].knots();
  }
  return cost;
}

/// The values nearest to the points, each of its weight.
Eigen::VectorXd solve(const Eigen::MatrixXd& cost, std::span<const std::vector<Term>> terms,
                      const std::vector<TablePoint>& points, std::span<const double> weights) {
  Eigen::MatrixXd matrix = cost;
  Eigen::VectorXd right = Eigen::VectorXd::Zero(cost.rows());
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (const Term& a : terms[i]) {
      right[a.at] += weights[i] * a.weight * points[i].value;
      for (const Term& b : terms[i]) matrix(a.at, b.at) += weights[i] * a.weight * b.weight;
    }
  }
  return matrix.ldlt().solve(right);
}

/// 1 on the tables, less the farther off.
std::vector<double> weights_of(const Eigen::VectorXd& values,
                               std::span<const std::vector<Term>> terms,
                               const std::vector<TablePoint>& points, double loss_scale) {
  std::vector<double> weights;
  for (std::size_t i = 0; i < points.size(); ++i) {
    double left = points[i].value;
    for (const Term& term : terms[i]) left -= term.weight * values[term.at];
    weights.push_back(1 / std::sqrt(1 + left * left / (loss_scale * loss_scale)));
  }
  return weights;
}

}  // namespace

std::vector<Correction> fit_tables(const std::vector<TablePoint>& points, const FitPlan& plan) {
  std::vector<Correction> tables = empty_tables(plan, points.front().factors.size());
  const Eigen::MatrixXd cost = cost_of_values(tables, plan);
  std::vector<std::vector<Term>> terms;
  terms.reserve(points.size());
  for (const TablePoint& point : points) terms.push_back(terms_of(tables, point));
  std::vector<double> weights(points.size(), 1.0);
  Eigen::VectorXd values = solve(cost, terms, points, weights);
  for (int i = 0; i < plan.reweightings; ++i) {
    weights = weights_of(values, terms, points, plan.loss_scale);
    values = solve(cost, terms, points, weights);
  }
  auto next = values.begin();
  for (Correction& table : tables) {
    const auto end = next + static_cast<std::ptrdiff_t>(table.knots());
    table.values.assign(next, end);
    next = end;
  }
  return tables;
}

}  // namespace ridgepoint::calibrate
