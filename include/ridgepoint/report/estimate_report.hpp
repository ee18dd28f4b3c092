// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ridgepoint/predict/batch_curve.hpp"
#include "ridgepoint/predict/request.hpp"
#include "ridgepoint/report/table.hpp"

namespace ridgepoint::report {

/// The documents of `estimate`. All show the same figures; each ends with a line feed.
std::string to_text(const predict::Estimate& estimate, const Terminal& terminal = {});
/// `--explain`: how TTFT, TPOT and the rest follow from each other, with the numbers put in.
std::string to_explanation(const predict::Estimate& estimate, const Terminal& terminal = {});
std::string to_json(const predict::Estimate& estimate);
/// One line for each reading, in base units.
std::string to_csv(const predict::Estimate& estimate);
std::string to_markdown(const predict::Estimate& estimate);
/// A page that needs no other file: latency, throughput and memory over batch sizes, what TTFT and
/// TPOT wait for, one request.
std::string to_html(const predict::Estimate& estimate, const predict::BatchCurve& curve);

}  // namespace ridgepoint::report
