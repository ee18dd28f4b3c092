// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/estimate_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/answer_words.hpp"
#include "report/envelope.hpp"
#include "report/inputs_json.hpp"
#include "report/roofline_words.hpp"
#include "report/text.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using predict::Estimate;
using predict::Limit;
using predict::RequestTimes;

/// A figure of a request: how people and machines call it, and how it is shown.
struct Figure {
  const char* words;
  const char* unit;
  const char* key;
  double RequestTimes::* value;
  double scale;  ///< of what people see
};

constexpr std::array kFigures{
    Figure{"TTFT", "ms", "ttft_s", &RequestTimes::ttft_s, 1e3},
    Figure{"TPOT", "ms", "tpot_s", &RequestTimes::tpot_s, 1e3},
    Figure{"E2EL", "ms", "e2el_s", &RequestTimes::e2el_s, 1e3},
    Figure{"throughput", "tokens/s", "throughput_tokens_per_s",
           &RequestTimes::throughput_tokens_per_s, 1},
    Figure{"per user", "tokens/s", "per_user_tokens_per_s", &RequestTimes::per_user_tokens_per_s,
           1},
    Figure{"per device", "tokens/s", "per_device_tokens_per_s",
           &RequestTimes::per_device_tokens_per_s, 1},
    Figure{"MFU", "%", "mfu", &RequestTimes::mfu, 100},
    Figure{"MBU", "%", "mbu", &RequestTimes::mbu, 100},
    Figure{"energy", "J/token", "energy_j_per_token", &RequestTimes::energy_j_per_token, 1},
    Figure{"cost", "$/M tokens", "cost_per_million_tokens", &RequestTimes::cost_per_million_tokens,
           1}};

std::string headline(const Estimate& answer) {
  return model_on_device(answer.architecture, answer.device);
}

std::string setting(const Estimate& answer) {
  const auto& question = answer.question;
  const auto& split = question.execution.parallelism;
  return fmt::format("{}batch {}{}, {} tokens in, {} out",
                     split.devices() == 1
                         ? ""
                         : fmt::format("{} devices ({}), ", split.devices(), describe(split)),
                     format_integer(question.batch), split.data > 1 ? " on each replica" : "",
                     format_integer(question.input), format_integer(question.output));
}

std::string limit_sentence(const char* what, const Limit& limit) {
  return fmt::format("{} is {}; next would be {}, at {} % of that.", what, short_name(limit.by),
                     limit_word(limit.next), percent(limit.next_share));
}

/// A part of a time: how people and machines call it.
struct Part {
  const char* words;
  const char* key;
  double roofline::TimeParts::* value;
};

constexpr std::array kParts{
    Part{"compute", "compute_s", &roofline::TimeParts::compute_s},
    Part{"weights", "weights_s", &roofline::TimeParts::weights_s},
    Part{"the KV cache", "kv_cache_s", &roofline::TimeParts::kv_cache_s},
    Part{"state", "state_s", &roofline::TimeParts::state_s},
    Part{"activations", "activations_s", &roofline::TimeParts::activations_s},
    Part{"the network", "network_s", &roofline::TimeParts::network_s}};

/// "TPOT waits 71 % for weights, 24 % for the KV cache and 5 % for activations."
std::string parts_sentence(const char* what, const roofline::TimeParts& parts) {
  std::array<Part, kParts.size()> largest_first = kParts;
  std::stable_sort(largest_first.begin(), largest_first.end(),
                   [&](const Part& a, const Part& b) { return parts.*a.value > parts.*b.value; });
  std::vector<std::string> words;
  for (const Part& part : largest_first) {
    constexpr double kNoticeable = 0.01;
    const double share = parts.*part.value / parts.total_s();
    if (share < kNoticeable) continue;
    words.push_back(fmt::format("{:.0f} % for {}", 100 * share, part.words));
  }
  return fmt::format("{} waits {}.", what, joined(words));
}

Json parts_json(const roofline::TimeParts& parts) {
  Json out = Json::object();
  for (const Part& part : kParts) out[part.key] = parts.*part.value;
  return out;
}

std::string fit_sentence(const Estimate& answer) {
  const std::string most = format_integer(std::llround(answer.most_sequences));
  return answer.fits
             ? fmt::format("The batch fits: memory holds {} such sequences{}.", most,
                           answer.question.execution.parallelism.data > 1 ? " a replica" : "")
             : fmt::format(
                   "The batch does not fit: memory holds {} such sequences; `fit` tells "
                   "what would.",
                   most);
}

std::string steady_sentence(const Estimate& answer) {
  if (answer.has_encoder) return "Continuous batching: an encoder's prompts cannot be cut.";
  const auto& steady = answer.steady;
  const std::int64_t decodes = std::llround(steady.decodes);
  return fmt::format(
      "Continuous batching: {} {} and {} prompt tokens in a step{}{}.", format_integer(decodes),
      decodes == 1 ? "decode" : "decodes", format_integer(std::llround(steady.prompt_tokens)),
      steady.is_memory_limited ? ", as many as memory holds" : "",
      steady.is_prompt_limited ? ", all that max_num_batched_tokens has room for" : "");
}

std::vector<std::string> sentences(const Estimate& answer) {
  return {setting(answer),
          limit_sentence("TTFT", answer.ttft_limit),
          parts_sentence("TTFT", answer.ttft_parts),
          limit_sentence("TPOT", answer.tpot_limit),
          parts_sentence("TPOT", answer.tpot_parts),
          steady_sentence(answer),
          fit_sentence(answer)};
}

