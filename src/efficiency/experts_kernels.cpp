// SPDX-License-Identifier: Apache-2.0
#include "efficiency/experts_kernels.hpp"

#include <algorithm>
#include <array>

#include "efficiency/operand_bytes.hpp"

namespace ridgepoint::efficiency {
namespace {

constexpr std::array kKernels{
    ExpertsKernel{"marlin", 7, 2, 2, true,
                  "vLLM, fused_marlin_moe.py: as Triton's with matmuls of its own, which multiply "
                  "by mma.sync; so says the description of Machete, their successor on Hopper"},
    ExpertsKernel{"trtllm", 4, 1, 2, false,
                  "FlashInfer, trtllm_fused_moe_runner.cu: routing, a matmul with its activation, "
                  "another, sum; with scales by block the activation is a kernel of its own"},
};
/// Softmax and choice, two to align blocks, matmul, activation, matmul, sum.
constexpr ExpertsKernel kTriton{"", 7, 2, 2, false, "vLLM, fused_moe.py"};

}  // namespace

const ExpertsKernel& experts_kernel(std::string_view name) {
  for (const ExpertsKernel& kernel : kKernels) {
    if (name.find(kernel.family) != std::string_view::npos) return kernel;
  }
  return kTriton;
}

double launches_of(const KernelTypes& types) {
  constexpr double kHalf = 2;  // bytes
  constexpr double kAnyGroup = 32;
  const ExpertsKernel& kernel = experts_kernel(types.kernel);
  if (types.compute == "fp8_block") return kernel.launches + kernel.by_block;
  const bool is_half = operand_bytes(types.compute, kAnyGroup).activation == kHalf;
  return kernel.launches + (is_half ? 0 : kernel.quantises);
}

double peak_share_of_ampere(const DeviceFacts& device) {
  constexpr double kFlopsOfACycle = 2 * 1024;
  const double most = kFlopsOfACycle * device.compute_units * device.clock_hz;
  return most > 0 ? std::min(most / device.flops_per_s, 1.0) : 1;
}

}  // namespace ridgepoint::efficiency
