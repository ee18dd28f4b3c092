// SPDX-License-Identifier: Apache-2.0
#include "score/measured_step.hpp"

#include <algorithm>

#include "ridgepoint/calibrate/fit.hpp"

namespace ridgepoint::score {

using calibrate::Measurement;

namespace {

constexpr double kSixteenBits = 2;

double bytes_of(DataType type) { return cost::scalar<double>(byte_size(type)); }

/// Of a weight: what the name of a kernel's type says of it.
double weight_bytes(const Measurement& row, DataType computed_in) {
  if (row.compute == "int4_wo") return bytes_of(DataType::int4);
  if (row.compute == "w4a16_mxfp4" || row.compute == "w4a8_mxfp4_mxfp8") {
    return bytes_of(DataType::mxfp4);
  }
  return bytes_of(computed_in);
}

/// Of an activation: layers of narrow weights pass 16 bits on, as whole models are counted.
double activation_bytes(DataType computed_in) {
  return std::max(kSixteenBits, bytes_of(computed_in));
}

double cache_bytes(const Measurement& row, DataType computed_in) {
  const auto type = data_type_from_name(row.cache);
  return type ? bytes_of(*type) : activation_bytes(computed_in);
}

/// The operators of one row, by its shape.
struct StepMaker {
  const Measurement& row;
  DataType type;

  MeasuredStep operator()(const efficiency::GemmShape& s) const {
    return one(cost::Matmul<double>{s.k, s.n, weights(), activations()}, {s.m, 1, 1});
  }

  MeasuredStep operator()(const efficiency::AttentionShape& s) const {
    const cost::Shape<double> shape{s.batch, s.new_tokens, s.context};
    const double cache = cache_bytes(row, type);
    if (s.window > 0) {
      return one(cost::WindowAttention<double>{s.query_heads, s.kv_heads, s.head_dim, activations(),
                                               cache, s.window},
                 shape);
    }
    return one(cost::Attention<double>{s.query_heads, s.kv_heads, s.head_dim, activations(), cache},
               shape);
  }

  MeasuredStep operator()(const efficiency::LatentAttentionShape& s) const {
    constexpr double kLatent = 512;
    constexpr double kRope = 64;
    constexpr double kHead = 128;
    const cost::Shape<double> shape{s.batch, s.new_tokens, s.context};
    const double cache = cache_bytes(row, type);
    if (row.kind == efficiency::OperatorClass::latent_prefill) {
      return one(cost::ExpandedLatentAttention<double>{s.query_heads, kHead, kRope, kHead,
                                                       activations(), cache},
                 shape);
    }
    return one(cost::LatentAttention<double>{s.query_heads, kLatent, kRope, activations(), cache,
                                             cost::Pairs::causal},
               shape);
  }

  MeasuredStep operator()(const efficiency::ExpertsShape& s) const {
    const double inner = s.intermediate / s.tensor_parallel;
    MeasuredStep out = one(experts(s, s.hidden, s.matrices_up * inner, 1), {s.tokens, 1, 1});
    out.step.push_back({"down", 1, type, experts(s, inner, s.hidden, s.experts_per_token)});
    return out;
  }

  MeasuredStep operator()(const efficiency::CollectiveShape& s) const {
    const auto kind = kind_of(s.kind);
    const auto ranks = static_cast<std::int64_t>(s.ranks);
    const std::int64_t devices = kind == cost::CollectiveKind::send ? ranks - 1 : ranks;
    return one(cost::Collective<double>{kind, devices, s.bytes, 1}, {1, 1, 1});
  }

  MeasuredStep operator()(const efficiency::ElementwiseShape& s) const {
    MeasuredStep out = one(elementwise(s), {s.rows, 1, 1});
    out.step.front().count = s.kernels;
    return out;
  }

 private:
  cost::Operator<double> elementwise(const efficiency::ElementwiseShape& s) const {
    const cost::Sizes<double> sizes{weights(), activations()};
    constexpr double kReadAndWritten = 4;
    switch (s.kind) {
      case efficiency::ElementwiseKind::norm:
        return cost::norm(s.width, s.width, sizes);
      case efficiency::ElementwiseKind::activation:
        return s.bytes_per_element > kReadAndWritten ? cost::gated_activation(s.width, sizes)
                                                     : cost::plain_activation(s.width, sizes);
      case efficiency::ElementwiseKind::residual:
        return cost::residual(s.width, sizes);
      case efficiency::ElementwiseKind::embedding:
        return cost::Embedding<double>{s.width, sizes.weight, sizes.activation};
      case efficiency::ElementwiseKind::rotary:
      case efficiency::ElementwiseKind::softmax:
        break;
    }
    return cost::Elementwise<double>{s.width, s.width, 0, sizes.weight, sizes.activation};
  }

  double weights() const { return weight_bytes(row, type); }
  double activations() const { return activation_bytes(type); }

  MeasuredStep one(const cost::Operator<double>& op, const cost::Shape<double>& shape) const {
    return {{{row.op, 1, type, op}}, shape};
  }

  cost::ExpertMatmul<double> experts(const efficiency::ExpertsShape& s, double k, double n,
                                     double input_rows) const {
    return {.experts = s.experts,
            .per_token = s.experts_per_token,
            .k = k,
            .n = n,
            .input_rows = input_rows,
            .weight_size = weights(),
            .activation_size = activations(),
            .devices = s.expert_parallel};
  }

  static cost::CollectiveKind kind_of(efficiency::CollectiveKind kind) {
    switch (kind) {
      case efficiency::CollectiveKind::all_reduce:
        return cost::CollectiveKind::all_reduce;
      case efficiency::CollectiveKind::all_gather:
        return cost::CollectiveKind::all_gather;
      case efficiency::CollectiveKind::reduce_scatter:
        return cost::CollectiveKind::reduce_scatter;
      case efficiency::CollectiveKind::all_to_all:
        return cost::CollectiveKind::all_to_all;
      case efficiency::CollectiveKind::send:
        break;
    }
    return cost::CollectiveKind::send;
  }
};

}  // namespace

Result<MeasuredStep> measured_step(const Measurement& row) {
  const auto type = calibrate::compute_type_of(row.compute, row.where);
  if (!type) return fail(type.error());
  return std::visit(StepMaker{row, *type}, row.shape);
}

Result<hardware::Device> as_laid_out(const hardware::Device& device, const Measurement& row) {
  hardware::Device out = device;
  const auto* shape = std::get_if<efficiency::CollectiveShape>(&row.shape);
  if (shape == nullptr || shape->per_node < 1 || !out.link) return out;
  auto& domain = out.link->domain.value;
  if (shape->per_node > 1) {
    domain = std::min(domain, static_cast<std::int64_t>(shape->per_node));
    return out;
  }
  if (!device.network_bandwidth) {
    return fail(device.name, "its network bandwidth to other domains is not known",
                "give it in a device file: network_bandwidth");
  }
  // No two share a node: the network is what links them.
  out.link->bandwidth_per_direction = *device.network_bandwidth;
  out.link->topology = std::nullopt;
  out.link->in_switch_reduction = std::nullopt;
  domain = static_cast<std::int64_t>(shape->ranks);
  return out;
}

}  // namespace ridgepoint::score
