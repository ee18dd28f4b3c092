// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "app/deployment_options.hpp"
#include "app/deployment_questions.hpp"
#include "app/serve_line.hpp"
#include "app/serve_model.hpp"
#include "app/words.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/core/units.hpp"

namespace ridgepoint::app {
namespace {

using report::Engine;

/// TensorRT-LLM 1.3: KvCacheConfig.free_gpu_memory_fraction.
constexpr std::string_view kDefaultOfFree = "0.9";
constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;

const Option* find_option(const Verb& verb, std::string_view name) {
  for (const Option& option : verb.options) {
    if (option_name(option) == name) return &option;
  }
  return nullptr;
}

bool is_split(std::string_view option) {
  return option == "--tensor-parallel-size" || option == "--pipeline-parallel-size" ||
         option == "--data-parallel-size" || option == "--expert-parallel-size" ||
         option == "--enable-expert-parallel";
}

struct Choice {
  std::string_view option;
  std::string value;
};

struct Card {
  double gib = 0;
  bool is_a100 = false;
};

/// The memory of the device asked for, as the engines ask for it; nothing when it is not known.
std::optional<Card> card(const Verb& verb, const Arguments& arguments) {
  const Option* option = find_option(verb, "--device");
  if (option == nullptr) return std::nullopt;
  const auto device = catalog::find_device(
      arguments.has("--device") ? arguments.value("--device") : std::string(option->default_value));
  if (!device) return std::nullopt;
  const std::int64_t bytes = device->reported_capacity_bytes
                                 ? device->reported_capacity_bytes->value
                                 : device->memory_capacity_bytes.value;
  return Card{static_cast<double>(bytes) / kGiB, device->name.find("a100") != std::string::npos};
}

/// vLLM 0.21: EngineArgs.get_batch_defaults for its API server, and CacheConfig.
std::vector<Choice> vllm_choices(const std::optional<Card>& card) {
  constexpr double kLarge = 70;
  std::vector<Choice> choices{{"--gpu-memory-utilization", "0.92"}, {"--block-size", "16"}};
  if (!card) return choices;
  const bool is_large = card->gib >= kLarge && !card->is_a100;
  choices.push_back({"--max-num-batched-tokens", is_large ? "8192" : "2048"});
  choices.push_back({"--max-num-seqs", is_large ? "1024" : "256"});
  return choices;
}

/// SGLang 0.5: ServerArgs, the sizes by the memory of the device.
std::vector<Choice> sglang_choices(const std::optional<Card>& card) {
  std::vector<Choice> choices{{"--block-size", "1"}};
  if (!card) return choices;
  const char* chunk = "16384";
  if (card->gib < 35) {
    chunk = "2048";
  } else if (card->gib < 60) {
    chunk = "4096";
  } else if (card->gib < 160) {
    chunk = "8192";
  }
  choices.push_back({"--max-num-batched-tokens", chunk});
  return choices;
}

/// TensorRT-LLM 1.3: BuildConfig and KvCacheConfig.
std::vector<Choice> tensorrt_choices() {
  return {{"--max-num-seqs", "2048"}, {"--max-num-batched-tokens", "8192"}, {"--block-size", "32"}};
}

/// Whose choices these are.
std::string_view version(Engine engine) {
  switch (engine) {
    case Engine::vllm:
      return "vLLM 0.21";
    case Engine::sglang:
      return "SGLang 0.5";
    case Engine::tensorrt_llm:
      return "TensorRT-LLM 1.3";
  }
  return {};
}

std::vector<Choice> choices(const Verb& verb, const ServeLine& line, const Arguments& arguments) {
  switch (line.engine) {
    case Engine::vllm:
      return vllm_choices(card(verb, arguments));
    case Engine::sglang:
      return sglang_choices(card(verb, arguments));
    case Engine::tensorrt_llm:
      return tensorrt_choices();
  }
  return {};
}

/// Puts the settings of a line in, where the options before it are silent.
class Merger {
 public:
  Merger(const Verb& verb, Arguments& arguments)
      : verb_(verb), arguments_(arguments), given_(arguments) {}

