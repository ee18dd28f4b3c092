// SPDX-License-Identifier: Apache-2.0
// What-ifs on a device: `--set-device KEY=VALUE`.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>
#include <type_traits>

#include "core/faults.hpp"
#include "hardware/toy.hpp"
#include "ridgepoint/hardware/device.hpp"

namespace ridgepoint::hardware {
namespace {

using ridgepoint::testing::expect_helpful;
using ridgepoint::testing::faults_of;
using ridgepoint::testing::kToy;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

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

TEST(SetDevice, OffersTheNearestKeysShortAndFull) {
  const auto help_for = [](const char* key) {
    return faults_of(read_device(kToy, "toy.json", {{key, "1GB/s", "--set-device"}}));
  };
  EXPECT_THAT(help_for("link_bandwith"), HasSubstr("did you mean link_bandwidth"));
  EXPECT_THAT(help_for("bf61_peak"), HasSubstr("did you mean bf16_peak"));
  EXPECT_THAT(help_for("bandwidth"),
              AllOf(HasSubstr("link_bandwidth"), HasSubstr("memory_bandwidth")));
  EXPECT_THAT(help_for("zzz"), HasSubstr("give one of memory_bandwidth"));
}

TEST(SetDevice, TakesTheLastOfSeveralForOneFigure) {
  const Device device = read_device(kToy, "toy.json",
                                    {{"bf16_peak", "1 TFLOP/s", "--set-device"},
                                     {"dense_peaks.bf16", "3 TFLOP/s", "--set-device"}})
                            .value();
  EXPECT_EQ(dense_peak(device, DataType::bf16)->value.value(), 3e12);
}

}  // namespace
}  // namespace ridgepoint::hardware
