// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "ridgepoint/calibrate/measurements.hpp"
#include "ridgepoint/efficiency/shapes.hpp"

namespace ridgepoint::calibrate {

/// An axis of one of several tables: its knots stand where the plan says, so that tables of several
/// kernels compare.
struct AxisPlan {
  std::size_t feature;  ///< of the form's
  double first;         ///< log2 at the first knot
  double step;
  std::size_t knots;
  bool is_category = false;  ///< its knots are kinds: nothing is smooth from one to the next
};

/// How the kernels of a class are fitted; chosen on rows that were left out, in whole groups.
struct FitPlan {
  double loss_scale = 0.06;        ///< ln errors beyond this count linearly
  std::size_t most_rows = 4000;    ///< that the coefficients are fitted on
  std::vector<double> steps = {};  ///< octaves between the knots of each feature; {}: no table
  double bending = 3;              ///< weight of the table's second differences
  double size = 0.3;               ///< weight of its values
  double clip = 0.5;               ///< ln errors beyond this are outliers to the table

  // Where one table over all features would be too large: several small ones, which add.
  std::vector<std::vector<AxisPlan>> tables = {};  ///< axes of each; instead of `steps`
  bool rises = false;    ///< the first one: times at its knots never fall along its first axis
  double slope = 0;      ///< weight of their first differences
  int reweightings = 0;  ///< of their points, by loss_scale

  // Where the loss has several minima: begins at the best of these values of one coefficient, which
  // a few rows decide, each with a wide loss first.
  std::size_t varied = 0;
  std::vector<double> starts = {};
  double wide_loss_scale = 0.5;
  std::size_t few_rows = 400;
};

const FitPlan& plan_of(efficiency::OperatorClass kind, std::string_view kernel = {});

/// Why times of a stack's kernels are not the device's, as a clause; empty where they are.
std::string_view time_of_others(efficiency::OperatorClass kind, std::string_view stack);

/// Do the rows of `other`'s kernel say something of the coefficients of `row`'s?
bool share_coefficients(const Measurement& row, const Measurement& other);

}  // namespace ridgepoint::calibrate