  void take(const ServeLine& line) {
    for (const auto& [option, value] : line.settings) take_setting(option, value);
    take_engine(line.engine);
    take_weights();
    settle_sequence();
    // What is said before the line is said last, and so wins.
    if (!changes_.empty()) {
      for (const std::string& own : given_.values("--set")) changes_.push_back(own);
      arguments_.set("--set", changes_.front());
      for (std::size_t i = 1; i < changes_.size(); ++i) arguments_.add("--set", changes_[i]);
    }
    for (const Choice& choice : app::choices(verb_, line, arguments_)) take_choice(choice);
    note_memory(line);
  }

  std::vector<std::string> remarks(const ServeLine& line) const {
    std::vector<std::string> all = understood_;
    all.insert(all.end(), line.remarks.begin(), line.remarks.end());
    if (!line.not_understood.empty()) {
      all.push_back(fmt::format("not understood: {}; what it does is not in the answer",
                                fmt::join(line.not_understood, ", ")));
    }
    std::vector<std::string> uncounted = line.not_counted;
    uncounted.insert(uncounted.end(), uncounted_.begin(), uncounted_.end());
    if (!uncounted.empty()) {
      all.push_back(fmt::format("not counted: {}", fmt::join(uncounted, ", ")));
    }
    if (!overridden_.empty()) {
      all.push_back(fmt::format("what stands before -- is taken, not the line's {}",
                                fmt::join(overridden_, ", ")));
    }
    if (!assumed_.empty()) {
      all.push_back(
          fmt::format("{} is taken to choose {}", version(line.engine), fmt::join(assumed_, ", ")));
    }
    return all;
  }

 private:
  void take_setting(const std::string& option, const std::string& value) {
    const Option* own = find_option(verb_, option);
    if (option == "MODEL") {
      take_model(value);
    } else if (own == nullptr) {
      if (option == "--num-speculative-tokens") uncounted_.emplace_back("speculative decoding");
    } else if (option == "--set") {
      changes_.push_back(value);
    } else if (option == "--weights" && !given_.has(option)) {
      weights_ = value;
    } else if (option == "--draft" && !given_.has(option)) {
      const NamedModel model = known_model(value);
      arguments_.set(option, model.name);
      if (!model.remark.empty()) understood_.push_back(model.remark);
    } else if (given_.has(option) || (is_split(option) && splits_itself())) {
      const bool agrees = given_.value(option) == value;
      if (!agrees) overridden_.push_back(own->value.empty() ? option : option + " " + value);
    } else {
      arguments_.set(option, value);
    }
  }

  /// Where times are expected, those of the line's own engine.
  void take_engine(Engine engine) {
    if (find_option(verb_, "--enforce-eager") == nullptr) return;
    switch (engine) {
      case Engine::vllm:
        return take_setting("--engine", "vllm");
      case Engine::sglang:
        return take_setting("--engine", "sglang");
      case Engine::tensorrt_llm:
        return take_setting("--engine", "trtllm");
    }
  }

  void take_model(const std::string& value) {
    const auto& positionals = verb_.positionals;
    const bool has_model = !positionals.empty() && given_.has(positionals.front().name);
    if (has_model) {
      if (given_.value(positionals.front().name) != value) overridden_.push_back(value);
    } else if (!positionals.empty()) {
      const NamedModel model = known_model(value);
      arguments_.set(positionals.front().name, model.name);
      if (!model.remark.empty()) understood_.push_back(model.remark);
      if (weights_.empty()) weights_ = model.weights;
    }
  }

  /// vLLM turns the pass off where there is nothing to share the tokens with.
  void settle_sequence() {
    constexpr std::string_view kShares = "--sequence-parallel";
    const auto is_one = [&](std::string_view option) {
      return !arguments_.has(option) || arguments_.value(option) == "1";
    };
    const bool is_alone = is_one("--tensor-parallel-size") && is_one("--devices");
    if (is_alone && !given_.has(kShares)) arguments_.erase(kShares);
  }

