// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ridgepoint/core/count.hpp"
#include "ridgepoint/core/quantity.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/cost/sink.hpp"
#include "ridgepoint/hardware/device.hpp"
#include "ridgepoint/model/architecture.hpp"
#include "ridgepoint/predict/build_step.hpp"
#include "ridgepoint/predict/expected.hpp"
#include "ridgepoint/roofline/operator_time.hpp"
#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::predict {

/// What a mixed step does of one prompt: `tokens` new ones of it, the last of which is its
/// `context`-th.
struct PromptChunk {
  std::int64_t tokens = 512;
  std::int64_t context = 512;
};

/// The question: one model on one device, a batch of sequences of one length.
struct Workload {
  std::vector<Phase> phases{Phase::prefill, Phase::decode};
  std::int64_t batch = 1;
  std::int64_t context = 1024;
  Precision precision;
  Count expert_imbalance = 1;  ///< rows of the busiest expert ÷ mean
  /// The step is that of one device, its batch that of one replica; in a pipeline a micro-batch.
  Parallelism parallelism = {};
  std::optional<std::int64_t> stage = {};  ///< of the pipeline, from 0; empty: the slowest
  PromptChunk chunk = {};                  ///< of a mixed step
  Engine engine = {};
  /// Of the device, for expected times; none: floor and bound alone.
  std::shared_ptr<const efficiency::Calibration> calibration = {};
};

/// The stage of a pipeline that is looked at.
struct StageInUse {
  std::int64_t index = 0;   ///< from 0
  std::int64_t layers = 0;  ///< of the model; all of them where there is one stage
  /// No stage takes longer for the last of the phases asked for: it sets the pace.
  bool is_slowest = true;
};

/// From which batch on something is compute-bound.
struct Crossover {
  enum class When { always, from_batch, never };
  When when = When::never;
  std::int64_t batch = 0;  ///< the first whole batch on the compute side; 1 when always, 0 if never
  double exact = 0;        ///< the root before rounding up; 0 if never. Experts: `batch` itself
};

/// One line of an operator's formula: in the letters of the architecture, and with numbers put in.
struct FormulaLine {
  cost::Entry<symbolic::Expr> entry;
  Count value;  ///< of one instance: FLOPs for a computation, bytes for a move
};

/// What the instances of one operator are expected to take on a server.
struct OperatorExpectation {
  efficiency::Expected time;  ///< 0 where another operator's kernel takes it along
  /// What runs it: "gemm bf16", "in experts_gate_up_proj", "in the all-reduce before", "with the
  /// next norm", "not measured".
  std::string kernel;
  std::string source;  ///< the kernel's evidence; empty where it is another's
  double bound_s = 0;  ///< of all that the kernel does; 0 where it is another's
  double flops = 0;    ///< likewise

  /// How much of the time the bound is; 0 where another's kernel takes it along.
  double efficiency() const { return time.seconds > 0 ? bound_s / time.seconds : 0; }
};

/// One kind of operator in a step; counts and time are totals over its `count` instances.
struct OperatorAnalysis {
  std::string name;
  Phase phase = Phase::decode;  ///< of its step
  Phase part = Phase::decode;   ///< the same; in a mixed step the only part that has it, if one
  std::int64_t count = 0;
  DataType compute_type = DataType::bf16;  ///< whose peak it runs at (after any fallback)
  Count flops;
  Count weight_bytes;
  Count activation_bytes;
  Count kv_bytes;
  Count state_bytes;                ///< of recurrent layers
  Count network_bytes;              ///< payload of a collective; not among bytes()
  std::string exchange;             ///< of a collective: its fastest algorithm, over which links
  double arithmetic_intensity = 0;  ///< FLOP/byte; 0 for element-wise operators
  double ridge_point = 0;           ///< FLOP/byte, at its compute type
  roofline::Bound bound = roofline::Bound::memory_bound;
  double time_s = 0;
  double share = 0;        ///< of the step's bound, 0 … 1
  double utilisation = 0;  ///< min(1, intensity ÷ ridge): of the compute units, while it runs
  std::optional<Crossover> crossover;           ///< none in a mixed step
  std::vector<FormulaLine> formula;             ///< of one instance
  std::optional<OperatorExpectation> expected;  ///< none without a calibration

