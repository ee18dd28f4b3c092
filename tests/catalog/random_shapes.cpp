// SPDX-License-Identifier: Apache-2.0
#include "catalog/random_shapes.hpp"

#include <array>
#include <string>

namespace ridgepoint::catalog {
namespace {

using namespace efficiency;  // NOLINT(google-build-using-namespace): its shapes, all of them

GemmShape any_gemm(double most_tokens, const Draw& draw) {
  return {.m = 4 * draw.whole(1, most_tokens / 4),
          .n = 16 * draw.whole(1, 16384),
          .k = 16 * draw.whole(1, 4096),
          .weights_stay_cached = draw.next() % 2 == 0};
}

AttentionShape any_attention(double most_tokens, bool is_prompt, const Draw& draw) {
  const double kv_heads = draw.one_of({1, 2, 4, 8, 16, 32});
  AttentionShape s{.batch = draw.whole(1, 1024),
                   .kv_heads = kv_heads,
                   .head_dim = draw.one_of({64, 80, 96, 128, 192, 256}),
                   .window = draw.one_of({0, 0, 0, 128, 512, 1024, 4096})};
  s.query_heads = kv_heads * draw.one_of({1, 2, 4, 8, 16});
  s.new_tokens = is_prompt ? draw.whole(1, most_tokens) : 1;
  s.context = is_prompt ? s.new_tokens + draw.one_of({0, 0, draw.whole(1, most_tokens)})
                        : draw.whole(1, most_tokens);
  return s;
}

LatentAttentionShape any_latent(double most_tokens, bool is_prompt, const Draw& draw) {
  LatentAttentionShape s{.batch = draw.whole(1, 1024),
                         .query_heads = draw.one_of({1, 2, 4, 8, 16, 32, 64, 128})};
  s.new_tokens = is_prompt ? draw.whole(1, most_tokens) : 1;
  s.context = is_prompt ? s.new_tokens : draw.whole(1, most_tokens);
  return s;
}

ExpertsShape any_experts(double most_tokens, const Draw& draw) {
  ExpertsShape s{.tokens = draw.whole(1, most_tokens),
                 .hidden = 256 * draw.whole(1, 32),
                 .intermediate = 128 * draw.whole(1, 128),
                 .experts_per_token = draw.whole(1, 8),
                 .experts = draw.one_of({8, 16, 60, 64, 128, 256, 384, 512}),
                 .tensor_parallel = draw.one_of({1, 1, 2, 4, 8}),
                 .expert_parallel = draw.one_of({1, 1, 2, 4})};
  s.matrices_up = draw.one_of({2, 2, 1});
  return s;
}

CollectiveKind kind_of(const KernelProfile& kernel) {
  const std::string& name = kernel.kernel;
  if (name.find("all_gather") != std::string::npos) return CollectiveKind::all_gather;
  if (name.find("reduce_scatter") != std::string::npos) return CollectiveKind::reduce_scatter;
  if (name.find("all_to_all") != std::string::npos) return CollectiveKind::all_to_all;
  if (name.find("send") != std::string::npos) return CollectiveKind::send;
  return CollectiveKind::all_reduce;
}

CollectiveShape any_collective(double most_bytes, const KernelProfile& kernel, const Draw& draw) {
  CollectiveShape s{.kind = kind_of(kernel),
                    .ranks = draw.one_of({2, 3, 4, 6, 8, 16, 64}),
                    .bytes = draw.whole(1, most_bytes)};
  if (kernel.kernel.find("network") != std::string::npos) s.per_node = 1;
  return s;
}

ElementwiseShape any_elementwise(double most_tokens, const Draw& draw) {
  return {.kind = ElementwiseKind::norm,
          .rows = draw.whole(1, most_tokens),
          .width = 16 * draw.whole(1, 2048),
          .bytes_per_element = draw.one_of({4, 6, 12}),
          .kernels = draw.one_of({1, 2})};
}

template <class S, double S::* kMember>
double value(const Shape& shape) {
  return std::get<S>(shape).*kMember;
}
template <class S, double S::* kMember>
void set(Shape& shape, double to) {
  std::get<S>(shape).*kMember = to;
}
template <class S, double S::* kMember>
constexpr Size size(const char* name) {
  return {name, value<S, kMember>, set<S, kMember>};
}

/// New tokens, behind the same prefix.
template <class S>
void set_prompt(Shape& shape, double to) {
  auto& s = std::get<S>(shape);
  s.context += to - s.new_tokens;
  s.new_tokens = to;
}
template <class S>
constexpr std::array kPrompt{size<S, &S::batch>("sequences"),
                             Size{"new tokens", value<S, &S::new_tokens>, set_prompt<S>}};
template <class S>
constexpr std::array kDecode{size<S, &S::batch>("sequences"), size<S, &S::context>("context")};

}  // namespace

Shape any_shape(const KernelProfile& kernel, double most_tokens, const Draw& draw) {
  switch (kernel.kind) {
    case OperatorClass::gemm:
      return any_gemm(most_tokens, draw);
    case OperatorClass::prefill_attention:
      return any_attention(most_tokens, true, draw);
    case OperatorClass::decode_attention:
      return any_attention(most_tokens, false, draw);
    case OperatorClass::latent_prefill:
      return any_latent(most_tokens, true, draw);
    case OperatorClass::latent_decode:
      return any_latent(most_tokens, false, draw);
    case OperatorClass::experts:
      return any_experts(most_tokens, draw);
    case OperatorClass::collective:
      return any_collective(4096 * most_tokens, kernel, draw);
    case OperatorClass::elementwise:
      break;
  }
  return any_elementwise(most_tokens, draw);
}

std::span<const Size> sizes(OperatorClass kind) {
  static constexpr std::array kGemm{size<GemmShape, &GemmShape::m>("tokens")};
  static constexpr std::array kExperts{size<ExpertsShape, &ExpertsShape::tokens>("tokens")};
  static constexpr std::array kCollective{size<CollectiveShape, &CollectiveShape::bytes>("bytes")};
  static constexpr std::array kElementwise{
      size<ElementwiseShape, &ElementwiseShape::rows>("tokens")};
  switch (kind) {
    case OperatorClass::gemm:
      return kGemm;
    case OperatorClass::prefill_attention:
      return kPrompt<AttentionShape>;
    case OperatorClass::decode_attention:
      return kDecode<AttentionShape>;
    case OperatorClass::latent_prefill:
      return kPrompt<LatentAttentionShape>;
    case OperatorClass::latent_decode:
      return kDecode<LatentAttentionShape>;
    case OperatorClass::experts:
      return kExperts;
    case OperatorClass::collective:
      return kCollective;
    case OperatorClass::elementwise:
      break;
  }
  return kElementwise;
}

}  // namespace ridgepoint::catalog
