// SPDX-License-Identifier: Apache-2.0
// Groups, heat maps and histograms of a sweep, as scripts read them.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "app/program.hpp"

namespace ridgepoint::app {
namespace {

using testing::run;

const std::vector<std::string>& asked() {
  static const std::vector<std::string> kWords{
      "sweep",       "llama-3.1-8b",   "-d",        "h100-sxm,l40s", "-tp",         "1..3",
      "-b",          "1..4096:x8",     "-i",        "512,8192",      "--group",     "device",
      "--group",     "kv-cache-dtype", "--heatmap", "batch,input",   "--histogram", "tpot",
      "--objective", "min:cost"};
  return kWords;
}

std::vector<std::string> with(const std::vector<std::string>& more) {
  std::vector<std::string> all = asked();
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::string text(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

TEST(SweepCells, HaveTheBestOfASweepOfTheirOwn) {
  const auto answer = run(with({"--json"})).json();
  ASSERT_EQ(answer["groups"].size(), 2U);
  EXPECT_EQ(answer["groups"][0]["axis"], "device");
  EXPECT_EQ(answer["heatmap"]["x"], "batch");
  EXPECT_EQ(answer["heatmap"]["y"], "input");
  ASSERT_EQ(answer["heatmap"]["cells"].size(), 10U);
  for (const auto& cell : answer["heatmap"]["cells"]) {
    SCOPED_TRACE(cell["x"].dump() + " " + cell["y"].dump());
    const auto alone =
        run({"sweep", "llama-3.1-8b", "-d", "h100-sxm,l40s", "-tp", "1..3", "-b", text(cell["x"]),
             "-i", text(cell["y"]), "--objective", "min:cost", "--top", "1", "--json"})
            .json();
    for (const char* count : {"evaluated", "fitting", "meeting"}) {
      EXPECT_EQ(cell[count], alone[count]) << count;
    }
    ASSERT_EQ(cell.contains("best"), !alone["results"].empty());
    if (cell.contains("best")) {
      EXPECT_EQ(cell["best"], alone["results"][0]);
    } else {
      EXPECT_EQ(cell["region"], "capacity");
    }
  }
}

TEST(SweepCells, AddUpToTheSweep) {
  const auto answer = run(with({"--json"})).json();
  std::vector<nlohmann::json> grids = answer["groups"];
  grids.push_back(answer["heatmap"]);
  for (const auto& grid : grids) {
    std::uint64_t meeting = 0;
    for (const auto& cell : grid["cells"]) meeting += cell["meeting"].get<std::uint64_t>();
    EXPECT_EQ(meeting, answer["meeting"]);
  }
  std::uint64_t counted = 0;
  const auto& bins = answer["histogram"]["bins"];
  for (std::size_t i = 0; i < bins.size(); ++i) {
    counted += bins[i]["count"].get<std::uint64_t>();
    EXPECT_LT(bins[i]["from"], bins[i]["to"]);
    if (i > 0) {
      EXPECT_GE(bins[i]["from"], bins[i - 1]["to"]);
    }
  }
  EXPECT_EQ(counted, answer["meeting"]);
  EXPECT_EQ(answer["histogram"]["unit"], "s");
  ASSERT_EQ(answer["histogram"]["percentiles"].size(), 5U);
}

TEST(SweepCells, AreTheSameMergedAndWithAnyNumberOfThreads) {
  const testing::TemporaryFolder folder;
  std::vector<std::string> merge{"merge"};
  for (const char* shard : {"1/3", "2/3", "3/3"}) {
    merge.push_back(folder.path() + "/" + shard[0] + ".json");
    ASSERT_EQ(run(with({"--shard", shard, "--out", merge.back()})).exit_code, 0);
  }
  for (const char* form : {"json", "csv", "table", "md", "html"}) {
    const auto whole = run(with({"--threads", "1", "--format", form}));
    ASSERT_EQ(whole.exit_code, 0) << whole.err;
    EXPECT_EQ(run(with({"--threads", "7", "--format", form})).out, whole.out);
    std::vector<std::string> words = merge;
    words.insert(words.end(), {"--format", form});
    EXPECT_EQ(run(words).out, whole.out);
  }
}

TEST(SweepCells, AreTheSameAfterResuming) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.path() + "/state.json";
  const auto first = run(with({"--resume", path, "--json"}));
  EXPECT_EQ(run(with({"--resume", path, "--json"})).out, first.out);
  EXPECT_EQ(run(with({"--json"})).out, first.out);
}

TEST(SweepCells, HaveKeysThatTheDocumentationNames) {
  std::ifstream file(RIDGEPOINT_DOCS "/exploring.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  const auto answer = run(with({"--json"})).json();
  for (const auto& object :
       {answer["groups"][0], answer["groups"][0]["cells"][0], answer["heatmap"],
        answer["heatmap"]["cells"][0], answer["histogram"], answer["histogram"]["bins"][0],
        answer["histogram"]["percentiles"][0]}) {
    for (const auto& [key, value] : object.items()) {
      EXPECT_NE(page.find("`" + key + "`"), std::string::npos) << key;
    }
  }
}

}  // namespace
}  // namespace ridgepoint::app
