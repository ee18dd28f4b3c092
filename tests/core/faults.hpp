// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "ridgepoint/core/result.hpp"

namespace ridgepoint::testing {

/// "where | what | help" of every fault, one a line; empty for a value.
inline std::string listed(const Diagnostics& faults) {
  std::string text;
  for (const Diagnostic& fault : faults) {
    text += fault.where + " | " + fault.what + " | " + fault.help + "\n";
  }
  return text;
}
template <class T>
std::string faults_of(const Result<T>& result) {
  return result ? std::string() : listed(result.error());
}

/// Expects faults, and of each that it says where, what and what to do, in printable text.
template <class T>
void expect_helpful(const Result<T>& result, std::string_view input) {
  SCOPED_TRACE(input);
  ASSERT_FALSE(result) << "this input is faulty";
  EXPECT_FALSE(result.error().empty());
  for (const Diagnostic& fault : result.error()) {
    EXPECT_NE(fault.where, "") << fault.what;
    EXPECT_NE(fault.what, "") << fault.where;
    EXPECT_NE(fault.help, "") << fault.where << ": " << fault.what;
    EXPECT_EQ(fault.where, printable(fault.where));
    EXPECT_EQ(fault.what, printable_lines(fault.what));
    EXPECT_EQ(fault.help, printable_lines(fault.help));
  }
}

}  // namespace ridgepoint::testing
