// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>
#include <type_traits>

#include "core/faults.hpp"
#include "ridgepoint/hardware/device.hpp"

namespace ridgepoint::hardware {
namespace {

using ridgepoint::testing::expect_helpful;
using ridgepoint::testing::faults_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr std::string_view kToy = R"({
  "name": "toy",
  "title": "Toy 1",
  "aliases": ["t1"],
  "vendor": "Us",
  "dense_peaks": {
    "bf16": {"value": "100 TFLOP/s", "source": "sheet"},
    "int8": {"value": "200 TOP/s", "source": "sheet", "note": "halved"}
  },
  "memory_bandwidth": {"value": "2 TB/s", "source": "sheet"},
  "memory_capacity": {"value": "80 GB", "source": "sheet"},
  "reported_capacity": {"value": "79 GiB", "source": "driver"},
  "compute_units": {"value": 100, "source": "sheet"},
  "boost_clock": {"value": "1.5 GHz", "source": "sheet"},
  "link": {
    "technology": "wire",
    "bandwidth_per_direction": {"value": "50 GB/s", "source": "sheet"},
    "domain": {"value": 8, "source": "sheet"},
    "topology": {"value": "mesh", "source": "sheet"},
    "in_switch_reduction": {"value": false, "source": "sheet"}
  },
  "network_bandwidth": {"value": "12.5 GB/s", "source": "sheet", "note": "of one system"},
  "pcie": {"value": "5.0 x16", "source": "sheet"},
  "power": {"value": "300 W", "source": "sheet"},
  "price": {"value": "1.5 $/h", "source": "a page"},
  "conflicts": ["none"]
})";

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

TEST(SetDevice, ReplacesAFigureAndSaysSo) {
  const Device device =
      read_device(kToy, "toy.json", {{"memory_bandwidth", "4.8TB/s", "--set-device"}}).value();
  EXPECT_EQ(device.memory_bandwidth.value.value(), 4.8e12);
  EXPECT_EQ(device.memory_bandwidth.source, "set by --set-device");
  EXPECT_THAT(device.assumptions,
              ElementsAre("memory_bandwidth set to 4.8TB/s (the file says 2 TB/s)"));
}

TEST(SetDevice, AddsAPeakThatTheFileDoesNotHave) {
  const Device device =
      read_device(kToy, "toy.json", {{"dense_peaks.fp8", "400 TFLOP/s", "--set-device"}}).value();
  EXPECT_EQ(dense_peak(device, DataType::fp8)->value.value(), 400e12);
}

