// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/request_blocks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "predict/deployment.hpp"
#include "predict/expected_blocks.hpp"
#include "predict/request_times.hpp"
#include "ridgepoint/core/block_loop.hpp"
#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::predict {
namespace {

using roofline::kBlockSize;
using roofline::PointBlock;
using roofline::StepTimes;

using Numbers = std::array<double, kBlockSize>;

/// One step at many points, in its two parts.
struct StepParts {
  const StepTimes& tokens;
  const StepTimes& context;

  RIDGEPOINT_INLINE double bound(std::size_t i) const {
    return tokens.bound_s[i] + context.bound_s[i];
  }
  RIDGEPOINT_INLINE double floor(std::size_t i) const {
    const double compute = tokens.compute_s[i] + context.compute_s[i];
    const double memory = tokens.compulsory_memory_s[i] + context.compulsory_memory_s[i];
    return larger(larger(compute, memory), tokens.network_s[i] + context.network_s[i]);
  }
};

struct FloorSeconds {
  StepParts parts;
  RIDGEPOINT_INLINE double at(std::size_t i) const { return parts.floor(i); }
};
struct BoundSeconds {
  StepParts parts;
  RIDGEPOINT_INLINE double at(std::size_t i) const { return parts.bound(i); }
};
/// No step is faster than its floor.
struct ExpectedSeconds {
  StepParts parts;
  const double* expected;
  RIDGEPOINT_INLINE double at(std::size_t i) const { return larger(expected[i], parts.floor(i)); }
};

/// Another stage: the sum is a token's way through, the largest is the pace.
template <class Seconds>
struct AddStage {
  Seconds seconds;
  double* sum;
  double* most;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    const double of_stage = seconds.at(i);
    sum[i] += of_stage;
    most[i] = larger(most[i], of_stage);
  }
};

/// A batch in as many micro-batches as there are stages.
struct SplitBatch {
  double stages;
  const double* batch;
  double* parts;
  double* each;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    parts[i] = smaller(batch[i], stages);
    each[i] = std::ceil(batch[i] / parts[i]);
  }
};

/// Until the first micro-batch comes round again.
struct Round {
  const double* parts;
  const double* sum;
  const double* most;
  double* seconds;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    seconds[i] = larger(sum[i], parts[i] * most[i]);
  }
};

/// Of batches those prompts that do not fill a step together, and the full steps after them.
struct SplitPrompts {
  double room;  ///< prompts of a full step
  const double* batch;
  double* rest;  ///< at least one, so that its step can be timed
  double* has_rest;
  double* full_steps;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    const double full = std::floor(batch[i] / room);
    const double left = batch[i] - full * room;
    full_steps[i] = full;
    has_rest[i] = smaller(left, 1);
    rest[i] = larger(left, 1);
  }
};

/// At the pace of the slowest stage; the last step's way through is not hidden.
struct ReadPrompts {
  double full_most;
  double full_way;
  const double* full_steps;
  const double* has_rest;
  const double* sum;  ///< of the rest
  const double* most;
  double* seconds;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    const double pace = has_rest[i] * most[i] + full_steps[i] * full_most;
    seconds[i] = pace + (full_steps[i] > 0 ? full_way : sum[i] - most[i]);
  }
};

/// The steps of one phase on every stage, at many points.
class PhaseBlocks {
 public:
  PhaseBlocks(PipelineSteps steps, Reading reading, InstructionSet set)
      : steps_(std::move(steps)), reading_(reading), set_(set), tokens_(steps_.stages()) {
    if (reading != Reading::expected) return;
    for (std::size_t i = 0; i < steps_.stages(); ++i)
      expected_.emplace_back(*steps_.expected(i), set);
    expected_times_ = std::make_unique<ExpectedTimes>();
  }
  // The blocks point at the steps.
  PhaseBlocks(const PhaseBlocks&) = delete;
  PhaseBlocks& operator=(const PhaseBlocks&) = delete;

  std::size_t stages() const { return steps_.stages(); }

  /// REQUIRES: no more than kBlockSize points.
  void run(const PointBlock& points) {
    const std::size_t n = points.batch.size();
    std::fill_n(sum.begin(), n, 0.0);
    std::fill_n(most.begin(), n, 0.0);
    const bool has_tokens = is_as_before(points);
    for (std::size_t i = 0; i < stages(); ++i) {
      if (!has_tokens) roofline::token_times(steps_.stage(i), points, tokens_[i], set_);
      roofline::context_times(steps_.stage(i), points, context_, set_);
      add(i, points, n);
    }
  }

  // Of each point: over the stages.
  Numbers sum;
  Numbers most;

