// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ridgepoint/predict/request.hpp"
#include "ridgepoint/score/score.hpp"
#include "score/served_model.hpp"
#include "score/server_question.hpp"

namespace ridgepoint::score {

/// A predicted time with its 80 % band.
struct PredictedTime {
  double seconds = 0;
  double low_s = 0;
  double high_s = 0;
  bool has_band = false;
};

/// Predicts the runs of servers: what several have in common is read and worked out once.
class ServerPredictor {
 public:
  /// REQUIRES: the question and the runs outlive it.
  ServerPredictor(const ScoreQuestion& question, std::span<const ServerRun> runs);

  /// On as many threads as the question says; the answers are the same whatever their number.
  void predict_all();

  using Times = std::array<PredictedTime, kMetrics.size()>;
  /// REQUIRES: predict_all was called.
  Result<Times> times(std::size_t run) const;

  /// What the prediction rests on, as sentences. REQUIRES: times(run) has a value.
  std::vector<std::string> explain(std::size_t run, Metric metric) const;

  /// What runs were taken to mean, each once.
  std::vector<std::string> assumptions() const;

 private:
  /// What is asked of predict: many runs ask the same.
  struct Asked {
    const model::Architecture* model = nullptr;
    const hardware::Device* device = nullptr;
    predict::RequestQuestion request;
    ServingKind kind = ServingKind::static_batch;
  };

  const Result<hardware::Device>& device(const std::string& name);
  Result<std::shared_ptr<const efficiency::Calibration>> calibration_of(
      const hardware::Device& device);
  const Result<ServedModel>& model(const ServerRun& run);
  Result<model::Architecture> find_architecture(const std::string& name);
  Result<ServedModel> find_model(const ServerRun& run);
  Result<Asked> ask(const ServerRun& run);
  Result<std::size_t> enter(const ServerRun& run);
  Result<predict::Estimate> estimate(const Asked& asked) const;
  Result<Times> answer(const Asked& asked) const;
  void work(std::atomic<std::size_t>& next);

  const ScoreQuestion& question_;
  std::span<const ServerRun> runs_;
  std::map<std::string, Result<hardware::Device>> devices_;
  std::map<std::pair<std::string, std::string>, Result<ServedModel>> models_;
  std::map<std::string, Result<std::shared_ptr<const efficiency::Calibration>>> calibrations_;
  std::vector<Asked> asked_;                    ///< all different
  std::map<std::string, std::size_t> entered_;  ///< their places
  std::vector<Result<std::size_t>> places_;     ///< of the runs' questions
  std::vector<Result<Times>> answers_;
  std::size_t answered_ = 0;
  std::mutex mutex_;
  std::set<std::string> assumptions_;
};

}  // namespace ridgepoint::score
