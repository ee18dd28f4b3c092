// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "predict/server_band.hpp"
#include "ridgepoint/core/instruction_set.hpp"
#include "ridgepoint/efficiency/prepared_kernel.hpp"
#include "ridgepoint/predict/expected.hpp"

namespace ridgepoint::predict {

/// How often a kernel is called: a constant, or one number for each point.
struct CallCount {
  double all = 1;
  const double* each = nullptr;  ///< times that
};

/// Adds up calls at many points; errors of one kernel go the same way in all its calls, those of
/// different kernels do not.
class StepSums {
 public:
  static constexpr std::size_t kUnmeasured = static_cast<std::size_t>(-1);
  /// How far below and above the sum a kernel's errors reach, at each point.
  struct Deviation {
    std::size_t kernel;
    std::vector<double> low;
    std::vector<double> high;
  };

  StepSums(std::size_t points, InstructionSet set);

  /// Added to the numbers of kernels that follow.
  void set_offset(std::size_t offset) { offset_ = offset; }
  void add(std::size_t kernel, const CallCount& count, const efficiency::ExpectedSpans& times);
  void add_launches(const CallCount& count);

  std::size_t points() const { return seconds_.size(); }
  const std::vector<double>& seconds() const { return seconds_; }
  const std::vector<double>& unmeasured() const { return unmeasured_; }
  const std::vector<double>& launches() const { return launches_; }
  const std::vector<Deviation>& deviations() const { return deviations_; }

 private:
  Deviation& deviation(std::size_t kernel);

  InstructionSet set_;
  std::size_t offset_ = 0;
  std::vector<double> seconds_;
  std::vector<double> unmeasured_;
  std::vector<double> launches_;
  std::vector<Deviation> deviations_;  ///< in the order in which the kernels came
};

/// What all of a step that does not hang on its context comes to, at some points: sums, and the
/// squares of the deviations of all kernels but those that the rest of the step has, too.
struct TokenSums {
  std::vector<double> seconds;
  std::vector<double> launches;
  std::vector<double> low_squares;
  std::vector<double> high_squares;
  // Of each kernel that the rest has, one after the other at all points.
  std::vector<double> low;
  std::vector<double> high;

  static TokenSums of(const StepSums& sums, std::span<const std::size_t> shared);
};

/// Two parts of a step put together.
class WholeStep {
 public:
  WholeStep(double launch_s, const ServerBand& band, std::span<const std::size_t> shared)
      : launch_s_(launch_s), band_(band), shared_(shared) {}

  /// `place`: which point of `tokens` each point of `context` is at.
  void times(const TokenSums& tokens, const StepSums& context, std::span<const double> place,
             const efficiency::ExpectedSpans& out, InstructionSet set) const;

 private:
  double launch_s_;  ///< of the host; 0: in a graph
  ServerBand band_;
  std::span<const std::size_t> shared_;
};

/// By how much a kernel that runs anyway takes longer; with its relative band.
void lengthen(const efficiency::ExpectedSpans& both, const efficiency::ExpectedSpans& alone,
              const efficiency::ExpectedSpans& out, InstructionSet set);

/// The sum of calls of one point, without a server's part.
efficiency::Expected total_of(const StepSums& sums);

}  // namespace ridgepoint::predict
