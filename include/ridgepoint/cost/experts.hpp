// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

#include "ridgepoint/core/count.hpp"
#include "ridgepoint/cost/sink.hpp"

/// Mixture of experts. The router is a Matmul to E features, shared experts are ordinary MLPs; the
/// activation between an expert's matrices is Elementwise with k·F elements per token, the weighted
/// sum of its outputs with k·D elements read and D written.
namespace ridgepoint::cost {

namespace detail {

/// base^n from the lowest `Bits` bits of n by repeated squaring, without a branch or a call. Halves
/// are rounded to whole numbers by adding 1.5·2^52, which leaves no bits for a fraction.
template <int Bits>
RIDGEPOINT_FORMULA double power_of_bits(double base, double n) {
  if constexpr (Bits == 0) {
    return 1;
  } else {
    constexpr double kRound = 6755399441055744.0;
    const double half = (0.5 * n - 0.25 + kRound) - kRound;
    const double factor = n - 2 * half > 0.5 ? base : 1.0;
    return factor * power_of_bits<Bits - 1>(base * base, half);
  }
}

}  // namespace detail

/// base^exponent for 0 <= base <= 1 and a whole exponent: the same bits on every machine. From
/// 2^24 − 1 on the exponent stays there: below 1e-27 for every base up to 1 − 2^-18.
RIDGEPOINT_FORMULA double pow(double base, double exponent) {
  return detail::power_of_bits<24>(base, min(exponent, 16777215.0));
}

/// The expected number of distinct experts of n tokens: E·(1 − (1 − k/E)^n).
///   Assumes that each token chooses k distinct experts uniformly, tokens independently.
///   Requires k <= E, n >= 1 whole. In Expr a power with a symbolic exponent.
template <class N>
RIDGEPOINT_FORMULA N distinct_experts(const N& experts, const N& per_token, const N& tokens) {
  return experts * (1 - pow(N(1 - per_token / experts), tokens));
}

/// The same as a rational number: exact while E^n <= 2^20, else rounded to a multiple of 2^-20 (off
/// by half of that at most, a millionth of an expert).
inline Count distinct_experts(const Count& experts, const Count& per_token, const Count& tokens) {
  constexpr std::int64_t kGrid = std::int64_t{1} << 20;
  Count missed = 1;    // (1 − k/E)^n
  Count outcomes = 1;  // E^n, a multiple of the power's denominator
  for (Count n = 0; n < tokens; n += 1) {
    missed *= 1 - per_token / experts;
    outcomes *= experts;
    if (Count(kGrid) < outcomes) {
      const double value =
          distinct_experts(experts.to_double(), per_token.to_double(), tokens.to_double());
      return Count(std::llround(value * static_cast<double>(kGrid)), kGrid);
    }
  }
  return experts * (1 - missed);
}

/// One matrix of A experts on the rows that tokens send them.
template <class N>
struct GroupedMatmul {
  N k;             ///< input features
  N n;             ///< output features
  N experts_read;  ///< A, whose weights are read
  N per_token;     ///< experts that a token chooses
  N input_rows;    ///< rows of X per token: 1 where the experts gather from one, else per_token
  N weight_size;
  N activation_size;
  N bias{0};       ///< elements per expert: n, or 0
  N imbalance{1};  ///< rows of the busiest share ÷ mean
  N bias_size = weight_size;

  friend bool operator==(const GroupedMatmul&, const GroupedMatmul&) = default;
};

/// Y[p,n] = X[p,k] · W[expert of p] for p = B·T·per_token token–expert pairs.
///   FLOPs        2·p·k·n·imbalance
///   weights      A·(k·n·sizeof(W) + bias·sizeof(b)), those beyond the experts of one token as
///                extra weights
///   activations  B·T·input_rows·k·sizeof(X) + p·n·sizeof(Y), times imbalance
/// Assumes perfect on-chip reuse; with an imbalance the counts are those of the busiest share.
/// Requires A >= per_token, imbalance >= 1.
/// Source: Shazeer et al., arXiv:1701.06538; Gale et al., "MegaBlocks", arXiv:2211.15841.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const GroupedMatmul<N>& op, const Shape<N>& s, Sink& out) {
  const N tokens = s.new_tokens * op.imbalance;
  const N further = op.experts_read - op.per_token;
  out.read("X", Kind::activations, op.activation_size, s.batch, tokens, op.input_rows, op.k);
  out.read("W of one token's experts", Kind::weights, op.weight_size, op.per_token, op.k, op.n);
  out.read("b of one token's experts", Kind::weights, op.bias_size, op.per_token, op.bias);
  out.read("W of further experts", Kind::extra_weights, op.weight_size, further, op.k, op.n);
  out.read("b of further experts", Kind::extra_weights, op.bias_size, further, op.bias);
  out.compute("Y = X·W[expert]", 2 * s.batch * tokens * op.per_token * op.k * op.n);
  out.write("Y", Kind::activations, op.activation_size, s.batch, tokens, op.per_token, op.n);
}

/// One matrix of all routed experts of a layer: gate_up (n = 2·F) or down (k = F).
template <class N>
struct ExpertMatmul {
  N experts;     ///< E
  N per_token;   ///< k of the router
  N k;           ///< input features
  N n;           ///< output features
  N input_rows;  ///< rows of X per token: 1 for gate_up, per_token for down
  N weight_size;
  N activation_size;
  N bias{0};
  N imbalance{1};
  N bias_size = weight_size;
  N devices{1};   ///< that share the E experts between them
  N replicas{1};  ///< batches like this device's own whose tokens they take

  friend bool operator==(const ExpertMatmul&, const ExpertMatmul&) = default;
};

/// GroupedMatmul on this device's share of the expected number of distinct experts,
/// E·(1 − (1 − k/E)^(B·T·replicas)) / devices.
///   FLOPs, activations  as GroupedMatmul, for replicas·B·T tokens that each choose k / devices of
///                the experts here; a token comes once, or as often as it has experts here
///   weights      distinct·(k·n·sizeof(W) + bias·sizeof(b)); a bound from below counts one token's
/// Assumes uniform and independent choices. Requires per_token <= E.
/// Source: as GroupedMatmul; Jiang et al., "Mixtral of Experts", arXiv:2401.04088; spread over
/// devices: Lepikhin et al., "GShard", arXiv:2006.16668.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const ExpertMatmul<N>& op, const Shape<N>& s, Sink& out) {
  const Shape<N> all{s.batch * op.replicas, s.new_tokens, s.context};
  const N distinct = distinct_experts(op.experts, op.per_token, N(all.batch * s.new_tokens));
  const N here = op.per_token / op.devices;
  cost(GroupedMatmul<N>{op.k, op.n, distinct / op.devices, here, min(op.input_rows, here),
                        op.weight_size, op.activation_size, op.bias, op.imbalance, op.bias_size},
       all, out);
}

}  // namespace ridgepoint::cost
