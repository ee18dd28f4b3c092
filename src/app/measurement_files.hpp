// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/verb.hpp"
#include "ridgepoint/calibrate/measurements.hpp"
#include "ridgepoint/score/server_runs.hpp"

namespace ridgepoint::app {

inline constexpr Positional kMeasurementFiles{
    "FILE", "tables of measurements: CSV with device, op, dtype, measured_us and the shape", true,
    true};
inline constexpr Positional kScoredFiles{
    "FILE",
    "tables of measurements: CSV of kernels (device, op, dtype, measured_us, the shape) or of "
    "servers (device, model, isl, osl, ttft_ms, tpot_ms, e2e_ms)",
    true, true};
inline constexpr Option kSkipBadRowsOption{"--skip-bad-rows", "",
                                           "go on without the rows that cannot be read", ""};

/// The rows of all FILEs of either kind, told apart by their columns.
struct MeasuredFiles {
  calibrate::Measurements kernels;
  score::ServerRuns servers;
};
MeasuredFiles read_measured_files(const Arguments& arguments, Faults& faults,
                                  std::vector<std::string>& warnings);

/// The rows of all FILEs. Bad rows are faults, or warnings under --skip-bad-rows; of many the first
/// ones are named, and how many more there are. Tables of end-to-end runs are faults.
calibrate::Measurements read_measurement_files(const Arguments& arguments, Faults& faults,
                                               std::vector<std::string>& warnings);

}  // namespace ridgepoint::app
