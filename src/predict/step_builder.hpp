// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "predict/step_plan.hpp"
#include "ridgepoint/hardware/device.hpp"

namespace ridgepoint::predict {

/// N(value), exactly.
template <class N>
N scalar_of(const Count& value) {
  const auto fraction = value.to_fraction();
  return fraction ? N(fraction->numerator) / N(fraction->denominator) : N(0);
}

/// Collects the operators of one step in the order of execution. The functions add_* of the files
/// beside this one call it, one for each kind of layer.
template <class N>
class StepBuilder {
 public:
  using Paths = std::initializer_list<std::string_view>;

  StepBuilder(const StepPlan& plan, Naming<N> naming)
      : plan_(plan),
        naming_(std::move(naming)),
        hidden_(size("D", plan.architecture().hidden_size, "hidden_size")),
        vocabulary_(size("V", plan.architecture().vocab_size, "vocab_size")),
        stored_(cost::scalar<N>(byte_size(plan.architecture().dtype))),
        activation_(cost::scalar<N>(byte_size(precision().activations))),
        kv_(cost::scalar<N>(byte_size(precision().kv_cache))) {}

  const model::Architecture& architecture() const { return plan_.architecture(); }
  const Parallelism& parallelism() const { return plan_.parallelism(); }
  bool is_prefill() const { return plan_.phase == Phase::prefill; }
  const Precision& precision() const { return plan_.execution.precision; }
  std::optional<std::int64_t> source_tokens() const { return plan_.execution.source_tokens; }
  N expert_imbalance() const { return scalar_of<N>(plan_.execution.expert_imbalance); }

  N size(std::string_view letter, std::int64_t value, const char* meaning) const {
    return value == 0 ? N(0) : naming_(letter, value, meaning);
  }
  const N& hidden() const { return hidden_; }          ///< D
  const N& vocabulary() const { return vocabulary_; }  ///< V
  const N& activation() const { return activation_; }  ///< bytes per activation
  const N& kv() const { return kv_; }                  ///< bytes per cached element
  const N& stored() const { return stored_; }          ///< bytes per weight that is never quantised
  N state() const { return N(4); }                     ///< fp32
  N last_input() const { return N(2); }                ///< bf16: what a convolution keeps
  cost::Sizes<N> sizes() const { return {stored_, activation_}; }

  /// The operators that follow are part of every layer of this run; of the model itself for −1.
  void enter(std::int64_t run) { run_ = run; }
  /// Goes before the names of the operators that follow: two stacks have layers of the same names.
  void set_prefix(std::string prefix) { prefix_ = std::move(prefix); }

