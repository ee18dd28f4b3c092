// SPDX-License-Identifier: Apache-2.0
// Any bytes as a table of measurements: rows with sizes and times above 0, each line read or named.
#include <cmath>
#include <cstdint>
#include <string_view>

#include "fuzz/require.hpp"
#include "ridgepoint/calibrate/fit.hpp"
#include "ridgepoint/calibrate/measurements.hpp"
#include "ridgepoint/core/csv.hpp"
#include "ridgepoint/core/text.hpp"
#include "ridgepoint/efficiency/form.hpp"

namespace {

using namespace ridgepoint;

void check(const Diagnostics& faults) {
  for (const Diagnostic& fault : faults) {
    require(fault.where.starts_with("table.csv"), "a fault names its file");
    require(!fault.what.empty(), "a fault says what is wrong");
    require(!fault.help.empty(), "a fault says what to do");
    require(first_stray_byte(fault.what) == std::string_view::npos, "a fault is valid UTF-8");
  }
}

void check(const calibrate::Measurement& row) {
  require(std::isfinite(row.seconds) && row.seconds > 0, "a time is a number above 0");
  require(row.where.starts_with("table.csv: line "), "a row has a place");
  for (const double feature : efficiency::form(row.kind).features(row.shape)) {
    require(std::isfinite(feature), "a row's sizes have logarithms");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto table = calibrate::read_measurements(text, "table.csv");
  if (!table) {
    require(!table.error().empty(), "a failure has a fault");
    check(table.error());
    return 0;
  }
  check(table->bad_rows);
  for (const calibrate::Measurement& row : table->rows) check(row);
  const auto lines = csv::read(text, "table.csv");
  require(
      table->rows.size() + table->bad_rows.size() == lines->rows.size() + lines->bad_rows.size(),
      "each line is read or named");
  std::size_t in_kernels = 0;
  for (const auto& kernel : calibrate::rows_by_kernel(table->rows)) {
    in_kernels += kernel.rows.size();
  }
  require(in_kernels == table->rows.size(), "each row is one kernel's");
  return 0;
}
