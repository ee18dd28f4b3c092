// SPDX-License-Identifier: Apache-2.0
#include "predict/kernel_call.hpp"

#include <algorithm>
#include <cmath>

#include "ridgepoint/hardware/device.hpp"

namespace ridgepoint::predict {

using cost::KernelRole;
using efficiency::AttentionShape;
using efficiency::CollectiveKind;
using efficiency::CollectiveShape;
using efficiency::ElementwiseKind;
using efficiency::ElementwiseShape;
using efficiency::ExpertsShape;
using efficiency::GemmShape;
using efficiency::LatentAttentionShape;
using efficiency::OperatorClass;
using efficiency::Shape;

namespace {

/// The shape of the kernel that runs an operator; of kinds without a form not called.
class ShapeOf {
 public:
  ShapeOf(const KernelCall& call, const CallPoint& at) : call_(call), at_(at) {}

  Shape operator()(const cost::Matmul<double>& op) const {
    return matmul(at_.tokens, op.n + call_.more_columns, op.k);
  }
  Shape operator()(const cost::LmHead<double>& op) const {
    return GemmShape{at_.sequences, op.vocabulary, op.hidden};
  }
  Shape operator()(const cost::QkvProjection<double>& op) const {
    const double values = op.has_values ? op.kv_heads * op.value_dim : 0;
    const double outputs =
        op.query_heads * op.head_dim + op.gate_width + op.kv_heads * op.head_dim + values;
    return matmul(at_.tokens, outputs, op.hidden);
  }
  Shape operator()(const cost::CacheProjection<double>& op) const {
    return matmul(at_.tokens, op.width, op.hidden);
  }
  /// As many columns as all heads have: the same weights and arithmetic.
  Shape operator()(const cost::HeadwiseMatmul<double>& op) const {
    return GemmShape{at_.tokens, op.heads * op.n, op.k};
  }
  Shape operator()(const cost::LatentUpProjection<double>& op) const {
    return GemmShape{at_.shape.batch * at_.shape.context,
                     op.query_heads * (op.nope_dim + op.value_dim), op.latent_dim};
  }
  Shape operator()(const cost::CrossKvProjection<double>& op) const {
    return GemmShape{at_.sequences * op.source_tokens, 2 * op.kv_heads * op.head_dim, op.hidden};
  }

  Shape operator()(const cost::Attention<double>& op) const {
    const double mean_dim = (op.head_dim + op.value_dim) / 2;
    AttentionShape shape = attention(op.query_heads, op.kv_heads, mean_dim);
    if (op.pairs == cost::Pairs::full && shape.new_tokens > 1) see_all(shape);
    return shape;
  }
  Shape operator()(const cost::WindowAttention<double>& op) const {
    AttentionShape shape = attention(op.query_heads, op.kv_heads, (op.head_dim + op.value_dim) / 2);
    shape.window = op.window;
    return shape;
  }
  /// Chunks are sequences of their own; a decode sees the last one so far.
  Shape operator()(const cost::ChunkedAttention<double>& op) const {
    AttentionShape shape = attention(op.query_heads, op.kv_heads, (op.head_dim + op.value_dim) / 2);
    const double chunks = std::ceil(shape.new_tokens / op.chunk);
    shape.batch *= chunks;
    shape.new_tokens /= chunks;
    const double before = std::ceil((shape.context - shape.new_tokens * chunks + 1) / op.chunk) - 1;
    shape.context =
        std::max(shape.new_tokens, std::min(shape.context - before * op.chunk, op.chunk));
    return shape;
  }
  Shape operator()(const cost::EncoderAttention<double>& op) const {
    AttentionShape shape = attention(op.query_heads, op.kv_heads, op.head_dim);
    shape.context = shape.new_tokens;
    if (op.is_local) {
      shape.window = 2 * op.reach - 1;
    } else if (shape.new_tokens > 1) {
      see_all(shape);
    }
    return shape;
  }
  Shape operator()(const cost::CrossAttention<double>& op) const {
    AttentionShape shape = attention(op.query_heads, op.kv_heads, op.head_dim);
    shape.context = std::max(op.source_tokens, shape.new_tokens);
    return shape;
  }
  Shape operator()(const cost::LatentAttention<double>& op) const {
    return latent(op.query_heads, at_.shape.context);
  }
  Shape operator()(const cost::ExpandedLatentAttention<double>& op) const {
    return latent(op.query_heads, at_.shape.context);
  }
  Shape operator()(const cost::SparseLatentAttention<double>& op) const {
    return latent(op.query_heads, std::min(at_.shape.context, op.top_k));
  }