 private:
  /// Whether these points begin as those did whose token times are kept: sweeps go through contexts
  /// with the same batches.
  bool is_as_before(const PointBlock& points) {
    const std::size_t n = points.batch.size();
    const auto is_equal = [n](std::span<const double> now, const Numbers& before) {
      return std::memcmp(now.data(), before.data(), n * sizeof(double)) == 0;
    };
    if (n <= known_ && is_equal(points.batch, batch_) && is_equal(points.new_tokens, new_tokens_)) {
      return true;
    }
    known_ = n;
    std::copy(points.batch.begin(), points.batch.end(), batch_.begin());
    std::copy(points.new_tokens.begin(), points.new_tokens.end(), new_tokens_.begin());
    return false;
  }

  void add(std::size_t stage, const PointBlock& points, std::size_t n) {
    const StepParts parts{tokens_[stage], context_};
    const auto add_stage = [&](const auto& seconds) {
      for_each_point(AddStage{seconds, sum.data(), most.data()}, n, set_);
    };
    if (reading_ == Reading::floor) return add_stage(FloorSeconds{parts});
    if (reading_ == Reading::bound) return add_stage(BoundSeconds{parts});
    expected_[stage].times(points, *expected_times_);
    add_stage(ExpectedSeconds{parts, expected_times_->seconds.data()});
  }

  PipelineSteps steps_;
  Reading reading_;
  InstructionSet set_;
  std::vector<ExpectedBlocks> expected_;
  std::unique_ptr<ExpectedTimes> expected_times_;
  std::size_t known_ = 0;  ///< points whose token times are kept
  Numbers batch_;
  Numbers new_tokens_;
  std::vector<StepTimes> tokens_;  ///< of each stage
  StepTimes context_;
};

/// A round of proposing and checking, shared out to the tokens that come of it.
struct ShareRound {
  double proposals;
  double rounds_per_token;
  const double* propose;
  const double* check;
  double* seconds;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    seconds[i] = (proposals * propose[i] + check[i]) * rounds_per_token;
  }
};

/// SpeculativeSteps at many points.
class RoundBlocks {
 public:
  RoundBlocks(SpeculativeSteps steps, Reading reading, InstructionSet set)
      : proposed_(steps.proposed),
        proposals_(steps.proposals),
        rounds_per_token_(steps.rounds_per_token),
        set_(set),
        propose_(std::move(steps.propose), reading, set),
        check_(std::move(steps.check), reading, set) {
    if (steps.prefill) {
      prefill = std::make_unique<PhaseBlocks>(std::move(*steps.prefill), reading, set);
    }
    ones_.fill(1);
    checked_.fill(proposed_ + 1);
  }

  /// REQUIRES: spans of equal length.
  void token(std::span<const double> batch, std::span<const double> context,
             std::span<double> seconds) {
    for (std::size_t first = 0; first < batch.size(); first += kBlockSize) {
      const std::size_t n = std::min(kBlockSize, batch.size() - first);
      for (std::size_t i = 0; i < n; ++i) context_[i] = context[first + i] + proposed_;
      propose_.run({batch.subspan(first, n), {ones_.data(), n}, context.subspan(first, n)});
      check_.run({batch.subspan(first, n), {checked_.data(), n}, {context_.data(), n}});
      for_each_point(ShareRound{proposals_, rounds_per_token_, propose_.sum.data(),
                                check_.sum.data(), seconds.data() + first},
                     n, set_);
    }
  }

  std::unique_ptr<PhaseBlocks> prefill;  ///< of the draft; null: heads read no prompts

 private:
  double proposed_;
  double proposals_;
  double rounds_per_token_;
  InstructionSet set_;
  PhaseBlocks propose_;
  PhaseBlocks check_;
  Numbers ones_;
  Numbers checked_;
  Numbers context_;
};

}  // namespace

class RequestBlocks::Steps {
 public:
  Steps(RequestQuestion question, Deployment deployment, Reading reading, InstructionSet set)
      : question_(std::move(question)),
        set_(set),
        prefill_(std::move(deployment.prefill), reading, set),
        decode_(std::move(deployment.decode), reading, set) {
    ones_.fill(1);
    if (deployment.speculation) {
      rounds_ = std::make_unique<RoundBlocks>(std::move(*deployment.speculation), reading, set);
    }
  }

  /// As Deployment::read has it.
  void prefill(std::int64_t input, std::span<const double> batch, std::span<double> seconds) {
    question_.input = input;
    read(prefill_, batch, seconds);
    if (!rounds_ || !rounds_->prefill) return;
    std::vector<double> of_draft(seconds.size());
    read(*rounds_->prefill, batch, of_draft);
    for (std::size_t i = 0; i < seconds.size(); ++i) seconds[i] += of_draft[i];
  }

  void tpot(std::span<const double> batch, std::span<const double> context,
            std::span<double> seconds) {
    if (rounds_) return rounds_->token(batch, context, seconds);
    const auto stages = static_cast<double>(decode_.stages());
    for (std::size_t first = 0; first < batch.size(); first += kBlockSize) {
      const std::size_t n = std::min(kBlockSize, batch.size() - first);
      for_each_point(SplitBatch{stages, batch.data() + first, parts_.data(), each_.data()}, n,
                     set_);
      decode_.run({{each_.data(), n}, {ones_.data(), n}, context.subspan(first, n)});
      for_each_point(
          Round{parts_.data(), decode_.sum.data(), decode_.most.data(), seconds.data() + first}, n,
          set_);
    }
  }

