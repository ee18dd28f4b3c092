// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ridgepoint/predict/memory_fit.hpp"
#include "ridgepoint/report/table.hpp"

namespace ridgepoint::report {

/// The documents of `fit`. All show the same figures; each ends with a line feed.
std::string to_text(const predict::MemoryFit& fit, const Terminal& terminal = {});
/// `--explain`: the sum with its numbers, and where each comes from.
std::string to_explanation(const predict::MemoryFit& fit, const Terminal& terminal = {});
std::string to_json(const predict::MemoryFit& fit);
/// One line for each stage, in base units.
std::string to_csv(const predict::MemoryFit& fit);
std::string to_markdown(const predict::MemoryFit& fit);
/// A page that needs no other file: what the memory goes to, as a picture.
std::string to_html(const predict::MemoryFit& fit);

}  // namespace ridgepoint::report
