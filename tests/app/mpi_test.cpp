// SPDX-License-Identifier: Apache-2.0
// sweep by ranks that mpirun starts, against the same sweep by one process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "app/program.hpp"

namespace ridgepoint::app {
namespace {

using ::testing::HasSubstr;
using testing::Outcome;
using testing::run;
using testing::run_line;
using testing::TemporaryFolder;
using Words = std::vector<std::string>;

constexpr int kBadInput = 2;
constexpr int kInterrupted = 130;

Words joined(Words all, const Words& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

/// Whoever waits for ever is ended after a while, and the test fails.
Words mpirun(int ranks, const Words& line) {
  ::setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 1);
  ::setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 1);
  return joined(
      {RIDGEPOINT_MPIRUN, "--oversubscribe", "--timeout", "120", "-np", std::to_string(ranks)},
      line);
}

Outcome run_on(int ranks, const Words& words) {
  return run_line(mpirun(ranks, joined({RIDGEPOINT_PROGRAM}, words)));
}

/// Of 96 deployments, some of which no engine can run.
Words some_sweep() {
  return {"sweep",     "llama-3.1-8b,mixtral-8x7b",
          "-d",        "h100-sxm,a100-sxm-80gb",
          "-tp",       "1..8",
          "--weights", "bf16,fp8,int4",
          "-b",        "1..64",
          "-i",        "100..1000:+100",
          "--top",     "7",
          "--pareto",  "tpot,cost"};
}

/// Some seconds of work.
Words long_sweep() {
  return {"sweep",     "llama-3.1-8b,qwen3-8b",
          "-d",        "h100-sxm,a100-sxm-80gb",
          "-tp",       "1,2,4,8",
          "-b",        "1..512",
          "-i",        "128..4096:+16",
          "-o",        "128,256",
          "--weights", "bf16,fp8,int4",
          "--pareto",  "tpot,cost",
          "--json"};
}

const std::string& by_one_process() {
  static const std::string answer = run(long_sweep()).out;
  return answer;
}

std::size_t count_shards(const TemporaryFolder& folder) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    const std::string name = entry.path().filename().string();
    if (name.find("-of-") != std::string::npos && name.find(".tmp") == std::string::npos) ++count;
  }
  return count;
}

pid_t number_in(const std::string& path) {
  pid_t number = 0;
  std::ifstream(path) >> number;
  return number;
}

/// Runs the long sweep on four ranks and sends a signal, once something is saved, to the process
/// whose number is in a file of the folder: "launcher", or "rank-3".
Outcome signalled(const TemporaryFolder& folder, const std::string& whom, int signal) {
  const std::string told = folder.path() + "/pids-";
  const std::string state = folder.path() + "/state.json";
  const Words line =
      joined({"sh", "-c",
              "echo $PPID >\"$0launcher\"; echo $$ >\"$0rank-$OMPI_COMM_WORLD_RANK\"; "
              "exec \"$@\"",
              told, RIDGEPOINT_PROGRAM},
             joined(long_sweep(), {"--threads", "1", "--resume", state}));
  auto outcome = std::async(std::launch::async, [&] { return run_line(mpirun(4, line)); });
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (count_shards(folder) == 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const pid_t process = number_in(told + whom);
  EXPECT_TRUE(process > 0 && ::kill(process, signal) == 0);
  return outcome.get();
}

/// Fewer ranks go on from what is saved in the folder, to the same bytes, and tidy up.
void expect_to_go_on(const TemporaryFolder& folder) {
  EXPECT_GT(count_shards(folder), 0U);
  const std::string state = folder.path() + "/state.json";
  const auto again = run_on(2, joined(long_sweep(), {"--resume", state}));
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(again.out, by_one_process());
  EXPECT_EQ(count_shards(folder), 0U);
}

TEST(Ranks, SayTheSameAsOneProcess) {
  for (const char* form : {"json", "csv", "table"}) {
    const Words words = joined(some_sweep(), {"--format", form});
    const auto alone = run(words);
    ASSERT_EQ(alone.exit_code, 0) << alone.err;
    for (const int ranks : {1, 2, 4}) {
      const auto together = run_on(ranks, words);
      EXPECT_EQ(together.exit_code, 0) << together.err;
      EXPECT_EQ(together.out, alone.out) << ranks << ' ' << form;
    }
  }
}

TEST(Ranks, LeaveTheStateThatOneProcessLeaves) {
  const TemporaryFolder folder;
  const std::string theirs = folder.path() + "/ranks.json";
  const std::string its = folder.path() + "/process.json";
  const auto first = run_on(4, joined(some_sweep(), {"--resume", theirs}));
  ASSERT_EQ(first.exit_code, 0) << first.err;
  ASSERT_EQ(run(joined(some_sweep(), {"--resume", its})).exit_code, 0);
  EXPECT_EQ(folder.files(), 2U);
  EXPECT_EQ(run_line({"cmp", theirs, its}).exit_code, 0);
  EXPECT_EQ(run_on(2, joined(some_sweep(), {"--resume", its})).out, first.out);
}

TEST(Ranks, GoOnFromWhatIsSavedWhenOneWasLost) {
  const TemporaryFolder folder;
  const auto lost = signalled(folder, "rank-3", SIGKILL);
  EXPECT_NE(lost.exit_code, 0);
  EXPECT_EQ(lost.out, "");
  expect_to_go_on(folder);
}

TEST(Ranks, EndWith130WhenOneOfThemIsInterrupted) {
  const TemporaryFolder folder;
  const auto ended = signalled(folder, "rank-2", SIGINT);
  EXPECT_EQ(ended.exit_code, kInterrupted) << ended.err;
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, HasSubstr("--resume " + folder.path() + "/state.json go on"));
  expect_to_go_on(folder);
}

