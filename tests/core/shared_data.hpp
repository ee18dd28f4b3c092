// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "ridgepoint/core/file.hpp"

namespace ridgepoint::testing {

/// The folder with real files that are not part of the project: $RIDGEPOINT_SHARED, else
/// `shared` beside the source tree.
inline std::filesystem::path shared_folder() {
  const char* named = std::getenv("RIDGEPOINT_SHARED");
  return named != nullptr ? named : RIDGEPOINT_DEFAULT_SHARED;
}

/// For tests that need it.
class SharedData : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(shared_folder())) {
      GTEST_SKIP() << "the shared data are not at " << shared_folder()
                   << "; set RIDGEPOINT_SHARED to their folder";
    }
  }
  static std::string text_of(const std::string& name) {
    const Result<std::string> text = read_file((shared_folder() / name).string());
    EXPECT_TRUE(text) << name;
    return text.value_or("");
  }
};

}  // namespace ridgepoint::testing
