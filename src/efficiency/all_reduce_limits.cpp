// SPDX-License-Identifier: Apache-2.0
#include "efficiency/all_reduce_limits.hpp"

#include <array>

namespace ridgepoint::efficiency {
namespace {

constexpr double kKiB = 1024;
constexpr double kMiB = 1024 * kKiB;
constexpr double kAny = 1e18;
constexpr double kIncluded = 1;  // byte: up to and including

/// Which links a row is for, as generations of NVLink; 0 is PCI Express or a bridge.
struct Links {
  double least;
  double most;
};
constexpr Links kNone{0, 0};
constexpr Links kAmpere{1, 3};
constexpr Links kHopper{4, 4};
constexpr Links kBlackwell{5, 9};
constexpr Links kNvlink{1, 9};

struct Row {
  std::string_view kernel;  ///< its name begins so
  std::string_view stack;   ///< likewise
  Links links;
  double ranks;  ///< up to so many; the first row that fits counts
  AllReduceLimits limits;
};

// vLLM: one kernel for two ranks; one shot below 512 KiB up to four ranks and below 256 KiB up to
//   eight (csrc/custom_all_reduce.cuh); the whole up to 8 MiB (custom_all_reduce.py), less where
//   CUSTOM_ALL_REDUCE_MAX_SIZES of all_reduce_utils.py says so; then symmetric memory up to
//   SYMM_MEM_ALL_REDUCE_MAX_SIZES, in the switch for _WORLD_SIZES_MULTIMEM of symm_mem.py. The rows
//   of Blackwell are of compute capability 10.0 (B200).
// SGLang up to 0.5.10: vLLM's kernel up to and including 8 MiB; from 0.5.11 on over NVLink
//   custom_all_reduce_v2.py: two shots above THRESHOLD_2_SHOT_MAP, up to 16 MiB in all. When it
//   changed is not documented: 0.5.10 has the old limits and 0.5.14 the new ones.
// TensorRT-LLM 1.0: one shot up to a workspace of 1 MiB for two ranks, below 10⁶ bytes for four and
//   5·10⁵ for eight (its AUTO heuristic, from memory); from 1.1 on AllReduceBestStrategyTable of
//   customAllReduceUtils.h, whose NCCL begins above 8 MiB (two ranks) and 4 to 16 MiB (more). Where
//   there is no NVLink: NCCL (allreduceOp.cpp), but small buffers of two ranks run like one shot.
// Over PCI Express vLLM and SGLang have a kernel of their own for two ranks only.
constexpr std::array kRows{
    Row{"vLLM", "", kNone, 2, {.one_shot = 8 * kMiB, .two_shot = 8 * kMiB}},
    Row{"vLLM", "", kAmpere, 2, {.one_shot = 8 * kMiB, .two_shot = 8 * kMiB}},
    Row{"vLLM", "", kAmpere, 4, {.one_shot = 512 * kKiB, .two_shot = 8 * kMiB}},
    Row{"vLLM", "", kAmpere, 8, {.one_shot = 256 * kKiB, .two_shot = 8 * kMiB}},
    Row{"vLLM", "", kHopper, 2, {8 * kMiB, 8 * kMiB, 64 * kMiB + kIncluded, false}},
    Row{"vLLM", "", kHopper, 4, {512 * kKiB, 8 * kMiB, 32 * kMiB + kIncluded, true}},
    Row{"vLLM", "", kHopper, 6, {256 * kKiB, 512 * kKiB, 64 * kMiB + kIncluded, true}},
    Row{"vLLM", "", kHopper, 8, {256 * kKiB, 256 * kKiB, 64 * kMiB + kIncluded, true}},
    Row{"vLLM", "", kBlackwell, 2, {2 * kMiB, 2 * kMiB, 8 * kMiB + kIncluded, false}},
    Row{"vLLM", "", kBlackwell, 4, {512 * kKiB, 2 * kMiB, 32 * kMiB + kIncluded, false}},
    Row{"vLLM", "", kBlackwell, 8, {256 * kKiB, 1 * kMiB, 128 * kMiB + kIncluded, true}},
    Row{"SGLang", "", kNone, 2, {8 * kMiB + kIncluded, 8 * kMiB + kIncluded}},
    Row{"SGLang", "sglang-0.5.10", kNvlink, 2, {8 * kMiB + kIncluded, 8 * kMiB + kIncluded}},
    Row{"SGLang", "sglang-0.5.10", kNvlink, 4, {512 * kKiB, 8 * kMiB + kIncluded}},
    Row{"SGLang", "sglang-0.5.10", kNvlink, 8, {256 * kKiB, 8 * kMiB + kIncluded}},
    Row{"SGLang", "", kBlackwell, 2, {16 * kMiB + kIncluded, 16 * kMiB + kIncluded}},
    Row{"SGLang", "", kBlackwell, 4, {2 * kMiB + kIncluded, 16 * kMiB + kIncluded}},
    Row{"SGLang", "", kBlackwell, 6, {1 * kMiB + kIncluded, 16 * kMiB + kIncluded}},
    Row{"SGLang", "", kBlackwell, 8, {720 * kKiB + kIncluded, 16 * kMiB + kIncluded}},
    Row{"SGLang", "", kNvlink, 2, {16 * kMiB + kIncluded, 16 * kMiB + kIncluded}},
    Row{"SGLang", "", kNvlink, 4, {384 * kKiB + kIncluded, 16 * kMiB + kIncluded}},
    Row{"SGLang", "", kNvlink, 6, {192 * kKiB + kIncluded, 16 * kMiB + kIncluded}},
    Row{"SGLang", "", kNvlink, 8, {160 * kKiB + kIncluded, 16 * kMiB + kIncluded}},
    Row{"TRTLLM", "", kNone, 2, {5e5, 5e5}},
    Row{"TRTLLM", "trtllm-1.0", kNvlink, 2, {1 * kMiB + kIncluded, 1 * kMiB + kIncluded}},
    Row{"TRTLLM", "trtllm-1.0", kNvlink, 4, {1e6, 1e6}},
    Row{"TRTLLM", "trtllm-1.0", kNvlink, 8, {5e5, 5e5}},
    Row{"TRTLLM", "", kNvlink, 2, {.tuned = 8 * kMiB + kIncluded}},
    Row{"TRTLLM", "", kNvlink, 8, {.tuned = 16 * kMiB + kIncluded}},
    Row{"vLLM", "", {0, 9}, kAny, {}},
    Row{"SGLang", "", {0, 9}, kAny, {}},
    Row{"TRTLLM", "", {0, 9}, kAny, {}},
};

/// Of names in ASCII: "trtllm" and "TRTLLM" are one.
bool begins_with(std::string_view text, std::string_view prefix) {
  constexpr auto kLower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  if (text.size() < prefix.size()) return false;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    if (kLower(text[i]) != kLower(prefix[i])) return false;
  }
  return true;
}

}  // namespace

bool is_custom_all_reduce(const KernelTypes& types) {
  for (const Row& row : kRows) {
    if (begins_with(types.kernel, row.kernel)) return true;
  }
  return false;
}

AllReduceLimits all_reduce_limits(const KernelTypes& types, const DeviceFacts& device,
                                  double ranks) {
  for (const Row& row : kRows) {
    if (begins_with(types.kernel, row.kernel) && begins_with(types.stack, row.stack) &&
        row.links.least <= device.link_generation && device.link_generation <= row.links.most &&
        ranks <= row.ranks) {
      return row.limits;
    }
  }
  return {};
}

}  // namespace ridgepoint::efficiency
