// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/verb.hpp"
#include "ridgepoint/calibrate/measurements.hpp"

namespace ridgepoint::app {

inline constexpr Positional kMeasurementFiles{
    "FILE", "tables of measurements: CSV with device, op, dtype, measured_us and the shape", true,
    true};
inline constexpr Option kSkipBadRowsOption{"--skip-bad-rows", "",
                                           "go on without the rows that cannot be read", ""};

/// The rows of all FILEs. Bad rows are faults, or warnings under --skip-bad-rows; of many the first
/// ones are named, and how many more there are. Tables of end-to-end runs are faults.
calibrate::Measurements read_measurement_files(const Arguments& arguments, Faults& faults,
                                               std::vector<std::string>& warnings);

}  // namespace ridgepoint::app
