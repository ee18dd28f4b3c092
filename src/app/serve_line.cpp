// SPDX-License-Identifier: Apache-2.0
#include "app/serve_line.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/serve_flags.hpp"
#include "app/serve_words.hpp"
#include "ridgepoint/core/data_type.hpp"
#include "ridgepoint/core/json.hpp"
#include "ridgepoint/core/text.hpp"
#include "ridgepoint/core/units.hpp"

namespace ridgepoint::app {
namespace {

using report::Engine;

constexpr std::string_view kEngineHelp =
    "vllm serve MODEL …, python -m sglang.launch_server --model-path MODEL …, or trtllm-serve "
    "MODEL …";

std::optional<DataType> torch_type(std::string_view word) {
  if (word == "bfloat16" || word == "bf16") return DataType::bf16;
  if (word == "half" || word == "float16" || word == "fp16") return DataType::fp16;
  if (word == "float" || word == "float32") return DataType::fp32;
  return std::nullopt;
}

std::optional<DataType> cache_type(std::string_view word) {
  if (word.starts_with("fp8")) return DataType::fp8;
  if (word == "nvfp4") return DataType::nvfp4;
  if (word == "fp4_e2m1") return DataType::mxfp4;
  return torch_type(word);
}

/// Options whose number no engine finds out by itself.
bool counts_devices(std::string_view option) {
  return option == "--tensor-parallel-size" || option == "--pipeline-parallel-size" ||
         option == "--data-parallel-size";
}

/// Keys of the config that change no cost.
bool is_free_of_cost(std::string_view key) {
  return key.starts_with("rope_") || key == "architectures" || key == "model_type";
}

/// Walks the words of one engine once.
class LineReader {
 public:
  LineReader(std::vector<std::string> words, EngineStart start)
      : words_(std::move(words)), next_(start.next) {
    line_.engine = start.engine;
  }

  Result<ServeLine> run() && {
    while (next_ < words_.size() && !ends_command(words_[next_])) {
      const std::string word = words_[next_++];
      if (word == "--") continue;
      if (is_serve_flag(word)) {
        take_flag(word);
      } else {
        take_model(word);
      }
    }
    if (find("MODEL") == nullptr && !eaten_.empty()) take_model(eaten_);
    settle_types();
    settle_split();
    if (!faults_.empty()) return fail(std::move(faults_));
    return std::move(line_);
  }

 private:
  void take_flag(const std::string& word) {
    const std::size_t equals = word.find('=');
    const std::string flag = word.substr(0, equals);
    std::string bare = bare_flag(flag);
    // vLLM's way into a JSON value: --hf-overrides.num_key_value_heads 8
    const std::size_t dot = flag.find('.');
    const std::string key = dot == std::string::npos ? "" : flag.substr(dot + 1);
    if (!key.empty()) bare = bare_flag(flag.substr(0, dot));
    FlagMeaning meaning = flag_meaning(line_.engine, bare);
    if (line_.engine != Engine::vllm && flag[1] != '-') meaning = {};
    if (line_.engine == Engine::vllm && flag.starts_with("-O") && flag.size() > 2) {
      meaning = {Meaning::nothing, {}, false};  // -O3
    }
    std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
    if (equals == std::string::npos && meaning.takes_value) {
      if (has_value_next()) {
        value = words_[next_++];
        const bool may_be_model = value.find('/') != std::string::npos && eaten_.empty();
        if (meaning.meaning == Meaning::unknown && may_be_model) eaten_ = value;
      } else if (meaning.meaning != Meaning::unknown) {
        faults_.push_back({flag, "needs a value", "write " + flag + " VALUE"});
        return;
      }
      while (meaning.takes_list && has_value_next()) ++next_;
    }
    if (!key.empty() && value.empty()) return;
    if (!key.empty()) value = fmt::format("{{\"{}\": {}}}", key, json_word(value));
    apply(meaning, flag, value);
  }

  bool has_value_next() const {
    return next_ < words_.size() && !is_serve_flag(words_[next_]) && !ends_command(words_[next_]);
  }

  static std::string json_word(const std::string& value) {
    return json::parse(value, "value") ? value : fmt::format("\"{}\"", value);
  }

