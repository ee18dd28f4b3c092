// SPDX-License-Identifier: Apache-2.0
// Measured times in, profiles and scores out.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include "app/program.hpp"

namespace ridgepoint::app {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::run;
using testing::TemporaryFolder;

constexpr const char* kHeader = "source,stack,device,op,kernel,dtype,m,n,k,measured_us\n";

std::string gemm_row(const std::string& device, const std::string& dtype, int m, int n, int k,
                     double us) {
  return "us,engine-1.0," + device + ",gemm,linear," + dtype + "," + std::to_string(m) + "," +
         std::to_string(n) + "," + std::to_string(k) + "," + std::to_string(us) + "\n";
}

/// An A100 that starts in 4 µs and reaches 70 % of 312 TFLOP/s or 80 % of 2.039 TB/s.
std::string made_up_rows(const std::string& device, const std::string& dtype) {
  std::string rows;
  for (const int n : {1024, 2048, 4096, 8192, 16384}) {
    for (const int k : {1024, 3072, 8192}) {
      for (const int m : {1, 16, 64, 256, 1024, 4096}) {
        const double compute = 2.0 * m * n * k / (0.7 * 312e6);
        const double memory = 2.0 * (1.0 * m * k + 1.0 * k * n + 1.0 * m * n) / (0.8 * 2.039e6);
        rows += gemm_row(device, dtype, m, n, k, 4 + std::max(compute, memory));
      }
    }
  }
  return rows;
}

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// On an H100, 3.35 TB/s: 1 · 4096 · 4096 in bf16 moves 2·4096·4096 + 2·2·4096 B = 33,570,816 B in
// 10.021 µs; measured in 20.042 µs, the bound is half of it.
TEST(ScoreVerb, HoldsTheBoundAgainstMeasuredTimes) {
  const TemporaryFolder folder;
  const std::string path =
      folder.write("gemm.csv", kHeader + gemm_row("H100-SXM", "bfloat16", 1, 4096, 4096, 20.042));
  const auto json = run({"score", path, "--mode", "bound", "--json"}).json();
  ASSERT_EQ(json["groups"].size(), 1u);
  const auto& group = json["groups"][0];
  EXPECT_EQ(group["device"], "H100-SXM");
  EXPECT_EQ(group["op"], "gemm");
  EXPECT_EQ(group["dtype"], "bf16");
  EXPECT_EQ(group["rows"], 1);
  EXPECT_NEAR(group["mdape"].get<double>(), 50, 0.01);
  EXPECT_NEAR(group["bias"].get<double>(), -50, 0.01);
  EXPECT_EQ(group["coverage80"], 0);
  EXPECT_TRUE(json["unpredicted"].empty());
}

TEST(ScoreVerb, KnowsTheDevicesOfTheTablesByTheirNamesAndCountsOthers) {
  const TemporaryFolder folder;
  std::string text = kHeader;
  for (const char* device : {"A100-SXM", "A100", "A100_DGX", "A100_PAIRWISE_NVLINK", "A100-40G",
                             "H100-SXM", "L40S", "B200-SXM", "A40", "Abacus"}) {
    text += gemm_row(device, "bfloat16", 16, 1024, 1024, 10);
  }
  const auto json = run({"score", folder.write("gemm.csv", text), "--json"}).json();
  EXPECT_EQ(json["groups"].size(), 9u);
  ASSERT_EQ(json["unpredicted"].size(), 1u);
  EXPECT_EQ(json["unpredicted"][0]["device"], "Abacus");
  EXPECT_EQ(json["unpredicted"][0]["rows"], 1);
}

TEST(ScoreVerb, ShowsTheWorstRowsWithTheirPlace) {
  const TemporaryFolder folder;
  const std::string path =
      folder.write("gemm.csv", kHeader + gemm_row("H100-SXM", "bfloat16", 1, 4096, 4096, 20) +
                                   gemm_row("H100-SXM", "bfloat16", 1, 4096, 4096, 2000));
  const auto outcome = run({"score", path, "--mode", "bound", "--worst", "1"});
  EXPECT_THAT(outcome.out, AllOf(HasSubstr(path + ": line 3"), HasSubstr("m=1 n=4096 k=4096"),
                                 HasSubstr("2.00 ms"), HasSubstr("memory_bound")));
  EXPECT_THAT(outcome.out, Not(HasSubstr(path + ": line 2")));
}

TEST(ScoreVerb, NamesBadRowsAndGoesOnOnlyWhenToldTo) {
  const TemporaryFolder folder;
  std::string text = kHeader + gemm_row("H100-SXM", "bfloat16", 1, 4096, 4096, 20);
  for (int i = 0; i < 25; ++i) text += gemm_row("H100-SXM", "bfloat16", -1, 4096, 4096, 20);
  const std::string path = folder.write("gemm.csv", text);
  const auto refused = run({"score", path});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(refused.err, AllOf(HasSubstr("line 3"), HasSubstr("line 22"), HasSubstr("5 more"),
                                 HasSubstr("25 in all"), HasSubstr("--skip-bad-rows")));
  EXPECT_THAT(refused.err, Not(HasSubstr("line 23")));
  const auto done = run({"score", path, "--skip-bad-rows", "--json"});
  EXPECT_EQ(done.exit_code, 0);
  EXPECT_EQ(done.json()["rows"], 1);
  EXPECT_THAT(done.err, AllOf(HasSubstr("left out"), HasSubstr("line 3"), HasSubstr("5 more")));
}

constexpr const char* kServerHeader =
    "source,device,n_gpu,framework,model,precision,kind,tp,batch,isl,osl,ttft_ms,tpot_ms,suspect\n";
/// Times that nobody measured.
constexpr const char* kServerRow =
    "us,H100-SXM,8,vllm,Llama-2-70b,fp16,static_batch,8,16,512,128,200,20,\n";

TEST(ScoreVerb, TakesTablesOfServersAndOfKernelsTogether) {
  const TemporaryFolder folder;
  const std::string servers =
      folder.write("servers.csv", std::string(kServerHeader) + kServerRow +
                                      "us,H100-SXM,8,vllm,no-such-model,fp16,static_batch,8,16,512,"
                                      "128,200,20,\n"
                                      "us,H100-SXM,8,vllm,Llama-2-70b,fp16,static_batch,8,16,512,"
                                      "128,200,21,overloaded\n");
  const std::string kernels =
      folder.write("gemm.csv", kHeader + gemm_row("H100-SXM", "bfloat16", 1, 4096, 4096, 20));
  const auto json = run({"score", servers, kernels, "--mode", "bound", "--json"}).json();
  ASSERT_EQ(json["groups"].size(), 3u);
  EXPECT_EQ(json["groups"][0]["op"], "gemm");
  EXPECT_EQ(json["groups"][1]["op"], "tpot");
  EXPECT_EQ(json["groups"][1]["dtype"], "fp16");
  EXPECT_EQ(json["groups"][2]["op"], "ttft");
  EXPECT_EQ(json["rows"], 2);
  ASSERT_EQ(json["unpredicted"].size(), 1u);
  EXPECT_THAT(json["unpredicted"][0]["reason"].get<std::string>(), HasSubstr("no-such-model"));
  ASSERT_EQ(json["set_aside"].size(), 1u);
  EXPECT_EQ(json["set_aside"][0]["rows"], 1);
  const auto all = run({"score", servers, "--mode", "bound", "--with-suspect", "--json"}).json();
  EXPECT_EQ(all["rows"], 2);
  EXPECT_TRUE(all["set_aside"].empty());
}

// The catalogue has a profile of the H100: without --mode its times are the expected ones, and the
// model's name opens no file.
TEST(ScoreVerb, ExpectsTimesWhereTheCatalogueHasAProfile) {
  const TemporaryFolder folder;
  const std::string path = folder.write("servers.csv", std::string(kServerHeader) + kServerRow);
  const auto json = run({"score", path, "--json"}).json();
  EXPECT_EQ(json["inputs"]["mode"], "expected");
  EXPECT_EQ(json["inputs"]["profiles"], nlohmann::json::array({"catalogue: h100-sxm"}));
  ASSERT_EQ(json["groups"].size(), 2u);
  const auto bound = run({"score", path, "--mode", "bound", "--json"}).json();
  EXPECT_GT(json["groups"][0]["bias"], bound["groups"][0]["bias"]);
}

TEST(CalibrateVerb, RefusesTablesOfServers) {
  const TemporaryFolder folder;
  const std::string path = folder.write("servers.csv", std::string(kServerHeader) + kServerRow);
  const auto outcome = run({"calibrate", path});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr(path), HasSubstr("table of servers")));
}

