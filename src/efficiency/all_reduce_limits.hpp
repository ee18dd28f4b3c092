// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/efficiency/form.hpp"

namespace ridgepoint::efficiency {

/// Up to where an engine's all-reduce runs which of its algorithms, in bytes of a rank's buffer.
/// Facts of the software, not of silicon: nothing of it is fitted.
struct AllReduceLimits {
  double one_shot = 0;     ///< below: each rank reads the buffers of all others at once
  double two_shot = 0;     ///< below: reduce-scatter, then all-gather, in one kernel
  double symmetric = 0;    ///< below: through symmetric memory (copy in, reduce, copy out)
  bool in_switch = false;  ///< symmetric memory is reduced by the switch rather than in two shots
  double tuned = 0;        ///< below: by a tuned table, as good as the fastest of the three
};  ///< beyond: NCCL

/// Is it an engine's own all-reduce? NCCL's otherwise.
bool is_custom_all_reduce(const KernelTypes& types);

/// All 0 (NCCL) where the engine has none for so many ranks or for such links.
AllReduceLimits all_reduce_limits(const KernelTypes& types, const DeviceFacts& device,
                                  double ranks);

}  // namespace ridgepoint::efficiency
