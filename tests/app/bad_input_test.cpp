// SPDX-License-Identifier: Apache-2.0
// Each fault gets where / what / help on stderr and exit 2; stdout stays empty and no file is left.
#include <gtest/gtest.h>

#include <filesystem>

#include "app/program.hpp"

namespace ridgepoint::app {
namespace {

using testing::run;
using testing::TemporaryFolder;

/// Runs the words, expects a refusal, and returns what was said.
std::string refusal(std::vector<std::string> words) {
  const auto outcome = run(words);
  EXPECT_EQ(outcome.exit_code, 2) << outcome.out;
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("ridgepoint: "), std::string::npos);
  return outcome.err;
}

void expect_mentions(const std::string& text, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) {
    EXPECT_NE(text.find(part), std::string::npos) << "no \"" << part << "\" in: " << text;
  }
}

/// A config of the Llama shape with one value replaced.
std::string config_with(const std::string& key, const std::string& value) {
  nlohmann::ordered_json config = {
      {"model_type", "llama"},    {"hidden_size", 64},         {"intermediate_size", 128},
      {"num_attention_heads", 4}, {"num_hidden_layers", 2},    {"num_key_value_heads", 2},
      {"vocab_size", 100},        {"torch_dtype", "bfloat16"}, {"tie_word_embeddings", false}};
  config[key] = "PLACE";
  std::string text = config.dump();
  return text.replace(text.find("\"PLACE\""), 7, value);
}

TEST(BadInput, UnknownModelGetsTheNearestNames) {
  expect_mentions(refusal({"stats", "lama-2-13b"}), {"lama-2-13b", "llama-2-13b"});
}

TEST(BadInput, UnknownDeviceGetsTheNearestNames) {
  expect_mentions(refusal({"stats", "llama-2-13b", "-d", "h10-sxm"}), {"h10-sxm", "h100-sxm"});
}

TEST(BadInput, TruncatedJsonIsLocated) {
  const TemporaryFolder folder;
  const std::string path = folder.write("config.json", "{\"hidden_size\": 64,\n \"vocab_si");
  expect_mentions(refusal({"roofline", path}), {path, "line 2"});
}

TEST(BadInput, AFileThatIsNotJsonIsLocated) {
  const TemporaryFolder folder;
  expect_mentions(refusal({"roofline", folder.write("c.json", "hello")}), {"line 1"});
  refusal({"roofline", folder.write("d.json", "")});
  refusal({"roofline", folder.write("e.json", "[1, 2]")});
  refusal({"roofline", folder.write("f.json", std::string(1000, '['))});
}

TEST(BadInput, MissingAndMistypedKeysComeAllAtOnce) {
  const TemporaryFolder folder;
  const std::string path = folder.write(
      "config.json", R"({"model_type": "llama", "hidden_size": "wide", "num_hidden_layers": 1.5})");
  expect_mentions(refusal({"roofline", path}),
                  {"hidden_size", "num_hidden_layers", "vocab_size", "num_attention_heads"});
}

TEST(BadInput, AbsurdSizesAreRefused) {
  const TemporaryFolder folder;
  for (const char* value : {"0", "-1", "1e30", "1000000000000000000000000000000", "NaN", "Infinity",
                            "-Infinity", "2.5", "\"40\"", "null", "true", "[1]"}) {
    const std::string path = folder.write("config.json", config_with("num_hidden_layers", value));
    expect_mentions(refusal({"roofline", path}), {"num_hidden_layers"});
  }
}

TEST(BadInput, HeadsThatDoNotDivideAreRefused) {
  const TemporaryFolder folder;
  const std::string path = folder.write("config.json", config_with("num_key_value_heads", "3"));
  expect_mentions(refusal({"roofline", path}), {"num_key_value_heads"});
  expect_mentions(refusal({"stats", "llama-2-13b", "--set", "num_key_value_heads=7"}),
                  {"num_key_value_heads"});
}

TEST(BadInput, SizesOnTheCommandLineAreChecked) {
  for (const char* value : {"0", "-1", "nan", "inf", "1e30", "1.5", "", "ten",
                            "9223372036854775808", "1..0", "1,,2", "1GB"}) {
    expect_mentions(refusal({"stats", "llama-2-13b", "-b", value}), {"--batch"});
    expect_mentions(refusal({"roofline", "llama-2-13b", "-s", value}), {"--context"});
  }
}

TEST(BadInput, CountsBeyond64BitsAreAnErrorNotAWrap) {
  expect_mentions(refusal({"stats", "llama-2-13b", "-b", "1000g", "-s", "1000g"}), {"2^63"});
  expect_mentions(refusal({"roofline", "llama-2-13b", "-b", "1000g", "-s", "1000g"}), {"2^63"});
}

TEST(BadInput, ADirectoryWithoutAConfigIsNamed) {
  const TemporaryFolder folder;
  expect_mentions(refusal({"roofline", folder.path()}), {folder.path()});
  expect_mentions(refusal({"stats", "llama-2-13b", "-d", folder.path()}), {folder.path()});
  expect_mentions(refusal({"roofline", folder.path() + "/none.json"}), {"none.json"});
}

TEST(BadInput, ADeviceFileWithFaultsTellsAll) {
  const TemporaryFolder folder;
  const std::string path =
      folder.write("device.json",
                   R"({"name": "x", "memory_bandwidth": {"value": "3 parsecs", "source": "me"}})");
  expect_mentions(refusal({"stats", "llama-2-13b", "-d", path}), {"memory_bandwidth", "parsecs"});
}

TEST(BadInput, AnOutputThatCannotBeWrittenLeavesNothing) {
  const TemporaryFolder folder;
  const std::string nowhere = folder.path() + "/none/page.html";
  expect_mentions(refusal({"roofline", "llama-2-13b", "--format", "html", "--out", nowhere}),
                  {nowhere});
  refusal({"roofline", "llama-2-13b", "--format", "html", "--out", folder.path()});
  EXPECT_EQ(folder.files(), 0u);
}

TEST(BadInput, AFullDiskIsReported) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  expect_mentions(refusal({"derive", "matmul", "--out", "/dev/full"}), {"/dev/full"});
}

TEST(BadInput, MalformedExpressionsShowTheColumn) {
  expect_mentions(refusal({"algebra", "B*D/("}), {"column"});
  expect_mentions(refusal({"algebra", "1/(x - x)"}), {"zero"});
  expect_mentions(refusal({"algebra", "B", "--compare", "<"}), {"--compare"});
  expect_mentions(refusal({"algebra", "B", "--subs", "B"}), {"--subs"});
  expect_mentions(refusal({"algebra", "B", "--limit", "B"}), {"--limit"});
  expect_mentions(refusal({"algebra", "B", "--solve", "B"}), {"--equals"});
  expect_mentions(refusal({"algebra", "B", "--diff", "2*B"}), {"--diff"});
}

TEST(BadInput, AMalformedUnitIsNamed) {
  expect_mentions(
      refusal({"stats", "llama-2-13b", "--set-device", "memory_bandwidth=4.8 furlongs"}),
      {"memory_bandwidth", "furlongs"});
  expect_mentions(refusal({"stats", "llama-2-13b", "--set", "num_kv_heads_typo=8"}),
                  {"num_kv_heads_typo"});
}

TEST(BadInput, AnUnknownSubjectGetsTheNearestOne) {
  expect_mentions(refusal({"derive", "matmull"}), {"matmul"});
}

TEST(BadInput, StaysSilentOnStdoutWithJsonToo) { refusal({"stats", "nope", "--json"}); }

}  // namespace
}  // namespace ridgepoint::app
