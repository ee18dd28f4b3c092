// SPDX-License-Identifier: Apache-2.0
// Every file in data/devices, and what must hold of any datasheet.
#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "catalog/embedded.hpp"
#include "core/csv.hpp"
#include "core/faults.hpp"
#include "core/shared_data.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/core/json.hpp"
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

/// The faster 16-bit peak: a V100 has fp16 alone, a TPU bf16 alone.
double half_peak(const Device& device) {
  return std::max(peak_of(device, DataType::bf16), peak_of(device, DataType::fp16));
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
  EXPECT_GE(embedded.size(), 70u);
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

/// Every figure of a file: an object with a value and a source, at any depth.
void visit_figures(const json::Value& value, const std::string& where,
                   const std::function<void(const json::Value&, const std::string&)>& visit) {
  if (value.find("value") != nullptr) visit(value, where);
  for (std::size_t i = 0; i < value.keys.size(); ++i) {
    visit_figures(value.items[i], where + "/" + value.keys[i], visit);
  }
}

TEST(DeviceFiles, GiveASourceForEveryFigureAndSayWhichAreUnverified) {
  int figures = 0;
  for (const EmbeddedFile& file : embedded_devices()) {
    const auto root = json::parse(file.text, file.name);
    ASSERT_EQ(faults_of(root), "");
    visit_figures(
        *root, std::string(file.name), [&](const json::Value& figure, const std::string& where) {
          ++figures;
          const json::Value* source = figure.find("source");
          ASSERT_NE(source, nullptr) << where;
          EXPECT_NE(source->text, "") << where;
          const json::Value* note = figure.find("note");
          const bool unverified =
              note != nullptr && note->text.find("unverified") != std::string::npos;
          const bool general = source->text.find("general knowledge") != std::string::npos;
          EXPECT_EQ(general, unverified) << where;
        });
  }
  EXPECT_GT(figures, 900);
}

TEST(DeviceFiles, NameOnlySourcesThatTheirReadmeExplains) {
  const std::string readme = read_file(RIDGEPOINT_DATA "/devices/README.md").value_or("");
  for (const EmbeddedFile& file : embedded_devices()) {
    const auto root = json::parse(file.text, file.name);
    ASSERT_EQ(faults_of(root), "");
    visit_figures(*root, std::string(file.name),
                  [&](const json::Value& figure, const std::string& where) {
                    std::istringstream sources(figure.find("source")->text);
                    for (std::string source; std::getline(sources, source, ';');) {
                      source.erase(0, source.find_first_not_of(' '));
                      EXPECT_NE(readme.find(source), std::string::npos) << where << ": " << source;
                    }
                  });
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
    EXPECT_LE(half_peak(device), possible * kRounding) << device.name;
    EXPECT_GE(half_peak(device), possible * 0.8) << device.name;
    ++checked;
  }
  EXPECT_GE(checked, 25);
}

TEST(DensePeaks, AreNotTheSparseFigures) {
  const auto below = [](const char* name, DataType type, double sparse_or_wrong) {
    const Device device = find_device(name).value();
    EXPECT_GT(peak_of(device, type), 0) << name;
    EXPECT_LT(peak_of(device, type), 0.9 * sparse_or_wrong) << name;
  };
  below("h100-sxm", DataType::bf16, 1979e12);
  below("h100-sxm", DataType::fp8, 3958e12);
  below("h100-nvl", DataType::bf16, 1671e12);  // a pair of cards
  below("gh200-96gb", DataType::bf16, 1979e12);
  below("l40s", DataType::fp8, 1466e12);
  below("l4", DataType::fp8, 485e12);
  below("a10g", DataType::fp16, 140e12);
  below("a100-sxm-80gb", DataType::bf16, 624e12);
  below("b100", DataType::bf16, 3500e12);
  below("b200-sxm", DataType::fp4, 18e15);
  below("mi300x", DataType::fp8, 5229e12);
  below("mi355x", DataType::fp8, 10.1e15);
  below("mi210", DataType::int8, 362e12);  // a table that doubles the 16-bit rate
  below("rtx-4090", DataType::fp8, 660.6e12);
  below("rtx-5090", DataType::fp4, 3352e12);
  below("rtx-6000-ada", DataType::fp8, 1457e12);
  below("rtx-pro-6000", DataType::fp4, 4000e12);
  below("a6000", DataType::bf16, 309.7e12);
  below("jetson-agx-orin-64gb", DataType::int8, 170e12);
  below("dgx-spark", DataType::fp4, 1000e12);
  below("trainium2", DataType::bf16, 2563e12);
  below("trainium3", DataType::bf16, 2517e12);
}

TEST(DensePeaks, OfFp8AreAtMostTwiceThoseOf16Bits) {
  for (const Device& device : devices()) {
    const double ratio = peak_of(device, DataType::fp8) / std::max(half_peak(device), 1.0);
    // AWS prints 2517 TFLOP/s of mxfp8 beside 671 at 16 bits: 3.75 times.
    EXPECT_LE(ratio, device.name == "trainium3" ? 3.76 : 2.05) << device.name;
    if (half_peak(device) == 0) continue;
    EXPECT_LE(peak_of(device, DataType::tf32), 1.01 * half_peak(device)) << device.name;
  }
}

TEST(Links, ReduceInSwitchesOnlyWhereThereAreSwitches) {
  int reducing = 0;
  for (const Device& device : devices()) {
    if (!device.link || !device.link->in_switch_reduction) continue;
    ASSERT_TRUE(device.link->topology) << device.name;
    EXPECT_EQ(device.link->topology->value, hardware::Topology::switched) << device.name;
    reducing += device.link->in_switch_reduction->value ? 1 : 0;
  }
  EXPECT_GE(reducing, 8);
}

TEST(Links, AreFasterThanTheNetworkBehindThem) {
  int checked = 0;
  for (const Device& device : devices()) {
    if (!device.network_bandwidth) continue;
    ASSERT_TRUE(device.link) << device.name;
    EXPECT_GE(device.link->domain.value, 2) << device.name;
    EXPECT_LT(device.network_bandwidth->value.value(),
              device.link->bandwidth_per_direction.value.value())
        << device.name;
    ++checked;
  }
  EXPECT_GE(checked, 12);
}

TEST(Links, OfAMeshGiveAPairOnlyItsOwnShare) {
  const auto pair = [](const char* name) {
    return hardware::group_bandwidth(*find_device(name)->link, 2).value();
  };
  // ml-engineering's network page: 64 GB/s from one MI300X to another, 448 to all seven.
  EXPECT_DOUBLE_EQ(pair("mi300x"), 64e9);
  EXPECT_DOUBLE_EQ(pair("gaudi3"), 75e9);    // 3 ports of 200 Gb/s
  EXPECT_DOUBLE_EQ(pair("gaudi2"), 37.5e9);  // 3 ports of 100 Gb/s
  EXPECT_DOUBLE_EQ(pair("h100-sxm"), 450e9);
  EXPECT_DOUBLE_EQ(pair("h100-nvl"), 300e9);
}

TEST(H100Sxm, HasTheFiguresThatTheWorkedCasesUse) {
  const Device device = find_device("h100-sxm").value();
  EXPECT_EQ(device.memory_bandwidth.value.value(), 3'350'000'000'000.0);
  EXPECT_EQ(device.memory_capacity_bytes.value, 80'000'000'000);
  EXPECT_EQ(peak_of(device, DataType::bf16), 989'400'000'000'000.0);
  // 989.4 ÷ 3.35 = 295.343…, as the notes' 989 ÷ 3.35 = 295.22 to three digits.
  EXPECT_NEAR(ridge_point(device, DataType::bf16)->value(), 295.343, 0.001);
}

/// A file and the row of the collected table that it was entered from. Where a row has several
/// sizes ("16/32"), `part` says which one the file is.
struct Row {
  const char* file;
  const char* name;
  const char* sku;
  std::size_t part;
};
constexpr Row kRows[] = {
    {"v100-sxm-16gb", "V100 SXM2", "SXM2 16/32GB", 0},
    {"v100-sxm-32gb", "V100 SXM2", "SXM2 16/32GB", 1},
    {"v100-pcie-16gb", "V100 PCIe", "PCIe 16/32GB", 0},
    {"v100-pcie-32gb", "V100 PCIe", "PCIe 16/32GB", 1},
    {"t4", "T4", "PCIe", 0},
    {"a10", "A10", "PCIe", 0},
    {"a10g", "A10G", "AWS G5", 0},
    {"a30", "A30", "PCIe", 0},
    {"a40", "A40", "PCIe", 0},
    {"a100-sxm-40gb", "A100 40GB", "SXM4", 0},
    {"a100-sxm-80gb", "A100 80GB", "SXM4", 0},
    {"a100-pcie-80gb", "A100 80GB", "PCIe", 0},
    {"l4", "L4", "PCIe", 0},
    {"l40", "L40", "PCIe", 0},
    {"l40s", "L40S", "PCIe", 0},
    {"h100-sxm", "H100 80GB", "SXM5", 0},
    {"h100-pcie", "H100 80GB", "PCIe", 0},
    {"h100-nvl", "H100 NVL 94GB", "PCIe (per GPU)", 0},
    {"h800", "H800", "SXM5", 0},
    {"h20", "H20", "SXM5 96GB (141GB variant)", 0},
    {"h200-sxm", "H200", "SXM5", 0},
    {"gh200-144gb", "GH200 (96GB / 144GB)", "Superchip, per GPU", 1},
    {"gh200-96gb", "GH200 (96GB / 144GB)", "Superchip, per GPU", 0},
    {"b100", "B100", "SXM6", 0},
    {"b200-sxm", "B200", "SXM6 (HGX/DGX)", 0},
    {"gb200", "GB200", "NVL72, per GPU", 0},
    {"b300-sxm", "B300", "SXM6 (HGX/DGX)", 0},
    {"gb300", "GB300", "NVL72, per GPU", 0},
    {"rtx-3090", "RTX 3090", "GeForce", 0},
    {"rtx-4090", "RTX 4090", "GeForce", 0},
    {"rtx-5090", "RTX 5090", "GeForce", 0},
    {"rtx-6000-ada", "RTX 6000 Ada", "Pro", 0},
    {"rtx-pro-6000", "RTX PRO 6000 Blackwell", "Workstation/Server", 0},
    {"jetson-agx-orin-64gb", "Jetson AGX Orin 64GB", "module", 0},
    {"dgx-spark", "DGX Spark (GB10)", "desktop", 0},
    {"mi210", "MI210", "PCIe", 0},
    {"mi250x", "MI250X", "OAM", 0},
    {"mi300x", "MI300X", "OAM", 0},
    {"mi325x", "MI325X", "OAM", 0},
    {"mi350x", "MI350X", "OAM", 0},
    {"mi355x", "MI355X", "OAM", 0},
    {"rx-7900-xtx", "RX 7900 XTX", "Radeon", 0},
    {"gaudi2", "Gaudi 2", "OAM", 0},
    {"gaudi3", "Gaudi 3", "OAM HL-325L", 0},
    {"max-1550", "Data Center GPU Max 1550", "OAM", 0},
    {"arc-b580", "Arc B580", "card", 0},
    {"tpu-v3", "TPU v3", "per chip", 0},
    {"tpu-v4", "TPU v4", "per chip", 0},
    {"tpu-v5e", "TPU v5e", "per chip", 0},
    {"tpu-v5p", "TPU v5p", "per chip", 0},
    {"tpu-v6e", "TPU v6e (Trillium)", "per chip", 0},
    {"tpu7x", "TPU7x (Ironwood)", "per chip", 0},
    {"inferentia2", "Inferentia2", "chip (Inf2)", 0},
    {"trainium1", "Trainium1", "chip (Trn1)", 0},
    {"trainium2", "Trainium2", "chip (Trn2)", 0},
    {"trainium3", "Trainium3", "chip (Trn3)", 0},
    {"m1-max", "M1 Max", "SoC", 0},
    {"m1-ultra", "M1 Ultra", "SoC", 0},
    {"m2-max", "M2 Max", "SoC", 0},
    {"m2-ultra", "M2 Ultra", "SoC", 0},
    {"m3-max", "M3 Max", "SoC", 0},
    {"m3-ultra", "M3 Ultra", "SoC", 0},
    {"m4-max", "M4 Max", "SoC", 0},
    {"grace-cpu", "Grace CPU", "72c", 0},
    {"groqchip1", "LPU (GroqChip1)", "PCIe", 0},
    {"wse-3", "WSE-3 (CS-3)", "wafer", 0},
};

/// Where a file follows another source than the table, as its conflicts say.
struct Departure {
  const char* file;
  const char* figure;
  const char* because;
};
constexpr Departure kDepartures[] = {
    {"gaudi2", "link", "3 of the 24 ports that the table sums leave the server"},
    {"gaudi3", "link", "3 of the 24 ports that the table sums leave the server"},
    {"grace-cpu", "link", "the table's domain of 1 is no link to others"},
    {"wse-3", "units", "the table counts its cores in thousands"},
};

bool departs(const Row& row, std::string_view figure) {
  return std::any_of(std::begin(kDepartures), std::end(kDepartures), [&](const Departure& one) {
    return std::string_view(one.file) == row.file && one.figure == figure;
  });
}

/// The number that a cell begins with, of "16/32" that of the part; 0 when there is none.
double number_in(const std::string& cell, std::size_t part = 0) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < part && cell.find('/', at) != std::string::npos; ++i) {
    at = cell.find('/', at) + 1;
  }
  const bool is_number = at < cell.size() && std::isdigit(static_cast<unsigned char>(cell[at]));
  return is_number ? std::stod(cell.substr(at)) : 0;
}

