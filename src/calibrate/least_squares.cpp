// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/calibrate/least_squares.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::calibrate {
namespace {

constexpr double kLargestCoordinate = 7;  // a thousandth of the way from a bound
constexpr double kLargestMove = 2;

double logistic(double u) { return 1 / (1 + exp2(-u)); }

/// A coordinate without bounds for a value between its own, evenly in the logarithm.
double to_value(const Unknown& unknown, double coordinate) {
  return unknown.least * pow(unknown.most / unknown.least, logistic(coordinate));
}
double to_coordinate(const Unknown& unknown) {
  const double share = std::clamp(
      log2(unknown.start / unknown.least) / log2(unknown.most / unknown.least), 0.01, 0.99);
  return log2(share / (1 - share));
}
/// d ln value / d coordinate.
double slope(const Unknown& unknown, double coordinate) {
  const double share = logistic(coordinate);
  constexpr double kLn2 = 0.693147180559945309417;
  return kLn2 * log2(unknown.most / unknown.least) * share * (1 - share) * kLn2;
}

class Search {
 public:
  Search(std::span<const Unknown> unknowns, std::size_t rows, const Residuals& residuals,
         double loss_scale, int most_iterations)
      : unknowns_(unknowns),
        residuals_(residuals),
        scale_(loss_scale),
        most_iterations_(most_iterations),
        values_(unknowns.size()),
        at_(Eigen::VectorXd::Zero(static_cast<Eigen::Index>(unknowns.size()))),
        now_(static_cast<Eigen::Index>(rows)),
        other_(static_cast<Eigen::Index>(rows)),
        jacobian_(static_cast<Eigen::Index>(rows), at_.size()) {
    for (Eigen::Index j = 0; j < at_.size(); ++j) at_[j] = to_coordinate(unknown(j));
  }

  LeastSquaresFit run() && {
    evaluate(at_, now_);
    loss_ = loss(now_);
    int iterations = 0;
    while (iterations < most_iterations_) {
      ++iterations;
      linearise();
      if (!improve()) break;
    }
    linearise();
    return result(iterations);
  }

 private:
  const Unknown& unknown(Eigen::Index j) const { return unknowns_[static_cast<std::size_t>(j)]; }

  void evaluate(const Eigen::VectorXd& point, Eigen::VectorXd& out) {
    for (Eigen::Index j = 0; j < point.size(); ++j) {
      values_[static_cast<std::size_t>(j)] = to_value(unknown(j), point[j]);
    }
    residuals_(values_, {out.data(), static_cast<std::size_t>(out.size())});
  }

  double loss(const Eigen::VectorXd& residuals) const {
    double sum = 0;
    for (const double r : residuals) {
      const double z = r / scale_;
      sum += 2 * scale_ * scale_ * (std::sqrt(1 + z * z) - 1);
    }
    return sum;
  }

  /// The slopes at the point, and the weights that the loss gives its rows there.
  void linearise() {
    constexpr double kStep = 1e-5;
    for (Eigen::Index j = 0; j < at_.size(); ++j) {
      Eigen::VectorXd beside = at_;
      beside[j] += kStep;
      evaluate(beside, other_);
      jacobian_.col(j) = (other_ - now_) / kStep;
    }
    const Eigen::ArrayXd weights = (1 + (now_.array() / scale_).square()).sqrt().inverse();
    const Eigen::MatrixXd weighted = jacobian_.array().colwise() * weights;
    normal_ = weighted.transpose() * jacobian_;
    gradient_ = weighted.transpose() * now_;
    weight_sum_ = weights.sum();
  }

  /// A step that lowers the loss; false when there is none worth taking.
  bool improve() {
    constexpr int kTries = 10;
    constexpr double kWorthwhile = 1e-8;
    for (int i = 0; i < kTries; ++i) {
      const Eigen::VectorXd next = damped_step();
      evaluate(next, other_);
      const double reached = loss(other_);
      if (!(reached < loss_)) {
        damping_ *= 5;
        continue;
      }
      const bool is_worthwhile = loss_ - reached > kWorthwhile * loss_;
      at_ = next;
      now_ = other_;
      loss_ = reached;
      damping_ = std::max(1e-7, damping_ / 5);
      return is_worthwhile;
    }
    return false;
  }

  Eigen::VectorXd damped_step() const {
    Eigen::MatrixXd damped = normal_;
    constexpr double kAtLeast = 1e-9;
    damped.diagonal() += damping_ * (normal_.diagonal().array() + kAtLeast).matrix();
    const Eigen::VectorXd move = damped.ldlt().solve(-gradient_).cwiseMax(-kLargestMove);
    return (at_ + move.cwiseMin(kLargestMove))
        .cwiseMax(-kLargestCoordinate)
        .cwiseMin(kLargestCoordinate);
  }

  LeastSquaresFit result(int iterations) const {
    LeastSquaresFit fit;
    fit.loss = loss_;
    fit.iterations = iterations;
    Eigen::MatrixXd normal = normal_;
    constexpr double kRidge = 1e-9;
    normal.diagonal().array() += kRidge;
    const Eigen::MatrixXd inverse =
        normal.ldlt().solve(Eigen::MatrixXd::Identity(at_.size(), at_.size()));
    const double variance = loss_ / std::max(1.0, weight_sum_ - static_cast<double>(at_.size()));
    for (Eigen::Index j = 0; j < at_.size(); ++j) {
      fit.values.push_back(to_value(unknown(j), at_[j]));
      const double deviation = std::sqrt(std::max(0.0, variance * inverse(j, j)));
      // No wider than the bounds allow.
      constexpr double kLn2 = 0.693147180559945309417;
      const double range = kLn2 * log2(unknown(j).most / unknown(j).least);
      fit.spread.push_back(std::min(range, deviation * slope(unknown(j), at_[j])));
    }
    return fit;
  }

  std::span<const Unknown> unknowns_;
  const Residuals& residuals_;
  double scale_;
  int most_iterations_;
  std::vector<double> values_;
  Eigen::VectorXd at_;
  Eigen::VectorXd now_;
  Eigen::VectorXd other_;
  Eigen::MatrixXd jacobian_;
  Eigen::MatrixXd normal_;
  Eigen::VectorXd gradient_;
  double weight_sum_ = 0;
  double loss_ = 0;
  double damping_ = 1e-2;
};

}  // namespace

LeastSquaresFit fit_least_squares(std::span<const Unknown> unknowns, std::size_t rows,
                                  const Residuals& residuals, double loss_scale,
                                  int most_iterations) {
  return Search(unknowns, rows, residuals, loss_scale, most_iterations).run();
}

}  // namespace ridgepoint::calibrate