  /// With an imbalance as many tokens more as the busiest share has rows more.
  Shape operator()(const cost::ExpertMatmul<double>& op) const {
    ExpertsShape shape;
    shape.tokens = at_.tokens * op.replicas * op.imbalance;
    shape.hidden = op.k;
    shape.intermediate = op.n / call_.matrices_up;
    shape.experts_per_token = op.per_token;
    shape.experts = op.experts;
    shape.expert_parallel = op.devices;
    shape.matrices_up = call_.matrices_up;
    return shape;
  }

  Shape operator()(const cost::Collective<double>& op) const {
    const double rows = op.of_sequences ? at_.sequences : at_.tokens;
    CollectiveShape shape;
    shape.kind = static_cast<CollectiveKind>(op.kind);
    shape.ranks = op.kind == cost::CollectiveKind::send ? 2 : static_cast<double>(op.devices);
    shape.bytes = rows * op.width * op.element_size;
    shape.per_node = call_.ranks_per_node;
    return shape;
  }

  Shape operator()(const cost::Embedding<double>& op) const {
    return elementwise(ElementwiseKind::embedding, op.hidden, at_.tokens,
                       op.weight_size + op.activation_size);
  }
  Shape operator()(const cost::Elementwise<double>& op) const {
    return elementwise(op, at_.tokens);
  }
  Shape operator()(const cost::SharedElementwise<double>& op) const {
    return elementwise(op.op, std::ceil(at_.tokens / op.devices));
  }
  template <class Op>
  Shape operator()(const Op&) const {
    return GemmShape{};
  }

 private:
  GemmShape matmul(double m, double n, double k) const {
    return {m, n, k, false, call_.input_is_quantised};
  }
  AttentionShape attention(double query_heads, double kv_heads, double head_dim) const {
    return {at_.shape.batch, at_.shape.new_tokens, at_.shape.context, query_heads, kv_heads,
            head_dim};
  }
  /// As many pairs as if every query saw every key: those of a causal mask whose end lies half of
  /// the new tokens further on.
  static void see_all(AttentionShape& shape) { shape.context += shape.new_tokens / 2; }

  LatentAttentionShape latent(double query_heads, double context) const {
    return {at_.shape.batch, at_.shape.new_tokens, std::max(context, at_.shape.new_tokens),
            query_heads};
  }

  static ElementwiseShape elementwise(ElementwiseKind kind, double width, double rows,
                                      double bytes) {
    return {kind, std::max(rows, 1.0), std::max(width, 1.0), bytes};
  }
  ElementwiseShape elementwise(const cost::Elementwise<double>& op, double rows) const {
    const double width = std::max(op.elements_written, 1.0);
    const double bytes = (op.elements_read + op.elements_written) * op.activation_size / width;
    const ElementwiseKind kind = call_.work == "rope"           ? ElementwiseKind::rotary
                                 : call_.work.ends_with("norm") ? ElementwiseKind::norm
                                 : call_.work == "add"          ? ElementwiseKind::residual
                                                                : ElementwiseKind::activation;
    return elementwise(kind, width, rows, bytes);
  }

