// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/efficiency/kernel_choice.hpp"

#include <gtest/gtest.h>

namespace ridgepoint::efficiency {
namespace {

KernelProfile kernel(OperatorClass kind, const std::string& stack, const std::string& name,
                     const std::string& compute, std::int64_t rows = 0) {
  KernelProfile out;
  out.kind = kind;
  out.stack = stack;
  out.kernel = name;
  out.compute = compute;
  out.evidence.rows = rows;
  return out;
}

/// What a row of a table asks for.
KernelQuery measured(OperatorClass kind, std::string_view stack, std::string_view name,
                     std::string_view compute, std::string_view cache = "") {
  return {kind, {compute, cache, stack, name}, work_of(kind, name)};
}

std::string chosen(const std::vector<KernelProfile>& kernels, const KernelQuery& query) {
  std::vector<const KernelProfile*> all;
  for (const KernelProfile& each : kernels) all.push_back(&each);
  const KernelChoice choice = choose_kernel(all, query);
  if (choice.kernel == nullptr) return "none";
  return choice.kernel->stack + (choice.is_exact ? "" : ", nearest");
}

TEST(ChooseKernel, TakesTheExactStackThenTheSameEngineThenTheMostRows) {
  const auto gemm = OperatorClass::gemm;
  const std::vector<KernelProfile> all{
      kernel(gemm, "trtllm-1.0.0", "default", "bf16", 10),
      kernel(gemm, "vllm-0.14.0", "linear", "bf16", 10),
      kernel(gemm, "vllm-0.24.0", "linear", "bf16", 10),
      kernel(gemm, "sglang-0.5.10", "sglang", "bf16", 20),
  };
  EXPECT_EQ(chosen(all, measured(gemm, "vllm-0.14.0", "linear", "bf16")), "vllm-0.14.0");
  EXPECT_EQ(chosen(all, measured(gemm, "trtllm-1.3.0", "default", "bf16")),
            "trtllm-1.0.0, nearest");
  EXPECT_EQ(chosen(all, measured(gemm, "old", "", "bf16")), "sglang-0.5.10, nearest");
}

TEST(ChooseKernel, TakesSixteenBitTypesForEachOtherAndNoOthers) {
  const auto gemm = OperatorClass::gemm;
  const std::vector<KernelProfile> all{kernel(gemm, "vllm-0.14.0", "linear", "bf16")};
  EXPECT_EQ(chosen(all, measured(gemm, "vllm-0.14.0", "linear", "fp16")), "vllm-0.14.0, nearest");
  EXPECT_EQ(chosen(all, measured(gemm, "vllm-0.14.0", "linear", "fp8")), "none");
  EXPECT_EQ(chosen(all, measured(OperatorClass::experts, "vllm-0.14.0", "linear", "bf16")), "none");
}

TEST(ChooseKernel, TakesACacheWithoutATypeForOneOfTheQueriesType) {
  const auto decode = OperatorClass::decode_attention;
  std::vector<KernelProfile> all{kernel(decode, "on fp8", "fa", "bf16", 99),
                                 kernel(decode, "on bf16", "fa", "bf16")};
  all[0].cache = "fp8";
  all[1].cache = "bf16";
  EXPECT_EQ(chosen(all, measured(decode, "on bf16", "fa", "bf16")), "on bf16");
  EXPECT_EQ(chosen(all, measured(decode, "x", "fa", "bf16", "fp8")), "on fp8, nearest");
}

TEST(ChooseKernel, NeverTakesOneCollectiveForAnother) {
  const auto collective = OperatorClass::collective;
  const std::vector<KernelProfile> all{kernel(collective, "nccl-2.27", "nccl_all_gather", "fp16"),
                                       kernel(collective, "vllm-0.24", "custom", "bf16")};
  EXPECT_EQ(chosen(all, measured(collective, "nccl-2.27", "nccl_reduce_scatter", "fp16")), "none");
  EXPECT_EQ(chosen(all, measured(collective, "nccl-2.23", "nccl_all_gather", "int8")),
            "nccl-2.27, nearest");
  EXPECT_EQ(chosen(all, measured(collective, "sglang-0.5", "its own", "bf16")),
            "vllm-0.24, nearest");
}

}  // namespace
}  // namespace ridgepoint::efficiency
