// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ridgepoint/derive/derive.hpp"
#include "ridgepoint/report/table.hpp"

namespace ridgepoint::report {

/// One formula of a section with its name: what every format shows, each in its own notation.
struct FormulaRow {
  std::string label;                     ///< "arithmetic intensity"
  std::string subject;                   ///< "B" of a solution "B = …"; empty mostly
  std::optional<symbolic::Limit> value;  ///< none where words say it all: "never"
  std::string unit;
  std::string remark;                           ///< "D and F far larger than B"
  std::optional<symbolic::Expr> positive = {};  ///< it holds if this is > 0
};

/// Totals, intensity, specialisations, limits, named formulas and the crossover, in that order.
std::vector<FormulaRow> formula_rows(const derive::Section& section);

/// Whether the words of a claim are its formulas, so that a format may typeset them.
bool is_formula(const derive::Claim& claim);
/// "proved", or "disproved at S = 1", with what it holds for.
std::string proof_words(const derive::Claim& claim);
/// "given S = R + u", "for T >= 1", or nothing.
std::string condition_words(const derive::Claim& claim);

/// Steps with FLOPs and bytes, as text forms; a cell is empty where there is nothing.
Table step_table(const derive::Section& section);
/// What the device makes of the section's intensities.
Table verdict_table(const derive::Section& section, const derive::DeviceFacts& device);
Table number_table(const derive::Section& section);

/// "8.02 ms", "25.0 GiB", "320.7 rows": a figure as people read it.
std::string figure(const derive::Number& number);

/// "On h100-sxm: ridge point R = 295.3 FLOP/byte"
std::string device_words(const derive::DeviceFacts& device);
/// "30 of 30 claims proved", or how many are not.
std::string proofs_summary(const derive::Derivation& derivation);
std::string document_title(const derive::Derivation& derivation);

}  // namespace ridgepoint::report
