// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/arguments.hpp"
#include "ridgepoint/predict/memory_fit.hpp"
#include "ridgepoint/predict/request.hpp"

namespace ridgepoint::app {

/// What `fit` asks.
predict::FitQuestion read_fit_question(const Arguments& arguments, const model::Architecture& model,
                                       Faults& faults);
/// What `estimate` asks.
predict::RequestQuestion read_request_question(const Arguments& arguments,
                                               const model::Architecture& model, Faults& faults);

/// A --max-model-len that input and output do not fit into.
void add_too_short(std::int64_t given, std::int64_t needed, Faults& faults);

}  // namespace ridgepoint::app
