// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/efficiency/calibration.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ridgepoint::efficiency {
namespace {

KernelProfile kernel(OperatorClass kind, std::string stack, std::string name, std::string compute,
                     std::int64_t rows = 100) {
  KernelProfile made;
  made.kind = kind;
  made.stack = std::move(stack);
  made.kernel = std::move(name);
  made.compute = std::move(compute);
  made.band.classes = {{0, -0.05, 0.08}};
  made.evidence.rows = rows;
  return made;
}

Calibration calibration(std::vector<KernelProfile> own, std::vector<KernelProfile> lent = {}) {
  return {Profile{"own", std::move(own)}, Profile{"own", std::move(lent)}};
}

KernelQuery gemm(std::string_view compute, std::string_view stack = "vllm") {
  return {OperatorClass::gemm, {compute, "", stack, ""}, ""};
}

TEST(Calibration, PrefersTheEnginesOwnKernel) {
  const auto known = calibration({kernel(OperatorClass::gemm, "sglang-0.5", "a", "bf16", 900),
                                  kernel(OperatorClass::gemm, "vllm-0.24", "b", "bf16", 100)});
  EXPECT_EQ(known.find(gemm("bf16"))->kernel.kernel, "b");
  EXPECT_EQ(known.find(gemm("bf16", "sglang"))->kernel.kernel, "a");
  EXPECT_EQ(known.find(gemm("fp16"))->kernel.kernel, "b") << "both types of 16 bits run alike";
}

TEST(Calibration, TakesFewerBytesForWeightsThatAreOnlyStoredSo) {
  const auto found =
      calibration({kernel(OperatorClass::gemm, "vllm", "b", "bf16")}).find(gemm("int4_wo"));
  ASSERT_TRUE(found.has_value());
  EXPECT_TRUE(found->is_other_type);
  EXPECT_EQ(found->kernel.compute, "int4_wo");
  EXPECT_NEAR(found->kernel.band.classes[0].low, -std::hypot(0.05, 0.12), 1e-12);
  EXPECT_NEAR(found->kernel.band.classes[0].high, std::hypot(0.08, 0.12), 1e-12);
}

TEST(Calibration, KeepsTheTypesOfABlockScaledKinsman) {
  const auto found =
      calibration({kernel(OperatorClass::gemm, "vllm", "b", "fp8_block")}).find(gemm("fp8"));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->kernel.compute, "fp8_block");
}

TEST(Calibration, LooksAtRelativesOnlyForWhatTheDeviceHasNot) {
  const auto known = calibration({kernel(OperatorClass::gemm, "vllm", "own", "bf16")},
                                 {kernel(OperatorClass::gemm, "vllm", "lent", "bf16"),
                                  kernel(OperatorClass::elementwise, "vllm", "rmsnorm", "bf16")});
  EXPECT_EQ(known.find(gemm("bf16"))->kernel.kernel, "own");
  EXPECT_EQ(known.find(gemm("int4_wo"))->kernel.kernel, "own");
  EXPECT_TRUE(known.find({OperatorClass::elementwise, {"bf16", "", "vllm", ""}, "rmsnorm"}));
  EXPECT_FALSE(known.find({OperatorClass::elementwise, {"bf16", "", "vllm", ""}, "rope"}));
  EXPECT_FALSE(known.find(gemm("nvfp4")));
}

TEST(Calibration, PassesOverKernelsThatAHostLaunches) {
  const auto known =
      calibration({kernel(OperatorClass::collective, "vllm-0.24", "vLLM_custom_eager", "bf16", 500),
                   kernel(OperatorClass::collective, "vllm-0.24", "vLLM_custom_graph", "bf16", 46),
                   kernel(OperatorClass::collective, "nccl-2.27", "nccl_all_gather", "fp16")});
  const auto of = [&](std::string_view work) {
    return known.find({OperatorClass::collective, {"bf16", "", "vllm", ""}, work});
  };
  EXPECT_EQ(of("all_reduce")->kernel.kernel, "vLLM_custom_graph");
  EXPECT_EQ(of("all_gather")->kernel.kernel, "nccl_all_gather");
  EXPECT_FALSE(of("reduce_scatter")) << "another collective's kernel is none";
}

TEST(Calibration, ReadsAnFp8CacheWithTheKernelOf16Bits) {
  auto attention = kernel(OperatorClass::decode_attention, "vllm", "fa2", "bf16");
  attention.cache = "bf16";
  const auto found =
      calibration({attention}).find({OperatorClass::decode_attention, {"bf16", "fp8", "vllm", ""}});
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->kernel.cache, "fp8");
  EXPECT_TRUE(found->is_other_type);
}

TEST(Calibration, SaysWhereAKernelComesFrom) {
  auto lent = kernel(OperatorClass::gemm, "vllm-0.24.0", "linear", "bf16", 11006);
  lent.evidence.groups = 253;
  lent.evidence.left_out_mdape = 3.28;
  lent.evidence.transferred_from = "h100-sxm";
  const auto found = calibration({}, {lent}).find(gemm("bf16"));
  EXPECT_EQ(found->evidence,
            "gemm bf16, vllm-0.24.0: 11,006 rows in 253 groups, 3.3 % off when left out; "
            "from h100-sxm");
}

}  // namespace
}  // namespace ridgepoint::efficiency
