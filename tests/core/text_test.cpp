// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/text.hpp"

#include <gtest/gtest.h>

#include "ridgepoint/core/result.hpp"

namespace ridgepoint {
namespace {

TEST(Printable, LeavesTextAlone) {
  EXPECT_EQ(printable("S·T ≥ 1 — naïve 模型 🚀"), "S·T ≥ 1 — naïve 模型 🚀");
}

TEST(Printable, BlanksWhatMovesACursorOrTurnsTheDirection) {
  EXPECT_EQ(printable("a\x1b[2Jb\r\n\tc\x7f"), "a [2Jb   c ");
  EXPECT_EQ(printable("a\u009Bb\u202Ec\u2066d\uFEFFe\u200Ff"), "a b c d e f");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a b");
}

TEST(Printable, ReplacesBytesThatAreNoUtf8) {
  EXPECT_EQ(printable("ll\xff"
                      "ama"),
            "ll?ama");
  EXPECT_EQ(printable("\xc3"), "?");                 // a lead byte without its second
  EXPECT_EQ(printable("\xc0\xaf"), "??");            // '/' in two bytes: overlong
  EXPECT_EQ(printable("\xed\xa0\x80"), "???");       // a surrogate, U+D800
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "????");  // beyond U+10FFFF
}

TEST(Printable, KeepsLineFeedsWhereAsked) {
  EXPECT_EQ(printable_lines("a\x1b\n\nb\r\n"), "a \n\nb \n");
}

TEST(Shown, CutsBetweenCharacters) {
  EXPECT_EQ(shown("ééé", 3), "ééé");
  EXPECT_EQ(shown("ééé", 2), "éé…");
}

TEST(FirstStrayByte, IsFoundBehindOtherCharacters) {
  EXPECT_EQ(first_stray_byte("é\xff"), 2u);
  EXPECT_EQ(first_stray_byte("é€"), std::string_view::npos);
}

TEST(Diagnostic, IsPrintableWhateverItQuotes) {
  const Diagnostics faults = fail("f\xff\n.json", "got \x1b[31m", "was it \x9b?").value();
  EXPECT_EQ(faults.at(0).where, "f? .json");
  EXPECT_EQ(faults.at(0).what, "got  [31m");
  EXPECT_EQ(faults.at(0).help, "was it ??");
}

}  // namespace
}  // namespace ridgepoint