  void apply(const FlagMeaning& meaning, const std::string& flag, const std::string& value) {
    switch (meaning.meaning) {
      case Meaning::option:
        return take_option(meaning.option, flag, value);
      case Meaning::on:
        return set(meaning.option, "true");
      case Meaning::model:
        return take_model(value);
      case Meaning::weights:
        return take_weights(flag, value);
      case Meaning::activations:
        return take_activations(flag, value);
      case Meaning::kv_cache:
        return take_kv_cache(flag, value);
      case Meaning::attention_dp:
        shares_experts_ = true;
        return;
      case Meaning::memory_fraction:
        return take_memory_fraction(flag, value);
      case Meaning::config_changes:
        return take_config_changes(flag, value);
      case Meaning::compilation:
        return take_compilation(flag, value);
      case Meaning::speculation:
        return take_speculation(flag, value);
      case Meaning::nothing:
        return;
      case Meaning::not_counted:
        line_.not_counted.push_back(flag);
        return;
      case Meaning::unknown:
        line_.not_understood.push_back(flag);
        return;
    }
  }

  void take_memory_fraction(const std::string& flag, const std::string& value) {
    const auto ratio = parse_ratio(value, flag, 0);
    if (!ratio || *ratio == Count(0) || Count(1) < *ratio) {
      faults_.push_back({flag, fmt::format("\"{}\" is not a share of the memory", shown(value)),
                         "expected a number above 0, up to 1"});
    }
    line_.memory_fraction = value;
  }

  void set(std::string_view option, const std::string& value) {
    line_.settings.emplace_back(option, value);
  }
  std::string* find(std::string_view option) {
    for (auto& setting : line_.settings) {
      if (setting.first == option) return &setting.second;
    }
    return nullptr;
  }

  void take_option(std::string_view option, const std::string& flag, const std::string& value) {
    // "auto" and -1: the engine looks for itself, but not for devices.
    if ((value == "auto" || value == "-1") && !counts_devices(option)) {
      line_.remarks.push_back(fmt::format("{} {} is left to the engine, and the default taken here",
                                          flag, shown(value)));
      return;
    }
    if (value.starts_with('-')) {
      faults_.push_back({flag, fmt::format("\"{}\" is less than 1", shown(value)),
                         "expected a number of at least 1"});
      return;
    }
    const std::string* given = find(option);
    if (given != nullptr && *given != value) {
      faults_.push_back(
          {flag, fmt::format("is given twice: {} and {}", *given, value), "leave one of them"});
    } else if (given == nullptr) {
      set(option, value);
    }
  }

  void take_model(const std::string& value) {
    const std::string* given = find("MODEL");
    if (given != nullptr && *given != value) {
      faults_.push_back({"\"" + value + "\"",
                         fmt::format("is a second model beside \"{}\"", *given),
                         "a line serves one: write the value of a flag behind the flag"});
    } else if (given == nullptr) {
      set("MODEL", value);
    }
  }

  /// Only fp8 is made while a checkpoint loads; other methods are how it is stored.
  void take_weights(const std::string& flag, const std::string& value) {
    if (value == "fp8" || value == "w8a8_fp8") return set("--weights", "fp8");
    if (value == "bitsandbytes" || value == "gguf" || value == "torchao" || value == "rtn") {
      line_.not_counted.push_back(flag + " " + value);
    }
  }

  void take_activations(const std::string& flag, const std::string& value) {
    if (value == "auto") return;
    activations_ = torch_type(value);
    if (!activations_) line_.not_counted.push_back(flag + " " + value);
  }

  void take_kv_cache(const std::string& flag, const std::string& value) {
    if (value == "auto") return;
    const auto type = cache_type(value);
    if (type) {
      set("--kv-cache-dtype", std::string(name(*type)));
    } else {
      line_.not_counted.push_back(flag + " " + value);
    }
  }

  void take_config_changes(const std::string& flag, const std::string& value) {
    const auto parsed = json::parse(value, flag);
    if (!parsed || parsed->kind != json::Kind::object) {
      faults_.push_back({flag, fmt::format("\"{}\" is no JSON object", shown(value)),
                         "write it as '{\"num_key_value_heads\": 8}', quotation marks included"});
      return;
    }
    add_config_changes(flag, "", *parsed);
  }

  void add_config_changes(const std::string& flag, const std::string& prefix,
                          const json::Value& object) {
    for (std::size_t i = 0; i < object.keys.size(); ++i) {
      const json::Value& value = object.items[i];
      const std::string key = prefix + object.keys[i];
      if (is_free_of_cost(object.keys[i])) continue;
      if (value.kind == json::Kind::object) {
        add_config_changes(flag, key + ".", value);
      } else if (value.kind == json::Kind::boolean) {
        set("--set", key + (value.boolean ? "=true" : "=false"));
      } else if (value.kind == json::Kind::number || value.kind == json::Kind::string) {
        set("--set", key + "=" + value.text);
      } else {
        line_.not_counted.push_back(flag + "." + key);
      }
    }
  }