TEST(SetDevice, OfTheCapacityDropsWhatTheDriverReported) {
  const Device device =
      read_device(kToy, "toy.json", {{"memory_capacity", "160GB", "--set-device"}}).value();
  EXPECT_EQ(device.memory_capacity_bytes.value, 160'000'000'000);
  EXPECT_EQ(device.reported_capacity_bytes, std::nullopt);
  EXPECT_EQ(device.assumptions.size(), 2u);
}

TEST(SetDevice, PointsItsFaultsToTheCommandLine) {
  EXPECT_EQ(
      faults_of(read_device(kToy, "toy.json", {{"memory_bandwith", "1TB/s", "--set-device"}})),
      "--set-device | a device has no figure \"memory_bandwith\" | did you mean "
      "memory_bandwidth?\n");
  EXPECT_EQ(
      faults_of(read_device(kToy, "toy.json", {{"memory_bandwidth", "fast", "--set-device"}})),
      "--set-device memory_bandwidth | \"fast\" does not begin with a number | expected a "
      "bandwidth, such as 3.35 TB/s\n");
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

/// Where a what-if of `key` leaves its value, as text; "?" where it should not be.
using Read = std::string (*)(const Device&);
struct WhatIf {
  const char* key;
  const char* value;
  const char* full_key;  ///< as the assumption names it
  Read read;
  const char* expected;
  const char* bad;
};

template <class Q>
std::string shown(const Q& value) {
  if constexpr (std::is_arithmetic_v<Q>) {
    return fmt::format("{}", value);
  } else {
    return fmt::format("{}", value.value());
  }
}

constexpr WhatIf kWhatIfs[] = {
    {"memory_bandwidth", "8TB/s", "memory_bandwidth",
     [](const Device& d) { return shown(d.memory_bandwidth.value); }, "8000000000000", "8TFLOP/s"},
    {"memory_capacity", "141GB", "memory_capacity",
     [](const Device& d) { return shown(d.memory_capacity_bytes.value); }, "141000000000", "141"},
    {"reported_capacity", "1GiB", "reported_capacity",
     [](const Device& d) { return shown(d.reported_capacity_bytes->value); }, "1073741824", "1s"},
    {"last_level_cache", "50MB", "last_level_cache",
     [](const Device& d) { return shown(d.last_level_cache_bytes->value); }, "50000000", "50"},
    {"compute_units", "132", "compute_units",
     [](const Device& d) { return shown(d.compute_units->value); }, "132", "1.5"},
    {"fma_lanes_per_unit", "2048", "fma_lanes_per_unit",
     [](const Device& d) { return shown(d.fma_lanes_per_unit->value); }, "2048", "many"},
    {"boost_clock", "2GHz", "boost_clock",
     [](const Device& d) { return shown(d.boost_clock->value); }, "2000000000", "2GB"},
    {"network_bandwidth", "50GB/s", "network_bandwidth",
     [](const Device& d) { return shown(d.network_bandwidth->value); }, "50000000000", "400Gb/s"},
    {"pcie", "4.0 x8", "pcie", [](const Device& d) { return d.pcie->value; }, "4.0 x8", "fast"},
    {"power", "1kW", "power", [](const Device& d) { return shown(d.power_watts->value); }, "1000",
     "0 W"},
    {"price", "2.5$/h", "price",
     [](const Device& d) { return shown(d.price_dollars_per_hour->value); }, "2.5", "2.5"},
    {"link_bandwidth", "900GB/s", "link.bandwidth_per_direction",
     [](const Device& d) { return shown(d.link->bandwidth_per_direction.value); }, "900000000000",
     "900"},
    {"link.bandwidth_per_direction", "900GB/s", "link.bandwidth_per_direction",
     [](const Device& d) { return shown(d.link->bandwidth_per_direction.value); }, "900000000000",
     "1 B/s"},
    {"link_domain", "72", "link.domain",
     [](const Device& d) { return shown(d.link->domain.value); }, "72", "0"},
    {"link_topology", "switched", "link.topology",
     [](const Device& d) { return std::string(name(d.link->topology->value)); }, "switched",
     "star"},
    {"in_switch_reduction", "true", "link.in_switch_reduction",
     [](const Device& d) { return shown(d.link->in_switch_reduction->value); }, "true", "maybe"},
    {"bf16_peak", "2PFLOP/s", "dense_peaks.bf16",
     [](const Device& d) { return shown(dense_peak(d, DataType::bf16)->value); },
     "2000000000000000", "2PB/s"},
    {"fp8", "4PFLOPS", "dense_peaks.fp8",
     [](const Device& d) { return shown(dense_peak(d, DataType::fp8)->value); }, "4000000000000000",
     "fast"},
    {"dense_peaks.int8", "3000TOPS", "dense_peaks.int8",
     [](const Device& d) { return shown(dense_peak(d, DataType::int8)->value); },
     "3000000000000000", "-1 TOPS"},
};

TEST(SetDevice, ReachesEveryFigureWithItsUnitAndSaysSo) {
  for (const WhatIf& row : kWhatIfs) {
    const auto device = read_device(kToy, "toy.json", {{row.key, row.value, "--set-device"}});
    ASSERT_EQ(faults_of(device), "") << row.key;
    EXPECT_EQ(row.read(*device), row.expected) << row.key;
    ASSERT_FALSE(device->assumptions.empty()) << row.key;
    EXPECT_THAT(device->assumptions[0],
                StartsWith(fmt::format("{} set to {} (the file ", row.full_key, row.value)));
  }
}

TEST(SetDevice, RefusesABadFigureByTheKeyThatWasTyped) {
  for (const WhatIf& row : kWhatIfs) {
    const auto device = read_device(kToy, "toy.json", {{row.key, row.bad, "--set-device"}});
    EXPECT_THAT(faults_of(device), StartsWith(fmt::format("--set-device {} | ", row.key)));
    expect_helpful(device, row.key);
  }
}

TEST(SetDevice, ReachesEveryKeyOfAFigureInAFile) {
  // Whatever the toy file has as an object with a value can be set, by the key that it has there.
  for (const char* key : {"memory_bandwidth", "memory_capacity", "reported_capacity",
                          "compute_units", "boost_clock", "network_bandwidth", "pcie", "power",
                          "price", "link.bandwidth_per_direction", "link.domain", "link.topology",
                          "link.in_switch_reduction", "dense_peaks.bf16", "dense_peaks.int8"}) {
    const std::string text = faults_of(read_device(kToy, "toy.json", {{key, "?", "--set-device"}}));
    EXPECT_THAT(text, StartsWith(fmt::format("--set-device {} | ", key)));
  }
}

TEST(SetDevice, SaysWhatBitsPerSecondShouldBe) {
  EXPECT_EQ(
      faults_of(read_device(kToy, "toy.json", {{"network_bandwidth", "400Gb/s", "--set-device"}})),
      "--set-device network_bandwidth | unknown unit \"Gb/s\" in \"400Gb/s\" | did you mean "
      "GB/s? (b is bits)\n");
}

constexpr std::string_view kCard = R"({"name": "card", "dense_peaks": {"bf16": {"value":
  "1 TFLOP/s", "source": "s"}}, "memory_bandwidth": {"value": "2 TB/s", "source": "s"},
  "memory_capacity": {"value": "80 GB", "source": "s"}})";