template <class Q>
double value_of(const std::optional<hardware::Figure<Q>>& figure) {
  if (!figure) return 0;
  if constexpr (std::is_arithmetic_v<Q>) {
    return static_cast<double>(figure->value);
  } else {
    return figure->value.value();
  }
}

/// The collected table of `../shared`.
class DeviceTable : public ridgepoint::testing::SharedData {
 protected:
  using Line = std::map<std::string, std::string>;
  static std::vector<Line> lines() {
    return ridgepoint::testing::csv_rows(text_of("accelerators.csv"));
  }
  static std::optional<Line> line_of(const Row& row) {
    for (const Line& line : lines()) {
      if (line.at("name") == row.name && line.at("sku") == row.sku) return line;
    }
    return std::nullopt;
  }
};

TEST_F(DeviceTable, HasAFileForEveryRowWithAPeakABandwidthAndACapacity) {
  int with_figures = 0;
  for (const Line& line : lines()) {
    bool has_peak = false;
    for (const char* type : {"fp64", "fp32", "tf32", "bf16", "fp16", "fp8", "int8", "fp4"}) {
      has_peak = has_peak || !line.at(type).empty();
    }
    if (!has_peak || line.at("mem_bw_gbs").empty() || line.at("mem_gb").empty()) continue;
    ++with_figures;
    EXPECT_TRUE(std::any_of(
        std::begin(kRows), std::end(kRows),
        [&](const Row& row) { return line.at("name") == row.name && line.at("sku") == row.sku; }))
        << line.at("name") << " " << line.at("sku");
  }
  EXPECT_EQ(with_figures, 63);  // 66 rows, of which three processors have no memory of their own
}

