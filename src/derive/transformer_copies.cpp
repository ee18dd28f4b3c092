// SPDX-License-Identifier: Apache-2.0
#include "derive/draft.hpp"
#include "derive/lecture_model.hpp"
#include "derive/sections.hpp"

namespace ridgepoint::derive {

using symbolic::Expr;
using symbolic::Relation;

/// M copies of the model on M devices.
Result<Section> derive_transformer_copies(const Context& context) {
  const LectureModel& model = context.model();
  const Symbols& s = context.symbols;
  const Expr copies = Expr::symbol("M");
  Draft draft(context, "transformer_copies", "M copies of the model on M devices");
  draft->notes = {"Each copy has a device, its parameters and B sequences of its own.",
                  "Sharding is the model split over the M devices instead: parameters read once, "
                  "the network free."};
  draft.repeat_generation_step();  // M times
  draft->flops = copies * draft.flops();
  draft->bytes = copies * model.memory;
  const Expr latency = draft.bytes() / (copies * s.bandwidth);
  const Expr throughput = copies * s.batch / latency;
  const Expr sharded = model.transformer.latency(copies * s.batch, s.context, copies * s.bandwidth);
  draft.formula("latency of M copies", latency, "s");
  draft.formula("throughput of M copies", throughput, "tokens/s");
  draft.formula("latency sharded, the same M*B sequences", sharded, "s");
  draft.formula("bytes that M copies read", draft.bytes(), "bytes");
  draft.main_limit("latency sharded", sharded, to_infinity("M"), "M large: only the cache is left");
  draft.claim({.text = "latency of M copies = latency of one",
               .meaning = "the same latency",
               .left = latency,
               .right = model.latency});
  draft.claim({.text = "throughput of M copies = M × throughput of one",
               .meaning = "M times the throughput",
               .left = throughput,
               .right = copies * model.throughput});
  draft.claim({.text = "latency sharded < latency of M copies for M >= 2",
               .meaning = "sharding also cuts latency: each device reads 1/M of the weights",
               .left = sharded,
               .relation = Relation::less,
               .right = latency,
               .bounds = {{"M", 2}}});
  return std::move(draft).finish();
}

}  // namespace ridgepoint::derive
