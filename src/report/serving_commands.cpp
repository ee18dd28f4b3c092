// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/serving_commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "report/inputs_json.hpp"
#include "ridgepoint/core/json.hpp"

namespace ridgepoint::report {
namespace {

/// How an engine spells what all of them have. An empty flag: it has none on its command line.
/// Sources: vLLM 0.21, vllm/engine/arg_utils.py and vllm/config/cache.py; SGLang 0.5,
/// docs/advanced_features/server_arguments.md; TensorRT-LLM 1.3, tensorrt_llm/commands/serve.py.
struct Spelling {
  std::string_view title;
  std::string_view program;
  std::string_view model;  ///< empty: the model is a word without a flag
  std::string_view tensor;
  std::string_view pipeline;
  std::string_view data;
  std::string_view length;
  std::string_view sequences;
  std::string_view batched_tokens;
  std::string_view memory;
  std::string_view kv_type;
  std::string_view block_size;
  std::int64_t default_block_size;
  std::string_view activations;
  std::string_view quantization;
  std::string_view config_changes;
};
constexpr std::array<Spelling, 3> kSpellings{{
    {"vLLM", "vllm serve", "", "--tensor-parallel-size", "--pipeline-parallel-size",
     "--data-parallel-size", "--max-model-len", "--max-num-seqs", "--max-num-batched-tokens",
     "--gpu-memory-utilization", "--kv-cache-dtype", "--block-size", 16, "--dtype",
     "--quantization", "--hf-overrides"},
    {"SGLang", "python -m sglang.launch_server", "--model-path", "--tp-size", "--pp-size",
     "--dp-size", "--context-length", "--max-running-requests", "--chunked-prefill-size",
     "--mem-fraction-static", "--kv-cache-dtype", "--page-size", 1, "--dtype", "--quantization",
     "--json-model-override-args"},
    // tokens_per_block is a key of its YAML file, 32 by default.
    {"TensorRT-LLM", "trtllm-serve", "", "--tp_size", "--pp_size", "", "--max_seq_len",
     "--max_batch_size", "--max_num_tokens", "--kv_cache_free_gpu_memory_fraction",
     "--kv_cache_dtype", "", 32, "", "", ""},
}};

const Spelling& spelling(Engine engine) { return kSpellings[static_cast<std::size_t>(engine)]; }

/// What an engine calls a type of the KV cache; types without a row it has not.
struct CacheType {
  Engine engine;
  DataType type;
  std::string_view word;
};
constexpr std::array<CacheType, 9> kCacheTypes{{
    {Engine::vllm, DataType::fp8, "fp8"},
    {Engine::vllm, DataType::bf16, "bfloat16"},
    {Engine::vllm, DataType::fp16, "float16"},
    {Engine::vllm, DataType::nvfp4, "nvfp4"},
    {Engine::sglang, DataType::fp8, "fp8_e4m3"},
    {Engine::sglang, DataType::bf16, "bfloat16"},
    {Engine::sglang, DataType::mxfp4, "fp4_e2m1"},
    {Engine::tensorrt_llm, DataType::fp8, "fp8"},
    {Engine::tensorrt_llm, DataType::nvfp4, "nvfp4"},
}};

std::optional<std::string_view> torch_name(DataType type) {
  if (type == DataType::bf16) return "bfloat16";
  if (type == DataType::fp16) return "float16";
  if (type == DataType::fp32) return "float32";
  return std::nullopt;
}

/// The share cut off after four decimals, so that what is asked for is never more than there is.
std::string share(const Count& part, const Count& whole) {
  constexpr double kParts = 1e4;
  const double cut = std::floor(part.to_double() / whole.to_double() * kParts);
  return fmt::format("{:g}", std::max(cut, 1.0) / kParts);
}

/// Keys with dots become objects in objects.
void put(Json& root, std::string_view key, const std::string& value) {
  const std::size_t dot = key.find('.');
  if (dot != std::string_view::npos) {
    put(root[std::string(key.substr(0, dot))], key.substr(dot + 1), value);
    return;
  }
  const Json parsed = Json::parse(value, nullptr, false);
  const json::Value word = json::Value::from_word(value);
  Json& slot = root[std::string(key)];
  if (word.integer) {
    slot = *word.integer;
  } else if (!parsed.is_discarded()) {
    slot = parsed;
  } else {
    slot = value;
  }
}

/// Writes the words of one line.
class Writer {
 public:
  explicit Writer(const Serving& serving)
      : serving_(serving), spelling_(spelling(serving.engine)), question_(serving.fit.question) {}

  Result<std::vector<std::string>> write() && {
    add_program();
    add_split();
    add_sizes();
    add_memory();
    add_types();
    add_config_changes();
    if (!faults_.empty()) return fail(std::move(faults_));
    return std::move(words_);
  }

 private:
  void add_program() {
    std::string_view rest = spelling_.program;
    while (!rest.empty()) {
      const std::size_t space = std::min(rest.find(' '), rest.size());
      words_.emplace_back(rest.substr(0, space));
      rest.remove_prefix(std::min(space + 1, rest.size()));
    }
    if (!spelling_.model.empty()) words_.emplace_back(spelling_.model);
    words_.push_back(serving_.model);
  }