  /// An operator that multiplies no weights.
  void add(const std::string& name, cost::Operator<N> op,
           cost::KernelRole role = cost::KernelRole::own) {
    push({name, layers(), precision().activations, std::move(op), role});
  }
  /// Attention runs at the activation type unless its cache is fp8.
  void add_attention(const std::string& name, cost::Operator<N> op) {
    const bool is_fp8 = precision().kv_cache == DataType::fp8;
    push({name, layers(), is_fp8 ? DataType::fp8 : precision().activations, std::move(op)});
  }
  /// A matmul of the tensors at `paths`; make(bytes per weight) gives the operator. Layers that
  /// store them in another way are an operator of their own.
  template <class Make>
  void add_matmul(const std::string& name, Paths paths, Make make) {
    for (const model::StoredTensor& way : stored(paths)) {
      const DataType type = hardware::compute_type(way.type, precision().activations);
      push({name, layers(way.layers), type, make(scalar_of<N>(way.element)), cost::KernelRole::own,
            way.number_format});
    }
  }
  /// Y = X·W between k and n features.
  void add_linear(const std::string& name, Paths paths, const N& k, const N& n,
                  bool has_bias = false) {
    add_matmul(name, paths, [&](const N& weight) {
      return cost::Matmul<N>{k, n, weight, activation_, has_bias ? n : N(0), stored_};
    });
  }
  /// Between the tensor-parallel matrices: on this device's share of the tokens, if it has one.
  void add_between(const std::string& name, const cost::Elementwise<N>& op, cost::KernelRole role) {
    const std::int64_t shares = token_shares(parallelism());
    if (shares == 1) return add(name, op, role);
    add(name, cost::SharedElementwise<N>{op, size("t", shares, "devices that share the tokens")},
        role);
  }
  /// A norm of `width` elements with the weights that the model's norms have.
  void add_norm(const std::string& name, const N& width) {
    const model::Norm& norm = architecture().norm;
    const N scales = norm.has_weight ? width : N(0);
    add_between(name, cost::norm(width, norm.has_bias ? N(2 * width) : scales, sizes()),
                cost::KernelRole::norm);
  }
  /// The sum of the residual stream and a part's output.
  void add_residual(const std::string& name) {
    add_between(name, cost::residual(hidden_, sizes()), cost::KernelRole::into_norm);
  }
  /// Nothing where no other device takes part.
  void add_collective(const std::string& name, cost::CollectiveKind kind, std::int64_t devices,
                      const N& width, bool of_sequences = false) {
    if (devices < 2) return;
    add(name, cost::Collective<N>{kind, devices, width, activation_, of_sequences});
  }
  /// The sum over tensor-parallel devices of what each has made of `width` features of each token:
  /// of all tokens, or of those that a device works on between the matrices.
  void add_sum(const std::string& part, const N& width) {
    const bool scatters = parallelism().sequence;
    add_collective(
        part + (scatters ? "_reduce_scatter" : "_all_reduce"),
        scatters ? cost::CollectiveKind::reduce_scatter : cost::CollectiveKind::all_reduce,
        parallelism().tensor, width);
  }
  void add_sum(const std::string& part) { add_sum(part, hidden_); }
  /// Of a norm over heads that devices share out: the sums of squares of queries and of keys.
  void add_norm_sums(const std::string& name) {
    const std::int64_t devices = parallelism().tensor;
    if (devices < 2) return;
    add(name, cost::Collective<N>{cost::CollectiveKind::all_reduce, devices, N(2), N(4)});
  }
  /// All tokens for the matrices that follow, where a device has a share of them.
  void add_gather(const std::string& part) {
    if (!parallelism().sequence) return;
    add_collective(part + "_all_gather", cost::CollectiveKind::all_gather, parallelism().tensor,
                   hidden_);
  }
  /// Each device of a stage hands its part of the residual stream to the next stage.
  void add_stage_send() {
    const std::int64_t tensor = parallelism().tensor;
    add("stage_send", cost::Collective<N>{cost::CollectiveKind::send, tensor, hidden_ / N(tensor),
                                          activation_, false, plan_.share.stage * tensor});
  }
  /// Reads and writes so many elements for each token.
  void add_elementwise(const std::string& name, const N& read, const N& written,
                       const N& parameters = N(0), cost::KernelRole role = cost::KernelRole::own) {
    add(name, cost::Elementwise<N>{read, written, parameters, stored_, activation_}, role);
  }

  cost::Step<N> take() && { return std::move(step_); }

 private:
  std::int64_t run_layers() const {
    return run_ < 0 ? 1 : architecture().runs[static_cast<std::size_t>(run_)].count;
  }
  N layers(std::int64_t count) const { return run_ < 0 ? N(count) : size("L", count, "layers"); }
  N layers() const { return layers(run_layers()); }

  /// Matrices inside layers take the type that was asked for, if any; the rest is as stored.
  std::vector<model::StoredTensor> stored(Paths paths) const {
    std::vector<model::StoredTensor> ways = plan_.storage.of(run_, paths);
    if (run_ < 0 || !precision().weights || !plan_.storage.are_matrices(run_, paths)) return ways;
    const ByteSize element = byte_size(*precision().weights);
    return {{run_layers(), Count(element.numerator, element.denominator), *precision().weights,
             model::number_format(*precision().weights)}};
  }

  /// Equal operators of several runs are one line.
  void push(cost::StepOperator<N> part) {
    part.name = prefix_ + part.name;
    for (cost::StepOperator<N>& known : step_) {
      const bool is_same = known.name == part.name && known.compute_type == part.compute_type &&
                           known.role == part.role && known.number_format == part.number_format &&
                           known.op == part.op;
      if (!is_same) continue;
      known.count += part.count;
      return;
    }
    step_.push_back(std::move(part));
  }

  const StepPlan& plan_;
  Naming<N> naming_;
  N hidden_;
  N vocabulary_;
  N stored_;
  N activation_;
  N kv_;
  std::int64_t run_ = -1;
  std::string prefix_;
  cost::Step<N> step_;
};

}  // namespace ridgepoint::predict
