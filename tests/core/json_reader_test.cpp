// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/json_reader.hpp"

#include <gmock/gmock.h>

#include "core/faults.hpp"

namespace ridgepoint::json {
namespace {

using ridgepoint::testing::listed;
using ::testing::HasSubstr;

/// Reads one required size of a file and returns its faults.
std::string size_faults(std::string_view text) {
  const Value root = parse(text, "f.json").value();
  Diagnostics faults;
  Reader reader(root, "f.json", faults);
  const auto size = reader.size("layers", 1000);
  EXPECT_EQ(size.has_value(), faults.empty());
  return listed(faults);
}

TEST(Reader, ReadsEachKindOfValue) {
  const Value root =
      parse(R"({"n": 3, "t": "x", "b": true, "l": ["p", "q"], "o": {"m": 4}})", "f.json").value();
  Diagnostics faults;
  Reader reader(root, "f.json", faults);
  EXPECT_EQ(reader.size("n"), 3);
  EXPECT_EQ(reader.string("t"), "x");
  EXPECT_EQ(reader.optional_boolean("b"), true);
  EXPECT_THAT(reader.strings("l"), ::testing::ElementsAre("p", "q"));
  EXPECT_EQ(reader.object("o")->size("m"), 4);
  EXPECT_EQ(reader.optional_size("absent"), std::nullopt);
  EXPECT_EQ(listed(faults), "");
}

TEST(Reader, TakesTheFirstSpellingThatIsPresent) {
  const Value root = parse(R"({"n_layer": 12, "num_layers": null})", "f.json").value();
  Diagnostics faults;
  Reader reader(root, "f.json", faults);
  EXPECT_EQ(reader.size({"num_hidden_layers", "num_layers", "n_layer"}), 12);
  EXPECT_TRUE(faults.empty());
}

TEST(Reader, CollectsEveryFaultWithItsPointer) {
  const Value root =
      parse(R"({"text_config": {"heads": "forty", "hiden_size": 8}, "dtype": 3})", "f.json")
          .value();
  Diagnostics faults;
  Reader reader(root, "f.json", faults);
  auto text = reader.object("text_config");
  ASSERT_TRUE(text);
  text->size("heads");
  text->size("hidden_size");
  reader.string("dtype");
  EXPECT_EQ(listed(faults),
            "f.json: /text_config/heads | expected a positive integer, got the string \"forty\" | "
            "write a whole number, 1 or more, without quotes\n"
            "f.json: /text_config/hidden_size | is missing | there is a similar key; did you mean "
            "hiden_size?\n"
            "f.json: /dtype | expected a string, got 3 | write text in double quotes\n");
}

TEST(Reader, RefusesEverySizeThatIsNone) {
  EXPECT_EQ(size_faults(R"({"layers": 1000})"), "");
  EXPECT_THAT(size_faults(R"({"layers": 0})"), HasSubstr("must be at least 1, got 0"));
  EXPECT_THAT(size_faults(R"({"layers": -4})"), HasSubstr("must be at least 1, got -4"));
  EXPECT_THAT(size_faults(R"({"layers": 1.5})"), HasSubstr("a whole number, got 1.5"));
  EXPECT_THAT(size_faults(R"({"layers": 1001})"), HasSubstr("the limit is 1,000"));
  EXPECT_THAT(size_faults(R"({"layers": 1e30})"), HasSubstr("1e30 is absurd"));
  EXPECT_THAT(size_faults(R"({"layers": 1000000000000000000000000000000})"), HasSubstr("absurd"));
  EXPECT_THAT(size_faults(R"({"layers": NaN})"), HasSubstr("got NaN"));
  EXPECT_THAT(size_faults(R"({"layers": Infinity})"), HasSubstr("Infinity is absurd"));
  EXPECT_THAT(size_faults(R"({"layers": -Infinity})"), HasSubstr("at least 1"));
  EXPECT_THAT(size_faults(R"({"layers": null})"), HasSubstr("is null"));
  EXPECT_THAT(size_faults(R"({"layers": [4]})"), HasSubstr("got a list"));
  EXPECT_THAT(size_faults(R"({"layers": true})"), HasSubstr("got true"));
  EXPECT_THAT(size_faults(R"({})"), HasSubstr("f.json: /layers | is missing"));
}

TEST(Reader, RefusesKeysThatNobodyAskedFor) {
  const Value root =
      parse(R"({"memory_bandwith": 1, "_comment": 2, "$schema": 3})", "f.json").value();
  Diagnostics faults;
  Reader reader(root, "f.json", faults);
  reader.optional_any("memory_bandwidth");
  reader.refuse_unknown_keys();
  EXPECT_EQ(listed(faults),
            "f.json: /memory_bandwith | is not a known key | did you mean memory_bandwidth?\n");
}

TEST(Reader, EscapesItsPointer) {
  const Value root = parse(R"({"a/b": {"c~d": 0}})", "f.json").value();
  Diagnostics faults;
  Reader reader(root, "f.json", faults);
  reader.object("a/b")->size("c~d");
  EXPECT_EQ(faults.at(0).where, "f.json: /a~1b/c~0d");
}

}  // namespace
}  // namespace ridgepoint::json