  void add(std::string_view flag, std::string value) {
    words_.emplace_back(flag);
    words_.push_back(std::move(value));
  }
  void add(std::string_view flag, std::int64_t value) { add(flag, std::to_string(value)); }
  void add_above_one(std::string_view flag, std::int64_t value) {
    if (value > 1) add(flag, value);
  }
  void refuse(const std::string& option, const std::string& what, const std::string& help) {
    faults_.push_back({option, fmt::format("{} {}", spelling_.title, what), help});
  }

  void add_split() {
    switch (serving_.engine) {
      case Engine::vllm:
        return add_vllm_split();
      case Engine::sglang:
        refuse_sequence();
        return add_sglang_split();
      case Engine::tensorrt_llm:
        refuse_sequence();
        return add_tensorrt_split();
    }
  }

  void add_vllm_split() {
    const predict::Parallelism& split = question_.parallelism;
    add_above_one(spelling_.tensor, split.tensor);
    add_above_one(spelling_.pipeline, split.pipeline);
    add_above_one(spelling_.data, split.data);
    // vLLM 0.21: PassConfig.enable_sp.
    if (split.sequence) add("--compilation-config", R"({"pass_config": {"enable_sp": true}})");
    if (split.expert == 1) return;
    words_.emplace_back("--enable-expert-parallel");
    if (split.expert != split.tensor * split.data) {
      refuse("--expert-parallel-size",
             fmt::format("spreads experts over all TP × DP = {} devices, not over {}",
                         split.tensor * split.data, split.expert),
             "give --enable-expert-parallel instead, or --engine sglang");
    }
  }

  void refuse_sequence() {
    if (!question_.parallelism.sequence) return;
    refuse("--sequence-parallel", "has no flag for it", "leave it out, or --engine vllm");
  }

  /// Its tp_size counts the replicas of attention too, once they share their experts.
  void add_sglang_split() {
    const predict::Parallelism& split = question_.parallelism;
    const bool shares_experts = split.expert > split.tensor;
    add_above_one(spelling_.tensor, split.tensor * (shares_experts ? split.data : 1));
    add_above_one(spelling_.pipeline, split.pipeline);
    add_above_one(spelling_.data, split.data);
    add_above_one("--ep-size", split.expert);
    if (shares_experts) words_.emplace_back("--enable-dp-attention");
  }

  /// Attention is replicated on every device or on none.
  void add_tensorrt_split() {
    const predict::Parallelism& split = question_.parallelism;
    const bool shares_experts = split.expert > split.tensor;
    if (split.data > 1 && !shares_experts) {
      refuse("--data-parallel-size", "starts one replica with each line",
             "leave it out and start as many lines behind a router, or --engine vllm");
    } else if (split.data > 1 && split.tensor > 1) {
      refuse("--tensor-parallel-size",
             "replicates attention on every device or on none (enable_attention_dp)",
             fmt::format("-tp 1 -dp {} would do", split.tensor * split.data));
    }
    add_above_one(spelling_.tensor, split.tensor * split.data);
    add_above_one(spelling_.pipeline, split.pipeline);
    add_above_one("--ep_size", split.expert);
    if (shares_experts) words_.emplace_back("--enable_attention_dp");
  }

  void add_sizes() {
    // SGLang gives each replica that shares experts its part of what the line says.
    const predict::Parallelism& split = question_.parallelism;
    const bool are_of_all = serving_.engine == Engine::sglang && split.expert > split.tensor;
    const std::int64_t replicas = are_of_all ? split.data : 1;
    add(spelling_.length, question_.max_model_len);
    add(spelling_.sequences, replicas * question_.max_num_seqs);
    add(spelling_.batched_tokens, replicas * question_.max_num_batched_tokens);
    // Off by default there, and a prompt then has to fit into one step.
    if (serving_.engine == Engine::tensorrt_llm &&
        question_.max_num_batched_tokens < question_.max_model_len) {
      words_.emplace_back("--enable_chunked_prefill");
    }
    if (question_.block_size == spelling_.default_block_size) return;
    if (spelling_.block_size.empty()) {
      refuse("--block-size", "has no flag for it",
             fmt::format("leave it out: {}", spelling_.default_block_size));
    } else {
      add(spelling_.block_size, question_.block_size);
    }
  }

  /// vLLM's share is of the memory; SGLang's is what weights and KV cache take of it; that of
  /// TensorRT-LLM is what the KV cache takes of what weights and a step leave free.
  void add_memory() {
    const predict::StageMemory& stage = serving_.fit.stage();
    const Count capacity = serving_.fit.capacity_bytes;
    switch (serving_.engine) {
      case Engine::vllm:
        return add(spelling_.memory, fmt::format("{:g}", question_.memory_utilization.to_double()));
      case Engine::sglang:
        return add(spelling_.memory, share(stage.weight_bytes + stage.kv_budget_bytes, capacity));
      case Engine::tensorrt_llm:
        return add(spelling_.memory, share(stage.kv_budget_bytes,
                                           capacity - stage.weight_bytes - stage.activation_bytes -
                                               Count(question_.overhead_bytes)));
    }
  }

