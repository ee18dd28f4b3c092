// SPDX-License-Identifier: Apache-2.0
// The measurements that are not part of the project.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/shared_data.hpp"
#include "ridgepoint/calibrate/fit.hpp"
#include "ridgepoint/catalog/catalog.hpp"

namespace ridgepoint::calibrate {
namespace {

using ::testing::HasSubstr;

class Measured : public testing::SharedData {
 protected:
  void SetUp() override {
    SharedData::SetUp();
    if (!IsSkipped() && !std::filesystem::exists(testing::shared_folder() / "measured")) {
      GTEST_SKIP() << "no folder measured in " << testing::shared_folder();
    }
  }

  static Measurements read(const std::string& name) {
    auto table = read_measurements(text_of("measured/" + name), name);
    if (!table) ADD_FAILURE() << name << ": " << table.error().front().what;
    return table ? std::move(*table) : Measurements();
  }

  /// The row of a table of `device` that a kernel of this name and type was fitted on.
  static void expect_left_out_error_below(const std::string& name, const std::string& device,
                                          const std::string& kernel, double most) {
    std::vector<Measurement> rows = read(name).rows;
    std::erase_if(rows, [&](const Measurement& row) { return row.device != device; });
    const auto found = catalog::find_device(device);
    ASSERT_TRUE(found) << device;
    const std::vector<KernelRows> kernels = rows_by_kernel(rows);
    const auto at = std::find_if(kernels.begin(), kernels.end(),
                                 [&](const KernelRows& each) { return each.kernel == kernel; });
    ASSERT_NE(at, kernels.end()) << kernel;
    const auto profile = fit_kernel(*at, *found);
    ASSERT_TRUE(profile) << profile.error().front().what;
    EXPECT_LT(profile->evidence.left_out_mdape, most) << device << ' ' << kernel;
    EXPECT_GT(profile->evidence.left_out_mdape, 0);
  }
};

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) - 1;
}

TEST_F(Measured, HasNoRowThatIsNeitherReadNorNamed) {
  std::size_t files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(testing::shared_folder() / "measured")) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() != ".csv" || name == "devices.csv") continue;
    if (name == "e2e.csv") {
      EXPECT_FALSE(read_measurements(text_of("measured/" + name), name)) << "not for this reader";
      continue;
    }
    const Measurements table = read(name);
    EXPECT_EQ(table.rows.size() + table.bad_rows.size(), lines_of(text_of("measured/" + name)))
        << name;
    EXPECT_TRUE(table.bad_rows.empty())
        << name << ": " << table.bad_rows.front().where << ": " << table.bad_rows.front().what;
    ++files;
  }
  EXPECT_GE(files, 9U);
}

// Guards against a worse fit, no goals: 1.0, 2.3, 3.2 and 3.3 % when they were written.
TEST_F(Measured, AllReduceIsFittedOnSizesThatItDidNotSee) {
  expect_left_out_error_below("comm_aic.csv", "H100-SXM", "vLLM_custom_graph", 3);
  expect_left_out_error_below("comm_aic.csv", "A100-SXM", "vLLM_custom_graph", 5);
  expect_left_out_error_below("comm_aic.csv", "A100-SXM", "nccl_all_reduce", 6);
}

// 3.4 and 1.9 %.
TEST_F(Measured, ElementwiseKernelsAreFittedOnModelsThatTheyDidNotSee) {
  expect_left_out_error_below("ops_vidur_a100_a40.csv", "A100", "add", 6);
  expect_left_out_error_below("ops_vidur_a100_a40.csv", "A40", "gated_activation", 4);
}

}  // namespace
}  // namespace ridgepoint::calibrate