// Open MPI's own exit code is then 1, whatever the ranks say.
TEST(Ranks, GoOnFromWhatIsSavedAfterCtrlC) {
  const TemporaryFolder folder;
  const auto ended = signalled(folder, "launcher", SIGINT);
  EXPECT_NE(ended.exit_code, 0);
  EXPECT_EQ(ended.out, "");
  expect_to_go_on(folder);
}

TEST(Ranks, TellBadInputOnce) {
  const auto outcome = run_on(4, {"sweep", "llama-9", "-b", "0", "--shard", "1/2"});
  EXPECT_EQ(outcome.exit_code, kBadInput);
  EXPECT_EQ(outcome.out, "");
  for (const char* says : {"unknown model \"llama-9\"", "0 is out of range", "share the space"}) {
    const auto first = outcome.err.find(says);
    EXPECT_NE(first, std::string::npos) << outcome.err;
    EXPECT_EQ(outcome.err.find(says, first + 1), std::string::npos) << outcome.err;
  }
  EXPECT_EQ(run_on(2, {"sweep", "--nonsense"}).exit_code, kBadInput);
}

TEST(Ranks, RefuseWhatAnotherSweepHasSaved) {
  const TemporaryFolder folder;
  const std::string state = folder.path() + "/state.json";
  const auto refused = [&](const Words& more) {
    const auto outcome = run_on(2, joined(some_sweep(), joined({"--resume", state}, more)));
    EXPECT_EQ(outcome.exit_code, kBadInput);
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, HasSubstr("is the state of another sweep"));
  };
  ASSERT_EQ(run(joined(some_sweep(), {"--resume", state})).exit_code, 0);
  refused({"--objective", "min:cost"});
  const std::string shard = state + ".5-of-64";
  std::filesystem::remove(state);
  ASSERT_EQ(run(joined(some_sweep(), {"--shard", "5/64", "--out", shard})).exit_code, 0);
  refused({"--objective", "min:cost"});
  EXPECT_EQ(folder.files(), 1U);
  EXPECT_EQ(run_on(2, joined(some_sweep(), {"--resume", state})).exit_code, 0);
  EXPECT_EQ(run_on(2, joined(some_sweep(), {"--resume", "/nowhere/x"})).exit_code, kBadInput);
}

std::string small_model(const char* hidden) {
  return std::string(R"({"model_type":"llama","vocab_size":1000,"hidden_size":)") + hidden +
         R"(,"num_hidden_layers":2,"num_attention_heads":4,"intermediate_size":512,
            "torch_dtype":"bfloat16"})";
}

TEST(Ranks, RefuseFilesThatAreNotTheSameOnAllMachines) {
  const TemporaryFolder here;
  const TemporaryFolder there;
  here.write("model.json", small_model("256"));
  const Words words{RIDGEPOINT_PROGRAM, "sweep", "./model.json", "-b", "1..8"};
  const Words first = joined({"-wdir", here.path()}, words);
  const Words second = joined({":", "-np", "1", "-wdir", there.path()}, words);
  const auto missing = run_line(mpirun(1, joined(first, second)));
  EXPECT_EQ(missing.exit_code, kBadInput) << missing.out;
  EXPECT_THAT(missing.err, HasSubstr("ridgepoint: rank 1 on "));
  EXPECT_THAT(missing.err, HasSubstr("model.json"));
  there.write("model.json", small_model("512"));
  const auto other = run_line(mpirun(1, joined(first, second)));
  EXPECT_EQ(other.exit_code, kBadInput) << other.out;
  EXPECT_THAT(other.err, HasSubstr("reads other files than the first rank"));
  there.write("model.json", small_model("256"));
  EXPECT_EQ(run_line(mpirun(1, joined(first, second))).exit_code, 0);
}

TEST(Ranks, LeaveOtherVerbsToTheFirstOne) {
  const Words words{"fit", "llama-3.1-8b", "--json"};
  EXPECT_EQ(run_on(3, words).out, run(words).out);
}

}  // namespace
}  // namespace ridgepoint::app
