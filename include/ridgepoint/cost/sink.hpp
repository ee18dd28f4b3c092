// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "ridgepoint/cost/formula.hpp"

namespace ridgepoint::cost {

/// What the bytes of a ledger entry belong to.
enum class Kind {
  weights,
  activations,
  kv_cache,
  state,          ///< of recurrent layers: constant per sequence, read and written by every step
  extra_weights,  ///< of experts beyond the ones that a single token needs
  network,        ///< what devices exchange; it moves through links, not through device memory
};

enum class Action { read, compute, write };

/// One line of an audit: "read X (B×T×D)", "compute Y = X·W", "write Y (B×T×F)".
template <class N>
struct Entry {
  Action action;
  std::string_view what;  ///< the tensor, or the computation
  Kind kind;              ///< of the bytes; activations for a computation
  std::vector<N> shape;   ///< of the tensor, in elements; empty for a computation
  N flops;
  N bytes;
};

/// FLOPs and bytes by kind.
template <class N>
struct Totals {
  N flops{0};
  N weight_bytes{0};  ///< the extra ones included
  N activation_bytes{0};
  N kv_bytes{0};
  N state_bytes{0};
  N extra_weight_bytes{0};  ///< a part of weight_bytes that no bound from below may count
  N network_bytes{0};       ///< payload exchanged with other devices

  /// Everything that moves through device memory.
  RIDGEPOINT_FORMULA N bytes() const {
    return weight_bytes + activation_bytes + kv_bytes + state_bytes;
  }
  /// What moves however well operators are fused: weights, KV cache and state.
  RIDGEPOINT_FORMULA N compulsory_bytes() const {
    return weight_bytes - extra_weight_bytes + kv_bytes + state_bytes;
  }

  RIDGEPOINT_FORMULA void add(Kind kind, const N& more) {
    if (kind == Kind::weights || kind == Kind::extra_weights) weight_bytes += more;
    if (kind == Kind::extra_weights) extra_weight_bytes += more;
    if (kind == Kind::activations) activation_bytes += more;
    if (kind == Kind::kv_cache) kv_bytes += more;
    if (kind == Kind::state) state_bytes += more;
    if (kind == Kind::network) network_bytes += more;
  }
  /// `count` equal instances.
  RIDGEPOINT_FORMULA void multiply(const N& count) {
    flops *= count;
    weight_bytes *= count;
    activation_bytes *= count;
    kv_bytes *= count;
    state_bytes *= count;
    extra_weight_bytes *= count;
    network_bytes *= count;
  }
};

/// The sink that only adds: words and shapes vanish at compile time.
///
/// A sink has three members that formulas call:
///   read(tensor, kind, bytes per element, dimensions...)   moves a tensor from device memory
///   write(tensor, kind, bytes per element, dimensions...)  moves a tensor to device memory
///   compute(what, flops)
template <class N>
class SumSink {
 public:
  template <class... Dims>
  RIDGEPOINT_FORMULA void read(std::string_view, Kind kind, const N& size, const Dims&... dims) {
    totals_.add(kind, (size * ... * dims));
  }
  template <class... Dims>
  RIDGEPOINT_FORMULA void write(std::string_view, Kind kind, const N& size, const Dims&... dims) {
    totals_.add(kind, (size * ... * dims));
  }
  RIDGEPOINT_FORMULA void compute(std::string_view, const N& flops) { totals_.flops += flops; }

  RIDGEPOINT_FORMULA const Totals<N>& totals() const { return totals_; }

 private:
  Totals<N> totals_;
};

/// The sink that keeps every entry, for derivations and explanations.
template <class N>
class LedgerSink {
 public:
  template <class... Dims>
  void read(std::string_view tensor, Kind kind, const N& size, const Dims&... dims) {
    move(Action::read, tensor, kind, size, {dims...});
  }
  template <class... Dims>
  void write(std::string_view tensor, Kind kind, const N& size, const Dims&... dims) {
    move(Action::write, tensor, kind, size, {dims...});
  }
  void compute(std::string_view what, const N& flops) {
    entries_.push_back({Action::compute, what, Kind::activations, {}, flops, N(0)});
  }

  const std::vector<Entry<N>>& entries() const { return entries_; }
  std::vector<Entry<N>> take() && { return std::move(entries_); }

 private:
  void move(Action action, std::string_view tensor, Kind kind, const N& size,
            std::initializer_list<N> shape) {
    N bytes = size;
    for (const N& extent : shape) bytes *= extent;
    entries_.push_back({action, tensor, kind, shape, N(0), bytes});
  }

  std::vector<Entry<N>> entries_;
};

/// Tells the entries of one operator on one shape to a sink. Every operator overloads it.
template <class Op, class N, class Sink>
void cost(const Op& op, const Shape<N>& shape, Sink& out) = delete;

/// The totals of one operator on one shape.
template <class Op, class N>
RIDGEPOINT_FORMULA Totals<N> totals(const Op& op, const Shape<N>& shape) {
  SumSink<N> sink;
  cost(op, shape, sink);
  return sink.totals();
}

/// The entries of one operator on one shape.
template <class Op, class N>
std::vector<Entry<N>> ledger(const Op& op, const Shape<N>& shape) {
  LedgerSink<N> sink;
  cost(op, shape, sink);
  return std::move(sink).take();
}

}  // namespace ridgepoint::cost
