// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "ridgepoint/report/catalog_report.hpp"

namespace ridgepoint::report {
namespace {

using hardware::Device;
using nlohmann::json;

/// Eight devices on a switch that adds up, with a network behind it; fp16 alone, as on a V100.
Device sample_device() {
  Device device;
  device.name = "toy";
  device.title = "Toy 1";
  device.dense_peaks = {{DataType::fp16, {FlopsPerSecond(120e12), "sheet", ""}}};
  device.memory_bandwidth = {BytesPerSecond(1.5e12), "sheet", ""};
  device.memory_capacity_bytes = {16'000'000'000, "sheet", ""};
  hardware::Link link{"wire", {BytesPerSecond(450e9), "sheet", ""}, {8, "sheet", ""}, {}, {}};
  link.topology = {hardware::Topology::switched, "manual", ""};
  link.in_switch_reduction = {true, "manual", "since 2022"};
  device.link = link;
  device.network_bandwidth = {BytesPerSecond(50e9), "system guide", "one adapter"};
  device.pcie = {"4.0 x16", "sheet", ""};
  return device;
}

TEST(DeviceJson, CarriesTheLinksLayoutAndTheNetwork) {
  const json document = json::parse(to_json(sample_device()));
  const json& figures = document["figures"];
  EXPECT_EQ(figures["link_bandwidth_per_direction_bytes_per_s"]["value"], 450e9);
  EXPECT_EQ(figures["link_domain"]["value"], 8);
  EXPECT_EQ(figures["link_topology"]["value"], "switched");
  EXPECT_EQ(figures["link_in_switch_reduction"]["value"], true);
  EXPECT_EQ(figures["link_in_switch_reduction"]["note"], "since 2022");
  EXPECT_EQ(figures["network_bandwidth_bytes_per_s"]["value"], 50e9);
  EXPECT_EQ(figures["network_bandwidth_bytes_per_s"]["source"], "system guide");
  EXPECT_EQ(figures["pcie"]["value"], "4.0 x16");
}

TEST(DeviceText, SaysHowTheDevicesReachEachOther) {
  const std::string text = to_text(sample_device());
  for (const char* line :
       {"wire topology: switched\n  manual\n", "wire reduction in the switches: yes\n",
        "network per direction, to other domains: 50.0 GB/s\n  system guide; one adapter\n",
        "PCIe: 4.0 x16 (31.5 GB/s per direction)\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

TEST(DeviceText, GivesTheRidgeAtFp16WhereThereIsNoBf16) {
  // 120 TFLOP/s ÷ 1.5 TB/s = 80 FLOP/byte.
  EXPECT_NE(to_text(sample_device()).find("Ridge point at fp16: 80.0 FLOP/byte."),
            std::string::npos);
}

TEST(DeviceText, LeavesOutWhatIsUnknown) {
  Device device = sample_device();
  device.link->topology.reset();
  device.link->in_switch_reduction.reset();
  device.network_bandwidth.reset();
  const std::string text = to_text(device);
  for (const char* word : {"topology", "reduction", "network"}) {
    EXPECT_EQ(text.find(word), std::string::npos) << word;
  }
}

TEST(DevicesText, HasTheLinksAndTheNetworkOfEachDevice) {
  Device card = sample_device();
  card.link.reset();
  card.network_bandwidth.reset();
  const std::string text = to_text(std::vector<Device>{sample_device(), card});
  EXPECT_NE(text.find("450"), std::string::npos) << text;
  EXPECT_NE(text.find("50.0"), std::string::npos) << text;
  EXPECT_NE(text.find("–"), std::string::npos) << text;
  EXPECT_NE(text.find("80.0"), std::string::npos) << text;
}

}  // namespace
}  // namespace ridgepoint::report
