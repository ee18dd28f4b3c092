// SPDX-License-Identifier: Apache-2.0
#include "predict/expected_step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "predict/server_band.hpp"
#include "ridgepoint/efficiency/form.hpp"
#include "ridgepoint/roofline/mixed_step.hpp"

namespace ridgepoint::predict {

using efficiency::Calibration;
using efficiency::ElementwiseKind;
using efficiency::ElementwiseShape;
using efficiency::Expected;
using efficiency::KernelProfile;
using efficiency::KernelQuery;
using efficiency::OperatorClass;

namespace {

/// Host time of a launch: what engines' all-reduces take outside of a graph, where the device is
/// done sooner; the slowest of those measured, as engines that run without graphs are old ones.
/// Assumes that one launch is like another.
double eager_launch_seconds(const Calibration& calibration) {
  constexpr double kMicro = 1e-6;
  constexpr double kUnknown = 30;  // between an A100's hosts (44) and an H100's (21 to 32)
  const auto facts = efficiency::form(OperatorClass::collective).coefficients;
  const auto host = std::find_if(facts.begin(), facts.end(),
                                 [](const auto& each) { return each.name == "host_us"; });
  const auto index = static_cast<std::size_t>(host - facts.begin());
  double slowest = 0;
  for (const efficiency::Profile* profile : {&calibration.own(), &calibration.transferred()}) {
    for (const KernelProfile& kernel : profile->kernels) {
      const bool is_eager = kernel.kind == OperatorClass::collective &&
                            kernel.kernel.find("eager") != std::string::npos;
      if (is_eager) slowest = std::max(slowest, kernel.coefficients[index]);
    }
    if (slowest > 0) break;
  }
  return kMicro * (slowest > 0 ? slowest : kUnknown);
}

/// Elements of a token that attention keeps of this step's tokens.
double cached_elements(const cost::Operator<double>& op) {
  return std::visit(
      [](const auto& one) -> double {
        if constexpr (requires {
                        one.kv_heads;
                        one.kv_size;
                        one.head_dim;
                      }) {
          return 2 * one.kv_heads * one.head_dim;
        } else if constexpr (requires {
                               one.latent_dim;
                               one.rope_dim;
                             }) {
          return one.latent_dim + one.rope_dim;
        } else {
          return 0;
        }
      },
      op);
}

bool is_decode_attention(OperatorClass kind) {
  return kind == OperatorClass::decode_attention || kind == OperatorClass::latent_decode;
}

}  // namespace

/// Adds up calls; errors of one kernel go the same way in all its calls, those of different kernels
/// do not.
class ExpectedStep::Sum {
 public:
  static constexpr std::size_t kUnmeasured = static_cast<std::size_t>(-1);

  /// Added to the numbers of kernels that follow.
  void set_offset(std::size_t offset) { offset_ = offset; }
  void add(std::size_t kernel, double count, const Expected& time) {
    seconds_ += count * time.seconds;
    auto& [low, high] = deviation_[kernel == kUnmeasured ? kernel : kernel + offset_];
    low += count * (time.seconds - time.low);
    high += count * (time.high - time.seconds);
    if (kernel == kUnmeasured) unmeasured_ += count * time.seconds;
  }
  void add_launches(double count) { launches_ += count; }

  double seconds() const { return seconds_; }
  double unmeasured() const { return unmeasured_; }
  double launches() const { return launches_; }
  Expected total() const { return around(seconds_, {0, 0}); }
  /// Of a whole step, which also waits for the host.
  Expected on_server(double host_s, const ServerBand& band) const {
    return around(seconds_ + host_s, band);
  }

 private:
  Expected around(double seconds, const ServerBand& band) const {
    // The server's share as distances of time: e^-x − 1 and e^x − 1 to second order.
    double low = seconds * band.faster * (1 - band.faster / 2);
    double high = seconds * band.slower * (1 + band.slower / 2);
    low *= low;
    high *= high;
    for (const auto& [kernel, off] : deviation_) {
      low += off.first * off.first;
      high += off.second * off.second;
    }
    return {seconds, seconds - std::min(seconds, std::sqrt(low)), seconds + std::sqrt(high)};
  }

  double seconds_ = 0;
  double unmeasured_ = 0;
  double launches_ = 0;
  std::size_t offset_ = 0;
  std::map<std::size_t, std::pair<double, double>> deviation_;
};

/// Looks up each kernel once.
class ExpectedStep::Builder {
 public:
  Builder(const StepPlan& plan, const hardware::Device& device)
      : plan_(plan),
        device_(device),
        calibration_(*plan.execution.calibration),
        engine_(name(plan.execution.engine.kind)) {
    made_.engine_ = plan.execution.engine;
    made_.phase_ = plan.phase;
  }

