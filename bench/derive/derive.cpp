// SPDX-License-Identifier: Apache-2.0
// Every derivation in process: the first time in a fresh process, when no symbol is known yet, and
// once it has been done before.
#include "ridgepoint/derive/derive.hpp"

#include <benchmark/benchmark.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <string>

#include "ridgepoint/catalog/catalog.hpp"

namespace {

using namespace ridgepoint;

const hardware::Device& h100() {
  static const hardware::Device device = catalog::find_device("h100-sxm").value();
  return device;
}

double seconds_to_derive(const std::string& subject) {
  const auto begin = std::chrono::steady_clock::now();
  benchmark::DoNotOptimize(derive::derive(subject, h100()));
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// In a child of a process that has derived nothing.
double seconds_in_a_child(const std::string& subject) {
  int ends[2] = {-1, -1};
  double seconds = 0;
  if (pipe(ends) != 0) return seconds;
  const pid_t child = fork();
  if (child == 0) {
    seconds = seconds_to_derive(subject);
    const bool sent = write(ends[1], &seconds, sizeof seconds) == sizeof seconds;
    _exit(sent ? 0 : 1);
  }
  if (read(ends[0], &seconds, sizeof seconds) != sizeof seconds) seconds = 0;
  close(ends[0]);
  close(ends[1]);
  waitpid(child, nullptr, 0);
  return seconds;
}

void first(benchmark::State& state, const std::string& subject) {
  for (auto _ : state) state.SetIterationTime(seconds_in_a_child(subject));
}

void later(benchmark::State& state, const std::string& subject) {
  for (auto _ : state) benchmark::DoNotOptimize(derive::derive(subject, h100()));
}

/// All the first times before any later one: this process must not have derived before them.
[[maybe_unused]] const bool registered = [] {
  h100();
  for (const auto& row : derive::subjects()) {
    const std::string name(row.name);
    benchmark::RegisterBenchmark(("first/" + name).c_str(), first, name)
        ->UseManualTime()
        ->Iterations(50)
        ->Unit(benchmark::kMicrosecond);
  }
  for (const auto& row : derive::subjects()) {
    const std::string name(row.name);
    benchmark::RegisterBenchmark(("later/" + name).c_str(), later, name)
        ->Unit(benchmark::kMicrosecond);
  }
  return true;
}();

}  // namespace
