// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "calibrate/choose_kernel.hpp"
#include "ridgepoint/efficiency/facts.hpp"
#include "ridgepoint/score/score.hpp"

namespace ridgepoint::score {

struct RowPrediction {
  Predicted times;
  calibrate::KernelChoice kernel;  ///< none in floor and bound
};

/// Predicts one row after another; what rows have in common is looked up once.
class Predictor {
 public:
  /// REQUIRES: the question outlives it.
  explicit Predictor(const ScoreQuestion& question);

  Result<RowPrediction> predict(const calibrate::Measurement& row);
  /// What a row's prediction rests on, as sentences. REQUIRES: predict(row) has a value.
  std::vector<std::string> explain(const calibrate::Measurement& row);

 private:
  /// A device under a name of the tables, with the kernels of its profiles.
  struct KnownDevice {
    hardware::Device device;
    std::vector<const efficiency::KernelProfile*> kernels;
  };

  const Result<KnownDevice>& known(const std::string& name);
  Result<efficiency::DeviceFacts> facts(const calibrate::Measurement& row,
                                        const hardware::Device& device);
  calibrate::KernelChoice choice(const calibrate::Measurement& row, const KnownDevice& known);
  Result<RowPrediction> expected(const calibrate::Measurement& row, const KnownDevice& known);
  Result<RowPrediction> roofline(const calibrate::Measurement& row,
                                 const hardware::Device& device) const;

  const ScoreQuestion& question_;
  std::vector<std::string> profile_devices_;  ///< as the catalogue calls them
  std::map<std::string, Result<KnownDevice>> devices_;
  std::map<std::pair<std::string, std::string>, Result<efficiency::DeviceFacts>> facts_;
  std::map<std::vector<std::string>, calibrate::KernelChoice> choices_;
};

}  // namespace ridgepoint::score
