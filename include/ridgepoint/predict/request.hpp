// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/count.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/hardware/device.hpp"
#include "ridgepoint/model/architecture.hpp"
#include "ridgepoint/predict/build_step.hpp"
#include "ridgepoint/predict/expected.hpp"
#include "ridgepoint/predict/memory_fit.hpp"
#include "ridgepoint/predict/reading.hpp"
#include "ridgepoint/predict/request_rate.hpp"
#include "ridgepoint/predict/speculative_decoding.hpp"
#include "ridgepoint/roofline/time_parts.hpp"

namespace ridgepoint::predict {

/// Prefill and decode on devices of their own: so many instances of each, all split alike.
struct Disaggregation {
  std::int64_t prefill_instances = 1;
  std::int64_t decode_instances = 1;
};
inline constexpr std::int64_t kMostInstances = 1'000'000;

/// A batch of equal requests, served together.
struct RequestQuestion {
  std::int64_t input = 1024;            ///< prompt tokens of each
  std::int64_t output = 128;            ///< answer tokens of each
  std::int64_t batch = 1;               ///< requests at a time, on each replica
  std::optional<std::int64_t> context;  ///< of the step that TPOT is; empty: input + output/2
  std::int64_t max_num_batched_tokens = 8192;
  Count prefix_hit_rate = 0;  ///< the share of a prompt whose keys and values are cached; below 1
  Execution execution;        ///< of one instance
  MemoryLimits memory = {};
  std::optional<Disaggregation> disaggregation = {};
  SpeculativeDecoding speculation = {};

  /// Tokens of a prompt that are found in the cache.
  std::int64_t cached_input() const;
};

/// The context of the decode step that TPOT is: of an encoder–decoder the decoder's own.
std::int64_t decode_context(const model::Architecture& architecture,
                            const RequestQuestion& question);

/// Whether memory holds the batch: sequences of its whole length, behind what they share.
FitQuestion memory_question(const model::Architecture& architecture,
                            const RequestQuestion& question);

/// What is expected of a server, by calibrated kernels.
struct ExpectedRequest {
  RequestTimes times;
  RequestTimes fast;  ///< where TTFT and TPOT are at the lower edges of their bands
  RequestTimes slow;  ///< … at the upper ones
  ExpectedTime ttft;
  ExpectedTime tpot;
};

/// What a step waits for most, and what it would wait for next.
struct Limit {
  roofline::Bound by = roofline::Bound::memory_bound;
  roofline::Bound next = roofline::Bound::compute_bound;
  double next_share = 0;  ///< time of the next ÷ time of the first, of the floor
};

/// Continuous batching once it runs evenly: every step decodes for all sequences and does as much
/// of new prompts as finished ones leave room for.
struct SteadyState {
  double decodes = 0;              ///< sequences that get a token in a step, on each replica
  double prompt_tokens = 0;        ///< of new prompts in a step
  bool is_memory_limited = false;  ///< memory holds fewer sequences than asked
  bool is_prompt_limited = false;  ///< the token budget of a step holds fewer decodes than asked
  RequestTimes floor;              ///< ttft_s here: the steps that a prompt takes, without a queue
  RequestTimes bound;
  /// Of a closed loop: prompts are prefilled whole, or in the largest chunks, between decodes; the
  /// mean over tokens. None without a calibration.
  std::optional<ExpectedRequest> expected;
};

/// How a cache gets from a prefill to a decode device.
enum class TransferRoute { link, network };
constexpr std::string_view name(TransferRoute route) {
  return route == TransferRoute::link ? "link" : "network";
}

enum class DisaggregationLimit { prefill, decode, transfer };
constexpr std::string_view name(DisaggregationLimit limit) {
  if (limit == DisaggregationLimit::prefill) return "prefill";
  return limit == DisaggregationLimit::decode ? "decode" : "transfer";
}

/// Requests a second that each part of a disaggregated deployment can take once it runs evenly.
struct DisaggregatedReading {
  double prefill_per_s = 0;  ///< in steps that max_num_batched_tokens fills with prompts
  double decode_per_s = 0;
  double transfer_per_s = 0;
  RequestTimes times;  ///< ttft_s of a prompt alone, without a queue; the rest at requests_per_s

