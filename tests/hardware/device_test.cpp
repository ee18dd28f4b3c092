// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/hardware/device.hpp"

#include <gmock/gmock.h>

#include <optional>

#include "core/faults.hpp"

namespace ridgepoint::hardware {
namespace {

using enum DataType;
using ridgepoint::testing::faults_of;
using ::testing::HasSubstr;

/// A device with these peaks, in TFLOP/s, and 1 TB/s.
Device device_with(std::vector<std::pair<DataType, double>> peaks) {
  Device device;
  device.name = "toy";
  for (const auto& [type, tera] : peaks) {
    device.dense_peaks.push_back({type, {FlopsPerSecond(tera * 1e12), "a test", ""}});
  }
  device.memory_bandwidth = {BytesPerSecond(1e12), "a test", ""};
  return device;
}

TEST(DensePeak, IsTheOneOfTheType) {
  const Device device = device_with({{bf16, 100}, {fp8, 200}});
  const PeakInUse peak = dense_peak(device, fp8).value();
  EXPECT_EQ(peak.used, fp8);
  EXPECT_EQ(peak.value.value(), 200e12);
  EXPECT_FALSE(peak.fell_back());
  EXPECT_EQ(fallback_note(device, peak), "");
}

TEST(DensePeak, FallsBackToTheNextWiderTypeAndSaysSo) {
  const Device device = device_with({{fp32, 10}, {bf16, 100}, {int8, 300}});
  const PeakInUse peak = dense_peak(device, fp8).value();
  EXPECT_EQ(peak.used, bf16);
  EXPECT_TRUE(peak.fell_back());
  EXPECT_EQ(fallback_note(device, peak), "toy has no fp8 peak: computed at its bf16 peak");
  EXPECT_EQ(dense_peak(device, fp4)->used, bf16);
  EXPECT_EQ(dense_peak(device, tf32)->used, fp32);
  EXPECT_EQ(dense_peak(device, int8)->used, int8);
}

TEST(DensePeak, OfFourBitsPrefersFp8To16Bits) {
  EXPECT_EQ(dense_peak(device_with({{bf16, 100}, {fp8, 200}}), nvfp4)->used, fp8);
}

TEST(DensePeak, OfNvfp4IsThatOfFp4) {
  const PeakInUse peak = dense_peak(device_with({{bf16, 1}, {fp4, 4}}), nvfp4).value();
  EXPECT_EQ(peak.used, fp4);
  EXPECT_FALSE(peak.fell_back());
}

TEST(DensePeak, NeverFallsBackToANarrowerType) {
  const Device device = device_with({{bf16, 100}, {fp8, 200}});
  EXPECT_EQ(faults_of(dense_peak(device, fp64)),
            "toy | has no dense peak at fp64 or at a wider type | it has bf16, fp8\n");
}

TEST(DensePeak, TakesTheOther16BitTypeBefore32Bits) {
  EXPECT_EQ(dense_peak(device_with({{fp32, 15}, {fp16, 125}}), bf16)->used, fp16);  // a V100
  EXPECT_EQ(dense_peak(device_with({{fp32, 15}, {bf16, 197}}), fp16)->used, bf16);  // a TPU
}

TEST(RidgePoint, IsPeakOverBandwidth) {
  // 100 TFLOP/s ÷ 1 TB/s = 100 FLOP/byte.
  EXPECT_EQ(ridge_point(device_with({{bf16, 100}}), bf16)->value(), 100);
}

/// A link of 700 GB/s per direction among eight devices.
Link link_with(std::optional<Topology> topology) {
  Link link{"wire", {BytesPerSecond(700e9), "a test", ""}, {8, "a test", ""}, {}, {}};
  if (topology) link.topology = {*topology, "a test", ""};
  return link;
}

TEST(GroupBandwidth, OfAMeshIsThatOfTheLinksToThoseWhoTakePart) {
  const Link link = link_with(Topology::mesh);  // seven links of 100 GB/s
  EXPECT_DOUBLE_EQ(group_bandwidth(link, 2).value(), 100e9);
  EXPECT_DOUBLE_EQ(group_bandwidth(link, 4).value(), 300e9);
  EXPECT_EQ(group_bandwidth(link, 8).value(), 700e9);
}

TEST(GroupBandwidth, OfAnyOtherTopologyIsAllOfIt) {
  for (const auto topology : {std::optional(Topology::switched), std::optional(Topology::torus),
                              std::optional(Topology::ring), std::optional<Topology>()}) {
    EXPECT_EQ(group_bandwidth(link_with(topology), 2).value(), 700e9);
  }
}

TEST(GroupBandwidth, NeverFallsAsMoreDevicesTakePart) {
  const Link link = link_with(Topology::mesh);
  for (int devices = 3; devices <= 12; ++devices) {
    EXPECT_GE(group_bandwidth(link, devices).value(), group_bandwidth(link, devices - 1).value());
    EXPECT_LE(group_bandwidth(link, devices).value(), 700e9);
  }
}

double pcie_of(const char* text) {
  Device device;
  device.pcie = {text, "a test", ""};
  const auto bandwidth = pcie_bandwidth(device);
  return bandwidth ? bandwidth->value() : 0;
}

TEST(PcieBandwidth, IsTransfersTimesLanesTimesPayload) {
  // ml-engineering's network page rounds these to 31 and 63 GB/s; 6.0 needs no line code.
  EXPECT_NEAR(pcie_of("3.0 x16"), 15.754e9, 1e6);  // 8e9 · 16 · 128/130 ÷ 8
  EXPECT_NEAR(pcie_of("4.0 x16"), 31.508e9, 1e6);
  EXPECT_NEAR(pcie_of("5.0 x16"), 63.015e9, 1e6);
  EXPECT_NEAR(pcie_of("4.0 x8"), 15.754e9, 1e6);
  EXPECT_EQ(pcie_of("6.0 x16"), 128e9);
  EXPECT_EQ(pcie_of("5.0/6.0 x16"), pcie_of("5.0 x16"));
}

TEST(PcieBandwidth, IsUnknownOfAnythingElse) {
  for (const char* text : {"", "4.0", "C2C 450/dir", "5.0 x", "5.0 x0", "5.0 x16z", "9.0 x16",
                           "5.0 x-4", "5.0 x99999999999", " x16", "x16"}) {
    EXPECT_EQ(pcie_of(text), 0) << text;
  }
  EXPECT_EQ(pcie_bandwidth(Device{}), std::nullopt);
}

TEST(ComputeType, OfWeightOnlyTypesIsTheActivations) {
  EXPECT_EQ(compute_type(int4, bf16), bf16);
  EXPECT_EQ(compute_type(int3, bf16), bf16);
  EXPECT_EQ(compute_type(mxfp4, fp8), fp8);
}

TEST(ComputeType, OfPairedTypesIsTheWeights) {
  EXPECT_EQ(compute_type(fp8, bf16), fp8);
  EXPECT_EQ(compute_type(int8, fp16), int8);
  EXPECT_EQ(compute_type(nvfp4, bf16), fp4);
}

TEST(ComputeType, OfUnquantisedTypesIsTheWider) {
  EXPECT_EQ(compute_type(bf16, bf16), bf16);
  EXPECT_EQ(compute_type(fp32, bf16), fp32);
  EXPECT_EQ(compute_type(bf16, fp32), fp32);
}

}  // namespace
}  // namespace ridgepoint::hardware
