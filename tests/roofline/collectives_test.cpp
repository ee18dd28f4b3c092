// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/roofline/collectives.hpp"

#include <gtest/gtest.h>

#include "ridgepoint/catalog/catalog.hpp"

namespace ridgepoint::roofline {
namespace {

using cost::CollectiveKind;

double per_byte(CollectiveKind kind, std::int64_t devices, const hardware::Device& device) {
  return seconds_per_payload_byte(kind, devices, device).value();
}

/// Eight devices at 450 GB/s per direction behind switches, 50 GB/s to other hosts.
hardware::Device host(bool reduces_in_switch) {
  hardware::Device device;
  device.name = "a device";
  device.link = hardware::Link{};
  device.link->technology = "links";
  device.link->bandwidth_per_direction.value = BytesPerSecond(450e9);
  device.link->domain.value = 8;
  device.link->topology =
      hardware::Figure<hardware::Topology>{hardware::Topology::switched, "", ""};
  device.link->in_switch_reduction = hardware::Figure<bool>{reduces_in_switch, "", ""};
  device.network_bandwidth = hardware::Figure<BytesPerSecond>{BytesPerSecond(50e9), "", ""};
  return device;
}

// A ring of 8 sends 7/8 of the payload twice: 1.75 / 450 GB/s. Switches that add up halve that:
// each device sends its part once.
TEST(Collectives, AllReduceInsideADomainIsTheFastestOfRingAndSwitch) {
  EXPECT_DOUBLE_EQ(per_byte(CollectiveKind::all_reduce, 8, host(false)), 1.75 / 450e9);
  EXPECT_DOUBLE_EQ(per_byte(CollectiveKind::all_reduce, 8, host(true)), 1 / 450e9);
  // Two devices exchange halves: 2·(1/2) of the payload either way.
  EXPECT_DOUBLE_EQ(per_byte(CollectiveKind::all_reduce, 2, host(false)), 1 / 450e9);
}

TEST(Collectives, GathersAndExchangesSendWhatTheOthersNeed) {
  EXPECT_DOUBLE_EQ(per_byte(CollectiveKind::all_gather, 4, host(true)), 0.75 / 450e9);
  EXPECT_DOUBLE_EQ(per_byte(CollectiveKind::all_to_all, 8, host(true)), 0.875 / 450e9);
  EXPECT_DOUBLE_EQ(per_byte(CollectiveKind::send, 2, host(true)), 1 / 450e9);
}

// 32 devices in 4 domains. An all-reduce sums inside (1.75 over links), and each device carries an
// eighth between domains: 2·(3/4)/8 of the payload at 50 GB/s, the slower of the two at once.
TEST(Collectives, AcrossDomainsLinksAndNetworkWorkAtOnce) {
  const double on_network = 2 * 0.75 / 8 / 50e9;
  const double on_links = 1.75 / 450e9;
  EXPECT_LT(on_network, on_links);
  EXPECT_DOUBLE_EQ(per_byte(CollectiveKind::all_reduce, 32, host(false)), on_links);
  // Of an exchange 24 of 32 parts leave the domain.
  EXPECT_DOUBLE_EQ(per_byte(CollectiveKind::all_to_all, 32, host(false)), 0.75 / 50e9);
}

TEST(Collectives, WithoutALinkGoOverPciExpressInsideAHost) {
  hardware::Device device = host(false);
  device.link.reset();
  device.pcie = hardware::Figure<std::string>{"4.0 x16", "", ""};
  // 16 GT/s · 16 lanes · 128/130 / 8 bits.
  const double pcie = 16e9 * 16 * 128 / 130 / 8;
  EXPECT_NEAR(per_byte(CollectiveKind::all_reduce, 4, device), 1.5 / pcie, 1e-15);
}

TEST(Collectives, SayWhichRateIsMissing) {
  hardware::Device device = host(false);
  device.network_bandwidth.reset();
  const auto across = seconds_per_payload_byte(CollectiveKind::all_to_all, 16, device);
  ASSERT_FALSE(across.has_value());
  EXPECT_NE(across.error()[0].help.find("--set-device network_bandwidth="), std::string::npos);
  device.link.reset();
  const auto inside = seconds_per_payload_byte(CollectiveKind::all_reduce, 2, device);
  ASSERT_FALSE(inside.has_value());
  EXPECT_NE(inside.error()[0].help.find("--set-device link_bandwidth="), std::string::npos);
}

TEST(Collectives, AreNeverSlowerWithFasterLinks) {
  for (const hardware::Device& device : catalog::devices()) {
    if (!device.link || device.link->domain.value < 2) continue;
    hardware::Device faster = device;
    faster.link->bandwidth_per_direction.value = device.link->bandwidth_per_direction.value * 2.0;
    for (const auto kind : {CollectiveKind::all_reduce, CollectiveKind::all_gather,
                            CollectiveKind::all_to_all, CollectiveKind::send}) {
      EXPECT_LT(per_byte(kind, 2, faster), per_byte(kind, 2, device)) << device.name;
    }
  }
}

}  // namespace
}  // namespace ridgepoint::roofline
