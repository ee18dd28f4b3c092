// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/predict/reading.hpp"
#include "ridgepoint/predict/request.hpp"

namespace ridgepoint::predict {

/// A replica that always works on the same number of equal requests: a new one comes when one ends.
struct LoopFigures {
  double ttft_s = 0;          ///< the steps that a prompt takes, without a queue
  double tpot_s = 0;          ///< the mean over tokens, prompts of others between them included
  double prompt_s = 0;        ///< by which one prompt delays the decodes beside it
  double requests_per_s = 0;  ///< of one replica
};

/// What no LoopFigures of any reading are better than.
struct LoopFloor {
  double ttft_s = 0;
  double tpot_s = 0;
  double requests_per_s = 0;
};

/// Continuous batching on one deployment, at one number of sequences after the other.
class ContinuousBatching {
 public:
  /// Of the question the batch may vary. Errors: those of `estimate`, a model that has an encoder.
  /// REQUIRES: a calibration for expected times.
  static Result<ContinuousBatching> build(const model::Architecture& architecture,
                                          const hardware::Device& device,
                                          const RequestQuestion& question, Reading reading);
  ~ContinuousBatching();
  ContinuousBatching(ContinuousBatching&&) noexcept;
  ContinuousBatching& operator=(ContinuousBatching&&) noexcept;

  /// REQUIRES: a whole number of sequences, at least 1. Of expected times, TTFT and TPOT are those
  /// of the steady state that `estimate` gives for a batch that fits.
  LoopFigures at(double sequences) const;

  /// Of `sequences` on each replica of which `most_decodes`, a whole number too, decode at once.
  LoopFloor floor(double sequences, double most_decodes) const;

  /// How many sequences can decode at once while TPOT keeps below so many seconds: 0 or a whole
  /// number, no more than `most`.
  double most_decodes(double tpot_s, double most) const;

 private:
  class Loop;
  explicit ContinuousBatching(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

}  // namespace ridgepoint::predict
