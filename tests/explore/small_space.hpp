// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ridgepoint/catalog/calibrations.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/explore/sweep.hpp"

namespace ridgepoint::explore::test {

inline Axes axes_of(const std::vector<std::string>& models,
                    const std::vector<std::string>& devices) {
  Axes axes;
  for (const std::string& name : models) {
    axes.models.push_back({name, catalog::find_model(name).value()});
  }
  for (const std::string& name : devices) {
    const auto device = catalog::find_device(name).value();
    axes.devices.push_back({name, device, catalog::calibration_of(device).value()});
  }
  return axes;
}

/// Some hundred points with splits that are none, types that a device lacks, and batches that do
/// not fit.
inline Space small_space() {
  Axes axes = axes_of({"llama-3.1-8b", "mixtral-8x7b"}, {"a100-sxm-80gb", "h100-sxm"});
  axes.tensor = {1, 2, 3};
  axes.expert = {1, std::nullopt};
  axes.weights = {std::nullopt, DataType::fp8};
  axes.input = {200, 9000};
  axes.output = {50, 700};
  axes.batch = {1, 7, 64, 1024};
  return Space::of(std::move(axes)).value();
}

/// A space of several deployments, some of several parts, some that no engine runs.
inline Space parted_space() {
  Axes axes = axes_of({"llama-3.1-8b"}, {"h100-sxm", "l40s"});
  axes.tensor = {1, 2, 3};
  for (std::int64_t i = 1; i <= 700; ++i) axes.batch.push_back(i);
  for (std::int64_t i = 1; i <= 110; ++i) axes.input.push_back(30 * i);
  axes.output = {10, 1000};
  return Space::of(std::move(axes)).value();
}

/// All points by brute force: what estimate says of each that has an answer.
struct Known {
  std::uint64_t point;
  predict::RequestTimes times;
  bool fits;
};
inline std::vector<Known> every_point(const Space& space, predict::Reading reading) {
  std::vector<Known> all;
  for (std::uint64_t i = 0; i < space.points(); ++i) {
    const Candidate one = space.point(i);
    const auto answer =
        predict::estimate(one.model->architecture, one.device->device, one.question);
    if (!answer) continue;
    all.push_back({i, times_of(*answer, reading), answer->fits});
  }
  return all;
}

}  // namespace ridgepoint::explore::test
