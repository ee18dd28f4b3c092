// SPDX-License-Identifier: Apache-2.0
// Whatever is wrong, the fault says what to do about it.
#include <gtest/gtest.h>

#include "core/faults.hpp"
#include "ridgepoint/core/file.hpp"
#include "ridgepoint/core/json.hpp"
#include "ridgepoint/core/json_reader.hpp"
#include "ridgepoint/core/numbers.hpp"
#include "ridgepoint/core/override.hpp"
#include "ridgepoint/core/units.hpp"

namespace ridgepoint {
namespace {

using testing::expect_helpful;

TEST(Help, StandsUnderEveryFaultOfJson) {
  const std::string deep(json::kMaxDepth + 1, '[');
  for (const std::string_view text : {std::string_view(""),
                                      std::string_view(" \n"),
                                      std::string_view("hello"),
                                      std::string_view("{"),
                                      std::string_view("{\"a\""),
                                      std::string_view("{\"a\": tru"),
                                      std::string_view("{\"a\": 1,}"),
                                      std::string_view("[1,]"),
                                      std::string_view("{} x"),
                                      std::string_view("{} {}"),
                                      std::string_view("{\"a\": 1 \"b\": 2}"),
                                      std::string_view("{\"a\" 1}"),
                                      std::string_view("{a: 1}"),
                                      std::string_view("{'a': 1}"),
                                      std::string_view("{\"a\": // b\n1}"),
                                      std::string_view("{\"a\": True}"),
                                      std::string_view("{\"a\": }"),
                                      std::string_view("[1 2]"),
                                      std::string_view("{\"a\": 1.}"),
                                      std::string_view("{\"a\": \"x\ny\"}"),
                                      std::string_view("{\"a\": \"\\q\"}"),
                                      std::string_view("{\"a\": \"ll\xff"
                                                       "ama\"}"),
                                      std::string_view("\xff\xfe{\0}\0", 6),
                                      std::string_view("\x7f"
                                                       "ELF\x02\x01\0\0",
                                                       8),
                                      std::string_view("{\"a\": 1, \"a\": 2}"),
                                      std::string_view("{\"\x1b[2J\": 1}"),
                                      std::string_view(deep)}) {
    expect_helpful(json::parse(text, "f.json"), text);
  }
}

TEST(Help, StandsUnderEveryFaultOfAFileReader) {
  for (const std::string_view text :
       {"{}", R"({"n": null})", R"({"n": -1, "s": 1, "b": 1, "l": 1, "o": 1, "x\u001b": 1})",
        R"({"n": 1e30, "l": [1]})", R"({"n": "forty"})", R"({"n": 1.5})", R"({"nn": 5})"}) {
    const json::Value root = json::parse(text, "f.json").value();
    Diagnostics faults;
    json::Reader reader(root, "f.json", faults);
    reader.size("n");
    reader.string("s");
    reader.optional_boolean("b");
    reader.strings("l");
    reader.object("o");
    reader.refuse_unknown_keys();
    expect_helpful(Result<int>(fail(faults)), text);
  }
}

TEST(Help, StandsUnderEveryFaultOfNumbersAndUnits) {
  for (const std::string_view text : {"",
                                      " ",
                                      "a",
                                      "1,",
                                      ",1",
                                      "1,,2",
                                      "4.",
                                      "-1",
                                      "1.5",
                                      "1..",
                                      "..5",
                                      "9..3",
                                      "1..9:2",
                                      "1..9:",
                                      "1..9:x1",
                                      "1..9:+0",
                                      "0..9:x2",
                                      "1..2000000",
                                      "99999999999999999999",
                                      "1e99",
                                      "8kb",
                                      "\xff",
                                      "1\n2"}) {
    expect_helpful(parse_counts(text, "--batch"), text);
  }
  for (const std::string_view text :
       {"", "fast", "3.35", "3.35 tb/s", "3.35 Tb/s", "3.35 parsecs", "80 GB", "-1 B/s", "0 B/s",
        "99999999999999999999 B/s", "1e999 B/s", "1 \x1b[2J"}) {
    expect_helpful(parse_bandwidth(text, "--set-device"), text);
  }
  for (const std::string_view text : {"1e30 GB", "0.5 B", "10", "1 s"}) {
    expect_helpful(parse_byte_count(text, "x"), text);
  }
}

TEST(Help, StandsUnderEveryFaultOfAnOverride) {
  for (const std::string_view text : {"", "=", "a=", "=1", "a", "\xff\n"}) {
    expect_helpful(parse_override(text, "--set"), text);
  }
  json::Value root = json::parse(R"({"hidden_size": 1})", "f.json").value();
  for (const char* key : {"foo", "hiden_size", "a.b", "\x1b"}) {
    const Diagnostics faults = json::apply({{key, "1", "--set"}}, {"hidden_size"}, root);
    expect_helpful(Result<int>(fail(faults)), key);
  }
}

TEST(Help, StandsUnderEveryFaultOfAFile) {
  for (const char* path : {"", "/", "/no/such/file", "/no\xff/such\n"}) {
    expect_helpful(read_file(path), path);
    expect_helpful(write_file_atomically(path, "x"), path);
  }
  expect_helpful(read_file("/proc/self/status", 4), "too long");
}

}  // namespace
}  // namespace ridgepoint