  const KernelCall& call_;
  const CallPoint& at_;
};

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

/// The second matrix of the experts runs within the kernel of the first, which learns from it how
/// many matrices go up.
void join_experts(const cost::Step<double>& step, std::vector<StepCall>& calls) {
  StepCall* first = nullptr;
  std::string name;
  double outputs = 0;
  for (std::size_t i = 0; i < step.size(); ++i) {
    const auto* matmul = std::get_if<cost::ExpertMatmul<double>>(&step[i].op);
    if (matmul == nullptr) continue;
    if (first == nullptr) {
      first = &calls[i];
      name = step[i].name;
      outputs = matmul->n;
      continue;
    }
    first->call.matrices_up = std::max(1.0, std::round(outputs / matmul->k));
    calls[i] = {StepCall::How::elsewhere, {}, name};
    first = nullptr;
  }
}

/// The choice of experts, their activation and the sum of their outputs run in the same kernels.
void name_experts(const cost::Step<double>& step, std::vector<StepCall>& calls) {
  const auto experts = std::find_if(step.begin(), step.end(), [](const auto& part) {
    return std::holds_alternative<cost::ExpertMatmul<double>>(part.op);
  });
  if (experts == step.end()) return;
  for (std::size_t i = 0; i < step.size(); ++i) {
    if (step[i].role == KernelRole::experts) calls[i].within = experts->name;
  }
}

/// Engines project to the latents of queries and of keys and values in one matmul.
void join_latents(const cost::Step<double>& step, std::vector<StepCall>& calls) {
  for (std::size_t i = 0; i < step.size(); ++i) {
    const auto* latent = std::get_if<cost::CacheProjection<double>>(&step[i].op);
    if (latent == nullptr) continue;
    for (std::size_t j = 0; j < i; ++j) {
      const auto* query = std::get_if<cost::Matmul<double>>(&step[j].op);
      const bool is_beside = query != nullptr && step[j].name.ends_with("q_a_proj") &&
                             step[j].count == step[i].count && query->k == latent->hidden &&
                             calls[j].call.more_columns == 0 &&
                             calls[j].call.compute == calls[i].call.compute;
      if (!is_beside || !step[i].name.ends_with("kv_a_proj_with_mqa")) continue;
      calls[j].call.more_columns = latent->width;
      calls[i] = {StepCall::How::elsewhere, {}};
      break;
    }
  }
}

bool is_normed(const cost::StepOperator<double>& part, double hidden) {
  if (part.role != KernelRole::norm && part.role != KernelRole::into_norm) return false;
  const auto* op = std::get_if<cost::Elementwise<double>>(&part.op);
  return op != nullptr && op->elements_written == hidden;
}

/// Each all-reduce of the residual stream takes the sum and the norm behind it along.
void join_norms(const cost::Step<double>& step, const StepPlan& plan,
                const hardware::Device& device, std::vector<StepCall>& calls) {
  const auto hidden = static_cast<double>(plan.architecture().hidden_size);
  const auto ranks = static_cast<double>(plan.parallelism().tensor);
  const auto facts = efficiency::device_facts(device, DataType::bf16);
  const double generation = facts ? facts->link_generation : 0;
  const double limit = fused_norm_bytes(plan.execution.engine, generation, ranks);
  double reduced = 0;
  double norms = 0;
  for (const cost::StepOperator<double>& part : step) {
    const auto* sum = std::get_if<cost::Collective<double>>(&part.op);
    const bool is_reduced =
        sum != nullptr && sum->kind == cost::CollectiveKind::all_reduce && sum->width == hidden;
    if (is_reduced) reduced += part.count;
    if (is_normed(part, hidden) && part.role == KernelRole::norm) norms += part.count;
  }
  if (!(limit > 0) || !(reduced > 0)) return;
  for (std::size_t i = 0; i < step.size(); ++i) {
    if (!is_normed(step[i], hidden)) continue;
    calls[i].share_in_all_reduce = std::min(1.0, reduced / std::max(norms, 1.0));
    calls[i].all_reduce_bytes = limit;
  }
}

/// A matmul behind a norm or an activation function finds its input quantised.
void find_quantised(const cost::Step<double>& step, const Engine& engine,
                    std::vector<StepCall>& calls) {
  if (!quantises_early(engine)) return;
  for (std::size_t i = 1; i < step.size(); ++i) {
    const KernelRole before = step[i - 1].role;
    calls[i].call.input_is_quantised =
        before == KernelRole::norm || before == KernelRole::activation;
  }
}

}  // namespace

bool KernelCall::is_of_sequences() const {
  const bool is_up_projection = std::holds_alternative<cost::LatentUpProjection<double>>(op) ||
                                std::holds_alternative<cost::CrossKvProjection<double>>(op);
  return is_up_projection || kind == OperatorClass::prefill_attention ||
         kind == OperatorClass::decode_attention || kind == OperatorClass::latent_prefill ||
         kind == OperatorClass::latent_decode;
}

Shape KernelCall::shape(const CallPoint& point) const {
  return std::visit(ShapeOf(*this, point), op);
}

std::vector<StepCall> kernel_calls(const cost::Step<double>& step, const StepPlan& plan,
                                   const hardware::Device& device) {
  std::vector<StepCall> calls;
  calls.reserve(step.size());
  for (const cost::StepOperator<double>& part : step) {
    calls.push_back(CallOf(part, plan, device).call());
  }
  join_experts(step, calls);
  name_experts(step, calls);
  join_latents(step, calls);
  join_norms(step, plan, device, calls);
  find_quantised(step, plan.execution.engine, calls);
  return calls;
}

}  // namespace ridgepoint::predict