 private:
  /// As PipelineSteps::through has it.
  void read(PhaseBlocks& steps, std::span<const double> batch, std::span<double> seconds) {
    const std::int64_t fresh = question_.input - question_.cached_input();
    if (fresh <= question_.max_num_batched_tokens) {
      read_whole(steps, fresh, batch, seconds);
    } else {
      read_chunks(steps, batch, seconds);
    }
  }

  /// Whole prompts, as many at a time as the budget holds: first those that are left over.
  void read_whole(PhaseBlocks& steps, std::int64_t fresh, std::span<const double> batch,
                  std::span<double> seconds) {
    const auto new_tokens = static_cast<double>(fresh);
    const auto context = static_cast<double>(question_.input);
    const std::int64_t whole_prompts = question_.max_num_batched_tokens / fresh;
    const auto room = static_cast<double>(whole_prompts);
    steps.run({{&room, 1}, {&new_tokens, 1}, {&context, 1}});
    const double full_most = steps.most[0];
    const double full_way = steps.sum[0] - full_most;
    new_tokens_.fill(new_tokens);
    context_.fill(context);
    for (std::size_t first = 0; first < batch.size(); first += kBlockSize) {
      const std::size_t n = std::min(kBlockSize, batch.size() - first);
      for_each_point(
          SplitPrompts{room, batch.data() + first, each_.data(), has_rest_.data(), parts_.data()},
          n, set_);
      steps.run({{each_.data(), n}, {new_tokens_.data(), n}, {context_.data(), n}});
      for_each_point(ReadPrompts{full_most, full_way, parts_.data(), has_rest_.data(),
                                 steps.sum.data(), steps.most.data(), seconds.data() + first},
                     n, set_);
    }
  }

  /// Each prompt in chunks of the budget, the last one shorter.
  void read_chunks(PhaseBlocks& steps, std::span<const double> batch, std::span<double> seconds) {
    std::fill(seconds.begin(), seconds.end(), 0.0);
    const std::vector<Chunks> chunks = prompt_chunks(question_, 1);
    double way = 0;
    for (std::size_t first = 0; first < chunks.size(); first += kBlockSize) {
      const std::size_t n = std::min(kBlockSize, chunks.size() - first);
      for (std::size_t i = 0; i < n; ++i) {
        const cost::Shape<double>& shape = chunks[first + i].shape;
        each_[i] = shape.batch;
        new_tokens_[i] = shape.new_tokens;
        context_[i] = shape.context;
      }
      steps.run({{each_.data(), n}, {new_tokens_.data(), n}, {context_.data(), n}});
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < batch.size(); ++j) seconds[j] += batch[j] * steps.most[i];
      }
      way = steps.sum[n - 1] - steps.most[n - 1];
    }
    for (double& each : seconds) each += way;
  }

  RequestQuestion question_;
  InstructionSet set_;
  PhaseBlocks prefill_;
  PhaseBlocks decode_;
  std::unique_ptr<RoundBlocks> rounds_;  ///< null where no tokens are proposed
  Numbers parts_;
  Numbers each_;
  Numbers has_rest_;
  Numbers ones_;
  Numbers new_tokens_;
  Numbers context_;
};

RequestBlocks::RequestBlocks(std::unique_ptr<Steps> steps) : steps_(std::move(steps)) {}
RequestBlocks::~RequestBlocks() = default;
RequestBlocks::RequestBlocks(RequestBlocks&&) noexcept = default;
RequestBlocks& RequestBlocks::operator=(RequestBlocks&&) noexcept = default;

Result<RequestBlocks> RequestBlocks::build(const model::Architecture& architecture,
                                           const hardware::Device& device,
                                           const RequestQuestion& question, Reading reading,
                                           InstructionSet set) {
  if (reading == Reading::expected && question.speculation.is_used()) {
    return fail("--num-speculative-tokens",
                "calibrated kernels say nothing of steps that check several tokens of a sequence",
                "take --mode bound");
  }
  RequestQuestion asked = question;
  if (reading != Reading::expected) asked.execution.calibration = nullptr;
  auto deployment = Deployment::build(architecture, device, asked);
  if (!deployment) return fail(deployment.error());
  return RequestBlocks(
      std::make_unique<Steps>(std::move(asked), std::move(*deployment), reading, set));
}

void RequestBlocks::prefill(std::int64_t input, std::span<const double> batch,
                            std::span<double> seconds) {
  steps_->prefill(input, batch, seconds);
}

void RequestBlocks::tpot(std::span<const double> batch, std::span<const double> context,
                         std::span<double> seconds) {
  steps_->tpot(batch, context, seconds);
}

}  // namespace ridgepoint::predict
