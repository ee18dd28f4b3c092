// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ridgepoint/derive/derive.hpp"
#include "ridgepoint/report/table.hpp"

namespace ridgepoint::report {

/// The documents of `derive`. All show the same steps, formulas, proofs and figures; each ends
/// with a line feed.

std::string to_text(const derive::Derivation& derivation, const Terminal& terminal = {});
std::string to_markdown(const derive::Derivation& derivation);
/// A whole article that needs amsmath and amssymb.
std::string to_latex(const derive::Derivation& derivation);
/// A page that needs no other file, its formulas in MathML.
std::string to_html(const derive::Derivation& derivation);
/// Formulas in the text form that `algebra` reads back.
std::string to_json(const derive::Derivation& derivation);

}  // namespace ridgepoint::report
