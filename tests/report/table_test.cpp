// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/table.hpp"

#include <gtest/gtest.h>

#include "report/markup.hpp"
#include "report/scale.hpp"
#include "report/text.hpp"
#include "report/utf8.hpp"
#include "report/xml.hpp"

namespace ridgepoint::report {
namespace {

Table fruit() {
  return {{{"fruit", "", Align::left, 0}, {"mass", "kg", Align::point, 1}},
          {{"apple", "12"}, {"fig", "0.05"}},
          {{"sum", "12.1"}}};
}

TEST(TextTable, AlignsNumbersAtTheirPoints) {
  EXPECT_EQ(to_text(fruit()),
            "fruit   mass\n"
            "          kg\n"
            "────────────\n"
            "apple  12\n"
            "fig     0.05\n"
            "────────────\n"
            "sum    12.1\n");
}

TEST(TextTable, UsesNoCharacterBeyondAsciiWhenTheTerminalHasNone) {
  Table table = fruit();
  table.rows[0][0] = Cell("2 × µ · Kᵀ ≥ 1");
  const std::string text = to_text(table, {.charset = Charset::ascii});
  for (const char c : text) EXPECT_LT(static_cast<unsigned char>(c), 0x80);
  EXPECT_NE(text.find("2 x u * K^T >= 1"), std::string::npos);
}

TEST(TextTable, LeavesOutTheLeastImportantColumnsAndNamesThem) {
  const std::string text = to_text(fruit(), {.width = 8});
  EXPECT_EQ(text.find("12"), std::string::npos);
  EXPECT_NE(text.find("mass"), std::string::npos) << "the note names what is missing";
}

TEST(TextTable, EmitsEscapeSequencesOnlyInColour) {
  Table table = fruit();
  table.rows[0][1].tone = Tone::warning;
  EXPECT_EQ(to_text(table).find('\x1b'), std::string::npos);
  EXPECT_NE(to_text(table, {.colour = true}).find("\x1b["), std::string::npos);
}

TEST(TextTable, TakesTheTeethOutOfControlCharacters) {
  Table table = fruit();
  table.rows[0][0] = Cell("\x1b[2Jgone\n\xff");
  EXPECT_NE(to_text(table).find("\uFFFD[2Jgone \uFFFD"), std::string::npos);
}

TEST(Csv, QuotesCommasQuotesAndLineBreaksSoThatTheyReadBack) {
  Table table{
      {{"a", "", Align::left, 0}, {"b", "", Align::left, 0}}, {{"x,y", "say \"hi\"\nnow"}}, {}};
  const auto rows = test::read_csv(to_csv(table));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1], (std::vector<std::string>{"x,y", "say \"hi\"\nnow"}));
}

TEST(Markdown, EscapesWhatWouldEndACellOrBeginMarkup) {
  Table table{{{"a|b", "", Align::left, 0}}, {{"<b>*x*</b> _y_ q_proj"}}, {}};
  EXPECT_EQ(to_markdown(table), "| a\\|b |\n|---|\n| \\<b\\>\\*x\\*\\</b\\> \\_y\\_ q_proj |\n");
}

TEST(HtmlTable, EscapesItsCells) {
  Table table{{{"a", "", Align::left, 0}}, {{"<script>alert('&')</script>"}}, {}};
  const std::string html = to_html(table);
  EXPECT_EQ(test::markup_fault(html), "");
  EXPECT_EQ(html.find("<script"), std::string::npos);
}

TEST(Escape, ReplacesTheFiveCharactersControlsAndBytesThatAreNotUtf8) {
  EXPECT_EQ(escape_xml("<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
  EXPECT_EQ(escape_xml(std::string("a\0b", 3)), "a\uFFFDb");
  EXPECT_EQ(escape_xml("\xC0\xAF\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(escape_xml("Qwen 通义"), "Qwen 通义");
}

TEST(DisplayWidth, CountsWideCharactersTwiceAndCombiningOnesNot) {
  EXPECT_EQ(display_width("abc"), 3u);
  EXPECT_EQ(display_width("通义"), 4u);
  EXPECT_EQ(display_width("e\u0301"), 1u);
}

TEST(Wrapped, BreaksAtSpacesAndIndentsWhatFollows) {
  EXPECT_EQ(wrapped("one two three four", {.width = 9}, 2), "one two\n  three\n  four\n");
  EXPECT_EQ(wrapped("one two three four", {}), "one two three four\n");
}

TEST(Scale, TakesTheUnitOfTheLargestValueUnlessTheSmallestWouldVanish) {
  EXPECT_EQ(flops_scale({6.4e12, 2e12}).unit, "TFLOP");
  // 0.328 GFLOP would read 0.000328 TFLOP: one unit down, 6,442 and 0.328 GFLOP.
  EXPECT_EQ(flops_scale({6.442e12, 0.328e9}).unit, "GFLOP");
  EXPECT_EQ(flops_scale({6.442e12, 0.328e9}).show(6.442e12), "6,442");
  EXPECT_EQ(time_scale({0, 0}).unit, "ns");
}

TEST(Length, IsWrittenWithAtMostTwoDecimalsAndNoMinusZero) {
  EXPECT_EQ(px(12), "12");
  EXPECT_EQ(px(12.344), "12.34");
  EXPECT_EQ(px(0.5), "0.5");
  EXPECT_EQ(px(-0.001), "0");
}

}  // namespace
}  // namespace ridgepoint::report
