// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "predict/kernel_call.hpp"
#include "ridgepoint/efficiency/calibration.hpp"
#include "ridgepoint/predict/expected.hpp"
#include "ridgepoint/roofline/step_time.hpp"

namespace ridgepoint::predict {

/// A kernel of the calibration with the device as it sees it.
struct BoundKernel {
  efficiency::KernelInUse in_use;
  efficiency::DeviceFacts facts;
};

/// An operator of a step with the kernels that it is expected to run in.
struct ExpectedOperator {
  StepCall call;
  roofline::TimedOperator timed;
  std::optional<std::size_t> kernel;  ///< none: no kernel like it was measured
};

/// A step on one device by calibrated kernels.
class ExpectedStep {
 public:
  /// REQUIRES: the plan's execution has a calibration; `timed` is the same step.
  static Result<ExpectedStep> build(const StepPlan& plan, const cost::Step<double>& step,
                                    const roofline::TimedStep& timed,
                                    const hardware::Device& device);

  /// Tokens as the engine runs them: decodes in a graph are padded.
  CallPoint point(const cost::Shape<double>& shape) const;
  /// All instances of one operator; 0 where another operator's kernel takes it along.
  efficiency::Expected operator_time(std::size_t i, const CallPoint& at) const;
  /// Where that comes from: "gemm bf16, vllm-0.24.0: 11,006 rows …".
  std::string source(std::size_t i) const;

  /// The whole step: operators, sampling, host.
  ExpectedTime time(const cost::Shape<double>& shape) const;
  /// A step that works on a chunk of prompts and on decodes at once: what both have in common runs
  /// on all tokens together, what reads a context runs on each.
  struct MixedPart {
    const ExpectedStep& step;
    cost::Shape<double> shape;
  };
  static ExpectedTime mixed_time(const MixedPart& prompt, const MixedPart& decodes);
  /// Of its operators, in the order of roofline::mixed_operators.
  static std::vector<efficiency::Expected> mixed_operator_times(const MixedPart& prompt,
                                                                const MixedPart& decodes);

  const std::vector<ExpectedOperator>& operators() const { return operators_; }
  const std::vector<BoundKernel>& kernels() const { return kernels_; }

 private:
  class Builder;
  class Mixed;
  class Sum;

  efficiency::Expected one_call(const ExpectedOperator& op, const CallPoint& at) const;
  efficiency::Expected unmeasured(const ExpectedOperator& op, const CallPoint& at) const;
  void add_operator(Sum& sum, std::size_t i, const CallPoint& at) const;
  void add_cache_write(Sum& sum, const ExpectedOperator& op, const CallPoint& at) const;
  void add_sampling(Sum& sum, double sequences) const;
  static double taken_along(const ExpectedOperator& op, const CallPoint& at);
  double launches(const ExpectedOperator& op) const;
  std::string substitution(const ExpectedOperator& op) const;
  ExpectedTime finish(Sum sum, double sequences) const;

  std::vector<ExpectedOperator> operators_;
  std::vector<BoundKernel> kernels_;
  std::optional<std::size_t> streaming_;  ///< a plain element-wise kernel
  double logits_ = 0;                     ///< of a sequence; 0: no head
  double launch_s_ = 0;                   ///< host time of a launch outside of a graph; 0: in one
  bool has_experts_ = false;
  Engine engine_;
  Phase phase_ = Phase::decode;
};

}  // namespace ridgepoint::predict
