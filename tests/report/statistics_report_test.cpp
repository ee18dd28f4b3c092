// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/statistics_report.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/markup.hpp"
#include "report/sample.hpp"
#include "ridgepoint/report/catalog_report.hpp"

namespace ridgepoint::report {
namespace {

using nlohmann::json;

TEST(StatisticsJson, CarriesTheLecturesFigures) {
  // The table of the lecture for K = 40, B = 1, 64, 256 at S = 1024 on 3.35 TB/s.
  const json document = json::parse(to_json(test::sample_statistics()));
  EXPECT_EQ(document["schema"], "ridgepoint/stats/1");
  EXPECT_EQ(document["parameters"].get<std::int64_t>(), 13'015'449'600);
  EXPECT_EQ(document["kv_bytes_per_sequence"].get<std::int64_t>(), 838'860'800);
  EXPECT_EQ(document["max_batch"], 64);
  const json& row = document["rows"][0];
  EXPECT_EQ(row["memory_bytes"].get<std::int64_t>(), 26'869'760'000);
  EXPECT_DOUBLE_EQ(row["latency_s"].get<double>(), 0.008020823880597015);
  EXPECT_DOUBLE_EQ(row["throughput_tokens_per_s"].get<double>(), 124.6754716082317);
  EXPECT_EQ(document["inputs"]["layer_runs"][0]["num_key_value_heads"], 40);
  EXPECT_EQ(document["inputs"]["memory_bandwidth_bytes_per_s"], 3.35e12);
  EXPECT_EQ(document["rows"][1]["fits"], true);
  EXPECT_EQ(document["rows"][2]["fits"], false);
}

TEST(StatisticsCsv, SaysWhatTheJsonSays) {
  const json rows = json::parse(to_json(test::sample_statistics()))["rows"];
  const auto csv = test::read_csv(to_csv(test::sample_statistics()));
  ASSERT_EQ(csv.size(), rows.size() + 1);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(std::stoll(csv[i + 1][0]), rows[i]["batch"].get<std::int64_t>());
    EXPECT_EQ(std::stod(csv[i + 1][2]), rows[i]["latency_s"].get<double>());
    EXPECT_EQ(csv[i + 1][4], rows[i]["fits"].get<bool>() ? "true" : "false");
  }
}

TEST(StatisticsText, ShowsThreeDigitsUnitsAndWhatDoesNotFit) {
  const std::string text = to_text(test::sample_statistics());
  EXPECT_NE(text.find("13,015,449,600 parameters"), std::string::npos);
  EXPECT_NE(text.find("8.02"), std::string::npos);
  EXPECT_NE(text.find("3,562  no"), std::string::npos) << text;
}

TEST(DeviceReport, GivesEveryFigureASource) {
  const hardware::Device device = test::sample_device();
  const json document = json::parse(to_json(device));
  EXPECT_EQ(document["figures"]["memory_bandwidth_bytes_per_s"]["value"], 3.35e12);
  for (const auto& [key, figure] : document["figures"].items()) {
    EXPECT_FALSE(figure["source"].get<std::string>().empty()) << key;
    EXPECT_NE(to_csv(device).find(key), std::string::npos) << key;
  }
  EXPECT_NEAR(document["ridge_point"]["bf16"].get<double>(), 295.34, 0.01);
  EXPECT_NE(to_text(device).find("decimal gigabytes"), std::string::npos);
}

TEST(DeviceReport, HasARowForEachDeviceAndAColumnForEachFigureInCsv) {
  const hardware::Device first = test::sample_device();
  hardware::Device second = first;
  second.name = "plain";
  second.dense_peaks.resize(1);
  const auto rows = test::read_csv(to_csv(std::vector{second, first}));
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[1][0], "plain");
  for (std::size_t c = 0; c < rows[0].size(); ++c) {
    if (rows[0][c] == "memory_bandwidth_bytes_per_s") {
      EXPECT_EQ(std::stod(rows[2][c]), 3.35e12);
    } else if (rows[0][c] == "dense_peak_fp8_flops_per_s") {
      EXPECT_EQ(rows[1][c], "") << "it has none";
      EXPECT_EQ(std::stod(rows[2][c]), 1978.9e12);
    }
  }
  EXPECT_NE(std::find(rows[0].begin(), rows[0].end(), "dense_peak_fp8_flops_per_s"), rows[0].end());
}

TEST(DeviceReport, CallsOperationsOfIntegersOperations) {
  const std::string text = to_text(test::sample_device());
  EXPECT_NE(text.find("dense int8 peak: 1,979 TOP/s"), std::string::npos) << text;
  EXPECT_NE(text.find("dense fp8 peak: 1,979 TFLOP/s"), std::string::npos) << text;
}

TEST(DeviceReport, ListsADeviceWithoutAPeakAsHavingNone) {
  hardware::Device device = test::sample_device();
  device.dense_peaks.resize(2);  // no fp8
  const std::string text = to_text(std::vector{device});
  EXPECT_NE(text.find("–"), std::string::npos);
  EXPECT_EQ(text.find("nan"), std::string::npos);
}

TEST(ModelReport, ShowsWhatFollowsFromTheFacts) {
  const catalog::ModelEntry entry{
      "sample-13b", "Sample 13B", {}, "a paper", test::sample_architecture()};
  const auto sheet = model_sheet(entry);
  ASSERT_TRUE(sheet.has_value());
  const json document = json::parse(to_json(*sheet));
  // The lecture's 13,015,449,600 and the norms it leaves out: (2·40 + 1)·5120.
  EXPECT_EQ(document["total_parameters"].get<std::int64_t>(), 13'015'449'600 + 81 * 5120);
  EXPECT_EQ(document["num_hidden_layers"], 40);
  ASSERT_EQ(document["layers"].size(), 1u);
  EXPECT_EQ(document["layers"][0]["count"], 40);
  EXPECT_EQ(document["family"], "llama");
  // 2·40 heads·128·40 layers·2 bytes
  EXPECT_EQ(document["kv_bytes_per_token"].get<std::int64_t>(), 819'200);
  EXPECT_EQ(document["windows"][0]["tokens"], 0);
  EXPECT_NE(to_text(*sheet).find("13,015,864,320"), std::string::npos);
}

}  // namespace
}  // namespace ridgepoint::report