  /// vLLM's PassConfig: fused communication stands on sequence parallelism.
  void take_compilation(const std::string& flag, const std::string& value) {
    const auto parsed = json::parse(value, flag);
    if (!parsed || parsed->kind != json::Kind::object) return;  // -O 3: a level, no part of a cost
    const json::Value* nested = parsed->find("pass_config");
    const auto is_on = [&](const std::string& key) {
      const json::Value* at = nested == nullptr ? nullptr : nested->find(key);
      if (at == nullptr) at = parsed->find("pass_config." + key);
      return at != nullptr && (at->boolean || at->text == "true" || at->text == "True");
    };
    if (is_on("enable_sp") || is_on("enable_sequence_parallelism")) shares_tokens();
    for (const char* fused : {"fuse_gemm_comms", "enable_async_tp"}) {
      if (!is_on(fused)) continue;
      shares_tokens();
      line_.not_counted.push_back(fmt::format("{} {}", flag, fused));
    }
  }
  void shares_tokens() {
    if (find("--sequence-parallel") == nullptr) set("--sequence-parallel", "true");
  }

  void take_speculation(const std::string& flag, const std::string& value) {
    const auto parsed = json::parse(value, flag);
    if (!parsed || parsed->kind != json::Kind::object) {
      faults_.push_back({flag, fmt::format("\"{}\" is no JSON object", shown(value)),
                         "write it as '{\"num_speculative_tokens\": 4}'"});
      return;
    }
    if (const json::Value* tokens = parsed->find("num_speculative_tokens")) {
      set("--num-speculative-tokens", tokens->text);
    }
    const json::Value* method = parsed->find("method");
    const json::Value* model = parsed->find("model");
    const bool drafts = method == nullptr || method->text == "draft_model";
    if (model != nullptr && drafts) set("--draft", model->text);
  }

  /// "auto" keeps the cache in the type that is computed in.
  void settle_types() {
    if (!activations_) return;
    const std::string type(name(*activations_));
    set("--activations", type);
    if (find("--kv-cache-dtype") == nullptr) set("--kv-cache-dtype", type);
    if (*activations_ == DataType::fp32 && find("--weights") == nullptr) set("--weights", type);
  }

  /// One option divided by the replicas: SGLang counts all of them once they share experts.
  void divide(std::string_view option, std::int64_t replicas) {
    std::string* value = find(option);
    const auto count = value == nullptr ? Result<std::int64_t>(0) : parse_count(*value, option);
    if (value == nullptr || !count) return;
    if (*count % replicas != 0 && option == "--tensor-parallel-size") {
      faults_.push_back({"--tp-size",
                         fmt::format("{} is no multiple of --dp-size {}, as "
                                     "--enable-dp-attention wants it",
                                     *count, replicas),
                         fmt::format("give a multiple of {}", replicas)});
      return;
    }
    *value = std::to_string(std::max<std::int64_t>(1, *count / replicas));
  }

  void settle_split() {
    if (!shares_experts_) return;
    if (line_.engine == Engine::tensorrt_llm) {
      // Every device of TP is a replica of attention.
      if (std::string* tensor = find("--tensor-parallel-size")) {
        const std::string replicas = std::exchange(*tensor, "1");
        set("--data-parallel-size", replicas);
      }
    } else if (const std::string* data = find("--data-parallel-size")) {
      const auto replicas = parse_count(*data, "--dp-size");
      if (!replicas) return;
      for (const std::string_view option :
           {"--tensor-parallel-size", "--max-num-seqs", "--max-num-batched-tokens"}) {
        divide(option, *replicas);
      }
    }
    // Without a size the experts are cut into slices over all devices: as many bytes on each.
    if (find("--expert-parallel-size") == nullptr) set("--enable-expert-parallel", "true");
  }

  std::vector<std::string> words_;
  std::size_t next_;
  ServeLine line_;
  Diagnostics faults_;
  std::optional<DataType> activations_;
  bool shares_experts_ = false;
  std::string eaten_;  ///< by a flag that is not known: perhaps the model
};

}  // namespace

Result<ServeLine> read_serve_line(const std::vector<std::string>& words) {
  const auto all = line_words(words);
  if (!all) return fail(all.error());
  if (all->empty()) {
    return fail("--", "nothing stands behind it", fmt::format("expected {}", kEngineHelp));
  }
  const auto start = find_engine(*all);
  if (!start) {
    return fail(fmt::format("\"{}\"", shown(all->front())), "starts no engine that is known",
                fmt::format("expected {}", kEngineHelp));
  }
  return LineReader(*all, *start).run();
}

}  // namespace ridgepoint::app