  void add_types() {
    const predict::Precision& precision = question_.precision;
    const predict::Precision native = predict::native_precision(serving_.fit.architecture);
    if (precision.activations != native.activations) add_activations(precision.activations);
    if (precision.weights) add_weights(*precision.weights);
    // "auto" keeps the cache in the type of the activations; of 16 bits one is as good as the
    // other.
    const bool are_half = byte_size(precision.kv_cache) == byte_size(DataType::bf16) &&
                          byte_size(precision.activations) == byte_size(DataType::bf16);
    if (precision.kv_cache != precision.activations && !are_half) add_kv_cache(precision.kv_cache);
  }

  void add_activations(DataType type) {
    const auto word = torch_name(type);
    if (!word || spelling_.activations.empty()) {
      refuse("--activations",
             fmt::format("does not compute this model in {}", ridgepoint::name(type)),
             "leave it out");
    } else {
      add(spelling_.activations, std::string(*word));
    }
  }

  void add_weights(DataType type) {
    const model::Architecture& model = serving_.fit.architecture;
    const std::string stored = predict::weights_name(model, {});
    const bool follows_activations = !model.quantization && type == question_.precision.activations;
    if (ridgepoint::name(type) == stored || follows_activations) return;
    if (type == DataType::fp8 && !spelling_.quantization.empty() && !model.quantization) {
      add(spelling_.quantization, "fp8");
      return;
    }
    refuse("--weights",
           fmt::format("makes no {} weights of {} ones while it loads", ridgepoint::name(type),
                       stored),
           "name a checkpoint that is stored so (its config.json), without --weights");
  }

  void add_kv_cache(DataType type) {
    for (const CacheType& row : kCacheTypes) {
      if (row.engine != serving_.engine || row.type != type) continue;
      return add(spelling_.kv_type, std::string(row.word));
    }
    std::string known = "auto";
    for (const CacheType& row : kCacheTypes) {
      if (row.engine == serving_.engine) known += fmt::format(", {}", ridgepoint::name(row.type));
    }
    refuse("--kv-cache-dtype", fmt::format("has no KV cache in {}", ridgepoint::name(type)),
           "it has " + known);
  }

  void add_config_changes() {
    if (serving_.config_changes.empty()) return;
    if (spelling_.config_changes.empty()) {
      refuse("--set", "takes no changes of the config on its command line",
             "edit the config.json and give its path");
      return;
    }
    Json changes = Json::object();
    for (const Override& change : serving_.config_changes) put(changes, change.key, change.value);
    add(spelling_.config_changes, changes.dump());
  }

  const Serving& serving_;
  const Spelling& spelling_;
  const predict::FitQuestion& question_;
  std::vector<std::string> words_;
  Diagnostics faults_;
};

bool is_plain(char c) {
  const bool is_letter_or_digit =
      (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return is_letter_or_digit || std::string_view("-_./=:,@%+").find(c) != std::string_view::npos;
}

std::string quoted(const std::string& word) {
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return word;
  std::string out = "'";
  for (const char c : word) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

Json inputs(const Serving& serving) {
  const predict::FitQuestion& question = serving.fit.question;
  Json inputs = deployment_inputs(serving.fit.architecture, serving.fit.device,
                                  question.parallelism, question.precision);
  inputs["max_model_len"] = question.max_model_len;
  inputs["block_size"] = question.block_size;
  inputs["max_num_batched_tokens"] = question.max_num_batched_tokens;
  inputs["max_num_seqs"] = question.max_num_seqs;
  inputs["gpu_memory_utilization"] = question.memory_utilization.to_double();
  inputs["overhead_bytes"] = question.overhead_bytes;
  add_resolved(inputs, serving.fit.architecture, serving.fit.device);
  return inputs;
}

}  // namespace

std::string_view name(Engine engine) {
  constexpr std::array<std::string_view, 3> kNames{"vllm", "sglang", "tensorrt-llm"};
  return kNames[static_cast<std::size_t>(engine)];
}

std::string_view title(Engine engine) { return spelling(engine).title; }

std::int64_t default_block_size(Engine engine) { return spelling(engine).default_block_size; }

Result<std::vector<std::string>> serving_arguments(const Serving& serving) {
  return Writer(serving).write();
}

std::string shell_line(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + quoted(word);
  return line;
}

std::string to_json(const Serving& serving, const std::vector<std::string>& arguments) {
  Json document = envelope("emit", inputs(serving), serving.fit.assumptions);
  document["engine"] = name(serving.engine);
  document["fits"] = serving.fit.fits;
  document["command"] = shell_line(arguments);
  document["arguments"] = arguments;
  document["changes"] = Json::array();
  for (const predict::FitChange& change : serving.fit.changes) {
    document["changes"].push_back({{"what", change.what}, {"options", change.options}});
  }
  return dump(document);
}

}  // namespace ridgepoint::report
