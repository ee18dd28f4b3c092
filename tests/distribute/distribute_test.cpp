// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "distribute/packed_texts.hpp"
#include "ridgepoint/distribute/agreement.hpp"
#include "ridgepoint/distribute/counter.hpp"
#include "ridgepoint/distribute/ranks.hpp"

namespace ridgepoint::distribute {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(PackedTexts, AreEachAfterItsLength) {
  EXPECT_EQ(packed({"abc", "", "7:x"}), "3:abc0:3:7:x");
  EXPECT_EQ(packed({}), "");
}

TEST(PackedTexts, ComeBackWhateverBytesTheyAreMadeOf) {
  const Texts texts{"", std::string("\0:9", 3), std::string(300, '\n'), "12:", "ä"};
  EXPECT_EQ(unpacked(packed(texts)), texts);
  EXPECT_THAT(unpacked(""), IsEmpty());
}

TEST(OneProcess, IsTheFirstRankAndTheOnlyOne) {
  const Session session;
  EXPECT_FALSE(is_launched());
  EXPECT_EQ(rank(), 0);
  EXPECT_EQ(ranks(), 1);
  EXPECT_GE(cores(), 1U);
  EXPECT_THAT(shared({"a", "b"}), ElementsAre("a", "b"));
  EXPECT_THAT(gathered({"a"}), ElementsAre(ElementsAre("a")));
}

TEST(OneProcess, AgreesWithItself) {
  const Diagnostics faults{{"--batch", "is 0", "give 1"}, {"MODEL", "is missing", "name one"}};
  EXPECT_EQ(agreed(faults), faults);
  EXPECT_EQ(agreed(faults, "files"), faults);
  EXPECT_THAT(agreed({}, "files"), IsEmpty());
}

TEST(Counter, GivesEachNumberOnce) {
  Counter counter(3);
  EXPECT_EQ(counter.next(), 3U);
  EXPECT_EQ(counter.next(), 4U);
  counter.raise(4);
  EXPECT_EQ(counter.next(), 5U);
  counter.serve();
  counter.raise(100);
  EXPECT_EQ(counter.next(), 100U);
}

}  // namespace
}  // namespace ridgepoint::distribute
