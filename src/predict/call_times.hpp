// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "predict/kernel_call.hpp"
#include "ridgepoint/efficiency/prepared_kernel.hpp"
#include "ridgepoint/roofline/step_time.hpp"

namespace ridgepoint::predict {

/// Many CallPoints, field by field; spans of equal lengths.
struct CallPoints {
  std::span<const double> tokens;
  std::span<const double> sequences;
  std::span<const double> batch;
  std::span<const double> new_tokens;
  std::span<const double> context;

  explicit CallPoints(const CallPoint& one)
      : tokens(&one.tokens, 1),
        sequences(&one.sequences, 1),
        batch(&one.shape.batch, 1),
        new_tokens(&one.shape.new_tokens, 1),
        context(&one.shape.context, 1) {}
  CallPoints(std::span<const double> all_tokens, std::span<const double> all_sequences,
             const roofline::PointBlock& points)
      : tokens(all_tokens),
        sequences(all_sequences),
        batch(points.batch),
        new_tokens(points.new_tokens),
        context(points.context) {}

  std::size_t size() const { return batch.size(); }
  CallPoint at(std::size_t i) const {
    return {tokens[i], sequences[i], {batch[i], new_tokens[i], context[i]}};
  }
};

/// What of a point a call's shape grows with.
enum class CallSize {
  tokens,
  rows,       ///< tokens, at least one
  sequences,  ///< as the engine pads them
  batch,      ///< of the shape
  points,     ///< attention: batch, new tokens and context of the shape
  own,        ///< KernelCall::shape says
};
CallSize call_size(const KernelCall& call);

/// A kernel of a step at a shape of which only what the points have varies.
struct PreparedCall {
  std::size_t kernel;  ///< its number in the step
  efficiency::Shape like;
  CallSize size;
  KernelCall call;  ///< of size `own`
  efficiency::PreparedKernel prepared;

  /// Does it always take as long as this one?
  bool is_at(std::size_t other_kernel, const efficiency::Shape& other, CallSize other_size) const;
};

/// Times of calls that hang on the number of sequences alone (the head, the choice of the next
/// tokens), kept from block to block: points of as many sequences come again and again.
class SequenceTimes {
 public:
  explicit SequenceTimes(const std::vector<PreparedCall>& calls);

  /// REQUIRES: the call's size is `sequences` or `batch`; sizes are those of the points.
  void times(std::size_t call, std::span<const double> sizes, const efficiency::ExpectedSpans& out,
             InstructionSet set);

 private:
  static constexpr std::size_t kMost = 8192;  ///< whole numbers below that are kept

  const std::vector<PreparedCall>& calls_;
  std::vector<std::vector<efficiency::Expected>> kept_;  ///< of each call; seconds 0: not yet
  // Those that are worked out.
  std::vector<std::size_t> places_;
  std::vector<double> sizes_;
  std::array<std::vector<double>, 3> times_;
};

/// The times of a step's calls at some points, each worked out when it is first asked for.
class CallTimes {
 public:
  CallTimes(const std::vector<PreparedCall>& calls, const CallPoints& points, InstructionSet set,
            SequenceTimes* kept = nullptr);

  const CallPoints& points() const { return points_; }
  InstructionSet instruction_set() const { return set_; }
  efficiency::ExpectedSpans of(std::size_t call);
  /// At sizes of one's own. REQUIRES: the call is not asked for otherwise.
  efficiency::ExpectedSpans at(std::size_t call, std::span<const double> sizes);

 private:
  efficiency::ExpectedSpans place(std::size_t call);
  efficiency::VaryingShapes shapes(const PreparedCall& call);
  efficiency::VaryingShapes own_shapes(const KernelCall& call);

  const std::vector<PreparedCall>& calls_;
  CallPoints points_;
  InstructionSet set_;
  SequenceTimes* kept_;
  std::vector<std::vector<double>> times_;  ///< of each call; empty: not yet
  std::vector<double> rows_;
  std::array<std::vector<double>, 3> own_;
};

}  // namespace ridgepoint::predict