Table figure_table(const Estimate& answer) {
  Table table{
      {{"", "", Align::left, 0}, {"floor", "", Align::point, 0}, {"bound", "", Align::point, 0}},
      {},
      {}};
  if (!answer.has_encoder) {
    table.columns.push_back({"continuous: floor", "", Align::point, 1});
    table.columns.push_back({"bound", "", Align::point, 1});
  }
  table.columns.push_back({"unit", "", Align::left, 0});
  for (const Figure& figure : kFigures) {
    const auto cell = [&](const RequestTimes& times) {
      return Cell(format_number(figure.scale * times.*figure.value));
    };
    std::vector<Cell> row{Cell(figure.words), cell(answer.floor), cell(answer.bound)};
    if (!answer.has_encoder) {
      row.push_back(cell(answer.steady.floor));
      row.push_back(cell(answer.steady.bound));
    }
    row.emplace_back(figure.unit);
    table.rows.push_back(std::move(row));
  }
  return table;
}

Json times_json(const RequestTimes& times) {
  Json out = Json::object();
  for (const Figure& figure : kFigures) out[figure.key] = times.*figure.value;
  return out;
}

Json limit_json(const Limit& limit) {
  return {{"bound", name(limit.by)}, {"next", name(limit.next)}, {"next_share", limit.next_share}};
}

Json inputs(const Estimate& answer) {
  const auto& question = answer.question;
  Json inputs = deployment_inputs(answer.architecture, answer.device,
                                  question.execution.parallelism, question.execution.precision);
  inputs["input"] = question.input;
  inputs["output"] = question.output;
  inputs["batch"] = question.batch;
  inputs["context"] = answer.decode_context;
  inputs["max_num_batched_tokens"] = question.max_num_batched_tokens;
  inputs["expert_imbalance"] = json_number(question.execution.expert_imbalance);
  add_resolved(inputs, answer.architecture, answer.device);
  return inputs;
}

}  // namespace

std::string to_text(const Estimate& answer, const Terminal& terminal) {
  std::string out = bold(wrapped(headline(answer), terminal), terminal);
  for (const std::string& sentence : sentences(answer)) out += wrapped(sentence, terminal);
  out += "\n" + to_text(figure_table(answer), terminal) + "\n";
  return out + listed("Assumptions", answer.assumptions, terminal);
}

std::string to_explanation(const Estimate& answer, const Terminal& terminal) {
  const auto& question = answer.question;
  const auto time = [&](double seconds) {
    return format_time(Seconds(seconds), 4, terminal.charset);
  };
  const auto tokens = static_cast<double>(question.batch * question.output);
  const RequestTimes& bound = answer.bound;
  return listed(
      "Formulas, at the bound",
      {fmt::format("TTFT = Σ over the prefill steps = {}", time(bound.ttft_s)),
       fmt::format("TPOT = a decode step of {} at {} tokens = {}", format_integer(question.batch),
                   format_integer(answer.decode_context), time(bound.tpot_s)),
       fmt::format("E2EL = TTFT + (output − 1)·TPOT = {} + {}·{} = {}", time(bound.ttft_s),
                   question.output - 1, time(bound.tpot_s), time(bound.e2el_s)),
       fmt::format("throughput = replicas · batch · output / E2EL = {} · {} / {} = {} tokens/s",
                   question.execution.parallelism.data, format_number(tokens), time(bound.e2el_s),
                   format_number(bound.throughput_tokens_per_s)),
       "MFU = Σ(FLOPs / peak) / E2EL; MBU = compulsory bytes / (E2EL · bandwidth)",
       "`ridgepoint roofline` with the same options tells the steps operator by operator"},
      terminal);
}

std::string to_json(const Estimate& answer) {
  Json document = envelope("estimate", inputs(answer), answer.assumptions);
  document["floor"] = times_json(answer.floor);
  document["bound"] = times_json(answer.bound);
  document["limits"] = {{"ttft", limit_json(answer.ttft_limit)},
                        {"tpot", limit_json(answer.tpot_limit)}};
  document["parts"] = {{"ttft", parts_json(answer.ttft_parts)},
                       {"tpot", parts_json(answer.tpot_parts)}};
  document["continuous"] = {{"decodes", answer.steady.decodes},
                            {"prompt_tokens", answer.steady.prompt_tokens},
                            {"is_prompt_limited", answer.steady.is_prompt_limited},
                            {"is_memory_limited", answer.steady.is_memory_limited},
                            {"floor", times_json(answer.steady.floor)},
                            {"bound", times_json(answer.steady.bound)}};
  document["fits"] = answer.fits;
  document["most_sequences"] = answer.most_sequences;
  return dump(document);
}

std::string to_csv(const Estimate& answer) {
  Table table;
  table.columns.push_back({"reading", "", Align::left, 0});
  for (const Figure& figure : kFigures) table.columns.push_back({figure.key, "", Align::left, 0});
  const auto add = [&](const char* reading, const RequestTimes& times) {
    std::vector<Cell> row{Cell(reading)};
    for (const Figure& figure : kFigures) row.emplace_back(format_exact(times.*figure.value));
    table.rows.push_back(std::move(row));
  };
  add("floor", answer.floor);
  add("bound", answer.bound);
  add("continuous_floor", answer.steady.floor);
  add("continuous_bound", answer.steady.bound);
  return to_csv(table);
}

std::string to_markdown(const Estimate& answer) {
  return markdown_answer(headline(answer), escaped(sentences(answer)), figure_table(answer),
                         answer.assumptions);
}

}  // namespace ridgepoint::report
