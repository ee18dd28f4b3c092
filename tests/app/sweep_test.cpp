// SPDX-License-Identifier: Apache-2.0
// sweep as people and scripts call it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "app/program.hpp"

namespace ridgepoint::app {
namespace {

using testing::run;

constexpr int kBadInput = 2;
constexpr int kNotMet = 4;

std::vector<std::string> words(std::vector<std::string> all, const std::vector<std::string>& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

TEST(Sweep, GivesEachPointTheFiguresThatItHasAlone) {
  const auto answer = run({"sweep", "llama-3.1-70b", "-d", "h100-sxm,mi300x", "-tp", "4,8", "-b",
                           "1..64:x8", "-i", "2048,9000", "-o", "256", "--kv-cache-dtype",
                           "auto,fp8", "--top", "1000", "--mode", "bound", "--json"})
                          .json();
  EXPECT_EQ(answer["schema"], "ridgepoint/sweep/1");
  EXPECT_EQ(answer["points"], 48);
  EXPECT_EQ(answer["evaluated"], 48);
  ASSERT_EQ(answer["results"].size(), answer["meeting"].get<std::size_t>());
  ASSERT_GT(answer["results"].size(), 30U);
  for (std::size_t i = 0; i < answer["results"].size(); i += 7) {
    const auto& row = answer["results"][i];
    const auto text = [&](const char* key) {
      return row[key].is_string() ? row[key].get<std::string>() : row[key].dump();
    };
    const auto alone =
        run({"estimate", text("model"), "-d", text("device"), "-tp", text("tensor_parallel_size"),
             "-b", text("batch"), "-i", text("input"), "-o", text("output"), "--kv-cache-dtype",
             text("kv_cache_dtype"), "--json"})
            .json();
    for (const char* reading : {"floor", "bound", "expected"}) {
      EXPECT_EQ(row[reading], alone[reading]) << i << ' ' << reading;
    }
    EXPECT_EQ(row["tpot_s"], alone["bound"]["tpot_s"]);
    EXPECT_EQ(row["fits"], alone["fits"]);
  }
}

TEST(Sweep, HasSpeculationAsAnAxis) {
  const auto answer =
      run({"sweep",        "llama-3.1-70b", "-tp",   "4,8",   "-b",      "1..64:x8",
           "-i",           "100,9000",      "-k",    "0,1,4", "--draft", "llama-3.2-1b",
           "--acceptance", "0.7",           "--top", "1000",  "--group", "k",
           "--subject",    "any",           "--json"})
          .json();
  EXPECT_EQ(answer["inputs"]["mode"], "bound");
  EXPECT_EQ(answer["inputs"]["draft"], "llama-3.2-1b");
  EXPECT_EQ(answer["groups"][0]["axis"], "num_speculative_tokens");
  EXPECT_EQ(answer["groups"][0]["cells"].size(), 3U);
  ASSERT_EQ(answer["results"].size(), 36U);
  for (std::size_t i = 0; i < answer["results"].size(); i += 5) {
    const auto& row = answer["results"][i];
    const auto text = [&](const char* key) { return row[key].dump(); };
    std::vector<std::string> alone{"estimate", "llama-3.1-70b", "-tp", text("tensor_parallel_size"),
                                   "-b",       text("batch"),   "-i",  text("input"),
                                   "--json"};
    if (row["num_speculative_tokens"] > 0) {
      alone = words(std::move(alone), {"-k", text("num_speculative_tokens"), "--draft",
                                       "llama-3.2-1b", "--acceptance", "0.7"});
    }
    const auto estimate = run(alone).json();
    EXPECT_EQ(row["floor"], estimate["floor"]) << i;
    EXPECT_EQ(row["bound"], estimate["bound"]) << i;
    EXPECT_EQ(row["tpot_s"], estimate["bound"]["tpot_s"]);
    EXPECT_EQ(row["fits"], estimate["fits"]);
    EXPECT_EQ(row["most_sequences"], estimate["most_sequences"]);
  }
}

TEST(Sweep, LeavesOutSpeculationWhereNoneIsTold) {
  const auto answer = run({"sweep", "llama-3.1-8b", "-pp", "1,2", "-k", "0,4", "--json"}).json();
  EXPECT_EQ(answer["evaluated"], 3);
  EXPECT_EQ(answer["left_out"][0]["where"], "--pipeline-parallel-size");
  const auto wrong = run({"sweep", "llama-3.1-8b", "-k", "0,65", "--acceptance", "1.1", "--draft",
                          "no-such-model", "--json"});
  EXPECT_EQ(wrong.exit_code, kBadInput);
  for (const char* option : {"--num-speculative-tokens: 65", "--acceptance: 1.1", "--draft: "}) {
    EXPECT_NE(wrong.err.find(option), std::string::npos) << option;
  }
  const auto expected = run({"sweep", "llama-3.1-8b", "-k", "4", "--mode", "expected"});
  EXPECT_EQ(expected.exit_code, kBadInput);
  EXPECT_NE(expected.err.find("--mode: calibrated kernels say nothing"), std::string::npos);
}

// Each model with each combination, as estimate has it with the same words.
TEST(Sweep, TakesListsOfWhatIfsAsAxes) {
  const auto answer =
      run({"sweep", "llama-3.1-8b", "--set", "num_key_value_heads=8,2", "--set", "head_dim=64,128",
           "--set", "vocab_size=32000", "-d", "h100-sxm,a100-sxm-80gb", "--set-device",
           "memory_bandwidth=2TB/s,4TB/s", "--top", "100", "--mode", "bound", "--json"})
          .json();
  EXPECT_EQ(answer["points"], 16);
  ASSERT_EQ(answer["results"].size(), 16U);
  EXPECT_EQ(answer["inputs"]["models"][1], "llama-3.1-8b, num_key_value_heads=8, head_dim=128");
  for (const auto& row : answer["results"]) {
    const std::string model = row["what_if"];
    const std::string device = row["device_what_if"];
    const std::size_t comma = model.find(", ");
    ASSERT_NE(comma, std::string::npos) << model;
    const auto alone = run({"estimate", "llama-3.1-8b", "--set", model.substr(0, comma), "--set",
                            model.substr(comma + 2), "--set", "vocab_size=32000", "-d",
                            row["device"], "--set-device", device, "--json"})
                           .json();
    for (const char* reading : {"floor", "bound"}) EXPECT_EQ(row[reading], alone[reading]) << model;
  }
}

TEST(Sweep, ShowsAWhatIfOfOneValueInNoColumn) {
  const auto answer = run({"sweep", "llama-3.1-8b", "--set", "num_key_value_heads=2",
                           "--set-device", "price=2.5 $/h", "--json"})
                          .json();
  EXPECT_FALSE(answer["results"][0].contains("what_if"));
  EXPECT_FALSE(answer["results"][0].contains("device_what_if"));
}

TEST(Sweep, PutsTheBestFirst) {
  const auto answer = run({"sweep", "qwen3-8b", "-b", "1..256:x2", "--objective", "min:cost",
                           "--top", "5", "--pareto", "tpot,throughput_per_device", "--json"})
                          .json();
  EXPECT_EQ(answer["inputs"]["mode"], "expected");
  ASSERT_EQ(answer["results"].size(), 5U);
  for (std::size_t i = 1; i < 5; ++i) {
    EXPECT_LE(answer["results"][i - 1]["cost_per_million_tokens"],
              answer["results"][i]["cost_per_million_tokens"]);
  }
  const auto& front = answer["pareto"];
  ASSERT_GT(front.size(), 3U);
  for (std::size_t i = 1; i < front.size(); ++i) {
    EXPECT_LT(front[i - 1]["tpot_s"], front[i]["tpot_s"]);
    EXPECT_LT(front[i - 1]["per_device_tokens_per_s"], front[i]["per_device_tokens_per_s"]);
  }
}

TEST(Sweep, SaysTheSameWithAnyNumberOfThreads) {
  const std::vector<std::string> same{"sweep",    "llama-3.1-8b,mixtral-8x7b",
                                      "-d",       "h100-sxm,a100-sxm-80gb",
                                      "-tp",      "1..8",
                                      "-b",       "1..300",
                                      "-i",       "100..1000:+100",
                                      "--pareto", "tpot,cost",
                                      "--json"};
  const auto one = run(words(same, {"--threads", "1"}));
  const auto many = run(words(same, {"--threads", "7"}));
  ASSERT_EQ(one.exit_code, 0) << one.err;
  EXPECT_EQ(one.out, many.out);
}

TEST(Sweep, LeavesOutWhatNoEngineRunsAndSaysWhy) {
  const auto answer =
      run({"sweep", "llama-3.1-8b", "-d", "h100-sxm", "-tp", "1,3", "--json"}).json();
  EXPECT_EQ(answer["evaluated"], 1);
  ASSERT_EQ(answer["left_out"].size(), 1U);
  EXPECT_EQ(answer["left_out"][0]["deployments"], 1);
  EXPECT_NE(answer["left_out"][0]["reason"].get<std::string>().find("3"), std::string::npos);
}

TEST(Sweep, EndsWithFourWhereNothingKeepsToTheSubject) {
  const auto outcome =
      run({"sweep", "llama-3.1-70b", "-d", "h100-sxm", "-tp", "1", "-b", "1,2", "--json"});
  EXPECT_EQ(outcome.exit_code, kNotMet);
  EXPECT_EQ(outcome.json()["fitting"], 0);
  EXPECT_TRUE(outcome.json()["results"].empty());
  EXPECT_EQ(run({"sweep", "llama-3.1-70b", "-tp", "1", "--subject", "any"}).exit_code, 0);
}

TEST(Sweep, TellsTheSameInEachForm) {
  const std::vector<std::string> same{"sweep", "llama-2-13b", "-b", "1,8", "--mode", "bound"};
  for (const char* form : {"table", "csv", "md"}) {
    const auto outcome = run(words(same, {"--format", form}));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_NE(outcome.out.find("max:throughput_per_device") == std::string::npos,
              std::string(form) != "csv")
        << form;
  }
  const std::string csv = run(words(same, {"--format", "csv"})).out;
  EXPECT_EQ(csv.substr(0, csv.find(',')), "list");
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 3);
}

struct BadWords {
  std::vector<std::string> words;
  std::string says;
};

TEST(Sweep, NamesAllThatIsWrongWithTheWords) {
  const std::vector<BadWords> all{{{"--subject", "tpot<40"}, "has no unit"},
                                  {{"--subject", "tpot<40ms,tpot>50ms"}, "nothing keeps to both"},
                                  {{"--subject", ""}, "needs a value"},
                                  {{"--subject", "fits,,tpot<1s"}, "sets no limit"},
                                  {{"--objective", "max:speed"}, "\"speed\" is no metric"},
                                  {{"--pareto", "tpot"}, "a front of 1 metrics"},
                                  {{"--heatmap", "batch"}, "a heat map of 1 axes"},
                                  {{"--heatmap", "batch,speed"}, "\"speed\" is no axis"},
                                  {{"--group", "devices", "-tp", "1,2"}, "follows from the others"},
                                  {{"--histogram", "speed"}, "\"speed\" is no metric"},
                                  {{"--set", "num_key_value_heads=8,,4"}, "has an empty entry"},
                                  {{"--set", "num_key_heads=8,4"}, "num_key_heads"},
                                  {{"-b", "0..3"}, "0"},
                                  {{"-b", "1,,2"}, "--batch"},
                                  {{"-tp", "two"}, "two"},
                                  {{"--weights", "bf16,fp17"}, "\"fp17\" is not a data type"},
                                  {{"-d", "h100-sxm,h999"}, "h999"},
                                  {{"--top", "-1"}, "--top"},
                                  {{"--threads", "0"}, "--threads"},
                                  {{"--mode", "guess"}, "--mode"}};
  for (const BadWords& bad : all) {
    const auto outcome = run(words({"sweep", "llama-2-13b", "--json"}, bad.words));
    EXPECT_EQ(outcome.exit_code, kBadInput) << bad.says;
    EXPECT_TRUE(outcome.out.empty());
    EXPECT_NE(outcome.err.find(bad.says), std::string::npos) << outcome.err;
  }
  const auto both = run({"sweep", "llama-2-13b", "--objective", "speed", "--subject", "tpot<4"});
  EXPECT_NE(both.err.find("speed"), std::string::npos);
  EXPECT_NE(both.err.find("has no unit"), std::string::npos);
}

TEST(SweepDocumentation, NamesEveryKeyAndOption) {
  std::ifstream file(RIDGEPOINT_DOCS "/exploring.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  ASSERT_FALSE(page.empty());
  const auto answer = run({"sweep", "llama-2-13b", "-tp", "1,3", "--json"}).json();
  for (const char* list : {"results", "left_out"}) {
    for (const auto& [key, value] : answer[list][0].items()) {
      EXPECT_NE(page.find("`" + key + "`"), std::string::npos) << key;
    }
  }
  for (const char* option :
       {"--num-speculative-tokens", "--acceptance", "--draft", "--mode", "--subject", "--objective",
        "--top", "--pareto", "--threads", "--group", "--heatmap", "--histogram", "--rows",
        "--shard", "--resume", "--yes"}) {
    EXPECT_NE(page.find(option), std::string::npos) << option;
  }
}

const std::vector<std::string>& some_sweep() {
  static const std::vector<std::string> kWords{
      "sweep", "llama-3.1-8b", "-d", "h100-sxm,l40s",  "-tp",      "1..4",
      "-b",    "1..200",       "-i", "100..2000:+100", "--pareto", "tpot,cost"};
  return kWords;
}

TEST(Merge, OfShardsIsTheSweepToTheByte) {
  const testing::TemporaryFolder folder;
  std::vector<std::string> merge{"merge"};
  for (const char* shard : {"2/3", "3/3", "1/3"}) {
    merge.push_back(folder.path() + "/" + shard[0] + ".json");
    const auto outcome = run(words(some_sweep(), {"--shard", shard, "--out", merge.back()}));
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_TRUE(outcome.out.empty());
  }
  for (const char* form : {"json", "csv", "table"}) {
    const auto joined = run(words(merge, {"--format", form}));
    ASSERT_EQ(joined.exit_code, 0) << joined.err;
    EXPECT_EQ(joined.out, run(words(some_sweep(), {"--format", form})).out);
  }
  merge.pop_back();
  const auto missing = run(merge);
  EXPECT_EQ(missing.exit_code, kBadInput);
  EXPECT_NE(missing.err.find("shard 1/3: is missing"), std::string::npos) << missing.err;
}

TEST(Merge, RefusesShardsWhoseModelFileIsAnotherOneNow) {
  const testing::TemporaryFolder folder;
  const auto write_model = [&](const char* hidden) {
    return folder.write("model.json",
                        std::string(R"({"model_type":"llama","vocab_size":1000,"hidden_size":)") +
                            hidden +
                            R"(,"num_hidden_layers":2,"num_attention_heads":4,
                               "intermediate_size":512,"torch_dtype":"bfloat16"})");
  };
  const std::string model = write_model("256");
  const std::string shard = folder.path() + "/shard.json";
  ASSERT_EQ(run({"sweep", model + ",llama-2-13b", "--shard", "1/1", "--out", shard}).exit_code, 0);
  EXPECT_EQ(run({"merge", shard}).exit_code, 0);
  write_model("512");
  const auto outcome = run({"merge", shard});
  EXPECT_EQ(outcome.exit_code, kBadInput);
  EXPECT_NE(outcome.err.find("are not what they were"), std::string::npos) << outcome.err;
}

TEST(Merge, SaysWhatIsWrongWithItsFiles) {
  const testing::TemporaryFolder folder;
  const std::string broken = folder.write("broken.json", "{\"schema\": ");
  const std::string strange = folder.write("strange.json", "{\"schema\": \"x\"}");
  const auto outcome = run({"merge", broken, strange, folder.path(), folder.path() + "/none"});
  EXPECT_EQ(outcome.exit_code, kBadInput);
  for (const char* says : {"ends too early", "/schema", "is a directory", "none"}) {
    EXPECT_NE(outcome.err.find(says), std::string::npos) << outcome.err;
  }
}

TEST(Sweep, GoesOnFromWhatWasSaved) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.path() + "/state.json";
  const auto first = run(words(some_sweep(), {"--resume", path, "--json"}));
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_EQ(folder.files(), 1U);
  const auto again = run(words(some_sweep(), {"--resume", path, "--json"}));
  EXPECT_EQ(again.out, first.out);
  EXPECT_EQ(again.out, run(words(some_sweep(), {"--json"})).out);
  const auto other = run(words(some_sweep(), {"--resume", path, "--top", "3"}));
  EXPECT_EQ(other.exit_code, kBadInput);
  EXPECT_NE(other.err.find("is the state of another sweep"), std::string::npos) << other.err;
  const auto nowhere = run(words(some_sweep(), {"--resume", "/nowhere/state.json"}));
  EXPECT_EQ(nowhere.exit_code, kBadInput);
  EXPECT_TRUE(nowhere.out.empty());
}

// The model is a pipe that stays silent until Ctrl-C has come: the program reads it to its end, and
// then has nothing found but what to go on from.
class EndedSweep : public ::testing::TestWithParam<int> {};

TEST_P(EndedSweep, SavesWhatItHasAndEndsWith130) {
  const testing::TemporaryFolder folder;
  const std::string pipe = folder.path() + "/config.json";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::string state = folder.path() + "/state.json";
  const testing::Background child(
      {"sweep", pipe, "-b", "1..100", "--resume", state, "--shard", "1/2"});
  ASSERT_TRUE(child.has_started());
  const int writer = ::open(pipe.c_str(), O_WRONLY);
  child.interrupt(GetParam());
  const std::string config = R"({"model_type":"llama","vocab_size":1000,"hidden_size":256,
      "num_hidden_layers":2,"num_attention_heads":4,"intermediate_size":512,"torch_dtype":"bfloat16"})";
  EXPECT_EQ(::write(writer, config.data(), config.size()), static_cast<ssize_t>(config.size()));
  ::close(writer);
  EXPECT_EQ(child.exit_code(), 130);
  EXPECT_TRUE(std::filesystem::exists(state));
}

INSTANTIATE_TEST_SUITE_P(Signals, EndedSweep, ::testing::Values(SIGINT, SIGTERM));

TEST(Sweep, AsksBeforeItWorksForHours) {
  const std::vector<std::string> many{"sweep", "llama-2-13b", "-b", "1..100000",
                                      "-i",    "1..100000",   "-o", "1..1000"};
  const auto outcome = run(many);
  EXPECT_EQ(outcome.exit_code, kBadInput);
  EXPECT_NE(outcome.err.find("10,000,000,000,000"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("days"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("--yes"), std::string::npos);
  const auto beyond =
      run(words(many, {"-s", "1..1000000", "--weights", "bf16,fp8", "-pp", "1..1000", "--yes"}));
  EXPECT_EQ(beyond.exit_code, kBadInput);
  EXPECT_NE(beyond.err.find("2e+22"), std::string::npos) << beyond.err;
}

}  // namespace
}  // namespace ridgepoint::app
