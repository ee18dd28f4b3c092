// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/names.hpp"

#include <gmock/gmock.h>

namespace ridgepoint {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Normalized, ForgivesCaseSpacesAndPunctuation) {
  EXPECT_EQ(normalized("H100 SXM"), "h100sxm");
  EXPECT_EQ(normalized("h100-sxm"), "h100sxm");
  EXPECT_EQ(normalized("meta-llama/Llama_2.13B"), "metallamallama213b");
}

TEST(EditDistance, CountsEachKindOfEditOnce) {
  EXPECT_EQ(edit_distance("hidden", "hidden"), 0u);
  EXPECT_EQ(edit_distance("hiden", "hidden"), 1u);    // an insertion
  EXPECT_EQ(edit_distance("hiddden", "hidden"), 1u);  // a deletion
  EXPECT_EQ(edit_distance("hidxen", "hidden"), 1u);   // a replacement
  EXPECT_EQ(edit_distance("hiddne", "hidden"), 1u);   // a swap of neighbours
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);  // k→s, e→i, +g
}

TEST(NearestNames, PutTheNearestFirst) {
  const std::vector<std::string> names{"llama-2-7b", "llama-2-13b", "mistral-7b-v0.1", "yi-34b"};
  EXPECT_THAT(nearest_names("lama-2-13b", names), ElementsAre("llama-2-13b"));
  EXPECT_THAT(nearest_names("llama-2", names), ElementsAre("llama-2-7b", "llama-2-13b"));
  EXPECT_THAT(nearest_names("mistral", names), ElementsAre("mistral-7b-v0.1"));
}

TEST(NearestNames, KnowAbbreviations) {
  EXPECT_THAT(nearest_names("num_kv_heads", {"num_key_value_heads", "hidden_size"}),
              ElementsAre("num_key_value_heads"));
}

TEST(NearestNames, AreNoneWhenNothingIsNear) {
  EXPECT_THAT(nearest_names("zzzzzz", {"llama-2-7b", "h100-sxm"}), IsEmpty());
}

TEST(NearestNames, AreAtMostFive) {
  const std::vector<std::string> names{"a1", "a2", "a3", "a4", "a5", "a6", "a7"};
  EXPECT_EQ(nearest_names("a", names).size(), 5u);
}

TEST(DidYouMean, ReadsAsASentence) {
  EXPECT_EQ(did_you_mean("aa1", {"aa2", "aa3", "aa4"}), "did you mean aa2, aa3 or aa4?");
  EXPECT_EQ(did_you_mean("hiden_size", {"hidden_size"}), "did you mean hidden_size?");
  EXPECT_EQ(did_you_mean("xyz", {"hidden_size"}), "");
}

}  // namespace
}  // namespace ridgepoint
