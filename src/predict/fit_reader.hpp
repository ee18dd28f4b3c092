// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "ridgepoint/predict/memory_fit.hpp"

namespace ridgepoint::predict {

/// Why a question has no answer; empty when it has one.
Diagnostics faults_of(const model::Architecture& architecture, const FitQuestion& question);

/// The figures of a question, without what would change them. REQUIRES: faults_of is empty.
MemoryFit read_fit(const model::Architecture& architecture, const hardware::Device& device,
                   const FitQuestion& question);

/// The same; nothing where the question has faults, or the answer is that it does not fit.
std::optional<MemoryFit> fit_if_any(const model::Architecture& architecture,
                                    const hardware::Device& device, const FitQuestion& question);

/// Whether that is something, without its figures.
bool would_fit(const model::Architecture& architecture, const hardware::Device& device,
               const FitQuestion& question);

}  // namespace ridgepoint::predict
