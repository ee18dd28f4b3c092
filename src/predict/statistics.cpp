// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/statistics.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "predict/assumptions.hpp"
#include "ridgepoint/core/count.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/cost/formula.hpp"
#include "ridgepoint/cost/transformer.hpp"
#include "ridgepoint/model/parameters.hpp"

namespace ridgepoint::predict {
namespace {

/// Why one kind of layer is not the lecture's; empty when it is.
std::string oddity(const model::LayerRun& run) {
  const auto* attention = std::get_if<model::Attention>(&run.mixer);
  if (attention == nullptr) {
    return fmt::format("it has layers of kind {}, whose cache or state is another",
                       kind(run.mixer));
  }
  if (run.stack == model::Stack::encoder) return "it has an encoder, which caches nothing";
  if (run.cross_attention) return "it has cross attention";
  if (attention->window) return "its attention has a window";
  if (!attention->has_keys || !attention->has_cache) return "not all of its layers have a cache";
  if (attention->value_width() != attention->head_dim) return "its values are not as wide as keys";
  const auto* mlp = std::get_if<model::Mlp>(&run.feed_forward);
  if (mlp == nullptr) {
    return fmt::format("its feed-forward part is of kind {}", kind(run.feed_forward));
  }
  return mlp->gated ? "" : "its MLP has no gate";
}

/// Why the lecture's formula does not describe a model; empty when it does.
Diagnostics not_applicable(const model::Architecture& architecture) {
  Diagnostics faults;
  const auto refuse = [&](const std::string& what) {
    Diagnostic fault{architecture.name, what,
                     "the lecture's formula is for one shape of layer: softmax attention and a "
                     "gated MLP; `roofline` takes this model"};
    if (std::find(faults.begin(), faults.end(), fault) == faults.end()) faults.push_back(fault);
  };
  for (const model::LayerRun& run : architecture.runs) {
    if (const std::string odd = oddity(run); !odd.empty()) refuse(odd);
  }
  if (faults.empty() && architecture.runs.size() != 1) refuse("its layers are not all alike");
  return faults;
}

cost::Transformer<Count> lecture_shape(const model::Architecture& architecture) {
  const model::LayerRun& run = architecture.runs.front();
  const auto& attention = std::get<model::Attention>(run.mixer);
  return {architecture.vocab_size,
          architecture.hidden_size,
          std::get<model::Mlp>(run.feed_forward).intermediate_size,
          run.count,
          attention.num_attention_heads,
          attention.num_key_value_heads,
          attention.head_dim,
          cost::scalar<Count>(byte_size(architecture.dtype))};
}

/// Reads counts out of exact arithmetic, remembering what did not fit.
class IntegerReader {
 public:
  std::int64_t operator()(const Count& count, const std::string& what) {
    const auto value = count.to_integer();
    if (!value) {
      faults_.push_back({what, "above 2^63 − 1", "ask for a smaller batch, context or model"});
    }
    return value.value_or(0);
  }
  const Diagnostics& faults() const { return faults_; }

 private:
  Diagnostics faults_;
};

std::int64_t largest_batch(std::int64_t capacity, std::int64_t weights, std::int64_t per_sequence) {
  return weights > capacity || per_sequence <= 0 ? 0 : (capacity - weights) / per_sequence;
}

std::vector<std::string> lecture_assumptions(const model::Architecture& architecture,
                                             const hardware::Device& device) {
  std::vector<std::string> sentences = given_assumptions(architecture, device);
  sentences.push_back(
      "counted as the lecture does: all parameters are read in a step, the embedding table "
      "included; norms and biases are not counted");
  if (architecture.quantization) {
    sentences.push_back(fmt::format("weights counted as {}, though the checkpoint stores {}",
                                    name(architecture.dtype), architecture.quantization->name));
  }
  if (architecture.tie_word_embeddings) {
    const auto total = model::total_parameters(architecture);
    sentences.push_back(fmt::format(
        "input and output embedding are one tensor in this model, the lecture's 2VD counts two: "
        "with norms and biases it really has {} parameters",
        total ? format_integer(*total) : "too many"));
  }
  sentences.push_back("fits: memory <= the datasheet's capacity, no runtime overhead");
  return sentences;
}

}  // namespace

Result<Statistics> statistics(const model::Architecture& architecture,
                              const hardware::Device& device, std::int64_t context,
                              const std::vector<std::int64_t>& batches) {
  if (Diagnostics faults = not_applicable(architecture); !faults.empty()) return fail(faults);
  const cost::Transformer<Count> transformer = lecture_shape(architecture);
  const BytesPerSecond bandwidth = device.memory_bandwidth.value;
  const std::int64_t capacity = device.memory_capacity_bytes.value;

  IntegerReader read;
  Statistics answer{.architecture = architecture,
                    .device = device,
                    .context = context,
                    .dtype = architecture.dtype,
                    .parameters = read(transformer.parameters(), "parameters"),
                    .parameter_bytes = read(transformer.parameter_bytes(), "parameter bytes"),
                    .kv_bytes_per_sequence =
                        read(transformer.kv_bytes_per_sequence(context), "KV cache of a sequence"),
                    .rows = {},
                    .assumptions = lecture_assumptions(architecture, device)};
  for (const std::int64_t batch : batches) {
    const std::int64_t memory =
        read(transformer.memory_bytes(batch, context), fmt::format("memory at batch {}", batch));
    const Seconds latency = Bytes(static_cast<double>(memory)) / bandwidth;
    answer.rows.push_back({batch, memory, latency.value(),
                           static_cast<double>(batch) / latency.value(), memory <= capacity});
  }
  if (!read.faults().empty()) return fail(read.faults());
  answer.max_batch = largest_batch(capacity, answer.parameter_bytes, answer.kv_bytes_per_sequence);
  return answer;
}

}  // namespace ridgepoint::predict
