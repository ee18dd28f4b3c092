// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/config.hpp"

namespace ridgepoint::model {

/// What quantization_config (or MLX's quantization) says; nothing, with an assumption, for a
/// method whose storage is not known.
std::optional<Quantization> read_quantization(Config& config);

/// What a pattern of the file means, as globs of '*' and '?' against ".layers.0.self_attn.q_proj.":
/// a regular expression ("re:…") binds at the beginning, a name means whole components, so that
/// "gate" is not in "gate_proj". One that begins with '!' makes globs that do.
void add_globs(std::string_view pattern, std::vector<std::string>& globs);

/// True when a pattern of the file keeps this tensor at the model's own type. `path` is like
/// "layers.0.self_attn.q_proj" or "lm_head".
bool is_ignored(const Quantization& quantization, std::string_view path);

}  // namespace ridgepoint::model