  Result<ExpectedStep> build(const cost::Step<double>& step, const roofline::TimedStep& timed) && {
    const DataType half = plan_.execution.precision.activations;
    made_.streaming_ =
        find(Wanted{OperatorClass::elementwise, "add", half, std::string(name(half))});
    const auto calls = kernel_calls(step, plan_, device_);
    for (std::size_t i = 0; i < step.size(); ++i) {
      ExpectedOperator op{calls[i], timed[i], std::nullopt};
      if (op.call.how == StepCall::How::kernel) op.kernel = find(op.call.call);
      if (op.call.call.kind == OperatorClass::experts) made_.has_experts_ = true;
      made_.operators_.push_back(std::move(op));
      if (const auto* head = std::get_if<cost::LmHead<double>>(&step[i].op)) {
        made_.logits_ = head->vocabulary * static_cast<double>(plan_.parallelism().tensor);
      }
    }
    free_those_within_unknown();
    if (!plan_.execution.engine.has_graphs) {
      made_.launch_s_ = eager_launch_seconds(calibration_);
    }
    if (!faults_.empty()) return fail(faults_);
    return std::move(made_);
  }

 private:
  struct Wanted {
    OperatorClass kind;
    std::string work;
    DataType peak;
    std::string compute;
    std::string cache = {};
    auto operator<=>(const Wanted&) const = default;
  };

  std::optional<std::size_t> find(const KernelCall& call) {
    return find(Wanted{call.kind, call.work, call.peak, call.compute, call.cache});
  }
  std::optional<std::size_t> find(const Wanted& wanted) {
    const auto known = known_.find(wanted);
    if (known != known_.end()) return known->second;
    auto& found = known_[wanted];
    auto kernel =
        calibration_.find({wanted.kind, {wanted.compute, wanted.cache, engine_, {}}, wanted.work});
    if (!kernel && wanted.work == "layernorm") return found = find_norm(wanted);
    if (!kernel) return found;
    auto facts = efficiency::device_facts(device_, wanted.peak);
    if (!facts) {
      faults_.insert(faults_.end(), facts.error().begin(), facts.error().end());
      return found;
    }
    facts->reads_cold = true;
    made_.kernels_.push_back({std::move(*kernel), *facts});
    return found = made_.kernels_.size() - 1;
  }
  std::optional<std::size_t> find_norm(Wanted wanted) {
    wanted.work = "rmsnorm";
    return find(wanted);
  }

  /// A kernel that was not measured takes nothing along: each operator then has a time of its own.
  void free_those_within_unknown() {
    std::vector<ExpectedOperator>& operators = made_.operators_;
    for (ExpectedOperator& op : operators) {
      const auto host = std::find_if(operators.begin(), operators.end(), [&](const auto& other) {
        return other.timed.name == op.call.within;
      });
      if (host != operators.end() && !host->kernel) op.call = {};
    }
  }

