// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <csignal>
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

/// Runs any program, the first word, which is looked for on the PATH.
Outcome run_line(const std::vector<std::string>& line);

/// A run that goes on beside the test; it hears Ctrl-C as if a terminal had started it.
class Background {
 public:
  explicit Background(std::vector<std::string> words);

  bool has_started() const { return child_ != 0; }
  void interrupt(int signal = SIGINT) const;
  /// Waits for the end; -1 where a signal brought it.
  int exit_code() const;

 private:
  pid_t child_ = 0;
};

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
