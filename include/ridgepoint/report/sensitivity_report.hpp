// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ridgepoint/predict/sensitivity.hpp"
#include "ridgepoint/report/table.hpp"

namespace ridgepoint::report {

/// The documents of `sensitivity`. All show the same figures; each ends with a line feed.
std::string to_text(const predict::Sensitivity& sensitivity, const Terminal& terminal = {});
/// `--explain`: how elasticities follow from the parts of times, with the numbers put in.
std::string to_explanation(const predict::Sensitivity& sensitivity, const Terminal& terminal = {});
std::string to_json(const predict::Sensitivity& sensitivity);
/// One line for each parameter and figure, in base units.
std::string to_csv(const predict::Sensitivity& sensitivity);
std::string to_markdown(const predict::Sensitivity& sensitivity);
/// A page that needs no other file: what the time of a request hangs on, as bars and tables.
std::string to_html(const predict::Sensitivity& sensitivity);

}  // namespace ridgepoint::report
