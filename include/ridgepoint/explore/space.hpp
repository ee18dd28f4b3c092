// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/efficiency/calibration.hpp"
#include "ridgepoint/explore/axis.hpp"
#include "ridgepoint/hardware/device.hpp"
#include "ridgepoint/model/architecture.hpp"
#include "ridgepoint/predict/request.hpp"

namespace ridgepoint::explore {

struct ModelChoice {
  std::string name;
  model::Architecture architecture;
  std::string what_if = {};  ///< that tells it from others of its name: "num_key_value_heads=4"

  std::string words() const { return what_if.empty() ? name : name + ", " + what_if; }
};
struct DeviceChoice {
  std::string name;
  hardware::Device device;
  std::shared_ptr<const efficiency::Calibration> calibration;  ///< null: none is known
  std::string what_if = {};  ///< likewise: "memory_bandwidth=4TB/s"

  std::string words() const { return what_if.empty() ? name : name + ", " + what_if; }
};

/// A design space: the product of its axes, none of them empty.
struct Axes {
  std::vector<ModelChoice> models;
  std::vector<DeviceChoice> devices;
  // How the model is spread.
  std::vector<std::optional<std::int64_t>> device_counts{std::nullopt};  ///< none: what the rest is
  std::vector<std::optional<std::int64_t>> tensor{
      std::nullopt};  ///< none: what the count leaves, or 1
  std::vector<std::int64_t> pipeline{1};
  std::vector<std::int64_t> data{1};
  std::vector<std::optional<std::int64_t>> expert{1};  ///< none: all tensor · data devices
  // Types; none: the model's own.
  std::vector<std::optional<DataType>> weights{std::nullopt};
  std::vector<std::optional<DataType>> activations{std::nullopt};
  std::vector<std::optional<DataType>> kv_cache{std::nullopt};
  std::vector<std::int64_t> max_num_batched_tokens{8192};
  std::vector<std::int64_t> speculative_tokens{0};  ///< proposed for each check, as `rest` says
  // What a deployment is asked for, as RequestQuestion has it.
  std::vector<std::int64_t> input{1024};
  std::vector<std::int64_t> output{128};
  std::vector<std::optional<std::int64_t>> context{std::nullopt};
  std::vector<std::int64_t> batch{1};
  /// All else of each point's question.
  predict::RequestQuestion rest;

  /// Whether tokens are proposed anywhere.
  bool has_speculation() const;
};

/// How many values each axis has.
using AxisSizes = std::array<std::uint64_t, kAxes>;
AxisSizes axis_sizes(const Axes& axes);

/// One deployment of a space.
struct Candidate {
  const ModelChoice* model = nullptr;
  const DeviceChoice* device = nullptr;
  std::optional<std::int64_t> device_count;  ///< that the split must come to
  predict::RequestQuestion question;  ///< input, output, batch and context as `rest` has them
};

/// Why no engine runs a candidate; empty when one does.
Diagnostics faults_of(const Candidate& candidate);

/// The points of a space by their numbers: deployments in the order of their axes, each with its
/// inputs, outputs, contexts and batches, the last one varying fastest.
class Space {
 public:
  /// Errors: an empty axis; more points than 2^63 − 1.
  static Result<Space> of(Axes axes);

  const Axes& axes() const { return axes_; }
  std::uint64_t deployments() const { return deployments_; }
  std::uint64_t points() const { return deployments_ * loads(); }
  /// Points of one deployment.
  std::uint64_t loads() const { return axes_.input.size() * loads_of_input(); }
  std::uint64_t loads_of_input() const { return rows_of_input() * axes_.batch.size(); }
  /// Outputs and contexts.
  std::uint64_t rows_of_input() const { return axes_.output.size() * axes_.context.size(); }

  /// REQUIRES: number < deployments().
  Candidate deployment(std::uint64_t number) const;
  /// The question of a point, whole. REQUIRES: number < points().
  Candidate point(std::uint64_t number) const;
  /// Asks a candidate of the point's deployment what the point asks.
  void set_load(std::uint64_t number, predict::RequestQuestion& question) const;

  std::uint64_t size(Axis axis) const { return sizes_[static_cast<std::size_t>(axis)]; }
  /// From the number of a point to that of its neighbour on an axis.
  std::uint64_t stride(Axis axis) const;

 private:
  explicit Space(Axes axes);

  Axes axes_;
  AxisSizes sizes_{};
  std::uint64_t deployments_ = 0;
};

/// How many points the axes make, before any is left out; exact up to 2^53.
double count_points(const Axes& axes);

}  // namespace ridgepoint::explore
