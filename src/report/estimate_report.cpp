// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/estimate_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/answer_words.hpp"
#include "report/disaggregation_words.hpp"
#include "report/envelope.hpp"
#include "report/inputs_json.hpp"
#include "report/page_words.hpp"
#include "report/request_figures.hpp"
#include "report/roofline_words.hpp"
#include "report/text.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using predict::Estimate;
using predict::Limit;
using predict::RequestTimes;

std::string headline(const Estimate& answer) {
  return model_on_device(answer.architecture, answer.device);
}

std::string setting(const Estimate& answer) {
  const auto& question = answer.question;
  const auto& split = question.execution.parallelism;
  const bool is_apart = answer.disaggregated.has_value();
  return fmt::format("{}batch {}{}, {} tokens in, {} out",
                     is_apart ? instances_words(answer) + ", "
                     : split.devices() == 1
                         ? ""
                         : fmt::format("{} devices ({}), ", split.devices(), describe(split)),
                     format_integer(question.batch), split.data > 1 ? " on each replica" : "",
                     format_integer(question.input), format_integer(question.output));
}

std::string limit_sentence(const char* what, const Limit& limit) {
  return fmt::format("{} is {}; next would be {}, at {} % of that.", what, short_name(limit.by),
                     limit_word(limit.next), percent(limit.next_share));
}

/// "TPOT waits 71 % for weights, 24 % for the KV cache and 5 % for activations."
std::string parts_sentence(const char* what, const roofline::TimeParts& parts) {
  std::array<TimePart, kTimeParts.size()> largest_first = kTimeParts;
  std::stable_sort(
      largest_first.begin(), largest_first.end(),
      [&](const TimePart& a, const TimePart& b) { return parts.*a.value > parts.*b.value; });
  std::vector<std::string> words;
  for (const TimePart& part : largest_first) {
    constexpr double kNoticeable = 0.01;
    const double share = parts.*part.value / parts.total_s();
    if (share < kNoticeable) continue;
    words.push_back(fmt::format("{:.0f} % for {}", 100 * share, part.words));
  }
  return fmt::format("{} waits {}.", what, joined(words));
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
  const auto& apart = answer.disaggregated;
  std::vector<std::string> all{
      setting(answer), limit_sentence("TTFT", apart ? apart->ttft_limit : answer.ttft_limit),
      parts_sentence("TTFT", apart ? apart->ttft_parts : answer.ttft_parts),
      limit_sentence("TPOT", answer.tpot_limit), parts_sentence("TPOT", answer.tpot_parts)};
  if (apart) {
    const auto more = disaggregation_sentences(answer);
    all.insert(all.end(), more.begin(), more.end());
  } else {
    all.push_back(steady_sentence(answer));
    all.push_back(fit_sentence(answer));
  }
  return all;
}

/// The figures of one way to serve, by both readings.
struct FigureColumns {
  const char* heading;  ///< before "floor"
  const RequestTimes* floor;
  const RequestTimes* bound;
};

std::vector<FigureColumns> figure_columns(const Estimate& answer) {
  std::vector<FigureColumns> all;
  if (const auto& apart = answer.disaggregated) {
    all.push_back({"", &apart->floor.times, &apart->bound.times});
    all.push_back({"one instance: ", &answer.steady.floor, &answer.steady.bound});
    return all;
  }
  all.push_back({"", &answer.floor, &answer.bound});
  if (!answer.has_encoder) {
    all.push_back({"continuous: ", &answer.steady.floor, &answer.steady.bound});
  }
  return all;
}

