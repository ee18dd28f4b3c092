// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "predict/expected_step.hpp"
#include "predict/prompt_chunks.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/hardware/device.hpp"
#include "ridgepoint/predict/build_step.hpp"
#include "ridgepoint/roofline/step_time.hpp"
#include "ridgepoint/roofline/time_parts.hpp"

namespace ridgepoint::predict {

/// Times by both readings, and the resources of one device that were kept busy meanwhile.
struct SpanTime {
  double floor_s = 0;
  double bound_s = 0;
  double compute_s = 0;            ///< of one device, the mean over stages
  double compulsory_memory_s = 0;  ///< likewise
  double network_s = 0;            ///< likewise
  roofline::TimeParts parts;       ///< of the mean stage's bound; of several their sum is not ours
  ExpectedTime expected;           ///< 0 without a calibration

  /// The parts in proportion, so that their sum is bound_s.
  roofline::TimeParts bound_parts() const;

  SpanTime& operator+=(const SpanTime& other);
  SpanTime scaled(double factor) const;
};

/// One step on every stage: the sum is a token's way through, the largest is the pace.
struct StageTimes {
  double floor_sum_s = 0;
  double floor_most_s = 0;
  double bound_sum_s = 0;
  double bound_most_s = 0;
  ExpectedTime expected_sum;
  ExpectedTime expected_most;
  SpanTime busy;  ///< compute, memory and network of the mean stage

  /// Another stage, one of 1/share.
  void add(const roofline::StepTime& time, double share);
  void add(const ExpectedTime& time);
  /// `parts` micro-batches that follow each other round and round: until the first comes again.
  SpanTime round(double parts) const;
};

/// The steps of a phase on every stage of a pipeline; one stage is no pipeline.
class PipelineSteps {
 public:
  static Result<PipelineSteps> build(const model::Architecture& architecture,
                                     const hardware::Device& device, const Execution& execution,
                                     Phase phase);
  /// Of one step on one stage, without expected times.
  static Result<PipelineSteps> build(const cost::Step<double>& step,
                                     const hardware::Device& device);

  std::size_t stages() const { return stages_.size(); }
  const roofline::TimedStep& stage(std::size_t i) const { return stages_[i]; }
  /// None without a calibration.
  const ExpectedStep* expected(std::size_t i) const {
    return expected_.empty() ? nullptr : &expected_[i];
  }

  /// Chunks of prompts one after the other: a stage begins a chunk while the next stage works on
  /// the one before, so that only the last chunk's way through is not hidden.
  SpanTime through(const std::vector<Chunks>& chunks) const;

  /// From the beginning of these chunks to that of the next ones right behind them.
  SpanTime pace(const std::vector<Chunks>& chunks) const;

  /// One token for each of a batch in as many micro-batches as there are stages: until the first
  /// comes round again.
  SpanTime round(double batch, double context) const;

  /// One step on one stage. REQUIRES: there is one.
  SpanTime once(const cost::Shape<double>& shape) const;

 private:
  std::vector<roofline::TimedStep> stages_;
  std::vector<ExpectedStep> expected_;
};

}  // namespace ridgepoint::predict
