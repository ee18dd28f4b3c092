// SPDX-License-Identifier: Apache-2.0
#include "report/golden.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace ridgepoint::report::test {

void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = RIDGEPOINT_GOLDEN_DIR "/" + name;
  if (std::getenv("RIDGEPOINT_ACCEPT_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << path << " is missing: run with RIDGEPOINT_ACCEPT_GOLDEN=1";
  std::ostringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(text, golden.str()) << "if this change is meant: RIDGEPOINT_ACCEPT_GOLDEN=1";
}

}  // namespace ridgepoint::report::test
