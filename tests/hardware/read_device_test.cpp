// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <string>

#include "core/faults.hpp"
#include "hardware/toy.hpp"
#include "ridgepoint/hardware/device.hpp"

namespace ridgepoint::hardware {
namespace {

using ridgepoint::testing::expect_helpful;
using ridgepoint::testing::faults_of;
using ridgepoint::testing::kToy;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

/// The toy with `from` replaced by `to`.
std::string toy_with(std::string_view from, std::string_view to) {
  std::string text(kToy);
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string faults(std::string_view from, std::string_view to) {
  return faults_of(read_device(toy_with(from, to), "toy.json"));
}

TEST(ReadDevice, TakesEveryFigureWithItsSource) {
  const Device device = read_device(kToy, "toy.json").value();
  EXPECT_EQ(device.name, "toy");
  EXPECT_EQ(device.origin, "toy.json");
  EXPECT_THAT(device.aliases, ElementsAre("t1"));
  ASSERT_EQ(device.dense_peaks.size(), 2u);
  EXPECT_EQ(device.dense_peaks[0].type, DataType::bf16);
  EXPECT_EQ(device.dense_peaks[1].figure,
            (Figure<FlopsPerSecond>{FlopsPerSecond(200e12), "sheet", "halved"}));
  EXPECT_EQ(device.memory_bandwidth.value.value(), 2e12);
  EXPECT_EQ(device.memory_capacity_bytes.value, 80'000'000'000);
  EXPECT_EQ(device.reported_capacity_bytes->value, 84'825'604'096);  // 79 · 2^30
  EXPECT_EQ(device.reported_capacity_bytes->source, "driver");
  EXPECT_EQ(device.compute_units->value, 100);
  EXPECT_EQ(device.boost_clock->value.value(), 1.5e9);
  EXPECT_EQ(device.link->bandwidth_per_direction.value.value(), 50e9);
  EXPECT_EQ(device.link->domain.value, 8);
  EXPECT_EQ(device.link->topology, (Figure<Topology>{Topology::mesh, "sheet", ""}));
  EXPECT_EQ(device.link->in_switch_reduction, (Figure<bool>{false, "sheet", ""}));
  EXPECT_EQ(device.network_bandwidth,
            (Figure<BytesPerSecond>{BytesPerSecond(12.5e9), "sheet", "of one system"}));
  EXPECT_EQ(device.pcie->value, "5.0 x16");
  EXPECT_EQ(device.power_watts->value, 300);
  EXPECT_EQ(device.price_dollars_per_hour->value, 1.5);
  EXPECT_EQ(device.last_level_cache_bytes, std::nullopt);
  EXPECT_THAT(device.assumptions, IsEmpty());
}

TEST(ReadDevice, NeedsASourceForEveryFigure) {
  EXPECT_EQ(faults(R"("2 TB/s", "source": "sheet")", R"("2 TB/s")"),
            "toy.json: /memory_bandwidth/source | is missing | add \"source\"\n");
  EXPECT_THAT(faults(R"("2 TB/s", "source": "sheet")", R"("2 TB/s", "source": "")"),
              HasSubstr("/memory_bandwidth/source"));
}

TEST(ReadDevice, ReportsAllFaultsOfAFileAtOnce) {
  EXPECT_EQ(
      faults_of(read_device(R"({
    "name": "x",
    "dense_peak": {},
    "memory_bandwidth": {"value": "2 TFLOP/s", "source": "s"},
    "memory_capacity": {"value": 80, "source": "s"},
    "power": {"value": "-3 W", "source": "s", "notes": "?"}
  })",
                            "x.json")),
      "x.json: /dense_peaks | is missing | there is a similar key; did you mean dense_peak?\n"
      "x.json: /memory_bandwidth/value | \"2 TFLOP/s\" is a compute rate | expected a "
      "bandwidth, such as 3.35 TB/s\n"
      "x.json: /memory_capacity/value | expected a string with a unit, got 80 | write the number "
      "and its unit in double quotes\n"
      "x.json: /power/value | \"-3 W\" is not positive | expected a power, such as 700 W\n"
      "x.json: /power/notes | is not a known key | did you mean note?\n"
      "x.json: /dense_peak | is not a known key | did you mean dense_peaks?\n");
}

TEST(ReadDevice, RefusesAbsurdFigures) {
  EXPECT_THAT(faults("2 TB/s", "3.35 B/s"), HasSubstr("absurd for a device"));
  EXPECT_THAT(faults("100 TFLOP/s", "1e9 TFLOP/s"), HasSubstr("absurd for a device"));
  EXPECT_THAT(faults("80 GB", "80 B"), HasSubstr("absurd for a device"));
  EXPECT_THAT(faults(R"("value": 100)", R"("value": 1e30)"), HasSubstr("out of range"));
  EXPECT_THAT(faults(R"("value": 100)", R"("value": NaN)"), HasSubstr("is not a number"));
  EXPECT_THAT(faults(R"("value": 100)", R"("value": 0)"), HasSubstr("out of range"));
}

TEST(ReadDevice, NeedsAtLeastOnePeakOfAKnownType) {
  const std::string text = R"({"name": "x", "dense_peaks": {"bf61": {"value": "1 TFLOP/s",
    "source": "s"}}, "memory_bandwidth": {"value": "2 TB/s", "source": "s"},
    "memory_capacity": {"value": "80 GB", "source": "s"}})";
  EXPECT_EQ(faults_of(read_device(text, "x")),
            "x: /dense_peaks/bf61 | is not a known key | did you mean bf16?\n"
            "x: /dense_peaks | names no dense peak | add one, for example bf16\n");
}

