// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "app/program.hpp"

namespace ridgepoint::app {
namespace {

using testing::run;

TEST(Roofline, OfLlama2OnAnH100HasTheFloorOfTheLecture) {
  const auto json = run({"roofline", "llama-2-13b", "-d", "h100-sxm", "--json"}).json();
  EXPECT_EQ(json["schema"], "ridgepoint/roofline/1");
  EXPECT_EQ(json["inputs"]["batch"], 1);
  const auto& decode = json["steps"]["decode"];
  EXPECT_NEAR(decode["floor_s"].get<double>(), 7.92e-3, 0.005e-3);
  EXPECT_LE(decode["bound_s"].get<double>(), 1.01 * decode["floor_s"].get<double>());
  EXPECT_TRUE(json["steps"].contains("prefill"));
}

TEST(Roofline, OperatorsAddUpToTheStep) {
  const auto json = run({"roofline", "llama-2-13b", "--json", "-b", "7", "-s", "333"}).json();
  for (const std::string phase : {"prefill", "decode"}) {
    std::int64_t flops = 0;
    double time = 0;
    for (const auto& one : json["operators"]) {
      if (one["phase"] != phase) continue;
      flops += one["flops"].get<std::int64_t>();
      time += one["time_s"].get<double>();
    }
    EXPECT_EQ(json["steps"][phase]["flops"].get<std::int64_t>(), flops);
    EXPECT_NEAR(json["steps"][phase]["bound_s"].get<double>(), time, 1e-12);
  }
}

TEST(Roofline, SaysWhenItDoesNotFitAndStillAnswers) {
  const auto outcome = run({"roofline", "llama-2-13b", "-b", "256"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.out.find("not fit"), std::string::npos) << outcome.out;
}

TEST(Roofline, WarnsOfAContextBeyondTheModels) {
  const auto outcome = run({"roofline", "llama-2-13b", "-s", "8192"});
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.err.find("max_position_embeddings"), std::string::npos) << outcome.err;
}

TEST(Roofline, WritesEveryFormat) {
  for (const char* format : {"table", "json", "csv", "md", "html", "svg"}) {
    const auto outcome = run({"roofline", "llama-2-13b", "--format", format});
    EXPECT_EQ(outcome.exit_code, 0) << format << outcome.err;
    EXPECT_GT(outcome.out.size(), 500u) << format;
  }
}

TEST(Roofline, ReadsAConfigFileAndItsFolder) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.write("config.json", R"({
    "model_type": "llama", "hidden_size": 64, "intermediate_size": 128, "num_attention_heads": 4,
    "num_hidden_layers": 2, "vocab_size": 100, "torch_dtype": "bfloat16"})");
  const auto by_file = run({"roofline", path, "--json"}).json();
  const auto by_folder = run({"roofline", folder.path(), "--json"}).json();
  EXPECT_EQ(by_file["operators"], by_folder["operators"]);
  EXPECT_FALSE(by_file["assumptions"].empty());
}

TEST(Roofline, ExplainsWithFormulasAndSources) {
  const auto outcome = run({"roofline", "llama-2-13b", "--explain"});
  EXPECT_NE(outcome.out.find("2*B*D*F"), std::string::npos);
  EXPECT_NE(outcome.out.find("Sources\n- dense fp16 peak 989.4 TFLOP/s: "), std::string::npos);
}

TEST(Roofline, GivesTheSameBytesTwice) {
  for (const char* format : {"table", "json", "html"}) {
    EXPECT_EQ(run({"roofline", "llama-2-13b", "--format", format}).out,
              run({"roofline", "llama-2-13b", "--format", format}).out);
  }
}

