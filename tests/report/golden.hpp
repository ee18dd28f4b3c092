// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ridgepoint::report::test {

/// Compares with tests/report/golden/NAME. RIDGEPOINT_ACCEPT_GOLDEN=1 in the environment writes
/// the file instead: `RIDGEPOINT_ACCEPT_GOLDEN=1 ctest -L golden`, then read the diff.
void expect_golden(const std::string& name, const std::string& text);

}  // namespace ridgepoint::report::test
