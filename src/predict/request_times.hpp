// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "predict/pipeline_time.hpp"
#include "predict/prompt_chunks.hpp"
#include "ridgepoint/predict/request.hpp"

namespace ridgepoint::predict {

/// The steps in which all prompts of a batch are worked off.
std::vector<Chunks> prompt_chunks(const RequestQuestion& question, std::int64_t prompts);

/// What the mean device of a span is busy with most, and next.
Limit limit_of(const SpanTime& span);

/// Whole ones on each replica, of those that all replicas hold together.
double most_sequences(double of_all_replicas, const Parallelism& split);

/// Prefill of a whole batch, then its decode steps: the figures for one reading of both times.
RequestTimes static_times(const Estimate& answer, const SpanTime& prompts, const SpanTime& step,
                          double ttft_s, double tpot_s);

}  // namespace ridgepoint::predict
