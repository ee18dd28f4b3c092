// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

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

}  // namespace ridgepoint::testing
