// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ridgepoint/efficiency/facts.hpp"
#include "ridgepoint/score/score.hpp"

namespace ridgepoint::score {

struct RowPrediction {
  Predicted times;
  /// In another stack, under another name or at another type; null in floor and bound, and where
  /// it is the row's own.
  const efficiency::KernelProfile* substitute = nullptr;
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
  /// A device under a name of the tables, with the kernels that its times are expected from.
  struct KnownDevice {
    hardware::Device device;
    std::shared_ptr<const efficiency::Calibration> calibration;  ///< may be null
  };
  struct Choice {
    std::optional<efficiency::KernelInUse> kernel;
    bool is_own = false;  ///< of the row's stack, name and type, measured on its device
  };

  const Result<KnownDevice>& known(const std::string& name);
  Result<efficiency::DeviceFacts> facts(const calibrate::Measurement& row,
                                        const hardware::Device& device);
  const Choice& choice(const calibrate::Measurement& row, const KnownDevice& known);
  Result<RowPrediction> expected(const calibrate::Measurement& row, const KnownDevice& known);
  Result<RowPrediction> roofline(const calibrate::Measurement& row,
                                 const hardware::Device& device) const;

  const ScoreQuestion& question_;
  std::map<std::string, Result<KnownDevice>> devices_;
  std::map<std::pair<std::string, std::string>, Result<efficiency::DeviceFacts>> facts_;
  std::map<std::vector<std::string>, Choice> choices_;
};

}  // namespace ridgepoint::score
