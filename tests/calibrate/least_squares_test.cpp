// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/calibrate/least_squares.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace ridgepoint::calibrate {
namespace {

/// a + b·n^p: a start, a rate and an exponent, as the forms of kernels have them.
double model(std::span<const double> x, double n) { return x[0] + x[1] * std::pow(n, x[2]); }

const std::vector<double> kTrue{5, 0.02, 0.9};
const std::vector<Unknown> kUnknowns{{0.5, 2, 50}, {1e-4, 1e-2, 1}, {0.3, 0.7, 1.3}};

/// Evenly between −1 and 1: Knuth's linear congruence (The Art of Computer Programming 2, 3.3.4).
class Noise {
 public:
  double next() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<double>(state_ >> 11U) * 0x1p-52 - 1;
  }

 private:
  std::uint64_t state_ = 1;
};

/// ln of measured times: `noise` either way, and of every twentieth three times too long.
std::vector<double> measured(std::size_t rows, double noise, bool has_outliers) {
  Noise random;
  std::vector<double> out;
  for (std::size_t i = 0; i < rows; ++i) {
    const double n = std::exp2(0.1 * static_cast<double>(i % 200));
    const bool is_outlier = has_outliers && i % 20 == 7;
    out.push_back(std::log(model(kTrue, n)) + noise * random.next() +
                  (is_outlier ? std::log(3.0) : 0));
  }
  return out;
}

LeastSquaresFit fit(const std::vector<double>& ln_measured,
                    const std::vector<Unknown>& unknowns = kUnknowns) {
  const Residuals residuals = [&](std::span<const double> x, std::span<double> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      const double n = std::exp2(0.1 * static_cast<double>(i % 200));
      out[i] = std::log(model(x, n)) - ln_measured[i];
    }
  };
  return fit_least_squares(unknowns, ln_measured.size(), residuals, 0.06);
}

TEST(LeastSquares, FindsTheCoefficientsThatMadeTheTimes) {
  const LeastSquaresFit found = fit(measured(200, 0, false));
  for (std::size_t i = 0; i < kTrue.size(); ++i) {
    EXPECT_NEAR(found.values[i] / kTrue[i], 1, 1e-4) << i;
  }
  EXPECT_LT(found.loss, 1e-8);
}

TEST(LeastSquares, FindsThemInNoiseAndOutliers) {
  const LeastSquaresFit found = fit(measured(2000, 0.05, true));
  EXPECT_NEAR(found.values[0] / kTrue[0], 1, 0.02);
  EXPECT_NEAR(found.values[1] / kTrue[1], 1, 0.05);
  EXPECT_NEAR(found.values[2] / kTrue[2], 1, 0.01);
}

// The error of a mean falls with the root of the rows: a hundred times as many, a tenth.
TEST(LeastSquares, KnowsHowFarItsValuesMayBeOff) {
  const LeastSquaresFit few = fit(measured(200, 0.05, false));
  const LeastSquaresFit many = fit(measured(20000, 0.05, false));
  for (std::size_t i = 0; i < kTrue.size(); ++i) {
    EXPECT_GT(few.spread[i], 0) << i;
    EXPECT_NEAR(many.spread[i] / few.spread[i], 0.1, 0.03) << i;
    EXPECT_LT(std::abs(std::log(many.values[i] / kTrue[i])), 5 * many.spread[i]) << i;
  }
}

TEST(LeastSquares, RepeatsBitForBit) {
  const auto rows = measured(500, 0.1, true);
  const LeastSquaresFit first = fit(rows);
  const LeastSquaresFit second = fit(rows);
  EXPECT_EQ(first.values, second.values);
  EXPECT_EQ(first.spread, second.spread);
  EXPECT_EQ(first.loss, second.loss);
}

// The true start, 5, lies outside.
TEST(LeastSquares, StaysAtABoundBeyondWhichTheTruthLies) {
  std::vector<Unknown> unknowns = kUnknowns;
  unknowns[0] = {0.5, 1, 3};
  const LeastSquaresFit found = fit(measured(400, 0.02, false), unknowns);
  EXPECT_GT(found.values[0], 2.9);
  EXPECT_LE(found.values[0], 3);
}

// An unknown that no row hangs on: it stays where it started, and nothing is known of it.
TEST(LeastSquares, SaysOfWhatNoRowShowsThatNothingIsKnown) {
  std::vector<Unknown> unknowns = kUnknowns;
  unknowns.push_back({0.1, 0.7, 10});
  const LeastSquaresFit found = fit(measured(200, 0.05, false), unknowns);
  EXPECT_NEAR(found.values[3], 0.7, 1e-9);
  EXPECT_NEAR(found.spread[3], std::log(100.0), 1e-9);  // all of its range
}

RC_GTEST_PROP(LeastSquaresLaw, ValuesStayInsideTheirBounds, ()) {
  const auto rows = *rc::gen::container<std::vector<int>>(40, rc::gen::inRange(-1000, 1000));
  std::vector<double> wild;
  for (const int each : rows) wild.push_back(0.01 * each);
  const LeastSquaresFit found = fit(wild);
  for (std::size_t i = 0; i < kUnknowns.size(); ++i) {
    RC_ASSERT(kUnknowns[i].least <= found.values[i] && found.values[i] <= kUnknowns[i].most);
    RC_ASSERT(std::isfinite(found.spread[i]));
  }
}

}  // namespace
}  // namespace ridgepoint::calibrate
