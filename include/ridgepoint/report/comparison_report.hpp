// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ridgepoint/predict/comparison.hpp"
#include "ridgepoint/report/table.hpp"

namespace ridgepoint::report {

/// The documents of `compare`. All show the same figures, those of the bound; each ends with a line
/// feed.
std::string to_text(const predict::Comparison& comparison, const Terminal& terminal = {});
/// `--explain`: what each deployment's time to a token is made of.
std::string to_explanation(const predict::Comparison& comparison, const Terminal& terminal = {});
std::string to_json(const predict::Comparison& comparison);
/// One line for each deployment, in base units.
std::string to_csv(const predict::Comparison& comparison);
std::string to_markdown(const predict::Comparison& comparison);
/// A page that needs no other file: each deployment's place, times and memory beside the others'.
std::string to_html(const predict::Comparison& comparison);

}  // namespace ridgepoint::report
