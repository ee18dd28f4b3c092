// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "derive/h100.hpp"
#include "report/golden.hpp"
#include "ridgepoint/report/derivation.hpp"

namespace ridgepoint::report {
namespace {

// What guards it: tests/derive, where every formula and figure in it is checked by itself.
TEST(Golden, DerivationOfMatmulText) {
  const std::string text = to_text(derive::derived("matmul"), {.width = 100});
  test::expect_golden("derive_matmul.txt", text);
  EXPECT_THAT(text, ::testing::HasSubstr("B*D*F/(B*D + B*F + D*F)"));
  EXPECT_THAT(text, ::testing::HasSubstr("All 9 claims proved."));
}

TEST(Golden, DerivationOfAttentionMarkdown) {
  const std::string text = to_markdown(derive::derived("attention"));
  test::expect_golden("derive_attention.md", text);
  EXPECT_THAT(text, ::testing::HasSubstr("`S*T/(S + T)`"));
}

}  // namespace
}  // namespace ridgepoint::report