Table figure_table(const Estimate& answer) {
  const auto columns = figure_columns(answer);
  Table table{{{"", "", Align::left, 0}}, {}, {}};
  for (const FigureColumns& column : columns) {
    const int priority = &column == &columns.front() ? 0 : 1;
    table.columns.push_back({column.heading + std::string("floor"), "", Align::point, priority});
    table.columns.push_back({"bound", "", Align::point, priority});
  }
  table.columns.push_back({"unit", "", Align::left, 0});
  for (const RequestFigure& figure : kRequestFigures) {
    std::vector<Cell> row{Cell(figure.words)};
    for (const FigureColumns& column : columns) {
      for (const RequestTimes* times : {column.floor, column.bound}) {
        const double value = times->*figure.value;
        row.emplace_back(value > 0 ? format_number(figure.scale * value) : "–");
      }
    }
    row.emplace_back(figure.unit);
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// How the figures of one static batch follow from each other.
std::vector<std::string> static_formulas(const Estimate& answer, Charset charset) {
  const auto& question = answer.question;
  const auto time = [&](double seconds) { return format_time(Seconds(seconds), 4, charset); };
  const double tokens = static_cast<double>(question.batch) * static_cast<double>(question.output);
  const RequestTimes& bound = answer.bound;
  return {
      fmt::format("TTFT = Σ over the prefill steps = {}", time(bound.ttft_s)),
      fmt::format("TPOT = a decode step of {} at {} tokens = {}", format_integer(question.batch),
                  format_integer(answer.decode_context), time(bound.tpot_s)),
      fmt::format("E2EL = TTFT + (output − 1)·TPOT = {} + {}·{} = {}", time(bound.ttft_s),
                  question.output - 1, time(bound.tpot_s), time(bound.e2el_s)),
      fmt::format("throughput = replicas · batch · output / E2EL = {} · {} / {} = {} tokens/s",
                  question.execution.parallelism.data, format_number(tokens), time(bound.e2el_s),
                  format_number(bound.throughput_tokens_per_s)),
      "MFU = Σ(FLOPs / peak) / E2EL; MBU = compulsory bytes / (E2EL · bandwidth)"};
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
  inputs["block_size"] = question.memory.block_size;
  inputs["max_num_seqs"] = question.memory.max_num_seqs;
  inputs["gpu_memory_utilization"] = question.memory.memory_utilization.to_double();
  inputs["overhead_bytes"] = question.memory.overhead_bytes;
  inputs["prefix_cache_hit_rate"] = question.prefix_hit_rate.to_double();
  if (const auto& counts = question.disaggregation) {
    inputs["disaggregate"] =
        fmt::format("{}p{}d", counts->prefill_instances, counts->decode_instances);
  }
  inputs["expert_imbalance"] = json_number(question.execution.expert_imbalance);
  add_resolved(inputs, answer.architecture, answer.device);
  return inputs;
}

}  // namespace

std::vector<std::string> estimate_sentences(const Estimate& answer) { return sentences(answer); }

Table estimate_table(const Estimate& answer) { return figure_table(answer); }

std::string to_text(const Estimate& answer, const Terminal& terminal) {
  std::string out = bold(wrapped(headline(answer), terminal), terminal);
  for (const std::string& sentence : sentences(answer)) out += wrapped(sentence, terminal);
  out += "\n" + to_text(figure_table(answer), terminal) + "\n";
  return out + listed("Assumptions", answer.assumptions, terminal);
}

std::string to_explanation(const Estimate& answer, const Terminal& terminal) {
  std::vector<std::string> formulas = answer.disaggregated
                                          ? disaggregation_formulas(answer, terminal.charset)
                                          : static_formulas(answer, terminal.charset);
  formulas.emplace_back(
      "`ridgepoint roofline` with the same options tells the steps operator by operator");
  return listed("Formulas, at the bound", formulas, terminal);
}

std::string to_json(const Estimate& answer) {
  Json document = envelope("estimate", inputs(answer), answer.assumptions);
  document["floor"] = times_json(answer.floor);
  document["bound"] = times_json(answer.bound);
  if (answer.expected) document["expected"] = expected_json(*answer.expected);
  document["limits"] = limits_json(answer);
  document["parts"] = {{"ttft", parts_json(answer.ttft_parts)},
                       {"tpot", parts_json(answer.tpot_parts)}};
  document["continuous"] = {{"decodes", answer.steady.decodes},
                            {"prompt_tokens", answer.steady.prompt_tokens},
                            {"is_prompt_limited", answer.steady.is_prompt_limited},
                            {"is_memory_limited", answer.steady.is_memory_limited},
                            {"floor", times_json(answer.steady.floor)},
                            {"bound", times_json(answer.steady.bound)}};
  if (answer.steady.expected) {
    document["continuous"]["expected"] = expected_json(*answer.steady.expected);
  }
  if (answer.expected) document["expected_from"] = answer.sources;
  if (answer.disaggregated) document["disaggregated"] = disaggregated_json(answer);
  document["fits"] = answer.fits;
  document["most_sequences"] = answer.most_sequences;
  return dump(document);
}

std::string to_csv(const Estimate& answer) {
  Table table;
  table.columns.push_back({"reading", "", Align::left, 0});
  for (const RequestFigure& figure : kRequestFigures)
    table.columns.push_back({figure.key, "", Align::left, 0});
  const auto add = [&](const char* reading, const RequestTimes& times) {
    std::vector<Cell> row{Cell(reading)};
    for (const RequestFigure& figure : kRequestFigures)
      row.emplace_back(format_exact(times.*figure.value));
    table.rows.push_back(std::move(row));
  };
  add("floor", answer.floor);
  add("bound", answer.bound);
  add("continuous_floor", answer.steady.floor);
  add("continuous_bound", answer.steady.bound);
  if (const auto& apart = answer.disaggregated) {
    add("disaggregated_floor", apart->floor.times);
    add("disaggregated_bound", apart->bound.times);
  }
  return to_csv(table);
}

std::string to_markdown(const Estimate& answer) {
  return markdown_answer(headline(answer), escaped(sentences(answer)), figure_table(answer),
                         answer.assumptions);
}

}  // namespace ridgepoint::report
