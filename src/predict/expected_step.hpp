// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "predict/call_times.hpp"
#include "predict/kernel_call.hpp"
#include "predict/step_sums.hpp"
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
  // Numbers of the step's prepared calls.
  std::optional<std::size_t> timed_call = {};  ///< of `kernel`
  std::optional<std::size_t> less = {};        ///< what that would take anyway
  std::optional<std::size_t> cache_write = {};
  /// Takes as long at every point of as many tokens: in decodes those and sequences come together.
  bool is_of_tokens = false;
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
  friend class ExpectedBlocks;
  class Builder;
  class Mixed;

  /// Elements of a row of what was not measured, as far as its bytes are streamed.
  static constexpr double kStreamed = 1024;
  /// Kernels that choose the next tokens.
  static constexpr double kSamplers = 8;

  // All of these at many points; that one point is timed as many are is what makes them equal.
  // What hangs on the tokens alone, and the rest.
  void add_tokens(StepSums& sums, CallTimes& times) const;
  void add_rest(StepSums& sums, CallTimes& times) const;
  void add_operator(StepSums& sums, const ExpectedOperator& op, CallTimes& times) const;
  void add_unmeasured(StepSums& sums, const ExpectedOperator& op, const CallCount& count,
                      CallTimes& times) const;
  void add_cache_write(StepSums& sums, const ExpectedOperator& op, CallTimes& times) const;
  void add_sampling(StepSums& sums, CallTimes& times) const;
  bool samples_with_tokens() const { return phase_ == Phase::decode; }
  static std::vector<double> own_share(const ExpectedOperator& op, const CallPoints& points);
  double launches(const ExpectedOperator& op) const;
  std::string substitution(const ExpectedOperator& op) const;
  WholeStep whole(std::span<const std::size_t> shared) const;
  ExpectedTime finish(StepSums tokens, StepSums rest, CallTimes& times,
                      std::span<const std::size_t> shared) const;

  std::vector<ExpectedOperator> operators_;
  std::vector<BoundKernel> kernels_;
  std::vector<PreparedCall> calls_;
  std::vector<std::size_t> shared_;       ///< kernels of what hangs on the tokens and of the rest
  std::optional<std::size_t> streaming_;  ///< a plain element-wise kernel
  std::optional<std::size_t> stream_;     ///< call of that one for what was not measured
  std::optional<std::size_t> sampling_;   ///< likewise for the choice of the next tokens
  double logits_ = 0;                     ///< of a sequence; 0: no head
  double launch_s_ = 0;                   ///< host time of a launch outside of a graph; 0: in one
  bool has_experts_ = false;
  Engine engine_;
  Phase phase_ = Phase::decode;
};

}  // namespace ridgepoint::predict