TEST_F(DeviceTable, AgreesWithTheFilesOnWhatARooflineNeeds) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.file);
    const auto line = line_of(row);
    ASSERT_TRUE(line);
    const Device device = find_device(row.file).value();
    for (const char* type : {"fp64", "fp32", "tf32", "bf16", "fp16", "fp8", "int8", "fp4"}) {
      const double expected = number_in(line->at(type)) * 1e12;
      EXPECT_NEAR(peak_of(device, *data_type_from_name(type)), expected, expected * 1e-9) << type;
    }
    const double bandwidth = number_in(line->at("mem_bw_gbs"), row.part) * 1e9;
    EXPECT_EQ(device.memory_bandwidth.value.value(), bandwidth);
    const double capacity = number_in(line->at("mem_gb"), row.part) * 1e9;  // first of "270-288"
    EXPECT_EQ(static_cast<double>(device.memory_capacity_bytes.value), capacity);
  }
}

TEST_F(DeviceTable, AgreesWithTheFilesOnTheRest) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.file);
    const auto line = line_of(row);
    ASSERT_TRUE(line);
    const Device device = find_device(row.file).value();
    constexpr double kGibibyte = 1024.0 * 1024.0 * 1024.0;
    const double reported = number_in(line->at("mem_gib_reported")) * kGibibyte;
    EXPECT_NEAR(value_of(device.reported_capacity_bytes), reported, reported * 1e-3);
    EXPECT_NEAR(value_of(device.last_level_cache_bytes), number_in(line->at("llc_mb")) * 1e6, 1);
    if (!departs(row, "units")) {
      EXPECT_EQ(value_of(device.compute_units), number_in(line->at("units")));
    }
    EXPECT_NEAR(value_of(device.boost_clock), number_in(line->at("boost_mhz")) * 1e6, 1);
    EXPECT_EQ(value_of(device.power_watts), number_in(line->at("tdp_w")));
    EXPECT_EQ(device.pcie ? device.pcie->value : "", line->at("pcie"));
    if (row.part == 0) {
      EXPECT_EQ(value_of(device.price_dollars_per_hour), number_in(line->at("price_usd_h")));
    }
  }
}

TEST_F(DeviceTable, AgreesWithTheFilesOnTheLinks) {
  for (const Row& row : kRows) {
    if (departs(row, "link")) continue;
    SCOPED_TRACE(row.file);
    const auto line = line_of(row);
    ASSERT_TRUE(line);
    const Device device = find_device(row.file).value();
    const double expected = number_in(line->at("link_gbs_per_dir")) * 1e9;
    EXPECT_EQ(device.link.has_value(), expected > 0);
    if (!device.link) continue;
    EXPECT_EQ(device.link->bandwidth_per_direction.value.value(), expected);
    const std::string& domain = line->at("domain");
    if (domain.find_first_not_of("0123456789") == std::string::npos) {
      EXPECT_EQ(device.link->domain.value, std::stoll(domain));
    }
  }
}

TEST(DeviceTableDepartures, NameFilesThatExist) {
  for (const Departure& departure : kDepartures) {
    EXPECT_TRUE(find_device(departure.file)) << departure.file;
    EXPECT_STRNE(departure.because, "");
  }
}

}  // namespace
}  // namespace ridgepoint::catalog
