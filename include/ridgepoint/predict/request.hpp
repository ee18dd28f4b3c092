// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ridgepoint/core/count.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/hardware/device.hpp"
#include "ridgepoint/model/architecture.hpp"
#include "ridgepoint/predict/build_step.hpp"
#include "ridgepoint/roofline/time_parts.hpp"

namespace ridgepoint::predict {

/// A batch of equal requests, served together.
struct RequestQuestion {
  std::int64_t input = 1024;            ///< prompt tokens of each
  std::int64_t output = 128;            ///< answer tokens of each
  std::int64_t batch = 1;               ///< requests at a time, on each replica
  std::optional<std::int64_t> context;  ///< of the step that TPOT is; empty: input + output/2
  std::int64_t max_num_batched_tokens = 8192;
  Execution execution;
};

/// What a request takes, by one reading of the times of its steps.
struct RequestTimes {
  double ttft_s = 0;                   ///< all prompts of the batch to their first tokens
  double tpot_s = 0;                   ///< a decode step at the mean context
  double e2el_s = 0;                   ///< ttft + (output − 1)·tpot
  double throughput_tokens_per_s = 0;  ///< output tokens of all replicas
  double per_user_tokens_per_s = 0;    ///< 1 / tpot
  double per_device_tokens_per_s = 0;
  double mfu = 0;                      ///< Σ(FLOPs ÷ peak) ÷ time, over the request
  double mbu = 0;                      ///< compulsory bytes ÷ (time × bandwidth)
  double energy_j_per_token = 0;       ///< at the power limit; 0 where it is not known
  double cost_per_million_tokens = 0;  ///< in dollars; 0 where the price is not known
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
};

struct Estimate {
  model::Architecture architecture;
  hardware::Device device;
  RequestQuestion question;
  std::int64_t decode_context = 0;  ///< of the step that tpot is
  RequestTimes floor;
  RequestTimes bound;
  Limit ttft_limit;
  Limit tpot_limit;
  roofline::TimeParts ttft_parts;  ///< for what the bound of TTFT waits: their sum is bound.ttft_s
  roofline::TimeParts tpot_parts;  ///< likewise
  bool has_encoder = false;        ///< then its prompts cannot be cut: no steady state is given
  SteadyState steady;
  bool fits = false;          ///< weights, activations and the KV cache of the batch
  double most_sequences = 0;  ///< of that length, on each replica
  std::vector<std::string> assumptions;
};

/// TTFT, TPOT and what follows from them. Errors: an illegal split, a rate that is not known, a
/// model that generates nothing, a count above 2^63 − 1.
Result<Estimate> estimate(const model::Architecture& architecture, const hardware::Device& device,
                          const RequestQuestion& question);

}  // namespace ridgepoint::predict
