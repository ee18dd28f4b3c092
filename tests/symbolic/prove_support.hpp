// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "ridgepoint/symbolic/parse.hpp"

namespace ridgepoint::symbolic::testing {

/// The expression that the text means. A test that misspells one fails.
inline Expr expr(std::string_view text) {
  const Result<Expr> parsed = parse(text);
  if (!parsed) ADD_FAILURE() << text << ": " << parsed.error().front().what;
  return parsed.value_or(Expr::undefined());
}

inline std::string what(const Diagnostics& faults) {
  std::string text;
  for (const Diagnostic& fault : faults) text += fault.what + "\n";
  return text;
}

}  // namespace ridgepoint::symbolic::testing
