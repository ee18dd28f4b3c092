// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <initializer_list>
#include <string>
#include <utility>

#include "core/faults.hpp"
#include "model/tiny.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/core/file.hpp"
#include "ridgepoint/model/parameters.hpp"

namespace ridgepoint::catalog {
namespace {

namespace fs = std::filesystem;
using ridgepoint::testing::expect_helpful;
using ridgepoint::testing::faults_of;
using ridgepoint::testing::tiny;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(FindDevice, ForgivesCaseAndPunctuation) {
  for (const char* spelling : {"h100-sxm", "H100-SXM", "h100 sxm", "H100_SXM", "h100sxm"}) {
    EXPECT_EQ(find_device(spelling)->name, "h100-sxm") << spelling;
  }
}

void expect_names(std::initializer_list<std::pair<const char*, const char*>> names) {
  for (const auto& [name, expected] : names) {
    const auto device = find_device(name);
    ASSERT_EQ(faults_of(device), "");
    EXPECT_EQ(device->name, expected) << name;
  }
}

TEST(FindDevice, KnowsTheNamesThatMeasurementsUse) {
  expect_names({{"A100-SXM", "a100-sxm-80gb"},
                {"A100", "a100-sxm-80gb"},
                {"A100_DGX", "a100-sxm-80gb"},
                {"A100-40G", "a100-sxm-40gb"},
                {"A40", "a40"},
                {"H100-SXM", "h100-sxm"},
                {"H100", "h100-sxm"},
                {"H200-SXM", "h200-sxm"},
                {"H20", "h20"},
                {"H800", "h800"},
                {"B200-SXM", "b200-sxm"},
                {"B300-SXM", "b300-sxm"},
                {"GB200", "gb200"},
                {"GB300", "gb300"},
                {"GH200", "gh200-96gb"},
                {"L40S", "l40s"},
                {"RTX-PRO-6000", "rtx-pro-6000"},
                {"RTXPRO6000", "rtx-pro-6000"},
                {"RTX-PRO-6000S", "rtx-pro-6000-server"},
                {"RTX4090", "rtx-4090"},
                {"RTX3090", "rtx-3090"},
                {"A6000", "a6000"},
                {"Arc-B60", "arc-b60"},
                {"MI210", "mi210"},
                {"MI250", "mi250"},
                {"MI300X", "mi300x"},
                {"V100-PCIE", "v100-pcie-16gb"},
                {"TPU-v6e", "tpu-v6e"},
                {"TPU-V6E-1", "tpu-v6e"},
                {"Gaudi2", "gaudi2"},
                {"PVC-1550", "max-1550"}});
}

TEST(FindDevice, KnowsTheNamesThatDriversPrint) {
  expect_names({{"NVIDIA A100-SXM4-80GB", "a100-sxm-80gb"},
                {"NVIDIA A100-SXM4-40GB", "a100-sxm-40gb"},
                {"NVIDIA A100 80GB PCIe", "a100-pcie-80gb"},
                {"NVIDIA H100 80GB HBM3", "h100-sxm"},
                {"NVIDIA H100 PCIe", "h100-pcie"},
                {"NVIDIA H100 NVL", "h100-nvl"},
                {"NVIDIA H200", "h200-sxm"},
                {"NVIDIA B200", "b200-sxm"},
                {"NVIDIA GB200", "gb200"},
                {"NVIDIA GH200 480GB", "gh200-96gb"},
                {"NVIDIA GB10", "dgx-spark"},
                {"NVIDIA L4", "l4"},
                {"NVIDIA L40S", "l40s"},
                {"NVIDIA A10G", "a10g"},
                {"Tesla T4", "t4"},
                {"Tesla V100-SXM2-16GB", "v100-sxm-16gb"},
                {"Tesla V100-SXM2-32GB", "v100-sxm-32gb"},
                {"NVIDIA RTX A6000", "a6000"},
                {"NVIDIA RTX 6000 Ada Generation", "rtx-6000-ada"},
                {"NVIDIA GeForce RTX 3090", "rtx-3090"},
                {"NVIDIA GeForce RTX 4090", "rtx-4090"},
                {"NVIDIA GeForce RTX 5090", "rtx-5090"},
                {"AMD Instinct MI300X", "mi300x"},
                {"AMD Radeon RX 7900 XTX", "rx-7900-xtx"},
                {"TPU v5 lite", "tpu-v5e"},
                {"TPU v6 lite", "tpu-v6e"},
                {"trn2", "trainium2"},
                {"Apple M4 Max", "m4-max"}});
}

TEST(FindDevice, OffersTheNearestNames) {
  EXPECT_THAT(faults_of(find_device("h100-sxn")),
              AllOf(HasSubstr("--device | unknown device \"h100-sxn\" | did you mean h100-sxm"),
                    HasSubstr("`ridgepoint devices` lists all")));
  EXPECT_THAT(faults_of(find_device("abacus")), Not(HasSubstr("did you mean")));
  EXPECT_NE(faults_of(find_device("")), "");
  EXPECT_NE(faults_of(find_device("-")), "");
}

TEST(FindDevice, OffersADeviceWhoseAliasIsNear) {
  // One edit from "h100", an alias of h100-sxm, from "h20" and from "a10".
  EXPECT_THAT(faults_of(find_device("h10")), HasSubstr("did you mean a10, h100-sxm or h20?"));
}

TEST(FindDevice, SaysThatAPathDoesNotExist) {
  EXPECT_THAT(faults_of(find_device("./h100.json")),
              HasSubstr("there is no file or folder \"./h100.json\""));
  EXPECT_THAT(faults_of(find_device("mine.json")), HasSubstr("there is no file or folder"));
  EXPECT_THAT(faults_of(find_device("/")), HasSubstr("is a directory"));
}

TEST(FindDevice, AppliesWhatIfs) {
  const auto device = find_device("h100", {{"memory_bandwidth", "4.8TB/s", "--set-device"}});
  EXPECT_EQ(device->memory_bandwidth.value.value(), 4.8e12);
}

TEST(FindModel, KnowsHubIdsAndNames) {
  for (const char* spelling : {"llama-2-13b", "Llama 2 13B", "meta-llama/Llama-2-13b-hf"}) {
    EXPECT_EQ(find_model(spelling)->name, "llama-2-13b") << spelling;
  }
}

TEST(FindModel, OffersTheNearestNames) {
  EXPECT_THAT(faults_of(find_model("lama-2-13b")),
              HasSubstr("MODEL | unknown model \"lama-2-13b\" | did you mean llama-2-13b?"));
}

TEST(FindModel, AppliesWhatIfs) {
  // 40 layers of 2 · 8 · 128 elements of 2 bytes: the lecture's Llama 2 13B with K = 8.
  const auto model = find_model("llama-2-13b", {{"num_key_value_heads", "8", "--set"}});
  EXPECT_EQ(model::kv_bytes_per_token(*model, {2, 1}), Count(163'840));
}

/// A folder with a config.json in it.
class FindModelByPath : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "ridgepoint-model-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    ASSERT_TRUE(write_file_atomically((folder_ / "config.json").string(), tiny("llama")));
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST_F(FindModelByPath, TakesTheFileOrItsFolder) {
  const std::string name = folder_.filename().string();
  for (const fs::path& path : {folder_, folder_ / "config.json", folder_ / ""}) {
    const auto model = find_model(path.string());
    ASSERT_EQ(faults_of(model), "");
    EXPECT_EQ(model->hidden_size, 4);
    EXPECT_EQ(model->name, name);
  }
}

TEST_F(FindModelByPath, SaysWhatAFolderLacks) {
  fs::remove(folder_ / "config.json");
  EXPECT_THAT(faults_of(find_model(folder_.string())), HasSubstr("there is no config.json"));
}

TEST(Names, AreSortedAndEachIsFoundUnderItself) {
  const std::vector<std::string> devices = device_names();
  const std::vector<std::string> models = model_names();
  EXPECT_TRUE(std::is_sorted(devices.begin(), devices.end()));
  EXPECT_TRUE(std::is_sorted(models.begin(), models.end()));
  for (const std::string& name : devices) EXPECT_EQ(find_device(name)->name, name);
  for (const std::string& name : models) EXPECT_EQ(find_model(name)->name, name);
}

TEST(FindModel, SaysWhatToDoAboutEveryFault) {
  for (const char* name : {"", "abacus", "./none.json", "/", "/no\xff/such\n", "a\x1b[2J"}) {
    expect_helpful(find_model(name, {}), name);
    expect_helpful(find_device(name), name);
  }
}

}  // namespace
}  // namespace ridgepoint::catalog
