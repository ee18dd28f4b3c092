// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <iomanip>
#include <set>
#include <sstream>

#include "app/program.hpp"

namespace ridgepoint::app {
namespace {

using testing::run;

constexpr std::array kVerbs{"roofline", "fit",     "estimate", "speculate",  "stats",      "derive",
                            "algebra",  "devices", "models",   "completion", "sensitivity"};

TEST(CommandLine, HelpShowsTwoExamplesFirst) {
  for (const char* verb : kVerbs) {
    const auto outcome = run({verb, "--help"});
    EXPECT_EQ(outcome.exit_code, 0);
    const auto examples = outcome.out.find("Examples\n  ridgepoint ");
    ASSERT_NE(examples, std::string::npos) << outcome.out;
    EXPECT_LT(examples, outcome.out.find("Usage"));
    EXPECT_EQ(run({"help", verb}).out, outcome.out);
  }
}

/// The example lines of a verb's help, each as words; single quotes hold a word together.
std::vector<std::vector<std::string>> examples(const std::string& verb) {
  std::istringstream help(run({verb, "--help"}).out);
  std::vector<std::vector<std::string>> all;
  for (std::string line; std::getline(help, line);) {
    const std::string prefix = "  ridgepoint ";
    if (line.rfind(prefix, 0) != 0) continue;
    std::istringstream rest(line.substr(prefix.size()));
    std::vector<std::string> words;
    for (std::string word; rest >> std::quoted(word, '\'');) words.push_back(word);
    all.push_back(words);
  }
  return all;
}

TEST(CommandLine, HelpSaysEachThingOnce) {
  for (const char* verb : kVerbs) {
    std::istringstream help(run({verb, "--help"}).out);
    std::set<std::string> lines;
    for (std::string line; std::getline(help, line);) {
      EXPECT_TRUE(line.empty() || lines.insert(line).second) << verb << ": " << line;
    }
  }
}

TEST(CommandLine, EveryExampleOfTheHelpWorks) {
  const testing::TemporaryFolder folder;
  const std::string config = folder.write("config.json", R"({
    "model_type": "llama", "hidden_size": 64, "intermediate_size": 128, "num_attention_heads": 4,
    "num_hidden_layers": 2, "vocab_size": 100, "torch_dtype": "bfloat16"})");
  for (const char* verb : kVerbs) {
    const auto all = examples(verb);
    EXPECT_GE(all.size(), 2u) << verb;
    for (std::vector<std::string> words : all) {
      for (std::string& word : words) {
        if (word == "./config.json") word = config;
        const bool is_output = word.ends_with(".html") || word.starts_with("ridgepoint.");
        if (is_output) word.insert(0, folder.path() + "/");
      }
      EXPECT_EQ(run(words).exit_code, 0) << verb << ::testing::PrintToString(words);
    }
  }
}

TEST(CommandLine, OptionsMayStandAnywhere) {
  const auto one = run({"stats", "llama-2-13b", "-b", "1,64", "-s", "512"});
  const auto two = run({"stats", "--context=512", "-b1,64", "llama-2-13b"});
  EXPECT_EQ(one.exit_code, 0) << one.err;
  EXPECT_EQ(one.out, two.out);
}

TEST(CommandLine, NoWordsMeansHelp) {
  const auto outcome = run({});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.out.find("Verbs"), std::string::npos);
}

TEST(CommandLine, VersionIsOneLine) { EXPECT_EQ(run({"--version"}).out, "ridgepoint 0.1.0\n"); }

TEST(CommandLine, UnknownVerbGetsTheNearestOne) {
  const auto outcome = run({"rooflnie", "llama-2-13b"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_TRUE(outcome.out.empty());
  EXPECT_NE(outcome.err.find("roofline"), std::string::npos) << outcome.err;
}

TEST(CommandLine, UnknownOptionGetsTheNearestOne) {
  const auto outcome = run({"roofline", "llama-2-13b", "--bacth", "3"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.err.find("--batch"), std::string::npos) << outcome.err;
}

TEST(CommandLine, TellsAllFaultsAtOnce) {
  const auto outcome =
      run({"roofline", "lama-2-13b", "-d", "h1000", "-b", "0", "-s", "-3", "--phase", "decod"});
  EXPECT_EQ(outcome.exit_code, 2);
  for (const char* part :
       {"lama-2-13b", "llama-2-13b", "h1000", "--batch", "--context", "--phase"}) {
    EXPECT_NE(outcome.err.find(part), std::string::npos) << part << "\n" << outcome.err;
  }
}

TEST(CommandLine, AnOptionGivenTwiceIsAFault) {
  EXPECT_EQ(run({"stats", "llama-2-13b", "-s", "512", "-s", "1024"}).exit_code, 2);
}

TEST(CommandLine, AnOptionWithoutItsValueIsAFault) {
  const auto outcome = run({"stats", "llama-2-13b", "-s"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_NE(outcome.err.find("needs a value"), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace ridgepoint::app
