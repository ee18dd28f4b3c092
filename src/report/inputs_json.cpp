// SPDX-License-Identifier: Apache-2.0
#include "report/inputs_json.hpp"

namespace ridgepoint::report {

Json layer_run_json(const model::LayerRun& run) {
  const auto& attention = std::get<model::Attention>(run.mixer);
  const auto& mlp = std::get<model::Mlp>(run.feed_forward);
  return {{"layers", run.count},
          {"num_attention_heads", attention.num_attention_heads},
          {"num_key_value_heads", attention.num_key_value_heads},
          {"head_dim", attention.head_dim},
          {"sliding_window", attention.window.value_or(0)},
          {"intermediate_size", mlp.intermediate_size},
          {"gated", mlp.gated},
          {"hidden_act", mlp.activation}};
}

void add_resolved(Json& inputs, const model::Architecture& architecture,
                  const hardware::Device& device) {
  inputs["hidden_size"] = architecture.hidden_size;
  inputs["vocab_size"] = architecture.vocab_size;
  inputs["num_hidden_layers"] = model::num_hidden_layers(architecture);
  inputs["tie_word_embeddings"] = architecture.tie_word_embeddings;
  inputs["layer_runs"] = Json::array();
  for (const model::LayerRun& run : architecture.runs) {
    inputs["layer_runs"].push_back(layer_run_json(run));
  }
  inputs["memory_bandwidth_bytes_per_s"] = device.memory_bandwidth.value.value();
  inputs["memory_capacity_bytes"] = device.memory_capacity_bytes.value;
}

}  // namespace ridgepoint::report
