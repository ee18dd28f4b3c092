// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ridgepoint/core/count.hpp"
#include "ridgepoint/core/data_type.hpp"
#include "ridgepoint/cost/attention_kinds.hpp"
#include "ridgepoint/cost/collective.hpp"
#include "ridgepoint/cost/elementwise.hpp"
#include "ridgepoint/cost/experts.hpp"
#include "ridgepoint/cost/latent.hpp"
#include "ridgepoint/cost/matmul.hpp"
#include "ridgepoint/cost/recurrent.hpp"

namespace ridgepoint::cost {

/// Every operator that a step of an engine may consist of.
template <class N>
using Operator =
    std::variant<Embedding<N>, Elementwise<N>, Matmul<N>, QkvProjection<N>, Attention<N>,
                 WindowAttention<N>, LmHead<N>, ChunkedAttention<N>, CrossAttention<N>,
                 CrossKvProjection<N>, EncoderAttention<N>, CacheProjection<N>, HeadwiseMatmul<N>,
                 LatentAttention<N>, LatentUpProjection<N>, ExpandedLatentAttention<N>,
                 SparseIndexer<N>, SparseLatentAttention<N>, CausalConv<N>, SelectiveScan<N>,
                 LinearAttention<N>, DeltaNet<N>, GatedRecurrence<N>, ExpertMatmul<N>, Sampling<N>,
                 SharedElementwise<N>, Collective<N>>;

/// Whether the cost of an operator hangs on the context; that of the others hangs on batch and new
/// tokens alone.
template <class Op>
constexpr bool reads_context() {
  return requires { requires Op::kReadsContext; };
}

/// Which of an engine's kernels does the work of an operator. Of ledgers it changes nothing.
enum class KernelRole {
  own,   ///< one of the operator's kind, for it alone
  norm,  ///< an element-wise operator's, by what it does
  rotary,
  activation,
  into_norm,   ///< a sum that the kernel of the next norm takes along
  experts,     ///< a part of the kernels that take rows through the experts, from choice to sum
  into_other,  ///< parameters that another kernel reads
};

/// `count` equal instances of one operator, under the name that engines give it.
template <class N>
struct StepOperator {
  std::string name;  ///< "qkv_proj", "attention", …
  N count;           ///< instances in the step, one per layer mostly
  DataType compute_type;
  Operator<N> op;
  KernelRole role = KernelRole::own;
  /// What kernels of its numbers are called: "bf16", "fp8_block", "int4_wo"; empty: compute_type.
  std::string_view number_format = {};
};

/// One pass through a model, in the order of execution.
template <class N>
using Step = std::vector<StepOperator<N>>;

/// The totals of one instance.
template <class N>
Totals<N> totals(const Operator<N>& op, const Shape<N>& shape) {
  return std::visit([&](const auto& one) { return totals(one, shape); }, op);
}

/// The entries of one instance.
template <class N>
std::vector<Entry<N>> ledger(const Operator<N>& op, const Shape<N>& shape) {
  return std::visit([&](const auto& one) { return ledger(one, shape); }, op);
}

/// The totals of all `count` instances.
template <class N>
Totals<N> totals(const StepOperator<N>& part, const Shape<N>& shape) {
  Totals<N> sum = totals(part.op, shape);
  sum.multiply(part.count);
  return sum;
}

// Every formula inlined into a visitor is slow to compile: once, in step.cpp, is enough.
extern template Totals<Count> totals(const Operator<Count>& op, const Shape<Count>& shape);
extern template std::vector<Entry<Count>> ledger(const Operator<Count>& op,
                                                 const Shape<Count>& shape);

}  // namespace ridgepoint::cost