TEST(Stats, AreTheLecturesTable) {
  const auto json =
      run({"stats", "llama-2-13b", "-d", "h100-sxm", "-s", "1024", "-b", "1,64,256", "--json"})
          .json();
  EXPECT_EQ(json["parameters"], 13'015'449'600);
  EXPECT_EQ(json["kv_bytes_per_sequence"], 838'860'800);
  EXPECT_EQ(json["max_batch"], 64);
  ASSERT_EQ(json["rows"].size(), 3u);
  EXPECT_EQ(json["rows"][0]["memory_bytes"], 26'869'760'000);
  EXPECT_EQ(json["rows"][0]["latency_s"].get<double>(), 0.008020823880597015);
  EXPECT_EQ(json["rows"][2]["fits"], false);
}

TEST(Stats, AnswerWhatIfThereWereFewerKeyValueHeads) {
  const auto json =
      run({"stats", "llama-2-13b", "-b", "256", "--set", "num_key_value_heads=8", "--json"}).json();
  EXPECT_EQ(json["parameters"], 11'337'728'000);
  EXPECT_EQ(json["rows"][0]["memory_bytes"], 65'625'128'960);
  EXPECT_EQ(json["rows"][0]["fits"], true);
}

TEST(Stats, AnswerWhatIfTheDeviceHadMoreBandwidth) {
  const auto json =
      run({"stats", "llama-2-13b", "--set-device", "memory_bandwidth=6.7TB/s", "--json"}).json();
  // 26,869,760,000 bytes ÷ 6.7e12
  EXPECT_NEAR(json["rows"][0]["latency_s"].get<double>(), 0.0040104119402985, 1e-15);
}

TEST(Derive, ProvesEveryClaim) {
  const auto outcome = run({"derive", "all", "--json"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  std::size_t claims = 0;
  const auto json = outcome.json();
  for (const auto& section : json["sections"]) {
    for (const auto& claim : section["claims"]) {
      EXPECT_EQ(claim["verdict"], "proved") << section["subject"] << claim["claim"];
      ++claims;
    }
  }
  EXPECT_GT(claims, 20u);
}

TEST(Derive, FindsTheLecturesFormulas) {
  const auto json = run({"derive", "all", "--json"}).json();
  std::map<std::string, nlohmann::json> sections;
  for (const auto& section : json["sections"]) sections[section["subject"]] = section;
  EXPECT_EQ(sections.size(), json["sections"].size()) << "subjects are unique";
  EXPECT_EQ(sections["matmul"]["arithmetic_intensity"], "B*D*F/(B*D + B*F + D*F)");
  EXPECT_EQ(sections["matmul"]["limit"]["value"], "B");
  EXPECT_EQ(sections["mlp"]["limit"]["value"], "B*T");
  EXPECT_EQ(sections["attention"]["arithmetic_intensity"], "S*T/(S + T)");
  EXPECT_EQ(sections["attention"]["specialisations"]["prefill"], "S/2");
  EXPECT_EQ(sections["attention"]["specialisations"]["decode"], "S/(S + 1)");
}

TEST(Derive, WritesEveryFormat) {
  for (const char* format : {"text", "md", "latex", "html", "json"}) {
    const auto outcome = run({"derive", "matmul", "--format", format});
    EXPECT_EQ(outcome.exit_code, 0) << format << outcome.err;
    EXPECT_GT(outcome.out.size(), 500u) << format;
  }
}

TEST(Catalogue, ListsAndShowsDevices) {
  const auto list = run({"devices"});
  EXPECT_NE(list.out.find("h100-sxm"), std::string::npos);
  const auto one = run({"devices", "H100 SXM"});
  EXPECT_EQ(one.exit_code, 0) << one.err;
  EXPECT_NE(one.out.find("989"), std::string::npos) << one.out;
}

TEST(Catalogue, ListsAndShowsModels) {
  EXPECT_NE(run({"models"}).out.find("llama-2-13b"), std::string::npos);
  const auto json = run({"models", "llama-2-13b", "--json"}).json();
  // With the 81 norms of 5120 weights that the lecture leaves out.
  EXPECT_EQ(json["total_parameters"], 13'015'864'320);
  EXPECT_EQ(json["layers"][0]["mixer"], "attention");
}

TEST(Catalogue, ShowsAModelThatIsAskedAWhatIf) {
  // 8 in place of 40 heads of keys and values: a fifth of 819,200 bytes.
  const auto json =
      run({"models", "llama-2-13b", "--set", "num_key_value_heads=8", "--json"}).json();
  EXPECT_EQ(json["kv_bytes_per_token"], 163'840);
  EXPECT_EQ(json["title"], "Llama 2 13B");
  const auto none = run({"models", "--set", "num_key_value_heads=8"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_NE(none.err.find("none is named"), std::string::npos) << none.err;
  EXPECT_EQ(run({"models", "llama-2-13b", "--set", "num_heads=8"}).exit_code, 2);
}

TEST(Catalogue, ShowsExpertsWindowsAndStates) {
  const auto mixtral = run({"models", "mixtral-8x7b", "--json"}).json();
  EXPECT_EQ(mixtral["active_parameters"], 12'879'925'248);
  EXPECT_EQ(mixtral["layers"][0]["feed_forward"], "moe");
  const auto next = run({"models", "qwen3-next-80b-a3b", "--json"}).json();
  EXPECT_EQ(next["kv_bytes_per_token"], 24'576);
  EXPECT_EQ(next["state_bytes_per_sequence"], 77'266'944);
  const auto gemma = run({"models", "gemma-2-9b", "--json"}).json();
  EXPECT_EQ(gemma["kv_bytes_per_token_beyond_window"], 172'032);
  EXPECT_EQ(gemma["windows"][1]["tokens"], 4096);
}

TEST(Roofline, HasNoRotaryPassWherePositionsAreALinearBias) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.write("config.json", R"({
    "model_type": "mpt", "d_model": 64, "n_heads": 4, "n_layers": 2, "vocab_size": 100,
    "expansion_ratio": 4, "max_seq_len": 2048, "attn_config": {"alibi": true}})");
  const auto outcome = run({"roofline", path, "--device", "h100-sxm"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("qkv_proj"), std::string::npos);
  EXPECT_EQ(outcome.out.find("rotary_emb"), std::string::npos);
}

// An encoder's pass is a prefill: nothing decodes.
TEST(Roofline, OfAnEncoderIsItsPrefillAndRefusesDecodeAlone) {
  const testing::TemporaryFolder folder;
  const std::string path = folder.write("config.json", R"({"model_type": "bert"})");
  const auto both = run({"roofline", path, "--device", "h100-sxm", "-s", "512", "--json"});
  ASSERT_EQ(both.exit_code, 0) << both.err;
  EXPECT_TRUE(both.json()["steps"].contains("prefill"));
  EXPECT_FALSE(both.json()["steps"].contains("decode"));
  const auto decode = run({"roofline", path, "--device", "h100-sxm", "--phase", "decode"});
  EXPECT_EQ(decode.exit_code, 2);
  EXPECT_NE(decode.err.find("an encoder has no decode step"), std::string::npos) << decode.err;
}

TEST(Roofline, TakesTheLoadOfTheBusiestExpert) {
  const std::vector<std::string> ask{"roofline", "mixtral-8x7b", "--device", "h200-sxm",
                                     "--phase",  "prefill",      "--json"};
  auto skewed = ask;
  skewed.insert(skewed.end(), {"--expert-imbalance", "1.25"});
  const auto flops = [](const testing::Outcome& outcome) {
    for (const auto& one : outcome.json()["operators"]) {
      if (one["name"] == "experts_down_proj") return one["flops"].get<double>();
    }
    return 0.0;
  };
  EXPECT_EQ(flops(run(skewed)), 1.25 * flops(run(ask)));
  skewed.back() = "0.9";
  EXPECT_EQ(run(skewed).exit_code, 2);
}

}  // namespace
}  // namespace ridgepoint::app
