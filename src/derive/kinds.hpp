// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "derive/context.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/derive/section.hpp"

/// The kinds of layer beyond the lecture's: what each does to the intensity.
namespace ridgepoint::derive {

Result<Section> derive_moe(const Context& context);
Result<Section> derive_window(const Context& context);
Result<Section> derive_chunked(const Context& context);
Result<Section> derive_sparse(const Context& context);
Result<Section> derive_linear(const Context& context);
Result<Section> derive_linear_delta(const Context& context);
Result<Section> derive_mamba2(const Context& context);

}  // namespace ridgepoint::derive
