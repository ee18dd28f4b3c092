// SPDX-License-Identifier: Apache-2.0
// The files of sweep --rows, read back without the program's own code.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "app/program.hpp"

namespace ridgepoint::app {
namespace {

using testing::run;

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Lines of fields; none here holds a comma.
std::vector<std::vector<std::string>> read_csv(const std::string& path) {
  std::vector<std::vector<std::string>> lines;
  std::istringstream text(bytes_of(path));
  for (std::string line; std::getline(text, line);) {
    std::istringstream fields(line);
    lines.emplace_back();
    for (std::string field; std::getline(fields, field, ',');) lines.back().push_back(field);
  }
  return lines;
}

template <class T>
T number_at(const std::string& bytes, std::size_t at) {
  T number{};
  EXPECT_LE(at + sizeof number, bytes.size());
  std::memcpy(&number, bytes.data() + at, sizeof number);  // tests run on little-endian machines
  return number;
}

/// As docs/exploring.md lays it out.
struct Columns {
  nlohmann::json head;
  std::vector<std::vector<double>> numbers;
};
Columns read_columns(const std::string& path) {
  const std::string bytes = bytes_of(path);
  EXPECT_EQ(bytes.substr(0, 8), "RIDGECOL");
  EXPECT_EQ(number_at<std::uint32_t>(bytes, 8), 1U);
  const auto length = number_at<std::uint32_t>(bytes, 12);
  EXPECT_EQ((16 + length) % 8, 0U);
  Columns columns{nlohmann::json::parse(bytes.substr(16, length)), {}};
  columns.numbers.resize(columns.head["columns"].size());
  std::size_t at = 16 + length;
  std::int64_t rows = 0;
  while (const auto group = number_at<std::int64_t>(bytes, at)) {
    at += 8;
    for (std::size_t i = 0; i < columns.numbers.size(); ++i) {
      for (std::int64_t row = 0; row < group; ++row, at += 8) {
        columns.numbers[i].push_back(columns.head["columns"][i]["type"] == "int64"
                                         ? static_cast<double>(number_at<std::int64_t>(bytes, at))
                                         : number_at<double>(bytes, at));
      }
    }
    rows += group;
  }
  EXPECT_EQ(number_at<std::int64_t>(bytes, at + 8), rows);
  EXPECT_EQ(at + 16, bytes.size());
  return columns;
}

const std::vector<std::string>& asked() {
  static const std::vector<std::string> kWords{"sweep",     "llama-3.1-8b,mixtral-8x7b",
                                               "-d",        "h100-sxm,l40s",
                                               "-tp",       "1..3",
                                               "-b",        "1..1100:+7",
                                               "-i",        "512,8192",
                                               "--weights", "auto,fp8",
                                               "--subject", "fits,tpot<100ms"};
  return kWords;
}

std::vector<std::string> with(const std::vector<std::string>& more) {
  std::vector<std::string> all = asked();
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

TEST(SweepRows, AreAllPointsThatKeepToTheSubject) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.path() + "/rows.csv";
  const auto answer = run(with({"--rows", path, "--top", "10000", "--json"})).json();
  const auto lines = read_csv(path);
  ASSERT_EQ(lines.size(), 1 + answer["meeting"].get<std::size_t>());
  ASSERT_EQ(answer["results"].size(), lines.size() - 1);
  std::map<std::string, std::vector<std::string>> known;
  const auto key = [](const auto& text) {
    std::string all;
    for (const char* name :
         {"model", "device", "tensor_parallel_size", "weights", "input", "batch"})
      all += text(name) + " ";
    return all;
  };
  const auto column = [&](const std::vector<std::string>& line, const std::string& name) {
    const auto at = std::find(lines[0].begin(), lines[0].end(), name);
    EXPECT_NE(at, lines[0].end()) << name;
    return line[static_cast<std::size_t>(at - lines[0].begin())];
  };
  for (std::size_t i = 1; i < lines.size(); ++i) {
    known[key([&](const char* name) { return column(lines[i], name); })] = lines[i];
  }
  ASSERT_EQ(known.size(), lines.size() - 1);
  for (const auto& row : answer["results"]) {
    const auto text = [&](const std::string& name) {
      return row[name].is_string() ? row[name].get<std::string>() : row[name].dump();
    };
    const auto line = known.find(key(text));
    ASSERT_NE(line, known.end());
    for (const std::string& name : lines[0]) {
      const std::string field = column(line->second, name);
      if (row[name].is_number()) {
        EXPECT_EQ(std::stod(field), row[name].get<double>()) << name;
      } else {
        EXPECT_EQ(field, text(name)) << name;
      }
    }
  }
}

TEST(SweepRows, AreTheSameAsLinesAndAsColumns) {
  const testing::TemporaryFolder folder;
  const std::string csv = folder.path() + "/rows.csv";
  const std::string rpc = folder.path() + "/rows.rpc";
  ASSERT_EQ(run(with({"--rows", csv})).exit_code, 0);
  ASSERT_EQ(run(with({"--rows", rpc})).exit_code, 0);
  const auto lines = read_csv(csv);
  const Columns columns = read_columns(rpc);
  ASSERT_EQ(columns.numbers.size(), lines[0].size());
  for (std::size_t i = 0; i < lines[0].size(); ++i) {
    const auto& head = columns.head["columns"][i];
    SCOPED_TRACE(lines[0][i]);
    EXPECT_EQ(head["name"], lines[0][i]);
    ASSERT_EQ(columns.numbers[i].size(), lines.size() - 1);
    for (std::size_t row = 1; row < lines.size(); ++row) {
      const double number = columns.numbers[i][row - 1];
      const std::string& field = lines[row][i];
      if (head.contains("values")) {
        EXPECT_EQ(head["values"][static_cast<std::size_t>(number)], field);
      } else if (head["name"] == "fits") {
        EXPECT_EQ(number, field == "true" ? 1 : 0);
      } else {
        EXPECT_EQ(number, std::stod(field));
      }
    }
  }
}

// 96 thousand points in rows longer than a block, so that parts end in any order, and more rows
// than one group of columns holds.
TEST(SweepRows, AreTheSameBytesWithAnyNumberOfThreads) {
  const testing::TemporaryFolder folder;
  for (const char* kind : {".csv", ".rpc"}) {
    std::string first;
    for (const char* threads : {"1", "2", "7"}) {
      const std::string path = folder.path() + "/rows" + threads + kind;
      ASSERT_EQ(run({"sweep",     "llama-3.1-8b",
                     "-d",        "h100-sxm,h200-sxm",
                     "-b",        "1..1200",
                     "-o",        "16,256",
                     "-i",        "100..2000:+100",
                     "--mode",    "bound",
                     "--subject", "any",
                     "--top",     "1",
                     "--pareto",  "tpot,throughput",
                     "--threads", threads,
                     "--rows",    path})
                    .exit_code,
                0);
      if (first.empty()) first = bytes_of(path);
      EXPECT_EQ(bytes_of(path), first) << path;
    }
    if (std::string(kind) == ".csv") {
      EXPECT_EQ(std::count(first.begin(), first.end(), '\n'), 96'001);
    } else {
      EXPECT_EQ(read_columns(folder.path() + "/rows1.rpc").numbers[0].size(), 96'000U);
    }
  }
}

TEST(SweepRows, OfShardsAreThoseOfTheSweep) {
  const testing::TemporaryFolder folder;
  const std::string whole = folder.path() + "/whole.csv";
  ASSERT_EQ(run(with({"--rows", whole})).exit_code, 0);
  auto expected = read_csv(whole);
  expected.erase(expected.begin());
  std::vector<std::vector<std::string>> found;
  for (const char* shard : {"1/2", "2/2"}) {
    const std::string path = folder.path() + "/part.csv";
    const auto outcome = run(with({"--shard", shard, "--rows", path}));
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    const auto part = read_csv(path);
    found.insert(found.end(), part.begin() + 1, part.end());
  }
  std::sort(expected.begin(), expected.end());
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, expected);
}

TEST(SweepRows, SayWhatIsWrongWithTheirWords) {
  const testing::TemporaryFolder folder;
  const auto says = [&](const std::vector<std::string>& more, const char* fault) {
    const auto outcome = run(with(more));
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_TRUE(outcome.out.empty());
    EXPECT_NE(outcome.err.find(fault), std::string::npos) << outcome.err;
  };
  const std::string state = folder.path() + "/state.json";
  says({"--rows", "rows.txt"}, "is the name of no kind of file");
  says({"--rows", folder.path() + "/rows.csv", "--resume", state}, "a sweep that goes on");
  says({"--rows", "/nowhere/rows.csv"}, "No such file");
  EXPECT_EQ(folder.files(), 0U);
}

TEST(SweepRows, OnAFullDiskAreAFault) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
  const testing::TemporaryFolder folder;
  const std::string path = folder.path() + "/rows.csv";
  std::filesystem::create_symlink("/dev/full", path);
  const auto outcome = run(with({"--rows", path, "--json"}));
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_TRUE(outcome.out.empty());
  EXPECT_NE(outcome.err.find("No space left"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("make room"), std::string::npos) << outcome.err;
}

// As in sweep_test: the model comes through a pipe, once Ctrl-C was pressed.
TEST(SweepRows, AreNotLeftHalfByCtrlC) {
  const testing::TemporaryFolder folder;
  const std::string pipe = folder.path() + "/config.json";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::string state = folder.path() + "/shard.json";
  const testing::Background child({"sweep", pipe, "-b", "1..100", "--shard", "1/2", "--out", state,
                                   "--rows", folder.path() + "/rows.rpc"});
  ASSERT_TRUE(child.has_started());
  const int writer = ::open(pipe.c_str(), O_WRONLY);
  child.interrupt();
  const std::string config = R"({"model_type":"llama","vocab_size":1000,"hidden_size":256,
      "num_hidden_layers":2,"num_attention_heads":4,"intermediate_size":512,"torch_dtype":"bfloat16"})";
  EXPECT_EQ(::write(writer, config.data(), config.size()), static_cast<ssize_t>(config.size()));
  ::close(writer);
  EXPECT_EQ(child.exit_code(), 130);
  EXPECT_FALSE(std::filesystem::exists(folder.path() + "/rows.rpc"));
  std::filesystem::remove("ridgepoint-sweep.json");  // what Ctrl-C saved
  EXPECT_EQ(folder.files(), 2U);                     // the pipe, and the state of the shard
}

}  // namespace
}  // namespace ridgepoint::app
