// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ridgepoint/predict/speculation.hpp"
#include "ridgepoint/report/table.hpp"

namespace ridgepoint::report {

/// The documents of `speculate`. All show the same figures; each ends with a line feed.
std::string to_text(const predict::Speculation& speculation, const Terminal& terminal = {});
/// `--explain`: the formulas with the numbers of the first row put in.
std::string to_explanation(const predict::Speculation& speculation, const Terminal& terminal = {});
std::string to_json(const predict::Speculation& speculation);
/// One line for each batch size, in base units.
std::string to_csv(const predict::Speculation& speculation);
std::string to_markdown(const predict::Speculation& speculation);
/// A page that needs no other file: speed-up and the acceptance that pays over batch sizes.
std::string to_html(const predict::Speculation& speculation);

}  // namespace ridgepoint::report