  const StepPlan& plan_;
  const hardware::Device& device_;
  const Calibration& calibration_;
  std::string_view engine_;
  std::map<Wanted, std::optional<std::size_t>> known_;
  Diagnostics faults_;
  ExpectedStep made_;
};

Result<ExpectedStep> ExpectedStep::build(const StepPlan& plan, const cost::Step<double>& step,
                                         const roofline::TimedStep& timed,
                                         const hardware::Device& device) {
  return Builder(plan, device).build(step, timed);
}

CallPoint ExpectedStep::point(const cost::Shape<double>& shape) const {
  const double tokens = shape.batch * shape.new_tokens;
  const bool is_replayed = phase_ == Phase::decode;
  return {is_replayed ? padded_sequences(engine_, tokens) : tokens,
          is_replayed ? padded_sequences(engine_, shape.batch) : shape.batch, shape};
}

/// One kernel that streams the operator's bytes, no faster than its bound; how much slower nobody
/// has measured.
Expected ExpectedStep::unmeasured(const ExpectedOperator& op, const CallPoint& at) const {
  constexpr double kSlowest = 4;  // attention's bound is off by up to that
  const auto totals = cost::totals(op.timed.op, at.shape);
  const double bound = roofline::operator_time(totals, op.timed.rates).total_s();
  double seconds = bound;
  if (streaming_) {
    constexpr double kWidth = 1024;
    const BoundKernel& kernel = kernels_[*streaming_];
    const double rows = std::max(1.0, totals.bytes() / kWidth);
    const ElementwiseShape shape{ElementwiseKind::residual, rows, kWidth, 1};
    const auto time = efficiency::expected_time(kernel.in_use.kernel, kernel.facts, shape);
    seconds = std::max(bound, time.seconds);
  }
  return {seconds, bound, kSlowest * seconds};
}

Expected ExpectedStep::one_call(const ExpectedOperator& op, const CallPoint& at) const {
  if (op.call.how == StepCall::How::elsewhere) return {};
  if (!op.kernel) return unmeasured(op, at);
  const BoundKernel& kernel = kernels_[*op.kernel];
  const auto shape = op.call.call.shape(at);
  const Expected time = efficiency::expected_time(kernel.in_use.kernel, kernel.facts, shape);
  if (!op.call.call.is_added_to_norm) return time;
  // A norm reads and writes its row; the sum reads another one and writes it back.
  ElementwiseShape with_sum = std::get<ElementwiseShape>(shape);
  ElementwiseShape alone = with_sum;
  alone.bytes_per_element = with_sum.bytes_per_element * 2 / 3;
  with_sum.bytes_per_element = with_sum.bytes_per_element * 4 / 3;
  const auto& profile = kernel.in_use.kernel;
  const Expected both = efficiency::expected_time(profile, kernel.facts, with_sum);
  const Expected norm = efficiency::expected_time(profile, kernel.facts, alone);
  const double seconds = std::max(0.0, both.seconds - norm.seconds);
  return {seconds, seconds * both.low / both.seconds, seconds * both.high / both.seconds};
}

Expected ExpectedStep::operator_time(std::size_t i, const CallPoint& at) const {
  Sum sum;
  add_operator(sum, i, at);
  return sum.total();
}

void ExpectedStep::add_operator(Sum& sum, std::size_t i, const CallPoint& at) const {
  const ExpectedOperator& op = operators_[i];
  if (op.call.how == StepCall::How::elsewhere) return;
  const double count = op.timed.count * (1 - taken_along(op, at));
  sum.add(op.kernel.value_or(Sum::kUnmeasured), count, one_call(op, at));
  sum.add_launches(count * launches(op));
  if (op.kernel && is_decode_attention(op.call.call.kind)) add_cache_write(sum, op, at);
}

/// Share of a norm's instances that run in the kernel of the all-reduce before.
double ExpectedStep::taken_along(const ExpectedOperator& op, const CallPoint& at) {
  const auto* norm = std::get_if<cost::Elementwise<double>>(&op.timed.op);
  if (norm == nullptr) return 0;
  const double bytes = at.tokens * norm->elements_written * norm->activation_size;
  return bytes <= op.call.all_reduce_bytes ? op.call.share_in_all_reduce : 0;
}

/// New keys and values go to their places by a kernel of their own; that of prompts is among the
/// times of their attention.
void ExpectedStep::add_cache_write(Sum& sum, const ExpectedOperator& op,
                                   const CallPoint& at) const {
  const double width = cached_elements(op.timed.op);
  if (!streaming_ || !(width > 0)) return;
  constexpr double kReadAndWritten = 4;  // bytes
  const BoundKernel& kernel = kernels_[*streaming_];
  const ElementwiseShape shape{ElementwiseKind::residual, std::max(1.0, at.tokens), width,
                               kReadAndWritten};
  sum.add(*streaming_, op.timed.count,
          efficiency::expected_time(kernel.in_use.kernel, kernel.facts, shape));
  sum.add_launches(op.timed.count);
}

/// Logits to fp32, softmax, one draw: 18 bytes of each logit in eight kernels.
void ExpectedStep::add_sampling(Sum& sum, double sequences) const {
  constexpr double kBytes = 18;
  constexpr double kKernels = 8;
  if (!(logits_ > 0) || !streaming_) return;
  const BoundKernel& kernel = kernels_[*streaming_];
  const ElementwiseShape shape{ElementwiseKind::softmax, sequences, logits_, kBytes, kKernels};
  sum.add(*streaming_, 1, efficiency::expected_time(kernel.in_use.kernel, kernel.facts, shape));
  sum.add_launches(kKernels);
}

/// Kernels of one call, as engines launch them.
double ExpectedStep::launches(const ExpectedOperator& op) const {
  constexpr double kOfExperts = 7;
  const KernelCall& call = op.call.call;
  if (call.is_added_to_norm) return 0;
  return op.call.how == StepCall::How::kernel && call.kind == OperatorClass::experts ? kOfExperts
                                                                                     : 1;
}

/// What a kernel was not measured as; empty where it is the one that the engine runs.
std::string ExpectedStep::substitution(const ExpectedOperator& op) const {
  const efficiency::KernelInUse& in_use = kernels_[*op.kernel].in_use;
  const KernelCall& call = op.call.call;
  std::string words;
  if (in_use.is_other_type) {
    words += "; in place of " + call.compute;
    if (!call.cache.empty() && call.cache != call.compute) words += " on " + call.cache;
  }
  const bool is_of_engine =
      call.kind != OperatorClass::collective && call.kind != OperatorClass::elementwise;
  const std::string_view engine = name(engine_.kind);
  if (is_of_engine && !in_use.kernel.stack.starts_with(engine)) {
    words += fmt::format("; none of {} was measured", engine);
  }
  return words;
}

std::string ExpectedStep::source(std::size_t i) const {
  const ExpectedOperator& op = operators_[i];
  if (op.call.how == StepCall::How::elsewhere) return "";
  if (op.kernel) return kernels_[*op.kernel].in_use.evidence + substitution(op);
  return streaming_ ? "no kernel like it was measured: one that streams its bytes, or its bound"
                    : "no kernel like it was measured: its bound";
}

/// All of a step: `sum` has its operators.
ExpectedTime ExpectedStep::finish(Sum sum, double sequences) const {
  ExpectedTime time;
  time.kernels_s = sum.seconds();
  add_sampling(sum, sequences);
  time.sampling_s = sum.seconds() - time.kernels_s;
  time.unmeasured_s = sum.unmeasured();
  time.host_s = std::max(0.0, sum.launches() * launch_s_ - sum.seconds());
  time.whole = sum.on_server(time.host_s, has_experts_ ? kExpertsServer : kDenseServer);
  return time;
}

ExpectedTime ExpectedStep::time(const cost::Shape<double>& shape) const {
  Sum sum;
  const CallPoint at = point(shape);
  for (std::size_t i = 0; i < operators_.size(); ++i) add_operator(sum, i, at);
  return finish(std::move(sum), shape.batch);
}

/// The parts of a mixed step, joined operator by operator.
class ExpectedStep::Mixed {
 public:
  Mixed(const MixedPart& prompt, const MixedPart& decodes) : parts_{prompt, decodes} {
    std::array<roofline::TimedStep, 2> timed;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      together_.tokens += parts_[i].shape.batch * parts_[i].shape.new_tokens;
      together_.sequences += parts_[i].shape.batch;
      for (const ExpectedOperator& op : parts_[i].step.operators_) timed[i].push_back(op.timed);
    }
    const std::array<const roofline::TimedStep*, 2> both{&timed[0], &timed[1]};
    operators_ = roofline::mixed_operators(both);
  }