TEST(SetDevice, GivesACardALinkWhenItsBandwidthAndDomainAreSet) {
  const Device device = read_device(kCard, "card.json",
                                    {{"link_bandwidth", "64GB/s", "--set-device"},
                                     {"link_domain", "2", "--set-device"}})
                            .value();
  EXPECT_EQ(device.link->bandwidth_per_direction.value.value(), 64e9);
  EXPECT_EQ(device.link->domain.value, 2);
  EXPECT_EQ(device.link->technology, "what-if link");
  EXPECT_THAT(device.assumptions,
              ElementsAre("link.bandwidth_per_direction set to 64GB/s (the file has none)",
                          "link.domain set to 2 (the file has none)"));
}

TEST(SetDevice, NeedsBothFiguresOfALinkThatACardDoesNotHave) {
  EXPECT_EQ(faults_of(read_device(kCard, "card.json", {{"link_domain", "2", "--set-device"}})),
            "--set-device link_domain | the device has no link to other devices | set both "
            "link_bandwidth and link_domain, such as 64GB/s and 2\n");
}

TEST(SetDevice, OffersTheShortKeysToo) {
  EXPECT_THAT(
      faults_of(read_device(kToy, "toy.json", {{"link_bandwith", "1GB/s", "--set-device"}})),
      HasSubstr("did you mean link_bandwidth"));
  EXPECT_THAT(faults_of(read_device(kToy, "toy.json", {{"bf61_peak", "1", "--set-device"}})),
              HasSubstr("did you mean bf16_peak"));
}

TEST(SetDevice, TakesTheLastOfSeveralForOneFigure) {
  const Device device = read_device(kToy, "toy.json",
                                    {{"bf16_peak", "1 TFLOP/s", "--set-device"},
                                     {"dense_peaks.bf16", "3 TFLOP/s", "--set-device"}})
                            .value();
  EXPECT_EQ(dense_peak(device, DataType::bf16)->value.value(), 3e12);
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
