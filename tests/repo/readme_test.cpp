// SPDX-License-Identifier: Apache-2.0
#include "repo/readme.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <regex>
#include <set>
#include <sstream>

#include "repo/source_tree.hpp"

namespace ridgepoint::repo {
namespace {

using testing::ElementsAre;
using testing::IsSupersetOf;
using Lines = std::vector<std::string>;

const std::string kRoot = RIDGEPOINT_SOURCE_DIR;

/// What the shell prints for a command started in the root of the tree.
std::string output_of(const std::string& command) {
  const std::string line = "cd '" + kRoot + "' && " + command;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(line.c_str(), "r"), &pclose);
  std::string output;
  for (int c = std::fgetc(pipe.get()); c != EOF; c = std::fgetc(pipe.get())) {
    output.push_back(static_cast<char>(c));
  }
  return output;
}

Lines lines_of(const std::string& text) {
  std::istringstream stream(text);
  Lines lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::set<std::string> matches(const std::string& text, const std::regex& pattern) {
  std::set<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) {
    found.insert((*it)[1].str());
  }
  return found;
}

TEST(Readme, NamesOnlyCommandsThatDevHas) {
  const std::regex command("\\./dev ([a-z]+)");
  const auto documented = matches(output_of("cat README.md CONTRIBUTING.md"), command);
  const auto available = matches(output_of("./dev help"), command);
  EXPECT_THAT(documented, IsSupersetOf({"demo", "test"}));
  EXPECT_THAT(available, IsSupersetOf(documented));
}

TEST(Readme, ExamplesShowWhatTheProgramPrints) {
  const std::string program = RIDGEPOINT_PROGRAM;
  if (program.empty()) GTEST_SKIP() << "the program is not part of this build";
  for (const Example& example : examples(lines_of(output_of("cat README.md docs/*.md")))) {
    if (!example.command.starts_with("ridgepoint ")) continue;
    const std::string arguments = example.command.substr(std::string("ridgepoint").size());
    const std::string printed = output_of("LC_ALL=C.UTF-8 '" + program + "'" + arguments + " 2>&1");
    EXPECT_TRUE(shows(example.shown, lines_of(printed)))
        << "README or docs/ are not what this prints: " << example.command << '\n'
        << printed;
  }
}

TEST(Readme, ThePictureIsWhatTheProgramDraws) {
  const std::string program = RIDGEPOINT_PROGRAM;
  if (program.empty()) GTEST_SKIP() << "the program is not part of this build";
  const std::string drawn =
      output_of("'" + program + "' roofline llama-2-13b -d h100-sxm --format svg");
  EXPECT_TRUE(drawn.starts_with("<svg"));
  EXPECT_TRUE(drawn == output_of("cat docs/roofline-llama-2-13b.svg"))
      << "draw it again: ridgepoint roofline llama-2-13b -d h100-sxm --format svg "
         "--out docs/roofline-llama-2-13b.svg";
}

TEST(Readme, AnExampleIsACommandAndTheLinesBelowItInItsBlock) {
  const auto found = examples({"$ not in a block", "```sh", "$ first -b 1", "one", "two",
                               "$ second", "three", "```", "text", "```", "four", "```"});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].command, "first -b 1");
  EXPECT_THAT(found[0].shown, ElementsAre("one", "two"));
  EXPECT_EQ(found[1].command, "second");
  EXPECT_THAT(found[1].shown, ElementsAre("three"));
}

TEST(Readme, AnEllipsisStandsForAnyNumberOfLinesAndNothingElseDoes) {
  const Lines printed{"head", "a", "b", "tail"};
  EXPECT_TRUE(shows({"head", "a", "b", "tail"}, printed));
  EXPECT_TRUE(shows({"head", "…", "tail"}, printed));
  EXPECT_TRUE(shows({"…", "b", "…", "tail", "…"}, printed));
  EXPECT_FALSE(shows({"head", "a", "tail"}, printed));
  EXPECT_FALSE(shows({"head", "…", "c", "…"}, printed));
  EXPECT_FALSE(shows({"head", "a", "b"}, printed));
  EXPECT_FALSE(shows({}, printed));
}

}  // namespace
}  // namespace ridgepoint::repo
