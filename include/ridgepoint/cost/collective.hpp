// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "ridgepoint/cost/sink.hpp"

namespace ridgepoint::cost {

/// What devices do with their parts of a tensor; the words of MPI and NCCL.
enum class CollectiveKind {
  all_reduce,      ///< each ends with the sum of all
  all_gather,      ///< each ends with all parts
  reduce_scatter,  ///< each ends with its part of the sum of all
  all_to_all,      ///< each sends every other a part of its own
  send,            ///< one hands its tensor to the next
};
constexpr std::string_view name(CollectiveKind kind) {
  switch (kind) {
    case CollectiveKind::all_reduce:
      return "all_reduce";
    case CollectiveKind::all_gather:
      return "all_gather";
    case CollectiveKind::reduce_scatter:
      return "reduce_scatter";
    case CollectiveKind::all_to_all:
      return "all_to_all";
    case CollectiveKind::send:
      break;
  }
  return "send";
}

/// An exchange between the devices that share a model.
template <class N>
struct Collective {
  CollectiveKind kind;
  std::int64_t devices;  ///< that take part, 2 at least; of a send how far it goes
  N width;               ///< elements per token; of all parts together in an all-gather
  N element_size;
  bool of_sequences = false;  ///< one row for each sequence (logits), not for each token
  std::int64_t sender = 0;    ///< of a send, among all devices; `devices` further is the receiver

  friend bool operator==(const Collective&, const Collective&) = default;
};

/// The payload of B·T·width elements (B·width of sequences): the tensor that is summed, gathered,
/// dealt out or handed on, whatever the algorithm sends over the links to do it.
///   network  B·T·width·sizeof
/// Assumes that what it reads and writes of device memory is hidden behind the links.
/// Source: Thakur, Rabenseifner, Gropp, "Optimization of Collective Communication Operations in
/// MPICH", 2005: costs are multiples of the payload.
template <class N, class Sink>
RIDGEPOINT_FORMULA void cost(const Collective<N>& op, const Shape<N>& s, Sink& out) {
  const N tokens = op.of_sequences ? N(1) : s.new_tokens;
  out.write("payload", Kind::network, op.element_size, s.batch, tokens, op.width);
}

}  // namespace ridgepoint::cost
