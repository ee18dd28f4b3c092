// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "predict/expected_step.hpp"
#include "ridgepoint/efficiency/form.hpp"

namespace ridgepoint::predict {

using efficiency::Calibration;
using efficiency::ElementwiseKind;
using efficiency::ElementwiseShape;
using efficiency::KernelProfile;
using efficiency::OperatorClass;
using efficiency::Shape;

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
      const bool is_eager = kernel.kind == OperatorClass::collective && kernel.types().is_eager();
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
      op.is_of_tokens = op.kernel && is_of_tokens(op.call.call);
      if (op.call.call.kind == OperatorClass::experts) made_.has_experts_ = true;
      made_.operators_.push_back(std::move(op));
      if (const auto* head = std::get_if<cost::LmHead<double>>(&step[i].op)) {
        made_.logits_ = head->vocabulary * static_cast<double>(plan_.parallelism().tensor);
      }
    }
    free_those_within_unknown();
    prepare_calls();
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

  /// The number of a call that takes as long as this one.
  std::size_t prepared(std::size_t kernel, const Shape& like, CallSize size,
                       const KernelCall& call = {}) {
    std::vector<PreparedCall>& calls = made_.calls_;
    const auto same = std::find_if(calls.begin(), calls.end(), [&](const PreparedCall& known) {
      return known.is_at(kernel, like, size);
    });
    if (same != calls.end()) return static_cast<std::size_t>(same - calls.begin());
    const BoundKernel& bound = made_.kernels_[kernel];
    calls.push_back({kernel, like, size, call, {bound.in_use.kernel, bound.facts, like}});
    return calls.size() - 1;
  }

  void prepare_calls() {
    std::set<std::size_t> of_tokens;
    std::set<std::size_t> of_rest;
    for (ExpectedOperator& op : made_.operators_) {
      if (op.call.how == StepCall::How::elsewhere || !op.kernel) continue;
      (op.is_of_tokens ? of_tokens : of_rest).insert(*op.kernel);
      prepare(op);
    }
    if (made_.streaming_) {
      (made_.samples_with_tokens() ? of_tokens : of_rest).insert(*made_.streaming_);
      prepare_streaming(*made_.streaming_);
    }
    std::set_intersection(of_tokens.begin(), of_tokens.end(), of_rest.begin(), of_rest.end(),
                          std::back_inserter(made_.shared_));
  }

  bool is_of_tokens(const KernelCall& call) const {
    return plan_.phase == Phase::decode ? !call.is_of_sequences() : call.is_of_tokens();
  }

  void prepare(ExpectedOperator& op) {
    const KernelCall& call = op.call.call;
    const Shape like = call.shape({});
    const CallSize size = call_size(call);
    if (!call.is_added_to_norm) {
      op.timed_call = prepared(*op.kernel, like, size, call);
    } else {
      // A norm reads and writes its row; the sum reads another one and writes it back.
      ElementwiseShape with_sum = std::get<ElementwiseShape>(like);
      ElementwiseShape alone = with_sum;
      alone.bytes_per_element = with_sum.bytes_per_element * 2 / 3;
      with_sum.bytes_per_element = with_sum.bytes_per_element * 4 / 3;
      op.timed_call = prepared(*op.kernel, with_sum, size, call);
      op.less = prepared(*op.kernel, alone, size, call);
    }
    const double width = cached_elements(op.timed.op);
    if (!is_decode_attention(call.kind) || !made_.streaming_ || !(width > 0)) return;
    constexpr double kReadAndWritten = 4;  // bytes
    op.cache_write = prepared(
        *made_.streaming_, ElementwiseShape{ElementwiseKind::residual, 1, width, kReadAndWritten},
        CallSize::rows);
  }

  void prepare_streaming(std::size_t kernel) {
    made_.stream_ = made_.calls_.size();
    const Shape bytes = ElementwiseShape{ElementwiseKind::residual, 1, kStreamed, 1};
    const BoundKernel& bound = made_.kernels_[kernel];
    made_.calls_.push_back(
        {kernel, bytes, CallSize::own, {}, {bound.in_use.kernel, bound.facts, bytes}});
    if (!(made_.logits_ > 0)) return;
    // Logits to fp32, softmax, one draw: 18 bytes of each logit in eight kernels.
    constexpr double kBytes = 18;
    made_.sampling_ = prepared(
        kernel, ElementwiseShape{ElementwiseKind::softmax, 1, made_.logits_, kBytes, kSamplers},
        CallSize::batch);
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

}  // namespace ridgepoint::predict
