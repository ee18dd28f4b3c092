// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "ridgepoint/calibrate/measurements.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/efficiency/profile.hpp"
#include "ridgepoint/hardware/device.hpp"

namespace ridgepoint::calibrate {

/// Rows of one device, class, stack, kernel and type: one set of coefficients.
struct KernelRows {
  efficiency::OperatorClass kind;
  std::string stack;
  std::string kernel;
  std::string compute;
  std::string cache;
  std::vector<const Measurement*> rows;
  std::vector<const Measurement*> beside = {};  ///< of other kernels that share coefficients
};

/// The rows of one device, by kernel, in the order of their first ones. Where one's coefficients
/// are also another's (int8 beside 16 bits, NCCL behind an engine's own all-reduce), those rows are
/// beside: the coefficients are fitted on both, correction and band on its own.
std::vector<KernelRows> rows_by_kernel(std::span<const Measurement> rows);

/// The type whose peak a kernel of these types is held against ("fp8_block" computes in fp8,
/// "int4_wo" in bf16). An error where the name means none.
Result<DataType> compute_type_of(std::string_view compute, std::string_view where);

/// Coefficients, correction and band of one kernel. The band and the error that `evidence` names
/// are of rows that the fit did not see: fifths of the groups are left out in turn. Deterministic.
/// Errors: too few rows or groups, times that hold those of the host, a figure of the device that
/// is not known.
Result<efficiency::KernelProfile> fit_kernel(const KernelRows& rows,
                                             const hardware::Device& device);

}  // namespace ridgepoint::calibrate