  Count bytes() const { return weight_bytes + activation_bytes + kv_bytes + state_bytes; }
};

/// What a part of a mixed step would take as a step of its own.
struct PartTime {
  Phase phase = Phase::decode;
  double bound_s = 0;
};

/// One step: its operators, floor and bound.
struct StepAnalysis {
  Phase phase = Phase::decode;
  std::vector<OperatorAnalysis> operators;  ///< in the order of execution
  Count flops;
  Count bytes;
  Count compulsory_bytes;  ///< weights once, KV cache and state read and written
  double floor_s = 0;
  double bound_s = 0;
  std::optional<ExpectedTime> expected;  ///< of a server; none without a calibration
  double compute_s = 0;                  ///< of the floor: Σ FLOPs ÷ peak
  double compulsory_memory_s = 0;        ///< of the floor: compulsory bytes ÷ bandwidth
  double network_s = 0;                  ///< of the floor: collectives over the links
  Count network_bytes;                   ///< payload of all collectives
  double prompt_tokens_per_s = 0;        ///< of all replicas at the bound: read, not generated
  double tokens_per_s = 0;               ///< likewise: generated
  roofline::Bound limit = roofline::Bound::memory_bound;  ///< the largest part of the floor
  std::optional<Crossover> crossover;                     ///< of the floor; none of a mixed step
  std::vector<PartTime> parts;                            ///< of a mixed step
};

/// The memory of one device, in bytes.
struct MemoryUse {
  static constexpr std::int64_t kUnbounded = std::numeric_limits<std::int64_t>::max();

  Count weights;
  Count state_per_sequence;        ///< of recurrent layers
  Count kv_cache_per_sequence;     ///< state and the keys of an indexer included
  std::int64_t micro_batches = 1;  ///< under way at once: one on each stage of a pipeline
  Count chunk_cache;               ///< of the prompt that a mixed step works on
  Count kv_cache;                  ///< of the whole batch and the prompt, in all micro-batches
  std::int64_t capacity = 0;
  bool fits = false;
  std::int64_t max_batch = 0;  ///< largest batch that fits; kUnbounded where sequences keep nothing

  Count total() const { return weights + kv_cache; }
};

/// A step at one batch size: decode, or an encoder's prefill; none where only a mixed step is asked
/// for.
struct BatchPoint {
  std::int64_t batch = 0;
  double floor_s = 0;
  double bound_s = 0;
  std::optional<efficiency::Expected> expected;  ///< none without a calibration
  double tokens_per_s = 0;                       ///< at the bound
  bool fits = false;

  /// 0 without a calibration.
  double expected_tokens_per_s() const {
    return expected ? tokens_per_s * bound_s / expected->seconds : 0;
  }
};

/// The answer.
struct Analysis {
  model::Architecture architecture;
  hardware::Device device;
  Workload workload;
  StageInUse stage;
  std::vector<hardware::PeakInUse> peaks;  ///< one for each compute type in use: the roofs
  std::vector<StepAnalysis> steps;         ///< one for each phase asked for
  MemoryUse memory;
  std::vector<Letter> letters;           ///< of the formulas, B and S apart
  std::vector<BatchPoint> batch_curve;   ///< powers of two to past the memory wall, and the wall
  std::vector<std::string> assumptions;  ///< made for the user, as sentences
};

/// Analyses each phase that the model has. Errors: a count above 2^63 − 1, a compute type without a
/// peak, a link or network whose rate is not known, an illegal split, a stage that the pipeline has
/// not, only phases asked for that the model has not.
Result<Analysis> analyse(const model::Architecture& architecture, const hardware::Device& device,
                         const Workload& workload);

}  // namespace ridgepoint::predict
