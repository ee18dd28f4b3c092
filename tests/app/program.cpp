// SPDX-License-Identifier: Apache-2.0
#include "app/program.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>

extern char** environ;

namespace ridgepoint::app::testing {
namespace {

std::string read_all(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> with_program(std::vector<std::string> words) {
  words.insert(words.begin(), RIDGEPOINT_PROGRAM);
  return words;
}

/// A program and its words as a process takes them.
std::vector<char*> line_of(std::vector<std::string>& words) {
  std::vector<char*> line;
  for (std::string& word : words) line.push_back(word.data());
  line.push_back(nullptr);
  return line;
}

/// Starts a program with both streams going to files and waits for its exit code.
int spawn_and_wait(std::vector<std::string> words, const std::string& out, const std::string& err) {
  std::vector<char*> arguments = line_of(words);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), O_WRONLY | O_CREAT, 0600);
  pid_t child = 0;
  const int failed =
      posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  if (failed != 0 || waitpid(child, &status, 0) != child) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

nlohmann::json Outcome::json() const {
  const auto parsed = nlohmann::json::parse(out, nullptr, false);
  EXPECT_FALSE(parsed.is_discarded()) << out << err;
  return parsed;
}

Outcome run(const std::vector<std::string>& words) { return run_line(with_program(words)); }

Outcome run_line(const std::vector<std::string>& line) {
  const TemporaryFolder folder;
  const std::string out = folder.write("out", "");
  const std::string err = folder.write("err", "");
  const int exit_code = spawn_and_wait(line, out, err);
  return {exit_code, read_all(out), read_all(err)};
}

Background::Background(std::vector<std::string> words) {
  words = with_program(std::move(words));
  std::vector<char*> line = line_of(words);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t interrupts;
  sigemptyset(&interrupts);
  sigaddset(&interrupts, SIGINT);
  posix_spawnattr_setsigdefault(&attributes, &interrupts);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  if (posix_spawn(&child_, line[0], nullptr, &attributes, line.data(), environ) != 0) child_ = 0;
  posix_spawnattr_destroy(&attributes);
}

void Background::interrupt(int signal) const { EXPECT_EQ(::kill(child_, signal), 0); }

int Background::exit_code() const {
  int status = 0;
  EXPECT_EQ(::waitpid(child_, &status, 0), child_);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "ridgepoint-XXXXXX").string();
  path_ = mkdtemp(pattern.data());
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::write(const std::string& name, std::string_view content) const {
  std::ofstream(path_ / name, std::ios::binary) << content;
  return (path_ / name).string();
}

std::size_t TemporaryFolder::files() const {
  using Iterator = std::filesystem::directory_iterator;
  return static_cast<std::size_t>(std::distance(Iterator(path_), Iterator()));
}

}  // namespace ridgepoint::app::testing