  double requests_per_s() const;  ///< the least of the three
  DisaggregationLimit limited_by() const;
};

/// What the memory of one replica holds beside the weights and the activations of a step.
struct InstanceMemory {
  double sequences = 0;  ///< that it works on at once
  double most = 0;       ///< that find room
  bool fits = false;
};

/// What is expected of instances side by side.
struct ExpectedDisaggregation {
  DisaggregatedReading reading;  ///< the transfer after prefill, at the link's full bandwidth
  ExpectedRequest request;       ///< its `times` are those of `reading`
};

struct Disaggregated {
  std::int64_t devices = 0;  ///< of all instances
  Count kv_transfer_bytes;   ///< KV cache, index keys and state of a prompt, each once
  double kv_transfer_s = 0;
  TransferRoute transfer_over = TransferRoute::network;
  DisaggregatedReading floor;                      ///< the transfer beside prefill
  DisaggregatedReading bound;                      ///< the transfer after it
  std::optional<ExpectedDisaggregation> expected;  ///< none without a calibration
  Limit ttft_limit;
  roofline::TimeParts ttft_parts;  ///< their sum is bound.times.ttft_s
  InstanceMemory prefill_memory;   ///< prompts of a step
  InstanceMemory decode_memory;    ///< sequences of the batch, prompt and answer
};

/// How many decode instances keep up with one of prefill.
double balanced_decode_instances_per_prefill(const DisaggregatedReading& reading,
                                             const Disaggregation& split);

/// What TPOT is made of where tokens are proposed: (propose + check) ÷ tokens, of the bound.
struct SpeculationRound {
  double tokens = 1;     ///< expected of a check, of each sequence
  double propose_s = 0;  ///< k steps of the draft, or the heads once
  double check_s = 0;    ///< one step of the model on k + 1 tokens of each sequence
};

struct Estimate {
  model::Architecture architecture;
  hardware::Device device;
  RequestQuestion question;
  std::int64_t decode_context = 0;  ///< of the step that tpot is
  RequestTimes floor;
  RequestTimes bound;
  std::optional<ExpectedRequest> expected;  ///< none without a calibration
  std::vector<ExpectedSource> sources;      ///< of expected, the largest share of TPOT first
  Limit ttft_limit;
  Limit tpot_limit;
  roofline::TimeParts ttft_parts;  ///< for what the bound of TTFT waits: their sum is bound.ttft_s
  roofline::TimeParts tpot_parts;  ///< likewise
  std::optional<SpeculationRound> speculation;  ///< none where no tokens are proposed
  bool has_encoder = false;                     ///< then its prompts cannot be cut
  SteadyState steady;                           ///< where has_steady_state
  std::optional<Disaggregated> disaggregated;   ///< if asked for
  bool fits = false;          ///< weights, activations and the KV cache of the batch
  double most_sequences = 0;  ///< of that length, on each replica
  std::vector<std::string> assumptions;

  /// An encoder has none, and of speculation none is told.
  bool has_steady_state() const { return !has_encoder && !speculation; }
};

/// Of the static batch. REQUIRES: a calibration for expected times.
const RequestTimes& times_of(const Estimate& answer, Reading reading);

/// TTFT, TPOT and what follows from them; with speculation no expected times, of which calibrated
/// kernels do not speak. Errors: an illegal split, a rate that is not known, a
/// model that generates nothing, a count above 2^63 − 1.
Result<Estimate> estimate(const model::Architecture& architecture, const hardware::Device& device,
                          const RequestQuestion& question);

/// The same of the static batch alone: no steady state, no instances apart, no sources and no
/// assumptions, in a fraction of the time.
Result<Estimate> estimate_static(const model::Architecture& architecture,
                                 const hardware::Device& device, const RequestQuestion& question);

}  // namespace ridgepoint::predict
