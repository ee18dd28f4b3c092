// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "predict/step_builder.hpp"

/// The operators of multi-head latent attention, and of DeepSeek's sparse attention on top of it.
namespace ridgepoint::predict {

template <class N>
struct LatentSizes {
  N heads;      ///< N
  N latent;     ///< C
  N nope;       ///< P
  N rope;       ///< r
  N value_dim;  ///< H_v
  N query_rank;

  LatentSizes(const StepBuilder<N>& step, const model::LatentAttention& mla)
      : heads(step.size("N", mla.num_attention_heads, "num_attention_heads")),
        latent(step.size("C", mla.kv_lora_rank, "kv_lora_rank")),
        nope(step.size("P", mla.qk_nope_head_dim, "qk_nope_head_dim")),
        rope(step.size("r", mla.qk_rope_head_dim, "qk_rope_head_dim")),
        value_dim(step.size("H_v", mla.v_head_dim, "v_head_dim")),
        query_rank(step.size("Q", mla.q_lora_rank, "q_lora_rank")) {}

  N queries() const { return heads * (nope + rope); }
};

template <class N>
void add_latent_norm(StepBuilder<N>& step, const char* name, const N& width) {
  step.add_elementwise(name, width, width, width, cost::KernelRole::norm);
}

template <class N>
void add_latent_projections(StepBuilder<N>& step, const model::LatentAttention& mla,
                            const LatentSizes<N>& sizes) {
  if (mla.q_lora_rank > 0) {
    step.add_linear("q_a_proj", {"self_attn.q_a_proj"}, step.hidden(), sizes.query_rank,
                    mla.has_bias);
    add_latent_norm(step, "q_a_layernorm", sizes.query_rank);
    step.add_linear("q_b_proj", {"self_attn.q_b_proj"}, sizes.query_rank, sizes.queries());
  } else {
    step.add_linear("q_proj", {"self_attn.q_proj"}, step.hidden(), sizes.queries());
  }
  const N cached = sizes.latent + sizes.rope;
  step.add_matmul("kv_a_proj_with_mqa", {"self_attn.kv_a_proj_with_mqa"}, [&](const N& weight) {
    return cost::CacheProjection<N>{step.hidden(),     cached,    weight,
                                    step.activation(), step.kv(), mla.has_bias ? cached : N(0),
                                    step.stored()};
  });
  add_latent_norm(step, "kv_a_layernorm", sizes.latent);
  step.add("rotary_emb", cost::rotary(sizes.heads, N(1), sizes.rope, step.sizes()),
           cost::KernelRole::rotary);
}

/// Scores every token of the context for every query and keeps the best.
template <class N>
void add_indexer(StepBuilder<N>& step, const model::LatentAttention& mla,
                 const LatentSizes<N>& sizes) {
  const model::Indexer& indexer = *mla.indexer;
  const N heads = step.size("h_i", indexer.num_heads, "index_n_heads");
  const N width = step.size("H_i", indexer.head_dim, "index_head_dim");
  const N top_k = step.size("k_i", indexer.top_k, "index_topk");
  const N from = mla.q_lora_rank > 0 ? sizes.query_rank : step.hidden();
  step.add_linear("indexer_q_proj", {"self_attn.indexer.wq_b"}, from, heads * width);
  step.add_matmul("indexer_k_proj", {"self_attn.indexer.wk"}, [&](const N& weight) {
    return cost::CacheProjection<N>{step.hidden(),     width,     weight,
                                    step.activation(), step.kv(), N(0)};
  });
  step.add_elementwise("indexer_k_norm", width, width, 2 * width, cost::KernelRole::norm);
  step.add_linear("indexer_weights_proj", {"self_attn.indexer.weights_proj"}, step.hidden(), heads);
  const N position_size(4);
  step.add_attention("indexer", cost::SparseIndexer<N>{heads, width, top_k, step.activation(),
                                                       step.kv(), position_size});
}

/// Keys and values of every head, from the latents of the whole context.
template <class N>
void add_expanded(StepBuilder<N>& step, const LatentSizes<N>& sizes) {
  const auto& [heads, latent, nope, rope, value_dim, query_rank] = sizes;
  step.add_matmul("kv_b_proj", {"self_attn.kv_b_proj"}, [&](const N& weight) {
    return cost::LatentUpProjection<N>{sizes.heads, sizes.latent,      sizes.nope, sizes.value_dim,
                                       weight,      step.activation(), step.kv()};
  });
  step.add_attention("attention", cost::ExpandedLatentAttention<N>{heads, nope, rope, value_dim,
                                                                   step.activation(), step.kv()});
}

/// Every head attends to the latents themselves; kv_b works on queries and outputs instead.
template <class N>
void add_absorbed(StepBuilder<N>& step, const model::LatentAttention& mla,
                  const LatentSizes<N>& sizes) {
  const auto headwise = [&](const char* name, const N& from, const N& to) {
    step.add_matmul(name, {"self_attn.kv_b_proj"}, [&](const N& weight) {
      return cost::HeadwiseMatmul<N>{sizes.heads, from, to, weight, step.activation()};
    });
  };
  headwise("q_absorb_proj", sizes.nope, sizes.latent);
  if (mla.indexer) {
    const N top_k = step.size("k_i", mla.indexer->top_k, "index_topk");
    step.add_attention("sparse_attention",
                       cost::SparseLatentAttention<N>{sizes.heads, sizes.latent, sizes.rope, top_k,
                                                      step.activation(), step.kv()});
  } else {
    step.add_attention("attention",
                       cost::LatentAttention<N>{sizes.heads, sizes.latent, sizes.rope,
                                                step.activation(), step.kv(), cost::Pairs::causal});
  }
  headwise("v_up_proj", sizes.latent, sizes.value_dim);
}

template <class N>
void add_mixer(StepBuilder<N>& step, const model::LatentAttention& mla) {
  const LatentSizes<N> sizes(step, mla);
  add_latent_projections(step, mla, sizes);
  if (mla.indexer) add_indexer(step, mla, sizes);
  if (step.is_prefill() && !mla.indexer) {
    add_expanded(step, sizes);
  } else {
    add_absorbed(step, mla, sizes);
  }
  step.add_linear("o_proj", {"self_attn.o_proj"}, sizes.heads * sizes.value_dim, step.hidden(),
                  mla.has_bias);
}

}  // namespace ridgepoint::predict
