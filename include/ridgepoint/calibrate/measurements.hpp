// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/efficiency/shapes.hpp"

namespace ridgepoint::calibrate {

/// One measured call of a kernel.
struct Measurement {
  std::string where;   ///< "gemm_aic.csv: line 17"
  std::string source;  ///< whose measurement it is
  std::string device;
  std::string stack;
  std::string kernel;
  std::string compute;  ///< "bf16", "fp8", "fp8_block", "nvfp4", …
  std::string cache;    ///< of attention
  efficiency::OperatorClass kind = efficiency::OperatorClass::gemm;
  std::string op;  ///< as the table calls it: "all_reduce", "rmsnorm"
  efficiency::Shape shape;
  double seconds = 0;
  bool is_in_cache = false;  ///< faster than device memory allows: its operands sat in a cache
  std::string group;         ///< rows of one configuration, which a check leaves out together
};

struct Measurements {
  std::vector<Measurement> rows;
  Diagnostics bad_rows;  ///< each row that is none, with its line
};

/// Reads a table in the columns of the measurement files: `op`, `device`, `dtype`, `measured_us`
/// and those of the operator's shape. Errors: no table, a column missing. Rows of end-to-end tables
/// are not for this.
Result<Measurements> read_measurements(std::string_view text, std::string_view source);

}  // namespace ridgepoint::calibrate
