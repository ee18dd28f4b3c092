// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "ridgepoint/efficiency/form.hpp"

namespace ridgepoint::efficiency {

/// How a decode kernel shares the context of a sequence out to blocks.
enum class ContextWalk {
  split,   ///< over as many as there is room for
  flash2,  ///< FlashAttention 2: likewise where it packs groups of heads, else one walks it all
  triton,  ///< vLLM's Triton kernels: one walks it all in large batches, 16 in small ones
};

/// Documented rules of a family of attention kernels, which no fit has to find.
struct AttentionKernel {
  std::string_view family;  ///< part of the kernel's name
  ContextWalk walk;
  bool multiplies_in_fp8;  ///< prompts on an fp8 cache; others turn the cache into 16 bits
  bool merges;             ///< prompts whose tiles leave units idle are split along the context
  bool sums_inside;        ///< the parts of a split context; others launch a second kernel for that
  std::string_view source;
};

/// Of the first family that the kernel's name has; one that splits and does all in 16 bits for any
/// other name.
const AttentionKernel& attention_kernel(std::string_view name);

/// Share of the context that one block walks; 0 where the kernel splits it as it likes.
struct WalkedShare {
  double of_few = 0;   ///< up to so many sequences · kv_heads …
  double of_many = 0;  ///< … and beyond
  double most_few = 0;
};
/// Whatever the batch of the shape is.
WalkedShare walked_share(const AttentionKernel& kernel, const AttentionShape& shape);
/// At the batch of the shape.
double share_of_one_block(const AttentionKernel& kernel, const AttentionShape& shape);

/// Bytes of a cached element.
double cache_bytes(const KernelTypes& types);

/// Is the cache of fp8, or of a narrower type?
bool has_fp8_cache(const KernelTypes& types);

/// Dense peak of fp8 or of the type that is computed in.
double peak_of(const DeviceFacts& device, bool is_fp8);

}  // namespace ridgepoint::efficiency
