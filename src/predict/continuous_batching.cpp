// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/continuous_batching.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "predict/loop_times.hpp"
#include "predict/request_times.hpp"

namespace ridgepoint::predict {
namespace {

double steps_of(const std::vector<Chunks>& chunks) {
  double sum = 0;
  for (const Chunks& each : chunks) sum += each.count;
  return sum;
}

}  // namespace

class ContinuousBatching::Loop {
 public:
  Loop(Deployment deployment, RequestQuestion question, double context, Reading reading)
      : deployment_(std::move(deployment)),
        question_(std::move(question)),
        context_(context),
        reading_(reading),
        steps_(static_cast<double>(question_.output - 1)),
        prompt_(deployment_.prefill.through(prompt_chunks(question_, 1))),
        prompt_steps_(steps_of(prompt_chunks(question_, 1))),
        first_token_s_(deployment_.decode.round(1, context).floor_s) {}

  LoopFigures at(double sequences) const {
    const ClosedLoop empty = closed_loop(question_, sequences);
    const LoopTimes times = settled_times({deployment_, question_, context_, reading_}, empty);
    const Edge middle = &efficiency::Expected::seconds;
    const ClosedLoop loop = loop_at(empty, times, middle);
    const LoopFloor least = floor(sequences, sequences);
    // The root may lie a rounding below the step that it is made of.
    const double tpot_s =
        std::max(closed_loop_tpot(loop, times.decode.whole.*middle), least.tpot_s);
    return {loop.first_s, tpot_s, loop.prompt_s,
            std::min(closed_loop_requests_per_s(loop, tpot_s), least.requests_per_s)};
  }

  /// A request waits for its own steps. Tokens of more sequences at a time never cost less memory
  /// traffic in all, but less for each; and nothing computes faster than at peak. Micro-batches are
  /// taken as full, since smaller ones of equal size are no better.
  LoopFloor floor(double sequences, double most_decodes) const {
    const double alone_s = prompt_.floor_s + steps_ * first_token_s_;
    LoopFloor floor{prompt_.floor_s, first_token_s_, sequences / alone_s};
    const auto stages = static_cast<double>(deployment_.decode.stages());
    const double decodes = std::max(1.0, std::min(sequences, most_decodes));
    const double full = std::ceil(decodes / stages) * stages;
    const SpanTime step = deployment_.decode.round(full, context_);
    const double compute_s = prompt_.compute_s + steps_ * step.compute_s / full;
    const double decode_s = steps_ * step.floor_s / full;
    const double loop_s = of_loop(sequences, {step.floor_s, full});
    floor.requests_per_s =
        std::min(floor.requests_per_s, 1 / std::max({compute_s, decode_s, loop_s}));
    return floor;
  }

  double most_decodes(double tpot_s, double most) const {
    const auto is_within = [&](double sequences) {
      return deployment_.decode.round(sequences, context_).floor_s <= tpot_s;
    };
    if (is_within(most)) return most;
    double low = 0;  // within; high is not
    double high = most;
    while (high - low > 1) {
      const double middle = std::floor((low + high) / 2);
      (is_within(middle) ? low : high) = middle;
    }
    return low;
  }

 private:
  struct Decode {
    double floor_s;
    double sequences;
  };

  /// Server time of a request in the closed loop, E/C. With n = C·m·T/E its equation reads E/C =
  /// m·d/n + (C − 1)/C·(F − j·d), j being the steps of a prompt: more than m·d/n − j·d +
  /// (C − 1)/C·F, which by floors grows with d where m > j·n, and is least for the most decodes.
  double of_loop(double sequences, const Decode& decode) const {
    const double of_decodes = steps_ / decode.sequences - prompt_steps_;
    if (of_decodes < 0) return 0;
    return of_decodes * decode.floor_s + (sequences - 1) / sequences * prompt_.floor_s;
  }

  Deployment deployment_;
  RequestQuestion question_;
  double context_;
  Reading reading_;
  double steps_;
  SpanTime prompt_;
  double prompt_steps_;
  double first_token_s_;
};

ContinuousBatching::ContinuousBatching(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
ContinuousBatching::~ContinuousBatching() = default;
ContinuousBatching::ContinuousBatching(ContinuousBatching&&) noexcept = default;
ContinuousBatching& ContinuousBatching::operator=(ContinuousBatching&&) noexcept = default;

Result<ContinuousBatching> ContinuousBatching::build(const model::Architecture& architecture,
                                                     const hardware::Device& device,
                                                     const RequestQuestion& question,
                                                     Reading reading) {
  if (has_stack(architecture, model::Stack::encoder)) {
    return fail(architecture.name, "an encoder–decoder has no steady state",
                "`estimate` and `sweep` tell of its batches");
  }
  if (question.speculation.is_used()) {
    return fail("--num-speculative-tokens", "is not told yet in continuous batching",
                "`estimate` and `sweep` tell of static batches");
  }
  RequestQuestion asked = question;
  if (reading != Reading::expected) asked.execution.calibration = nullptr;
  auto deployment = Deployment::build(architecture, device, asked);
  if (!deployment) return fail(deployment.error());
  const auto context = static_cast<double>(decode_context(architecture, asked));
  return ContinuousBatching(
      std::make_unique<Loop>(std::move(*deployment), std::move(asked), context, reading));
}

LoopFigures ContinuousBatching::at(double sequences) const { return loop_->at(sequences); }

LoopFloor ContinuousBatching::floor(double sequences, double most_decodes) const {
  return loop_->floor(sequences, most_decodes);
}

double ContinuousBatching::most_decodes(double tpot_s, double most) const {
  return loop_->most_decodes(tpot_s, most);
}

}  // namespace ridgepoint::predict
