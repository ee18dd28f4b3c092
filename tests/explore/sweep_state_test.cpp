// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/sweep_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "ridgepoint/explore/histogram.hpp"

namespace ridgepoint::explore {
namespace {

using testing::HasSubstr;

SweepState some_state() {
  SweepState state;
  state.question = "0123456789abcdef";
  state.words = {"llama-2-13b", "--batch", "1..4"};
  state.shard = {2, 3};
  state.parts_done = 7;
  state.counts = {1'000'000'000'000'000'001, 900, 800, 700};
  state.best = {{-0.1, 3}, {1.0 / 3, 9'007'199'254'740'993}};
  state.front = {{{0.1, -1e300, 1e-300, 0}, 4}};
  state.grids = {{{5, 4, 3, {-0.25, 17}}, {2, 0, 0}}, {{}}};
  state.histogram.resize(kBins);
  state.histogram[0] = 1;
  state.histogram[kBins - 1] = 1'000'000'000'000'000'001;
  state.left_out = {{{"--tensor-parallel-size", "3 does not divide 40", "1, 2, 4"}, 12}};
  return state;
}

TEST(SweepState, ComesBackToTheLastBit) {
  const SweepState state = some_state();
  const std::string text = write_state(state);
  const auto read = read_state(text, "a.json");
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, state);
  EXPECT_EQ(write_state(*read), text);
}

std::string faults_of(const std::string& text) {
  const auto state = read_state(text, "a.json");
  std::string all;
  if (state) return all;
  for (const Diagnostic& each : state.error()) {
    EXPECT_FALSE(each.help.empty()) << each.what;
    all += each.where + ": " + each.what + "\n";
  }
  return all;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(SweepState, OfAnotherKindOrVersionIsRefused) {
  const std::string text = write_state(some_state());
  EXPECT_THAT(faults_of(replaced(text, "sweep-state/2", "sweep/1")), HasSubstr("/schema"));
  EXPECT_THAT(faults_of(replaced(text, "\"version\": \"", "\"version\": \"9")),
              HasSubstr("/version"));
  EXPECT_THAT(faults_of("[]"), HasSubstr("expected an object"));
  EXPECT_THAT(faults_of(text.substr(0, text.size() / 2)), HasSubstr("ends too early"));
}

TEST(SweepState, NamesEachNumberThatIsNone) {
  const std::string text = write_state(some_state());
  EXPECT_THAT(faults_of(replaced(text, "-0.1", "NaN")), HasSubstr("/best"));
  EXPECT_THAT(faults_of(replaced(text, "-1e+300", "Infinity")), HasSubstr("/front"));
  EXPECT_THAT(faults_of(replaced(text, "\"parts_done\": 7", "\"parts_done\": -7")),
              HasSubstr("/parts_done"));
  EXPECT_THAT(faults_of(replaced(text, "\"number\": 2", "\"number\": 4")), HasSubstr("/shard"));
  EXPECT_THAT(faults_of(replaced(text, "\"deployments\": 12", "\"deployments\": \"all\"")),
              HasSubstr("/left_out/0/deployments"));
  const std::string both = faults_of(
      replaced(replaced(text, "-0.1", "true"), "\"evaluated\": 900", "\"evaluated\": 1.5"));
  EXPECT_THAT(both, HasSubstr("/best"));
  EXPECT_THAT(both, HasSubstr("/counts/evaluated"));
}

TEST(SweepState, NamesCellsAndBinsThatAreNone) {
  const std::string text = write_state(some_state());
  const auto cells = [&](const char* from, const char* to) {
    EXPECT_THAT(faults_of(replaced(text, from, to)), HasSubstr("/grids")) << to;
  };
  cells("-0.25,", "\"-0.25\",");
  cells("-0.25,", "");                                // a best point without a key
  cells("    3,\n    -0.25,", "    0,\n    -0.25,");  // one of no points
  cells("    4,\n    3,", "    4,\n    3.5,");
  EXPECT_THAT(faults_of(replaced(text, "   681,", "   682,")), HasSubstr("/histogram"));
  EXPECT_THAT(faults_of(replaced(text, "   681,", "   -1,")), HasSubstr("/histogram"));
}

TEST(Shard, IsOneOfSoMany) {
  EXPECT_EQ(parse_shard("2/8", "--shard").value(), (Shard{2, 8}));
  EXPECT_EQ(parse_shard(" 1/1 ", "--shard").value(), (Shard{1, 1}));
  for (const char* text : {"", "2", "0/3", "4/3", "1/0", "1/x", "-1/3", "1/3/4", "1/2000000"}) {
    EXPECT_FALSE(parse_shard(text, "--shard")) << text;
  }
}

}  // namespace
}  // namespace ridgepoint::explore