  const std::vector<roofline::MixedOperator>& operators() const { return operators_; }
  double sequences() const { return together_.sequences; }

  void add(Sum& sum, const roofline::MixedOperator& op) const {
    const std::size_t first = op.owner();
    const ExpectedStep& owner = parts_[first].step;
    const bool is_one_call =
        op.is_common() && !owner.operators_[*op.places[first]].call.call.is_of_sequences();
    for (std::size_t i = first; i < parts_.size(); ++i) {
      if (!op.places[i] || (is_one_call && i > first)) continue;
      const cost::Shape<double>& own = parts_[i].shape;
      const CallPoint apart{own.batch * own.new_tokens, own.batch, own};
      // Kernels of the parts are numbered apart: common ones belong to the first.
      sum.set_offset(i * parts_[0].step.kernels_.size());
      parts_[i].step.add_operator(sum, *op.places[i], is_one_call ? together_ : apart);
    }
  }

 private:
  std::array<MixedPart, 2> parts_;
  CallPoint together_{0, 0, parts_[0].shape};
  std::vector<roofline::MixedOperator> operators_;
};

ExpectedTime ExpectedStep::mixed_time(const MixedPart& prompt, const MixedPart& decodes) {
  const Mixed mixed(prompt, decodes);
  Sum sum;
  for (const roofline::MixedOperator& op : mixed.operators()) mixed.add(sum, op);
  return decodes.step.finish(std::move(sum), mixed.sequences());
}

std::vector<Expected> ExpectedStep::mixed_operator_times(const MixedPart& prompt,
                                                         const MixedPart& decodes) {
  const Mixed mixed(prompt, decodes);
  std::vector<Expected> times;
  times.reserve(mixed.operators().size());
  for (const roofline::MixedOperator& op : mixed.operators()) {
    Sum sum;
    mixed.add(sum, op);
    times.push_back(sum.total());
  }
  return times;
}

}  // namespace ridgepoint::predict
