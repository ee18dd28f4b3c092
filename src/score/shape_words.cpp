// SPDX-License-Identifier: Apache-2.0
#include "score/shape_words.hpp"

#include <fmt/format.h>

namespace ridgepoint::score {
namespace {

struct Words {
  std::string operator()(const efficiency::GemmShape& s) const {
    return fmt::format("m={:g} n={:g} k={:g}", s.m, s.n, s.k);
  }
  std::string operator()(const efficiency::AttentionShape& s) const {
    return fmt::format("batch={:g} q_len={:g} kv_len={:g} heads={:g} kv_heads={:g} head_dim={:g}{}",
                       s.batch, s.new_tokens, s.context, s.query_heads, s.kv_heads, s.head_dim,
                       s.window > 0 ? fmt::format(" window={:g}", s.window) : "");
  }
  std::string operator()(const efficiency::LatentAttentionShape& s) const {
    return fmt::format("batch={:g} q_len={:g} kv_len={:g} heads={:g}", s.batch, s.new_tokens,
                       s.context, s.query_heads);
  }
  std::string operator()(const efficiency::ExpertsShape& s) const {
    return fmt::format("m={:g} k={:g} n={:g} topk={:g} experts={:g} moe_tp={:g} moe_ep={:g}{}",
                       s.tokens, s.hidden, s.intermediate, s.experts_per_token, s.experts,
                       s.tensor_parallel, s.expert_parallel,
                       s.skew > 0 ? fmt::format(" power_law_{:g}", s.skew) : "");
  }
  std::string operator()(const efficiency::CollectiveShape& s) const {
    return fmt::format("ranks={:g} msg_bytes={:g}{}", s.ranks, s.bytes,
                       s.per_node > 0 ? fmt::format(" per_node={:g}", s.per_node) : "");
  }
  std::string operator()(const efficiency::ElementwiseShape& s) const {
    return fmt::format("m={:g} n={:g}", s.rows, s.width);
  }
};

}  // namespace

std::string describe(const efficiency::Shape& shape) { return std::visit(Words{}, shape); }

}  // namespace ridgepoint::score
