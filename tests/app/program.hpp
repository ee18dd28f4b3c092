// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ridgepoint::app::testing {

/// What a run of the program left behind.
struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;

  /// stdout as JSON; a test failure if it is none.
  nlohmann::json json() const;
};

/// Runs the program with these words; no shell in between.
Outcome run(const std::vector<std::string>& words);

/// A folder of its own for one test, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path() const { return path_.string(); }
  /// Writes a file into the folder and returns its path.
  std::string write(const std::string& name, std::string_view content) const;
  std::size_t files() const;

 private:
  std::filesystem::path path_;
};

}  // namespace ridgepoint::app::testing
