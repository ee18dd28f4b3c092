// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/json.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "core/faults.hpp"

namespace ridgepoint::json {
namespace {

using ridgepoint::testing::faults_of;
using ridgepoint::testing::listed;
using ::testing::HasSubstr;

Value parsed(std::string_view text) { return parse(text, "f.json").value(); }

TEST(Json, KeepsMembersInOrder) {
  const Value root = parsed(R"({"b": 1, "a": [true, null, "x"]})");
  EXPECT_THAT(root.keys, ::testing::ElementsAre("b", "a"));
  EXPECT_EQ(root.find("b")->integer, 1);
  ASSERT_EQ(root.find("a")->items.size(), 3u);
  EXPECT_EQ(root.find("a")->items[2].text, "x");
  EXPECT_EQ(root.find("c"), nullptr);
}

TEST(Json, TellsWholeNumbersFromOthers) {
  EXPECT_EQ(parsed("4096.0").integer, 4096);
  EXPECT_FALSE(parsed("1.5").integer);
  EXPECT_FALSE(parsed("1e30").integer);
  EXPECT_EQ(parsed("9223372036854775807").integer, 9'223'372'036'854'775'807);
  EXPECT_FALSE(parsed("9223372036854775808").integer);
}

TEST(Json, AcceptsTheBareWordsThatPythonWrites) {
  const Value root = parsed(R"({"limit": [0.0, Infinity], "low": -Infinity, "x": NaN})");
  EXPECT_EQ(root.find("limit")->items[1].number, std::numeric_limits<double>::infinity());
  EXPECT_EQ(root.find("low")->number, -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(root.find("x")->number));
  EXPECT_EQ(describe(*root.find("x")), "NaN");
}

TEST(Json, LeavesThoseWordsAloneInsideStrings) {
  EXPECT_EQ(parsed(R"("NaN and \"Infinity\"")").text, "NaN and \"Infinity\"");
  EXPECT_EQ(parsed(R"({"NaN": 1})").keys[0], "NaN");
  EXPECT_THAT(faults_of(parse("NaNa", "f.json")), HasSubstr("line 1, column"));
}

TEST(Json, GivesLineAndColumnOfASyntaxFault) {
  // The missing comma shows at the quote of "b", the third character of line 3.
  EXPECT_THAT(faults_of(parse("{\n  \"a\": 1\n  \"b\": 2\n}", "f.json")),
              HasSubstr("f.json: line 3, column"));
  // A bare word before the fault must not shift it: the second colon stands in column 17.
  EXPECT_THAT(faults_of(parse(R"({"a": Infinity, : 1})", "f.json")),
              HasSubstr("f.json: line 1, column 17"));
}

TEST(Json, SaysThatATruncatedFileEndsTooEarly) {
  EXPECT_THAT(faults_of(parse(R"({"hidden_size": 40)", "f.json")), HasSubstr("ends too early"));
  EXPECT_THAT(faults_of(parse(R"({"hidden_)", "f.json")), HasSubstr("ends too early"));
  EXPECT_THAT(faults_of(parse("", "f.json")), HasSubstr("f.json | is empty"));
}

TEST(Json, NamesATrailingCommaAndTextAfterTheEnd) {
  EXPECT_EQ(faults_of(parse(R"({"a": 1,})", "f.json")),
            "f.json: line 1, column 8 | a trailing comma before '}' | remove the comma\n");
  EXPECT_THAT(faults_of(parse("[1,\n]\n", "f.json")), HasSubstr("a trailing comma before ']'"));
  for (const char* text : {"{} x", "{} 1", "{}{}", "{} true", "{}\n}\n"}) {
    EXPECT_THAT(faults_of(parse(text, "f.json")), HasSubstr("text after the end of the JSON value"))
        << text;
  }
}

TEST(Json, NamesBytesThatAreNoText) {
  EXPECT_EQ(faults_of(parse("{\"model_type\": \"ll\xff"
                            "ama\"}",
                            "f.json")),
            "f.json: line 1, column 19 | byte 0xFF is not UTF-8 text | save the file as UTF-8\n");
  EXPECT_EQ(
      faults_of(parse(std::string_view("\xff\xfe{\0}\0", 6), "f.json")),
      "f.json: line 1, column 1 | byte 0xFF is not UTF-8 text | the file is UTF-16: save it as "
      "UTF-8\n");
}

TEST(Json, RefusesWhatIsNoJson) {
  EXPECT_FALSE(parse("hello", "f.json"));
  EXPECT_FALSE(parse("{} trailing", "f.json"));
  EXPECT_FALSE(parse(std::string_view("\x7f"
                                      "ELF\x02\x01\x00\x00",
                                      8),
                     "f.json"));
  EXPECT_FALSE(parse("{\"a\": \"\xff\xfe\"}", "f.json"));
}

TEST(Json, ReportsEveryDuplicateKeyWithItsPlace) {
  EXPECT_EQ(faults_of(parse(R"({"a": {"b": 1, "b": 2}, "a": 3})", "f.json")),
            "f.json: /a/b | this key occurs twice in the same object | remove one of them\n"
            "f.json: /a | this key occurs twice in the same object | remove one of them\n");
}

TEST(Json, LimitsItsDepth) {
  const std::string fits = std::string(kMaxDepth, '[') + std::string(kMaxDepth, ']');
  EXPECT_TRUE(parse(fits, "f.json"));
  EXPECT_THAT(faults_of(parse(std::string(100'000, '['), "f.json")), HasSubstr("levels deep"));
}

TEST(Override, IsAKeyAndAValue) {
  const auto change = parse_override("num_key_value_heads=8", "--set");
  ASSERT_TRUE(change);
  EXPECT_EQ(change->key, "num_key_value_heads");
  EXPECT_EQ(change->value, "8");
  EXPECT_FALSE(parse_override("num_key_value_heads", "--set"));
  EXPECT_FALSE(parse_override("=8", "--set"));
  EXPECT_FALSE(parse_override("a=", "--set"));
}

TEST(Override, TypesItsValueLikeTheCommandLine) {
  Value root = parsed(R"({"a": 1, "b": "x", "c": false, "d": 3, "e": {"f": 1}})");
  const Overrides changes{{"a", "8k", "--set"},   {"b", "bfloat16", "--set"},
                          {"c", "true", "--set"}, {"d", "null", "--set"},
                          {"e.f", "2", "--set"},  {"new", "7", "--set"}};
  EXPECT_EQ(listed(apply(changes, {"new"}, root)), "");
  EXPECT_EQ(root.find("a")->integer, 8000);
  EXPECT_EQ(root.find("b")->text, "bfloat16");
  EXPECT_TRUE(root.find("c")->boolean);
  EXPECT_EQ(root.find("d")->kind, Kind::null);
  EXPECT_EQ(root.find("e")->find("f")->integer, 2);
  EXPECT_EQ(root.find("new")->integer, 7);
}

TEST(Override, OfAnUnknownKeyGetsTheNearestOne) {
  Value root = parsed(R"({"num_key_value_heads": 40})");
  EXPECT_EQ(listed(apply({{"num_kv_heads", "8", "--set"}}, {"head_dim"}, root)),
            "--set | there is no key \"num_kv_heads\" | did you mean num_key_value_heads?\n");
}

}  // namespace
}  // namespace ridgepoint::json