TEST(ScoreVerb, RefusesWhatItCannotDo) {
  const TemporaryFolder folder;
  const std::string path =
      folder.write("gemm.csv", kHeader + gemm_row("H100-SXM", "bfloat16", 1, 4096, 4096, 20));
  EXPECT_THAT(run({"score", path, "--threads", "0"}).err, HasSubstr("--threads"));
  EXPECT_THAT(run({"score", path, "--mode", "best"}).err, HasSubstr("--mode"));
  EXPECT_THAT(run({"score", path, "--worst", "-1"}).err, HasSubstr("--worst"));
  EXPECT_THAT(run({"score"}).err, HasSubstr("FILE"));
  const std::string profile = folder.write("p.json", "{\"schema\": \"ridgepoint/profile/0\"}");
  EXPECT_THAT(run({"score", path, "--profile", profile}).err, HasSubstr("profile/0"));
}

TEST(CalibrateVerb, MakesAProfileThatPredictsItsRowsWhateverTheNumberOfThreads) {
  const TemporaryFolder folder;
  const std::string path = folder.write(
      "gemm.csv", kHeader + made_up_rows("A100", "bfloat16") + made_up_rows("A100-SXM", "half") +
                      gemm_row("H100-SXM", "bfloat16", 1, 4096, 4096, 20));
  const std::string one = folder.path() + "/one.json";
  const std::string two = folder.path() + "/two.json";
  const auto outcome = run({"calibrate", path, "-d", "a100-sxm", "--threads", "1", "--out", one});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("gemm"), HasSubstr("bf16"), HasSubstr("fp16"),
                                 HasSubstr("90")));  // rows of each
  EXPECT_EQ(outcome.err, "");                        // no bar where no terminal is
  EXPECT_EQ(run({"calibrate", path, "-d", "a100-sxm", "--threads", "3", "--out", two}).exit_code,
            0);
  EXPECT_EQ(text_of(one), text_of(two));
  EXPECT_EQ(run({"calibrate", path, "-d", "a100-sxm"}).out, text_of(one));

  const auto json = run({"score", path, "--profile", one, "--json"}).json();
  ASSERT_EQ(json["groups"].size(), 3u);
  for (const auto& group : json["groups"]) {
    if (group["device"] == "H100-SXM") continue;  // whose profile is the catalogue's
    EXPECT_EQ(group["rows"], 90);
    EXPECT_LT(group["mdape"].get<double>(), 5);
    EXPECT_GT(group["coverage80"].get<double>(), 60);
  }
  EXPECT_EQ(json["inputs"]["profiles"], nlohmann::json::array({one, "catalogue: h100-sxm"}));
}

