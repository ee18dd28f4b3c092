// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "ridgepoint/cost/step.hpp"

/// One operator on several parts of a step at once: a chunk of a prompt, and the decodes beside it.
namespace ridgepoint::cost {

/// The tokens of all parts.
template <class N>
N tokens_of(std::span<const Shape<N>> parts) {
  N tokens(0);
  for (const Shape<N>& part : parts) tokens += part.batch * part.new_tokens;
  return tokens;
}

/// FLOPs, activations, KV cache, state and payload are the sums over the parts; weights are read
/// once, and how many of them depends on nothing but the number of tokens (experts: the distinct
/// ones of all tokens together). Tokens that devices share out are shared out together.
template <class N>
Totals<N> totals(const Operator<N>& op, std::span<const Shape<N>> parts) {
  const Totals<N> at_once = totals(op, Shape<N>{tokens_of(parts), N(1), N(1)});
  if (std::holds_alternative<SharedElementwise<N>>(op)) return at_once;
  Totals<N> sum;
  for (const Shape<N>& part : parts) {
    const Totals<N> one = totals(op, part);
    sum.flops += one.flops;
    sum.activation_bytes += one.activation_bytes;
    sum.kv_bytes += one.kv_bytes;
    sum.state_bytes += one.state_bytes;
    sum.network_bytes += one.network_bytes;
  }
  sum.weight_bytes = at_once.weight_bytes;
  sum.extra_weight_bytes = at_once.extra_weight_bytes;
  return sum;
}

/// The same line by line. A tensor that all tokens share has the extents of all of them; where the
/// parts differ (attention) the line has no extents, only the sum.
template <class N>
std::vector<Entry<N>> ledger(const Operator<N>& op, std::span<const Shape<N>> parts) {
  if (parts.size() == 1) return ledger(op, parts[0]);
  std::vector<Entry<N>> lines = ledger(op, Shape<N>{tokens_of(parts), N(1), N(1)});
  if (std::holds_alternative<SharedElementwise<N>>(op)) return lines;
  std::vector<Entry<N>> sums = ledger(op, parts[0]);
  for (const Shape<N>& part : parts.subspan(1)) {
    const std::vector<Entry<N>> more = ledger(op, part);
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i].flops += more[i].flops;
      sums[i].bytes += more[i].bytes;
    }
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool is_weight = lines[i].kind == Kind::weights || lines[i].kind == Kind::extra_weights;
    const bool is_sum = lines[i].flops == sums[i].flops && lines[i].bytes == sums[i].bytes;
    if (is_weight || is_sum) continue;
    lines[i] = sums[i];
    lines[i].shape.clear();
  }
  return lines;
}

}  // namespace ridgepoint::cost
