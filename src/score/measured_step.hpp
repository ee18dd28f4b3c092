// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/calibrate/measurements.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/hardware/device.hpp"
#include "ridgepoint/roofline/step_time.hpp"

namespace ridgepoint::score {

/// One measured call as a step of the operators that every other answer is made of.
struct MeasuredStep {
  cost::Step<double> step;
  cost::Shape<double> shape;
};

/// Attention is causal; latent attention is expanded in prefill, without the up-projection before
/// it, and absorbed in decode; experts are their matmuls, chosen uniformly, on one of the devices.
/// Errors: a type that means none.
Result<MeasuredStep> measured_step(const calibrate::Measurement& row);

/// The device as the ranks of a collective stand on it: no more of a domain than share a node.
/// Errors: the network is not known where no two share one.
Result<hardware::Device> as_laid_out(const hardware::Device& device,
                                     const calibrate::Measurement& row);

}  // namespace ridgepoint::score
