// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "predict/step_plan.hpp"
#include "ridgepoint/efficiency/kernel_choice.hpp"

namespace ridgepoint::predict {

/// What a kernel works on in one step. Tokens may be those of several parts together, or more than
/// there are sequences, where a CUDA graph is replayed.
struct CallPoint {
  double tokens = 1;
  double sequences = 1;
  cost::Shape<double> shape{1, 1, 1};  ///< of the sequences whose context is read
};

/// One operator of a step as a call of an engine's kernel.
struct KernelCall {
  efficiency::OperatorClass kind = efficiency::OperatorClass::gemm;
  std::string compute;  ///< of efficiency::KernelTypes
  std::string cache;
  std::string work;  ///< of efficiency::KernelQuery
  DataType peak = DataType::bf16;
  cost::Operator<double> op;
  bool is_added_to_norm = false;  ///< the kernel runs anyway: what this adds to it
  double matrices_up = 2;         ///< of experts
  double ranks_per_node = 0;      ///< of a collective beyond the device's links; 0: within them
  bool input_is_quantised = false;
  double more_columns = 0;  ///< of a matmul on the same input that runs in the same kernel

  /// Reads its sequences' own context: several parts of a step are calls of their own.
  bool is_of_sequences() const;
  /// Its shape hangs on CallPoint::tokens alone.
  bool is_of_tokens() const;
  efficiency::Shape shape(const CallPoint& point) const;
};

/// What the operators of a step are run by.
struct StepCall {
  enum class How {
    kernel,     ///< `call`
    elsewhere,  ///< within another operator's kernel: no time of its own
    not_known,  ///< no form is of its kind
  };
  How how = How::not_known;
  KernelCall call;
  std::string within = {};  ///< elsewhere: whose kernel; empty: that of an operator beside it
  /// Share of the instances that an all-reduce before them takes along, up to so many bytes.
  double share_in_all_reduce = 0;
  double all_reduce_bytes = 0;
};

/// One for each operator of the step.
std::vector<StepCall> kernel_calls(const cost::Step<double>& step, const StepPlan& plan,
                                   const hardware::Device& device);

}  // namespace ridgepoint::predict
