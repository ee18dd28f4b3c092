// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "report/envelope.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/predict/request.hpp"

namespace ridgepoint::report {

// What `estimate` says of prefill and decode on devices of their own.
// REQUIRES of all: estimate.disaggregated.

/// "2 prefill and 4 decode instances of 8 devices (TP 8), 48 devices in all"
std::string instances_words(const predict::Estimate& estimate);

/// The rate and what limits it, the transfer, what memory holds.
std::vector<std::string> disaggregation_sentences(const predict::Estimate& estimate);

/// How the figures of the bound follow from each other, with the numbers put in.
std::vector<std::string> disaggregation_formulas(const predict::Estimate& estimate,
                                                 Charset charset);

Json disaggregated_json(const predict::Estimate& estimate);

}  // namespace ridgepoint::report
