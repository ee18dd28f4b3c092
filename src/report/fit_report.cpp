// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/fit_report.hpp"

#include <fmt/format.h>

#include "report/answer_words.hpp"
#include "report/band_words.hpp"
#include "report/fit_json.hpp"
#include "report/inputs_json.hpp"
#include "report/page_words.hpp"
#include "report/text.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/model/parameters.hpp"

namespace ridgepoint::report {
namespace {

using predict::MemoryFit;
using predict::StageMemory;

/// 0.9, 2, 0.5.
std::string plain(const Count& number) { return fmt::format("{:g}", number.to_double()); }
std::string gib(const Count& bytes) { return format_bytes(bytes.to_double()); }

double share(const Count& part, std::int64_t whole) {
  return part.to_double() / static_cast<double>(whole);
}

using Line = FactLine;

std::string placement(const MemoryFit& fit) {
  const auto& split = fit.question.parallelism;
  const std::string devices = fmt::format("{} × {}", split.devices(), device_title(fit.device));
  return split.devices() == 1 ? devices : fmt::format("{} ({})", devices, describe(split));
}

/// Whether a sequence keeps more the longer it gets.
bool keeps_tokens(const MemoryFit& fit) {
  return !model::kv_windows(fit.architecture, {1, 1}).empty();
}

Line fits_line(const MemoryFit& fit) {
  const StageMemory& stage = fit.stage();
  std::string words =
      fmt::format("{}: {} usable of each ({} of {} that the driver reports)", placement(fit),
                  gib(Count(fit.usable_bytes)), plain(fit.question.memory_utilization),
                  gib(Count(fit.capacity_bytes)));
  if (stage.kv_budget_bytes < Count(0)) {
    words += fmt::format("; {} too little before the first sequence",
                         gib(Count(0) - stage.kv_budget_bytes));
  } else if (fit.has_cache) {
    words += fmt::format(", {} {:.0f} % of it", keeps_tokens(fit) ? "KV cache gets" : "states get",
                         100 * share(stage.kv_budget_bytes, fit.usable_bytes));
  }
  return {fit.fits ? "fits" : "does not fit", words};
}

/// The formula of the bytes of a token, where one shape of cache has them all.
std::string token_formula(const MemoryFit& fit) {
  const auto& runs = fit.architecture.runs;
  const std::string element =
      plain(cost::scalar<Count>(byte_size(fit.question.precision.kv_cache))) + " B";
  const std::int64_t layers = num_hidden_layers(fit.architecture);
  const auto* attention = std::get_if<model::Attention>(&runs.front().mixer);
  const auto* mla = std::get_if<model::LatentAttention>(&runs.front().mixer);
  for (const model::LayerRun& run : runs) {
    if (!(run.mixer == runs.front().mixer) || run.cross_attention) return {};
  }
  if (mla != nullptr && !mla->indexer) {
    return fmt::format(" = {} layers · ({} + {}) · {}", layers, mla->kv_lora_rank,
                       mla->qk_rope_head_dim, element);
  }
  const bool is_plain = attention != nullptr && attention->has_keys && attention->has_cache &&
                        !attention->window && attention->value_width() == attention->head_dim;
  if (!is_plain) return {};
  const std::int64_t groups = attention->num_attention_heads / attention->num_key_value_heads;
  return fmt::format(" = 2 · {} layers · {} kv-heads · {} · {}{}", layers,
                     attention->num_key_value_heads, attention->head_dim, element,
                     groups > 1 ? fmt::format("   (GQA: {}× less than MHA)", groups) : "");
}

/// What each device of tensor parallelism keeps of a token, and how often it is there.
std::string share_words(const MemoryFit& fit) {
  const std::int64_t tensor = fit.question.parallelism.tensor;
  if (tensor == 1) return {};
  const ByteSize element = byte_size(fit.question.precision.kv_cache);
  const predict::Parallelism split{tensor, 1, 1, 1};
  const auto share = predict::device_shares(fit.architecture, split).front().model;
  const Count here = model::kv_bytes_per_token(share, element);
  const double copies = (Count(tensor) * here).to_double() /
                        model::kv_bytes_per_token(fit.architecture, element).to_double();
  return fmt::format(", {} on each device{}", gib(here),
                     copies > 1.001 ? fmt::format(", kept {:g} times over all", copies) : "");
}

std::vector<Line> cache_lines(const MemoryFit& fit) {
  const ByteSize element = byte_size(fit.question.precision.kv_cache);
  std::vector<Line> lines;
  for (const model::KvWindow& window : model::kv_windows(fit.architecture, element)) {
    const std::string tokens =
        window.tokens == 0 ? ""
                           : fmt::format(", the last {} tokens", format_integer(window.tokens));
    const std::string formula = lines.empty() ? token_formula(fit) : "";
    lines.push_back(
        {"KV/token",
         fmt::format("{}{}{}", gib(window.bytes_per_token),
                     formula.empty() ? fmt::format(" in {} layers", window.layers) : formula,
                     tokens)});
  }
  if (!lines.empty()) lines.front().words += share_words(fit);
  const Count state = model::state_bytes_per_sequence(fit.architecture);
  if (!(state == Count(0))) {
    lines.push_back({"state", fmt::format("{} of each sequence, however long", gib(state))});
  }
  return lines;
}

std::vector<Line> capacity_lines(const MemoryFit& fit) {
  if (!fit.has_cache) {
    return {{"sequences",
             "keep nothing between steps: any number, in batches of "
             "max_num_batched_tokens"}};
  }
  const auto& question = fit.question;
  return {{"capacity",
           fmt::format("{} tokens = {} blocks of {}{}", format_integer(fit.kv_capacity_tokens),
                       format_integer(fit.kv_blocks), question.block_size,
                       question.parallelism.data > 1
                           ? fmt::format(" on each of {} replicas", question.parallelism.data)
                           : "")},
          {"sequences", fmt::format("{} at full length {}   |   {} at mean length {}",
                                    format_number(fit.sequences_at_max_length),
                                    format_integer(question.max_model_len),
                                    format_number(fit.sequences_at_mean_length),
                                    format_integer(question.mean_length))}};
}

/// How fast all of them get their tokens.
std::vector<Line> speed_lines(const MemoryFit& fit) {
  if (!fit.full_step) return {};
  const predict::FullStep& step = *fit.full_step;
  const std::string bound = fmt::format("{} at the bound", format_time(Seconds(step.bound_s)));
  const double step_s = step.expected ? step.expected->whole.seconds : step.bound_s;
  return {
      {"speed", fmt::format("TPOT {}{}, with {} sequences of mean length decoding: {} tokens/s",
                            step.expected ? with_band(step.expected->whole) + " expected, " : "",
                            bound, format_integer(static_cast<std::int64_t>(step.sequences)),
                            format_number(step.sequences / step_s))}};
}

std::vector<Line> change_lines(const MemoryFit& fit) {
  std::vector<Line> lines;
  for (const predict::FitChange& change : fit.changes) {
    const std::string gain =
        fit.fits ? fmt::format("{}×", format_number(change.sequences / fit.sequences_at_max_length))
                 : "would fit";
    const char* first = fit.fits ? "for more" : "to fit";
    lines.push_back({lines.empty() ? first : "or",
                     fmt::format("{}: {}  [{}]", change.what, gain, change.options)});
  }
  if (!fit.fits && lines.empty()) {
    lines.push_back({"to fit", "no split of up to 1024 such devices would do"});
  }
  return lines;
}

std::vector<Line> summary(const MemoryFit& fit) {
  std::vector<Line> lines{fits_line(fit)};
  const auto add = [&](const std::vector<Line>& more) {
    lines.insert(lines.end(), more.begin(), more.end());
  };
  add(cache_lines(fit));
  add(capacity_lines(fit));
  add(speed_lines(fit));
  if (fit.smallest) {
    const std::string split = describe(fit.smallest->parallelism);
    lines.push_back(
        {"smallest", fit.smallest->devices == 1
                         ? split
                         : fmt::format("{} devices ({})", fit.smallest->devices, split)});
  }
  add(change_lines(fit));
  return lines;
}

Table memory_table(const MemoryFit& fit) {
  constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;
  Table table{{{"on each device of", "", Align::left, 0},
               {"layers", "", Align::right, 2},
               {"weights", "GiB", Align::point, 0},
               {"activations", "GiB", Align::point, 1},
               {"overhead", "GiB", Align::point, 1},
               {"left for sequences", "GiB", Align::point, 0},
               {"a full sequence", "GiB", Align::point, 0}},
              {},
              {}};
  for (std::size_t i = 0; i < fit.stages.size(); ++i) {
    const StageMemory& stage = fit.stages[i];
    const auto cell = [](const Count& bytes) {
      return Cell(format_number(bytes.to_double() / kGiB));
    };
    table.rows.push_back(
        {Cell(fit.stages.size() == 1 ? std::string("the model") : fmt::format("stage {}", i + 1)),
         Cell(format_integer(stage.layers)), cell(stage.weight_bytes), cell(stage.activation_bytes),
         cell(Count(fit.question.overhead_bytes)),
         stage.kv_budget_bytes < Count(0)
             ? Cell(format_number(stage.kv_budget_bytes.to_double() / kGiB), Tone::warning)
             : cell(stage.kv_budget_bytes),
         cell(stage.sequence_bytes)});
  }
  return table;
}

std::string headline(const MemoryFit& fit) { return model_on_device(fit.architecture, fit.device); }

Json inputs(const MemoryFit& fit) {
  const auto& question = fit.question;
  Json inputs =
      deployment_inputs(fit.architecture, fit.device, question.parallelism, question.precision);
  inputs["max_model_len"] = question.max_model_len;
  inputs["mean_length"] = question.mean_length;
  inputs["block_size"] = question.block_size;
  inputs["max_num_batched_tokens"] = question.max_num_batched_tokens;
  inputs["max_num_seqs"] = question.max_num_seqs;
  inputs["gpu_memory_utilization"] = question.memory_utilization.to_double();
  inputs["overhead_bytes"] = question.overhead_bytes;
  inputs["shared_prefix"] = question.shared_prefix;
  inputs["prefix_cache_hit_rate"] = question.prefix_hit_rate.to_double();
  add_engine(inputs, question.engine);
  add_resolved(inputs, fit.architecture, fit.device);
  return inputs;
}

}  // namespace

std::vector<FactLine> fit_lines(const MemoryFit& fit) { return summary(fit); }

Table fit_table(const MemoryFit& fit) { return memory_table(fit); }

std::string to_text(const MemoryFit& fit, const Terminal& terminal) {
  std::string out = bold(wrapped(headline(fit), terminal), terminal);
  constexpr std::size_t kColumn = 14;
  for (const Line& line : summary(fit)) {
    out += wrapped(fmt::format("{:<{}}{}", line.name, kColumn, line.words), terminal, kColumn);
  }
  out += "\n" + to_text(memory_table(fit), terminal) + "\n";
  return out + listed("Assumptions", fit.assumptions, terminal);
}

std::string to_explanation(const MemoryFit& fit, const Terminal& terminal) {
  const auto& question = fit.question;
  const StageMemory& stage = fit.stage();
  const auto bytes = [](const Count& count) {
    return format_integer(ceil(count).to_integer().value_or(0));
  };
  const bool is_reported = fit.device.reported_capacity_bytes.has_value();
  const std::string& source = is_reported ? fit.device.reported_capacity_bytes->source
                                          : fit.device.memory_capacity_bytes.source;
  const std::vector<std::string> lines{
      fmt::format("usable = {} · {} = {} B ({})", format_integer(fit.capacity_bytes),
                  plain(question.memory_utilization), format_integer(fit.usable_bytes), source),
      fmt::format(
          "KV budget = usable − weights − activations − overhead = {} − {} − {} − {} = {} B",
          format_integer(fit.usable_bytes), bytes(stage.weight_bytes),
          bytes(stage.activation_bytes), format_integer(question.overhead_bytes),
          bytes(stage.kv_budget_bytes)),
      fmt::format(
          "a sequence = state + Σ over layers b · min(length, window), in blocks of {}: {} B "
          "at {} tokens, {} B at {}",
          question.block_size, bytes(stage.sequence_bytes), format_integer(question.max_model_len),
          bytes(stage.mean_sequence_bytes), format_integer(question.mean_length)),
      fmt::format("sequences = (KV budget − shared prefix {} B) / a sequence · {} (replicas) = {}",
                  bytes(stage.prefix_bytes), question.parallelism.data,
                  format_number(fit.sequences_at_max_length)),
      "speed is that of one decode step; `ridgepoint estimate` tells of prompts too, and where "
      "expected times come from"};
  return listed("Formulas", lines, terminal);
}

std::string to_json(const MemoryFit& fit) {
  Json document = envelope("fit", inputs(fit), fit.assumptions);
  add_memory(document, fit);
  return dump(document);
}

std::string to_csv(const MemoryFit& fit) {
  Table table;
  for (const char* key : {"stage", "layers", "weight_bytes", "activation_bytes", "overhead_bytes",
                          "kv_budget_bytes", "sequence_bytes", "mean_sequence_bytes"}) {
    table.columns.push_back({key, "", Align::left, 0});
  }
  for (std::size_t i = 0; i < fit.stages.size(); ++i) {
    const StageMemory& stage = fit.stages[i];
    table.rows.push_back({fmt::format("{}", i + 1), fmt::format("{}", stage.layers),
                          exact(stage.weight_bytes), exact(stage.activation_bytes),
                          fmt::format("{}", fit.question.overhead_bytes),
                          exact(stage.kv_budget_bytes), exact(stage.sequence_bytes),
                          exact(stage.mean_sequence_bytes)});
  }
  return to_csv(table);
}

std::string to_markdown(const MemoryFit& fit) {
  std::vector<std::string> items;
  for (const Line& line : summary(fit)) {
    items.push_back(
        fmt::format("**{}** {}", escape_markdown(line.name), escape_markdown(line.words)));
  }
  return markdown_answer(headline(fit), items, memory_table(fit), fit.assumptions);
}

}  // namespace ridgepoint::report
