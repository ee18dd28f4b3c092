// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ridgepoint/predict/request.hpp"
#include "ridgepoint/roofline/device_rate.hpp"

namespace ridgepoint::predict {

/// What the figures of a request depend on.
enum class ParameterKind {
  rate,      ///< of the device: FLOP/s or bytes/s
  price,     ///< of the device: $/h
  power,     ///< of the device: W
  sequence,  ///< of the request: batch, input, output, context; whole numbers
  size       ///< of the model; whole numbers
};

struct Parameter {
  ParameterKind kind = ParameterKind::rate;
  std::string name;  ///< "memory_bandwidth", "batch", "hidden_size"
  double value = 0;  ///< at the point, in base units; of a size that differs by layer the first
  std::optional<roofline::DeviceRate> rate = {};
  std::string letter = {};  ///< of a size: "D"

  bool is_of_device() const { return kind < ParameterKind::sequence; }
  bool is_whole() const { return !is_of_device(); }
};

/// All parameters that a deployment's times depend on: the device's, the request's, the model's.
/// Errors: as estimate.
Result<std::vector<Parameter>> parameters_of(const model::Architecture& architecture,
                                             const hardware::Device& device,
                                             const RequestQuestion& question);

/// Whether set_parameter can give it another value: not a size, which others hang on, nor the rate
/// of PCI Express, which is a name.
bool can_change(const Parameter& parameter);
/// REQUIRES: can_change; value > 0, whole where the parameter is.
void set_parameter(const Parameter& parameter, double value, hardware::Device& device,
                   RequestQuestion& question);

}  // namespace ridgepoint::predict
