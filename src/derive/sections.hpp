// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "derive/context.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/derive/section.hpp"

/// One function per subject; subjects.cpp has the table.
namespace ridgepoint::derive {

Result<Section> derive_matmul(const Context& context);
Result<Section> derive_mlp(const Context& context);
Result<Section> derive_mlp_plain(const Context& context);
Result<Section> derive_attention(const Context& context);
Result<Section> derive_attention_causal(const Context& context);
Result<Section> derive_attention_gqa(const Context& context);
Result<Section> derive_attention_latent(const Context& context);
Result<Section> derive_prefix(const Context& context);
Result<Section> derive_paged(const Context& context);
Result<Section> derive_transformer(const Context& context);
Result<Section> derive_transformer_batch(const Context& context);
Result<Section> derive_transformer_kv_heads(const Context& context);
Result<Section> derive_transformer_copies(const Context& context);
Result<Section> derive_transformer_elasticities(const Context& context);
Result<Section> derive_no_kv_cache(const Context& context);
Result<Section> derive_kv_cache(const Context& context);

}  // namespace ridgepoint::derive
