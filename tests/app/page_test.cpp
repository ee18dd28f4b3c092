// SPDX-License-Identifier: Apache-2.0
// Pages of deployments as people ask for them.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "app/program.hpp"

namespace ridgepoint::app {
namespace {

using testing::run;

constexpr int kDoesNotFit = 3;
constexpr int kBadInput = 2;

std::vector<std::vector<std::string>> questions() {
  return {{"fit", "llama-3.3-70b", "-d", "h200-sxm", "--weights", "fp8"},
          {"fit", "deepseek-v3", "-d", "h200-sxm", "-tp", "8", "-pp", "2"},
          {"fit", "bert-base"},
          {"estimate", "llama-3.3-70b", "-d", "h100-sxm", "-tp", "8", "-b", "32"},
          {"estimate", "llama-3.3-70b", "-tp", "4", "-b", "8", "--disaggregate", "2p4d"},
          {"estimate", "mamba-2.8b"},
          {"speculate", "llama-3.3-70b", "--draft", "llama-3.2-1b", "-tp", "4"},
          {"sensitivity", "mixtral-8x7b", "-d", "h200-sxm", "-b", "8"},
          {"compare", "llama-2-13b", "-d", "h100-sxm", "-b", "16", "--shortcuts"}};
}

std::vector<std::string> as_html(std::vector<std::string> words) {
  words.insert(words.end(), {"--format", "html"});
  return words;
}

TEST(Pages, AreMadeByEveryVerbAboutDeployments) {
  for (const auto& words : questions()) {
    const auto outcome = run(as_html(words));
    ASSERT_EQ(outcome.exit_code, 0) << words[0] << " " << words[1] << "\n" << outcome.err;
    EXPECT_EQ(outcome.out.rfind("<!DOCTYPE html>\n", 0), 0u);
    EXPECT_EQ(outcome.out.substr(outcome.out.size() - 8), "</html>\n");
    EXPECT_NE(outcome.out.find("<svg "), std::string::npos);
  }
}

TEST(Pages, AreTheSameEveryTime) {
  for (const auto& words : questions()) {
    EXPECT_EQ(run(as_html(words)).out, run(as_html(words)).out) << words[0];
  }
}

TEST(Pages, GoToTheFileThatIsAskedFor) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.path() + "/page.html";
  std::vector<std::string> words = as_html(questions().front());
  words.insert(words.end(), {"--out", path});
  EXPECT_EQ(run(words).out, "");
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), run(as_html(questions().front())).out);
}

TEST(Pages, LeaveTheExitCodeToTheAnswer) {
  const auto outcome = run({"fit", "llama-3.3-70b", "-d", "h100-sxm", "--format", "html"});
  EXPECT_EQ(outcome.exit_code, kDoesNotFit);
  EXPECT_NE(outcome.out.find("It does not fit"), std::string::npos);
}

TEST(Pages, AreNotMadeOfBadInput) {
  const auto outcome = run({"estimate", "llama-3.1-8b", "-tp", "3", "--format", "html"});
  EXPECT_EQ(outcome.exit_code, kBadInput);
  EXPECT_EQ(outcome.out, "");
}

}  // namespace
}  // namespace ridgepoint::app
