// SPDX-License-Identifier: Apache-2.0
#include "predict/kernel_call.hpp"

#include "predict/fused_calls.hpp"
#include "ridgepoint/hardware/device.hpp"

namespace ridgepoint::predict {

using cost::KernelRole;
using efficiency::OperatorClass;

namespace {

/// 0 where the operator keeps no cache.
double kv_size_of(const cost::Operator<double>& op) {
  return std::visit(
      [](const auto& one) -> double {
        if constexpr (requires { one.kv_size; }) return one.kv_size;
        return 0;
      },
      op);
}

bool is_latent_of_deepseek(double latent_dim, double rope_dim) {
  return latent_dim == 512 && rope_dim == 64;
}

/// Tells the class and the work of each kind of operator.
class CallOf {
 public:
  CallOf(const cost::StepOperator<double>& part, const StepPlan& plan,
         const hardware::Device& device)
      : part_(part), plan_(plan), device_(device) {}

  StepCall call() const { return std::visit(*this, part_.op); }

  StepCall operator()(const cost::Matmul<double>&) const { return matmul(OperatorClass::gemm); }
  StepCall operator()(const cost::LmHead<double>&) const { return matmul(OperatorClass::gemm); }
  StepCall operator()(const cost::QkvProjection<double>&) const {
    return matmul(OperatorClass::gemm);
  }
  StepCall operator()(const cost::CacheProjection<double>&) const {
    return matmul(OperatorClass::gemm);
  }
  StepCall operator()(const cost::HeadwiseMatmul<double>&) const {
    return matmul(OperatorClass::gemm);
  }
  StepCall operator()(const cost::LatentUpProjection<double>&) const {
    return matmul(OperatorClass::gemm);
  }
  StepCall operator()(const cost::CrossKvProjection<double>&) const {
    return matmul(OperatorClass::gemm);
  }
  StepCall operator()(const cost::ExpertMatmul<double>&) const {
    return matmul(OperatorClass::experts);
  }

  StepCall operator()(const cost::Attention<double>&) const { return attention(); }
  StepCall operator()(const cost::WindowAttention<double>&) const { return attention(); }
  StepCall operator()(const cost::ChunkedAttention<double>&) const { return attention(); }
  StepCall operator()(const cost::EncoderAttention<double>&) const { return attention(); }
  StepCall operator()(const cost::CrossAttention<double>&) const { return attention(); }
  StepCall operator()(const cost::LatentAttention<double>& op) const {
    if (!is_latent_of_deepseek(op.latent_dim, op.rope_dim)) return {};
    return cached(OperatorClass::latent_decode);
  }
  StepCall operator()(const cost::SparseLatentAttention<double>& op) const {
    if (!is_latent_of_deepseek(op.latent_dim, op.rope_dim)) return {};
    return cached(OperatorClass::latent_decode);
  }
  StepCall operator()(const cost::ExpandedLatentAttention<double>&) const {
    return cached(OperatorClass::latent_prefill);
  }

  StepCall operator()(const cost::Collective<double>& op) const {
    const bool is_send = op.kind == cost::CollectiveKind::send;
    const bool is_outside = device_.link && op.devices > device_.link->domain.value;
    StepCall made =
        other(OperatorClass::collective, is_send ? "send_recv" : std::string(cost::name(op.kind)));
    if (is_outside) {
      made.call.work += "_network";
      made.call.ranks_per_node = static_cast<double>(device_.link->domain.value);
    }
    return made;
  }
  StepCall operator()(const cost::Embedding<double>&) const {
    return other(OperatorClass::elementwise, "embedding");
  }
  StepCall operator()(const cost::SharedElementwise<double>& op) const { return (*this)(op.op); }
  StepCall operator()(const cost::Elementwise<double>& op) const {
    switch (part_.role) {
      case KernelRole::experts:
      case KernelRole::into_other:
        return {StepCall::How::elsewhere, {}, {}};
      case KernelRole::norm:
        return other(OperatorClass::elementwise,
                     op.parameters > op.elements_written ? "layernorm" : "rmsnorm");
      case KernelRole::rotary:
        if (plan_.phase == Phase::decode && fuses_rotary_into_cache_write(plan_.execution.engine)) {
          return {StepCall::How::elsewhere, {}};
        }
        return other(OperatorClass::elementwise, "rope");
      case KernelRole::activation:
        return other(OperatorClass::elementwise,
                     op.elements_read > op.elements_written ? "gated_activation" : "activation");
      case KernelRole::into_norm: {
        StepCall made = other(OperatorClass::elementwise, "rmsnorm");
        made.call.is_added_to_norm = true;
        return made;
      }
      case KernelRole::own:
        break;
    }
    return other(OperatorClass::elementwise, "add");
  }
  template <class Op>
  StepCall operator()(const Op&) const {
    return {};
  }

 private:
  std::string half() const { return std::string(name(plan_.execution.precision.activations)); }

  StepCall other(OperatorClass kind, std::string work) const {
    StepCall made{StepCall::How::kernel, {}, {}};
    made.call.kind = kind;
    made.call.work = std::move(work);
    made.call.compute = half();
    made.call.peak = plan_.execution.precision.activations;
    made.call.op = part_.op;
    return made;
  }

  /// Numbers that the device cannot multiply are only stored so: it expands them to 16 bits.
  StepCall matmul(OperatorClass kind) const {
    StepCall made = other(kind, "");
    KernelCall& call = made.call;
    call.compute = part_.number_format.empty() ? name(part_.compute_type) : part_.number_format;
    if (call.compute == "w4a16_mxfp4" && kind == OperatorClass::experts &&
        plan_.execution.engine.kind == Engine::Kind::tensorrt_llm) {
      const auto fp4 = hardware::dense_peak(device_, DataType::fp4);
      if (fp4 && !fp4->fell_back()) {
        call.compute = "w4a8_mxfp4_mxfp8";
        call.peak = DataType::fp8;
        return made;
      }
    }
    const bool is_weight_only = call.compute.ends_with("_wo") || call.compute.starts_with("w4a16");
    const auto peak = hardware::dense_peak(device_, part_.compute_type);
    if (is_weight_only || !peak) return made;
    if (!peak->fell_back()) {
      call.peak = part_.compute_type;
    } else if (call.compute.starts_with("fp8")) {
      call.compute = "fp8_wo";
    } else if (call.compute == "int8") {
      call.compute = "int8_wo";
    } else if (call.compute == "nvfp4") {
      call.compute = "w4a16_nvfp4";
    }
    return made;
  }

  StepCall attention() const {
    return cached(plan_.phase == Phase::decode ? OperatorClass::decode_attention
                                               : OperatorClass::prefill_attention);
  }
  StepCall cached(OperatorClass kind) const {
    StepCall made = other(kind, "");
    const DataType cache = plan_.execution.precision.kv_cache;
    const bool is_narrow =
        kv_size_of(part_.op) > 0 && cache != plan_.execution.precision.activations;
    made.call.cache = is_narrow ? std::string(name(cache)) : half();
    return made;
  }

  const cost::StepOperator<double>& part_;
  const StepPlan& plan_;
  const hardware::Device& device_;
};
}  // namespace

std::vector<StepCall> kernel_calls(const cost::Step<double>& step, const StepPlan& plan,
                                   const hardware::Device& device) {
  std::vector<StepCall> calls;
  calls.reserve(step.size());
  for (const cost::StepOperator<double>& part : step) {
    calls.push_back(CallOf(part, plan, device).call());
  }
  fuse_calls(step, plan, device, calls);
  return calls;
}

}  // namespace ridgepoint::predict