  /// A checkpoint that is quantised already stays as it is stored.
  void take_weights() {
    if (weights_.empty() || verb_.positionals.empty()) return;
    const auto model = catalog::find_model(arguments_.value(verb_.positionals.front().name));
    if (!model || !model->quantization) arguments_.set("--weights", weights_);
  }

  /// SGLang and TensorRT-LLM measure memory in ways of their own.
  void note_memory(const ServeLine& line) {
    constexpr std::string_view kShare = "--gpu-memory-utilization";
    const Option* own = find_option(verb_, kShare);
    if (own == nullptr || given_.has(kShare) || line.memory_fraction) return;
    if (line.engine == Engine::tensorrt_llm) {
      assumed_.push_back(fmt::format("--free_gpu_memory_fraction {}", kDefaultOfFree));
    } else if (line.engine == Engine::sglang) {
      understood_.push_back(
          fmt::format("SGLang works its --mem-fraction-static out when it starts; {} {} is taken",
                      kShare, own->default_value));
    }
  }

  /// Whether the words before the line say how many devices there are.
  bool splits_itself() const { return given_.has("--devices"); }

  void take_choice(const Choice& choice) {
    const Option* own = find_option(verb_, choice.option);
    if (own == nullptr || arguments_.has(choice.option)) return;
    arguments_.set(choice.option, choice.value);
    if (!own->default_value.empty() && own->default_value != choice.value) {
      assumed_.push_back(fmt::format("{} {}", choice.option, choice.value));
    }
  }

  const Verb& verb_;
  Arguments& arguments_;
  const Arguments given_;
  std::vector<std::string> changes_;
  std::vector<std::string> understood_;
  std::string weights_;
  std::vector<std::string> overridden_;
  std::vector<std::string> uncounted_;
  std::vector<std::string> assumed_;
};

/// The share of all memory at which the KV cache gets what the fraction gives it.
std::optional<double> memory_share(const ServeLine& line, const predict::MemoryFit& fit) {
  const auto ratio =
      parse_ratio(line.memory_fraction.value_or(std::string(kDefaultOfFree)), "fraction", 0);
  if (!ratio) return std::nullopt;
  const double fraction = ratio->to_double();
  const auto capacity = static_cast<double>(fit.capacity_bytes);
  const predict::StageMemory& stage = fit.stage();
  const double weights = stage.weight_bytes.to_double();
  const double rest =
      stage.activation_bytes.to_double() + static_cast<double>(fit.question.overhead_bytes);
  if (line.engine == Engine::sglang) return fraction + rest / capacity;
  return (weights + rest + fraction * std::max(0.0, capacity - weights - rest)) / capacity;
}

}  // namespace

bool takes_serve_line(const Verb& verb) {
  return find_option(verb, "--tensor-parallel-size") != nullptr;
}

std::vector<std::string> take_serve_line(const Verb& verb, const ServeLine& line,
                                         Arguments& arguments) {
  Merger merger(verb, arguments);
  merger.take(line);
  return merger.remarks(line);
}

void settle_memory_fraction(const ServeLine& line, Arguments& arguments) {
  constexpr double kParts = 1000;
  Faults faults;
  Arguments filled = arguments;
  add_defaults(fit_verb(), filled);
  const auto model = read_model(filled, faults);
  const auto device = read_device(filled, faults);
  if (!model || !device) return;  // the verb says why
  const predict::FitQuestion question = read_fit_question(filled, *model, faults);
  if (faults) return;
  const auto fit = predict::fit(*model, *device, question);
  if (!fit) return;
  const auto share = memory_share(line, *fit);
  if (!share) return;
  const double rounded = std::min(std::round(*share * kParts) / kParts, 1.0);
  arguments.set("--gpu-memory-utilization", fmt::format("{:g}", rounded));
}

}  // namespace ridgepoint::app
