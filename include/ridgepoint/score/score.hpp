// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/calibrate/measurements.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/efficiency/calibration.hpp"
#include "ridgepoint/hardware/device.hpp"
#include "ridgepoint/model/architecture.hpp"
#include "ridgepoint/predict/reading.hpp"
#include "ridgepoint/score/server_runs.hpp"

namespace ridgepoint::score {

/// Which prediction is held against the measured times.
using predict::Reading;

/// A measured time beside the predicted one, with its 80 % band.
struct Predicted {
  double measured_s = 0;
  double seconds = 0;
  double low_s = 0;
  double high_s = 0;
  bool has_band = false;
};

/// How far predictions are off, in percent.
struct ErrorStatistics {
  std::int64_t rows = 0;
  double mdape = 0;       ///< median of |predicted ÷ measured − 1|
  double mape = 0;        ///< its mean
  double p90 = 0;         ///< its 90 % quantile, between two rows in proportion
  double bias = 0;        ///< median of predicted ÷ measured − 1
  double coverage80 = 0;  ///< share of all rows that lie inside their band
};
/// REQUIRES: rows, measured times above 0.
ErrorStatistics error_statistics(std::span<const Predicted> rows);

struct ScoreQuestion {
  Reading mode = Reading::bound;
  std::size_t worst = 0;  ///< rows that are shown with their explanation
  RunRules runs = {};     ///< of servers
  std::size_t threads = 1;
  /// The device and the model that a table names. REQUIRES: they may be called.
  std::function<Result<hardware::Device>(const std::string& name)> find_device;
  std::function<Result<model::Architecture>(const std::string& name)> find_model;
  /// The kernels that times on a device are expected from; null where there are none. REQUIRES: it
  /// may be called in expected mode.
  std::function<Result<std::shared_ptr<const efficiency::Calibration>>(const hardware::Device&)>
      find_calibration;
  /// Called while servers are predicted, never twice at once; may be empty.
  std::function<void(std::size_t done, std::size_t all)> progress;
};

/// Rows of one device, operator and type, all as the table names them. What is measured of servers
/// stands beside operators: "ttft", "tpot" and "e2e"; a run that is not predicted at all is "run".
struct ScoreKey {
  std::string device;
  std::string op;
  std::string dtype;
  friend auto operator<=>(const ScoreKey&, const ScoreKey&) = default;
};

struct ScoreGroup {
  ScoreKey key;
  ErrorStatistics errors;
};

/// Rows that have no prediction, and why.
struct Unpredicted {
  ScoreKey key;
  std::string reason;
  std::int64_t rows = 0;
};

/// Rows that were predicted with the profile of another kernel, stack or type.
struct Substitution {
  ScoreKey key;
  std::string measured_kernel;  ///< "vllm-0.14.0 vllm_triton_mla bf16"
  std::string profile_kernel;
  std::int64_t rows = 0;
};

/// A row whose prediction is far off.
struct WorstRow {
  ScoreKey key;
  std::string where;
  std::string kernel;  ///< with its stack
  std::string shape;   ///< "m=16 n=4096 k=7168"
  Predicted times;
  std::vector<std::string> why;  ///< what limits it, how far outside the fitted range, …
};

struct Score {
  Reading mode = Reading::bound;
  std::int64_t rows = 0;  ///< that have a prediction; of servers whole runs
  std::vector<ScoreGroup> groups;
  std::vector<Unpredicted> unpredicted;
  std::vector<SetAside> set_aside;  ///< runs of servers that are not scored
  std::vector<Substitution> substitutions;
  std::vector<WorstRow> worst;  ///< by predicted ÷ measured or its reciprocal, the farthest first
  std::vector<std::string> assumptions;
};

/// Calls of kernels and runs of servers.
struct MeasuredRows {
  std::span<const calibrate::Measurement> kernels;
  std::span<const ServerRun> servers;
};

/// Predicts every row and says how far off that is. Floor and bound are those of the cost ledgers
/// at datasheet peaks; expected times those of the profile's kernel of the row's class and type, of
/// the nearest stack where its own is not there. Rows without a prediction are counted, with the
/// reason.
///
/// A run of a server is a question to `predict`: a static batch, or continuous batching at its
/// concurrency, without a queue. TPOT that no table gives follows from end-to-end latency and TTFT,
/// (e2e − ttft) ÷ (osl − 1), with the predicted TTFT where that is not measured either.
Score score(const MeasuredRows& rows, const ScoreQuestion& question);

}  // namespace ridgepoint::score