TEST(ReadDevice, RefusesWhatIsNoObject) {
  EXPECT_THAT(faults_of(read_device("[1]", "x")), HasSubstr("expected a device as an object"));
  EXPECT_THAT(faults_of(read_device("{\"name\": ", "x")), HasSubstr("ends too early"));
}

TEST(ReadDevice, LeavesUnknownWhatAFileDoesNotSayOfItsLinks) {
  const Device device = read_device(R"({"name": "x", "dense_peaks": {"bf16": {"value":
    "1 TFLOP/s", "source": "s"}}, "memory_bandwidth": {"value": "2 TB/s", "source": "s"},
    "memory_capacity": {"value": "80 GB", "source": "s"}, "link": {"technology": "wire",
    "bandwidth_per_direction": {"value": "1 GB/s", "source": "s"},
    "domain": {"value": 2, "source": "s"}}})",
                                    "x")
                            .value();
  EXPECT_EQ(device.link->topology, std::nullopt);
  EXPECT_EQ(device.link->in_switch_reduction, std::nullopt);
  EXPECT_EQ(device.network_bandwidth, std::nullopt);
}

TEST(ReadDevice, RefusesAnUnknownTopologyAndAnAnswerThatIsNone) {
  EXPECT_EQ(faults("\"mesh\"", "\"mash\""),
            "toy.json: /link/topology/value | \"mash\" is not a topology | did you mean mesh?\n");
  EXPECT_EQ(
      faults("\"value\": false", "\"value\": 1"),
      "toy.json: /link/in_switch_reduction/value | expected true or false, got 1 | write true "
      "or false, or leave the figure out if it is unknown\n");
}

TEST(ReadDevice, IsNotMisledByAFileThatNamesAnOption) {
  EXPECT_THAT(faults(R"("value": "2 TB/s")", R"("_option": "--set-device", "value": "2")"),
              StartsWith("toy.json: /memory_bandwidth/value | "));
}

TEST(ReadDevice, GivesTheRangeOfAFigureInItsOwnUnit) {
  EXPECT_EQ(faults("2 TB/s", "1 B/s"),
            "toy.json: /memory_bandwidth/value | 1 B/s is absurd for a device | give 0.1 GB/s to "
            "100,000,000 GB/s\n");
}

TEST(ReadDevice, SaysWhatToDoAboutEveryFault) {
  for (const char* text :
       {"[1]", "null", "{", "{}", R"({"name": 1})", R"({"dense_peaks": 1, "link": 1})",
        R"({"dense_peaks": {"bf16": {"value": 1}}, "power": {"value": "1e9 W", "source": "s"}})",
        R"({"compute_units": {"value": "many"}, "x\u001b": 1, "aliases": [1], "pcie": {}})"}) {
    expect_helpful(read_device(text, "toy.json"), text);
  }
  for (const char* key : {"foo", "link.foo", "price", "dense_peaks.bf16", "\xff"}) {
    expect_helpful(read_device(kToy, "toy.json", {{key, "\xff\n", "--set-device"}}), key);
  }
  expect_helpful(read_device(R"({"name": "x"})", "x", {{"link.domain", "8", "--set-device"}}),
                 "no link");
}

}  // namespace
}  // namespace ridgepoint::hardware
