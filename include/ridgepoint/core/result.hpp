// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "ridgepoint/core/text.hpp"

namespace ridgepoint {

/// One fault in what the user gave us: where it is, what is wrong, what to do about it. It quotes
/// what we were given, so whatever bytes it is made of become printable here.
struct Diagnostic {
  Diagnostic() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): made from three strings in braces everywhere
  Diagnostic(const std::string& place, const std::string& fault, const std::string& advice = {})
      : where(printable(place)), what(printable_lines(fault)), help(printable_lines(advice)) {}

  std::string where;  ///< "config.json: /num_attention_heads", "--batch", "expression, column 7"
  std::string what;   ///< "expected a positive integer, got \"forty\""
  std::string help;   ///< "did you mean num_attention_heads?"; never empty in what readers report

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

/// Every fault found, in the order of the source. Never empty inside a failed Result.
using Diagnostics = std::vector<Diagnostic>;

/// A value, or all the reasons why there is none. No exception crosses a module.
template <class T>
using Result = tl::expected<T, Diagnostics>;

/// `return fail(where, what, help);` from any function that returns a Result.
inline tl::unexpected<Diagnostics> fail(const std::string& where, const std::string& what,
                                        const std::string& help = {}) {
  return tl::unexpected<Diagnostics>(Diagnostics{{where, what, help}});
}

/// `return fail(result.error());` hands the faults of another Result on.
inline tl::unexpected<Diagnostics> fail(Diagnostics diagnostics) {
  return tl::unexpected<Diagnostics>(std::move(diagnostics));
}

}  // namespace ridgepoint