TEST(CalibrateVerb, WritesDownWhatItIsToldOfItsSources) {
  const TemporaryFolder folder;
  const std::string path = folder.write("gemm.csv", kHeader + made_up_rows("A100-SXM", "bfloat16"));
  const auto profile =
      run({"calibrate", path, "-d", "a100-sxm", "--source", "us=our table; MIT = free"}).json();
  ASSERT_EQ(profile["sources"].size(), 1u);
  EXPECT_EQ(profile["sources"][0]["name"], "us");
  EXPECT_EQ(profile["sources"][0]["about"], "our table; MIT = free");
  EXPECT_EQ(profile["sources"][0]["rows"], 90);  // 5 · 3 · 6
  for (const char* text : {"us", "us=", "=ours"}) {
    const auto outcome = run({"calibrate", path, "-d", "a100-sxm", "--source", text});
    EXPECT_EQ(outcome.exit_code, 2) << text;
    EXPECT_THAT(outcome.err, HasSubstr("--source")) << text;
  }
}

TEST(CalibrateVerb, SaysWhichKernelsHaveTooFewRows) {
  const TemporaryFolder folder;
  const std::string path =
      folder.write("gemm.csv", kHeader + made_up_rows("A100", "bfloat16") +
                                   gemm_row("A100", "int8", 1, 4096, 4096, 20));
  const std::string out = folder.path() + "/a100.json";
  const auto outcome = run({"calibrate", path, "-d", "a100-sxm", "--out", out});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("Not fitted"), HasSubstr("1 rows of gemm")));
}

TEST(CalibrateVerb, RefusesWhatItCannotFitAndLeavesNoFile) {
  const TemporaryFolder folder;
  const std::string path =
      folder.write("gemm.csv", kHeader + gemm_row("A100", "bfloat16", 1, 4096, 4096, 20));
  const std::string out = folder.path() + "/profile.json";
  const auto refusal = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"calibrate", path, "--out", out});
    const auto outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  };
  EXPECT_THAT(refusal({"-d", "a100-sxm"}), HasSubstr("1 rows of gemm"));
  EXPECT_THAT(refusal({"-d", "h100-sxm"}), HasSubstr("no such rows of h100-sxm"));
  EXPECT_THAT(refusal({"-d", "a100-sxm", "--class", "gem"}), HasSubstr("did you mean gemm"));
  EXPECT_THAT(refusal({"-d", "a100-sxm", "--threads", "0"}), HasSubstr("--threads"));
  EXPECT_EQ(folder.files(), 1u);
}

// The table is a pipe that stays silent: opening it for writing waits until the program reads.
TEST(CalibrateVerb, EndsOnCtrlCWith130AndLeavesNoFile) {
  const TemporaryFolder folder;
  const std::string pipe = folder.path() + "/pipe.csv";
  const std::string out = folder.path() + "/profile.json";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const testing::Background child({"calibrate", pipe, "--out", out});
  ASSERT_TRUE(child.has_started());
  const int writer = ::open(pipe.c_str(), O_WRONLY);
  child.interrupt();
  EXPECT_EQ(child.exit_code(), 130);
  ::close(writer);
  EXPECT_EQ(folder.files(), 1u);
}

}  // namespace
}  // namespace ridgepoint::app
