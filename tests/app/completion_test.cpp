// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "app/program.hpp"

namespace ridgepoint::app {
namespace {

using testing::run;

/// What a shell prints for a script given by its path.
std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");  // NOLINT(cert-env33-c): a test of a shell script
  if (pipe == nullptr) return text;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
  pclose(pipe);
  return text;
}

/// The words that bash offers after `line` (its last word is the one to complete).
std::string completed(const std::string& script, const std::string& words, int at) {
  const std::string command = "bash -c 'source " + script + "; COMP_WORDS=(" + words +
                              "); COMP_CWORD=" + std::to_string(at) +
                              "; _ridgepoint; echo ${COMPREPLY[@]}'";
  return output_of(command);
}

TEST(Completion, OfBashOffersVerbsOptionsChoicesAndTheCatalogue) {
  const testing::TemporaryFolder folder;
  const std::string script = folder.write("completion.bash", run({"completion", "bash"}).out);
  EXPECT_EQ(completed(script, "ridgepoint sp", 1), "speculate\n");
  EXPECT_EQ(completed(script, "ridgepoint roofline --pha", 2), "--phase\n");
  EXPECT_EQ(completed(script, "ridgepoint roofline --phase pre", 3), "prefill\n");
  EXPECT_EQ(completed(script, "ridgepoint fit -d h200", 3), "h200-sxm\n");
  EXPECT_EQ(completed(script, "ridgepoint fit llama-2-13", 2), "llama-2-13b\n");
}

TEST(Completion, NamesEveryVerbInEveryForm) {
  for (const char* kind : {"bash", "zsh", "fish", "man"}) {
    const auto outcome = run({"completion", kind});
    EXPECT_EQ(outcome.exit_code, 0);
    for (const char* verb : {"roofline", "fit", "estimate", "speculate", "stats", "derive",
                             "algebra", "devices", "models", "completion", "sensitivity"}) {
      EXPECT_NE(outcome.out.find(verb), std::string::npos) << kind << " " << verb;
    }
  }
}

TEST(Completion, RefusesAnUnknownShell) {
  const auto outcome = run({"completion", "csh"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.err.find("bash|zsh|fish|man"), std::string::npos);
}

}  // namespace
}  // namespace ridgepoint::app
