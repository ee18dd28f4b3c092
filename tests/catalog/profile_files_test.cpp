// SPDX-License-Identifier: Apache-2.0
// Every file in data/profiles.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "core/shared_data.hpp"
#include "ridgepoint/calibrate/fit.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/catalog/profiles.hpp"

namespace ridgepoint::catalog {
namespace {

using efficiency::KernelProfile;
using efficiency::OperatorClass;
using efficiency::Profile;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

Profile profile_of(const std::string& device) {
  auto profile = find_profile(device);
  if (!profile) {
    ADD_FAILURE() << profile.error().front().where << ": " << profile.error().front().what;
    return {};
  }
  EXPECT_TRUE(*profile) << device;
  return **profile;
}

TEST(ProfileFiles, AreOfTheDevicesThatWereMeasured) {
  EXPECT_THAT(profiled_devices(), ElementsAre("a100-pcie-80gb", "a100-sxm-80gb", "a40", "b200-sxm",
                                              "h100-sxm", "l40s"));
  for (const std::string& name : profiled_devices()) {
    EXPECT_EQ(profile_of(name).device, name);
    const auto device = find_device(name);
    ASSERT_TRUE(device);
    EXPECT_EQ(device->name, name);
  }
}

TEST(ProfileFiles, AreThereUnderEveryNameThatTablesGiveADevice) {
  const std::map<std::string, std::string> names{{"A100-SXM", "a100-sxm-80gb"},
                                                 {"A100", "a100-sxm-80gb"},
                                                 {"A100_DGX", "a100-sxm-80gb"},
                                                 {"A100_PAIRWISE_NVLINK", "a100-pcie-80gb"},
                                                 {"A40", "a40"},
                                                 {"H100-SXM", "h100-sxm"},
                                                 {"L40S", "l40s"},
                                                 {"B200-SXM", "b200-sxm"}};
  for (const auto& [name, file] : names) {
    const auto device = find_device(name);
    ASSERT_TRUE(device) << name;
    EXPECT_EQ(device->name, file);
  }
}

TEST(ProfileFiles, ADeviceThatWasNotMeasuredHasNone) {
  const auto profile = find_profile("mi300x");
  ASSERT_TRUE(profile);
  EXPECT_FALSE(*profile);
}

TEST(ProfileFiles, AreReadAsTheyWereWrittenToTheByte) {
  for (const std::string& name : profiled_devices()) {
    const auto text = read_file(std::string(RIDGEPOINT_DATA) + "/profiles/" + name + ".json");
    ASSERT_TRUE(text) << name;
    const auto profile = efficiency::read_profile(*text, name);
    ASSERT_TRUE(profile) << name;
    EXPECT_EQ(efficiency::write_profile(*profile), *text) << name;
    EXPECT_EQ(efficiency::write_profile(profile_of(name)), *text) << name << " is not embedded";
  }
}

TEST(ProfileFiles, SayWhoseMeasurementsTheyWereMadeOfAndHowMany) {
  for (const std::string& name : profiled_devices()) {
    const Profile profile = profile_of(name);
    std::map<std::string, std::int64_t> rows;
    for (const KernelProfile& kernel : profile.kernels) {
      ASSERT_EQ(kernel.evidence.sources.size(), 1U) << kernel.kernel;
      rows[kernel.evidence.sources.front()] += kernel.evidence.rows;
      EXPECT_GE(kernel.evidence.groups, 2) << "left out in turn";
      EXPECT_GT(kernel.evidence.left_out_mdape, 0);
      EXPECT_THAT(kernel.evidence.transferred_from, IsEmpty());
      EXPECT_THAT(kernel.band.classes, Not(IsEmpty()));
    }
    ASSERT_EQ(profile.sources.size(), rows.size()) << name;
    for (const auto& source : profile.sources) {
      EXPECT_EQ(source.rows, rows.at(source.name)) << name;
      const bool has_licence = source.about.find("Apache-2.0") != std::string::npos ||
                               source.about.find("MIT") != std::string::npos ||
                               source.about.find("BSD-3-Clause") != std::string::npos;
      EXPECT_TRUE(has_licence) << source.about;
    }
  }
}

// Transfer and choice of kernels look at the device's figures for the type of each.
TEST(ProfileFiles, NameTypesThatTheirDevicesKnow) {
  for (const std::string& name : profiled_devices()) {
    const auto device = find_device(name);
    for (const KernelProfile& kernel : profile_of(name).kernels) {
      const auto type = calibrate::compute_type_of(kernel.compute, name);
      ASSERT_TRUE(type) << kernel.compute;
      EXPECT_TRUE(efficiency::device_facts(*device, *type)) << kernel.compute;
    }
  }
}

class Refitted : public ridgepoint::testing::SharedData {
 protected:
  void SetUp() override {
    SharedData::SetUp();
    if (!IsSkipped() &&
        !std::filesystem::exists(ridgepoint::testing::shared_folder() / "measured")) {
      GTEST_SKIP() << "no folder measured in " << ridgepoint::testing::shared_folder();
    }
  }
};

std::string text_of_kernel(const KernelProfile& kernel) {
  return efficiency::write_profile({.device = "", .kernels = {kernel}});
}

TEST_F(Refitted, ElementwiseKernelsOfTheA40AreThoseOfItsFileToTheByte) {
  const std::string name = "ops_vidur_a100_a40.csv";
  auto table = calibrate::read_measurements(text_of("measured/" + name), name);
  ASSERT_TRUE(table);
  std::erase_if(table->rows, [](const calibrate::Measurement& row) {
    return row.device != "A40" || row.kind != OperatorClass::elementwise;
  });
  const auto device = find_device("a40");
  const Profile profile = profile_of("a40");
  std::size_t compared = 0;
  for (const calibrate::KernelRows& rows : calibrate::rows_by_kernel(table->rows)) {
    const auto fitted = calibrate::fit_kernel(rows, *device);
    ASSERT_TRUE(fitted) << rows.kernel;
    const auto known = std::find_if(profile.kernels.begin(), profile.kernels.end(),
                                    [&](const KernelProfile& each) {
                                      return each.kind == rows.kind && each.kernel == rows.kernel;
                                    });
    ASSERT_NE(known, profile.kernels.end()) << rows.kernel;
    EXPECT_EQ(text_of_kernel(*fitted), text_of_kernel(*known))
        << rows.kernel << ": make the files again, ./dev profiles";
    ++compared;
  }
  EXPECT_EQ(compared, 7U);  // kernels that README.md of the files and the table have of an A40
}

}  // namespace
}  // namespace ridgepoint::catalog
