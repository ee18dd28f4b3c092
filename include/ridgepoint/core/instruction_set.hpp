// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

// One body, compiled for each instruction set by hand rather than by target_clones: so a test can
// call each of them on one machine, and ThreadSanitizer needs no resolver.
#if defined(__x86_64__)
#define RIDGEPOINT_TARGET(isa) [[gnu::target("arch=" isa)]]
#endif

namespace ridgepoint {

/// The instruction sets that the block kernels are compiled for. All give the same bits.
enum class InstructionSet { baseline, x86_64_v3, x86_64_v4 };

constexpr std::string_view name(InstructionSet set) {
  if (set == InstructionSet::x86_64_v4) return "x86-64-v4";
  if (set == InstructionSet::x86_64_v3) return "x86-64-v3";
  return "baseline";
}

/// Those that this machine can run, baseline first, best last.
inline std::vector<InstructionSet> available_instruction_sets() {
  std::vector<InstructionSet> sets{InstructionSet::baseline};
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v3")) sets.push_back(InstructionSet::x86_64_v3);
  if (__builtin_cpu_supports("x86-64-v4")) sets.push_back(InstructionSet::x86_64_v4);
#endif
  return sets;
}

/// The best one of this machine.
inline InstructionSet best_instruction_set() {
  static const InstructionSet best = available_instruction_sets().back();
  return best;
}

}  // namespace ridgepoint
