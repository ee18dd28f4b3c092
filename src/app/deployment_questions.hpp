// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/arguments.hpp"
#include "ridgepoint/predict/memory_fit.hpp"
#include "ridgepoint/predict/request.hpp"
#include "ridgepoint/predict/speculative_decoding.hpp"

namespace ridgepoint::app {

/// What `fit` asks.
predict::FitQuestion read_fit_question(const Arguments& arguments, const model::Architecture& model,
                                       Faults& faults);
/// What `estimate` asks.
predict::RequestQuestion read_request_question(const Arguments& arguments,
                                               const model::Architecture& model, Faults& faults);

/// --acceptance and --draft; how many tokens are proposed is told apart.
predict::SpeculativeDecoding read_proposer(const Arguments& arguments, Faults& faults);
/// These, and --num-speculative-tokens: 0, or 1 to kMostProposed.
predict::SpeculativeDecoding read_speculation(const Arguments& arguments, Faults& faults);
/// A --draft that proposes nothing.
void check_draft(const Arguments& arguments, std::int64_t most_proposed, Faults& faults);

/// A --max-model-len that input and output do not fit into.
void add_too_short(std::int64_t given, std::int64_t needed, Faults& faults);

}  // namespace ridgepoint::app
