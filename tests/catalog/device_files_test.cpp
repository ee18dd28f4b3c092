// SPDX-License-Identifier: Apache-2.0
// Every file in data/devices, and what must hold of any datasheet.
#include <gmock/gmock.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "catalog/embedded.hpp"
#include "core/csv.hpp"
#include "core/faults.hpp"
#include "core/shared_data.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/core/names.hpp"

namespace ridgepoint::catalog {
namespace {

namespace fs = std::filesystem;
using hardware::Device;
using ridgepoint::testing::faults_of;

double peak_of(const Device& device, DataType type) {
  for (const hardware::DensePeak& peak : device.dense_peaks) {
    if (peak.type == type) return peak.figure.value.value();
  }
  return 0;
}

TEST(DeviceFiles, AreAllEmbeddedWordForWord) {
  std::set<std::string> on_disk;
  for (const auto& entry : fs::directory_iterator(RIDGEPOINT_DATA "/devices")) {
    if (entry.path().extension() == ".json") on_disk.insert(entry.path().stem().string());
  }
  std::set<std::string> embedded;
  for (const EmbeddedFile& file : embedded_devices()) {
    embedded.emplace(file.name);
    const std::string path =
        std::string(RIDGEPOINT_DATA "/devices/") + std::string(file.name) + ".json";
    EXPECT_EQ(file.text, read_file(path).value_or("")) << path;
  }
  EXPECT_EQ(embedded, on_disk);
  EXPECT_GE(embedded.size(), 14u);
}

TEST(DeviceFiles, AreReadWithoutAFault) {
  for (const EmbeddedFile& file : embedded_devices()) {
    const auto device = hardware::read_device(file.text, file.name);
    ASSERT_EQ(faults_of(device), "");
    EXPECT_EQ(device->name, file.name);
    EXPECT_NE(device->vendor, "");
    EXPECT_NE(device->title, "");
    EXPECT_TRUE(dense_peak(*device, DataType::bf16)) << file.name;
  }
  EXPECT_EQ(devices().size(), embedded_devices().size());
}

TEST(DeviceFiles, HaveNamesThatMeanOneDeviceEach) {
  std::map<std::string, std::string> owners;
  for (const Device& device : devices()) {
    std::set<std::string> names{normalized(device.name)};
    for (const std::string& alias : device.aliases) names.insert(normalized(alias));
    for (const std::string& name : names) {
      const auto [owner, is_new] = owners.emplace(name, device.name);
      EXPECT_TRUE(is_new) << name << " means " << owner->second << " and " << device.name;
    }
  }
}

TEST(DeviceFiles, SayWhichFiguresAreUnverified) {
  for (const Device& device : devices()) {
    if (!device.power_watts) continue;
    const auto& power = *device.power_watts;
    const bool general = power.source.find("general knowledge") != std::string::npos;
    EXPECT_EQ(general, power.note.find("unverified") != std::string::npos) << device.name;
  }
}

TEST(DensePeaks, AreWithinWhatUnitsAndClockAllow) {
  int checked = 0;
  for (const Device& device : devices()) {
    if (!device.compute_units || !device.fma_lanes_per_unit || !device.boost_clock) continue;
    const double possible = static_cast<double>(device.compute_units->value) *
                            static_cast<double>(device.fma_lanes_per_unit->value) * 2 *
                            device.boost_clock->value.value();
    constexpr double kRounding = 1.002;  // sheets print the clock and the peak rounded
    EXPECT_LE(peak_of(device, DataType::bf16), possible * kRounding) << device.name;
    EXPECT_GE(peak_of(device, DataType::bf16), possible * 0.8) << device.name;
    ++checked;
  }
  EXPECT_GE(checked, 8);
}

TEST(DensePeaks, AreNotTheSparseFigures) {
  EXPECT_LT(peak_of(*find_device("h100-sxm"), DataType::bf16), 1000e12);      // 1979 is sparse
  EXPECT_LT(peak_of(*find_device("h100-sxm"), DataType::fp8), 2000e12);       // 3958
  EXPECT_LT(peak_of(*find_device("l40s"), DataType::fp8), 800e12);            // 1466
  EXPECT_LT(peak_of(*find_device("l4"), DataType::fp8), 250e12);              // 485
  EXPECT_LT(peak_of(*find_device("h100-nvl"), DataType::bf16), 900e12);       // 1671 is a pair
  EXPECT_LT(peak_of(*find_device("a100-sxm-80gb"), DataType::bf16), 320e12);  // 624
  EXPECT_LT(peak_of(*find_device("b200-sxm"), DataType::fp4), 10e15);         // 18 PFLOP/s
  EXPECT_LT(peak_of(*find_device("mi300x"), DataType::fp8), 2700e12);         // 5229
}

TEST(DensePeaks, OfFp8AreAtMostTwiceThoseOf16Bits) {
  for (const Device& device : devices()) {
    EXPECT_LE(peak_of(device, DataType::fp8), 2.05 * peak_of(device, DataType::bf16))
        << device.name;
    EXPECT_LE(peak_of(device, DataType::tf32), 1.01 * peak_of(device, DataType::bf16))
        << device.name;
  }
}

TEST(H100Sxm, HasTheFiguresThatTheWorkedCasesUse) {
  const Device device = find_device("h100-sxm").value();
  EXPECT_EQ(device.memory_bandwidth.value.value(), 3'350'000'000'000.0);
  EXPECT_EQ(device.memory_capacity_bytes.value, 80'000'000'000);
  EXPECT_EQ(peak_of(device, DataType::bf16), 989'400'000'000'000.0);
  // 989.4 ÷ 3.35 = 295.343…, as the notes' 989 ÷ 3.35 = 295.22 to three digits.
  EXPECT_NEAR(ridge_point(device, DataType::bf16)->value(), 295.343, 0.001);
}

/// The collected table that the files were entered from.
class DeviceTable : public ridgepoint::testing::SharedData {};

TEST_F(DeviceTable, AgreesWithTheFiles) {
  struct Row {
    const char* name;
    const char* model;
    const char* sku;
  };
  constexpr Row kRows[] = {{"h100-sxm", "H100 80GB", "SXM5"},
                           {"h100-pcie", "H100 80GB", "PCIe"},
                           {"h100-nvl", "H100 NVL 94GB", "PCIe"},
                           {"h200-sxm", "H200", "SXM5"},
                           {"a100-sxm-80gb", "A100 80GB", "SXM4"},
                           {"a100-sxm-40gb", "A100 40GB", "SXM4"},
                           {"a100-pcie-80gb", "A100 80GB", "PCIe"},
                           {"l40s", "L40S", "PCIe"},
                           {"l4", "L4", "PCIe"},
                           {"b200-sxm", "B200", "SXM6"},
                           {"h20", "H20", "SXM5"},
                           {"mi300x", "MI300X", "OAM"},
                           {"rtx-4090", "RTX 4090", "GeForce"},
                           {"tpu-v5e", "TPU v5e", "per chip"},
                           {"h800", "H800", "SXM5"},
                           {"gb200", "GB200", "NVL72"},
                           {"b300-sxm", "B300", "SXM6"},
                           {"gb300", "GB300", "NVL72"},
                           {"a40", "A40", "PCIe"},
                           {"rtx-3090", "RTX 3090", "GeForce"},
                           {"mi325x", "MI325X", "OAM"},
                           {"tpu-v6e", "TPU v6e (Trillium)", "per chip"}};
  const auto table = ridgepoint::testing::csv_rows(text_of("accelerators.csv"));
  for (const Row& row : kRows) {
    const Device device = find_device(row.name).value();
    int found = 0;
    for (const auto& line : table) {
      if (line.at("name") != row.model || !line.at("sku").starts_with(row.sku)) continue;
      ++found;
      for (const char* type : {"fp64", "fp32", "tf32", "bf16", "fp16", "fp8", "int8", "fp4"}) {
        const std::string& cell = line.at(type);
        const double expected = cell.empty() ? 0 : std::stod(cell) * 1e12;
        EXPECT_NEAR(peak_of(device, *data_type_from_name(type)), expected, expected * 1e-9)
            << row.name << " " << type;
      }
      const double bandwidth = std::stod(line.at("mem_bw_gbs")) * 1e9;
      EXPECT_EQ(device.memory_bandwidth.value.value(), bandwidth) << row.name;
      const double capacity = std::stod(line.at("mem_gb")) * 1e9;  // the first of "270-288"
      EXPECT_EQ(static_cast<double>(device.memory_capacity_bytes.value), capacity) << row.name;
      if (device.link) {
        EXPECT_EQ(device.link->bandwidth_per_direction.value.value(),
                  std::stod(line.at("link_gbs_per_dir")) * 1e9)
            << row.name;
      }
    }
    EXPECT_EQ(found, 1) << row.name;
  }
}

}  // namespace
}  // namespace ridgepoint::catalog
