// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/estimate_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/answer_words.hpp"
#include "report/band_words.hpp"
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
using predict::ExpectedRequest;
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

/// "llama-3.2-1b proposes 4 tokens at a time: a check yields 3.36."
std::string speculation_sentence(const Estimate& answer) {
  if (!answer.speculation) return {};
  const predict::SpeculativeDecoding& decoding = answer.question.speculation;
  return fmt::format("{} {} tokens at a time, accepted with {:g}: a check yields {}.",
                     decoding.draft ? decoding.draft->name + " proposes" : "Heads propose",
                     decoding.proposed, decoding.acceptance,
                     format_number(answer.speculation->tokens));
}

std::string steady_sentence(const Estimate& answer) {
  if (answer.speculation) return "Continuous batching is not told with speculation yet.";
  if (answer.has_encoder) return "Continuous batching: an encoder's prompts cannot be cut.";
  const auto& steady = answer.steady;
  const std::int64_t decodes = std::llround(steady.decodes);
  return fmt::format(
      "Continuous batching: {} {} and {} prompt tokens in a step{}{}.", format_integer(decodes),
      decodes == 1 ? "decode" : "decodes", format_integer(std::llround(steady.prompt_tokens)),
      steady.is_memory_limited ? ", as many as memory holds" : "",
      steady.is_prompt_limited ? ", all that max_num_batched_tokens has room for" : "");
}

/// "Expected: TTFT 45.2 ms (43.0–47.9), …": of the instances apart, where they are.
std::string expected_sentence(const Estimate& answer) {
  const ExpectedRequest* expected = expected_of(answer);
  if (expected == nullptr) return {};
  const auto words = [&](const char* name, double RequestTimes::* figure,
                         const predict::ExpectedTime& part) {
    const std::string remark = unmeasured_words(part);
    const efficiency::Expected time{expected->times.*figure, expected->fast.*figure,
                                    expected->slow.*figure};
    return fmt::format("{} {}{}", name, with_band(time), remark.empty() ? "" : ", " + remark);
  };
  return fmt::format(
      "Expected, 80 % band in brackets: {}, {}, {} tokens/s ({}); the bound is {} and {}.",
      words("TTFT", &RequestTimes::ttft_s, expected->ttft),
      words("TPOT", &RequestTimes::tpot_s, expected->tpot),
      format_number(expected->times.throughput_tokens_per_s),
      band_words(expected->slow.throughput_tokens_per_s, expected->fast.throughput_tokens_per_s,
                 Scale{"", 1}),
      format_time(Seconds(bound_of(answer).ttft_s)), format_time(Seconds(bound_of(answer).tpot_s)));
}

std::vector<std::string> sentences(const Estimate& answer) {
  const auto& apart = answer.disaggregated;
  std::vector<std::string> all{
      setting(answer),
      speculation_sentence(answer),
      expected_sentence(answer),
      limit_sentence("TTFT", apart ? apart->ttft_limit : answer.ttft_limit),
      parts_sentence("TTFT", apart ? apart->ttft_parts : answer.ttft_parts),
      limit_sentence("TPOT", answer.tpot_limit),
      parts_sentence("TPOT", answer.tpot_parts)};
  if (apart) {
    const auto more = disaggregation_sentences(answer);
    all.insert(all.end(), more.begin(), more.end());
  } else {
    all.push_back(steady_sentence(answer));
    all.push_back(fit_sentence(answer));
  }
  std::erase(all, "");
  return all;
}

/// One way to serve, by all readings.
struct Service {
  const char* name;
  const RequestTimes* floor;
  const RequestTimes* bound;
  const ExpectedRequest* expected;  ///< null without a calibration
};

const ExpectedRequest* address(const std::optional<ExpectedRequest>& expected) {
  return expected ? &*expected : nullptr;
}

std::vector<Service> services(const Estimate& answer) {
  const auto& steady = answer.steady;
  const ExpectedRequest* of_steady = address(steady.expected);
  if (const auto& apart = answer.disaggregated) {
    return {{"instances apart", &apart->floor.times, &apart->bound.times,
             apart->expected ? &apart->expected->request : nullptr},
            {"one instance, continuous batching", &steady.floor, &steady.bound, of_steady}};
  }
  std::vector<Service> all{
      {"static batch", &answer.floor, &answer.bound, address(answer.expected)}};
  if (answer.has_steady_state()) {
    all.push_back({"continuous batching", &steady.floor, &steady.bound, of_steady});
  }
  return all;
}

Table figure_table(const Service& service) {
  const ExpectedRequest* expected = service.expected;
  Table table{{{service.name, "", Align::left, 0},
               {"floor", "", Align::point, 0},
               {"bound", "", Align::point, 0}},
              {},
              {}};
  if (expected != nullptr) {
    table.columns.push_back({"expected", "", Align::point, 0});
    table.columns.push_back({"80 % band", "", Align::right, 0});
  }
  table.columns.push_back({"unit", "", Align::left, 0});
  for (const RequestFigure& figure : kRequestFigures) {
    std::vector<Cell> row{Cell(figure.words)};
    const auto add = [&](double value) {
      row.emplace_back(value > 0 ? format_number(figure.scale * value) : "–");
    };
    add(service.floor->*figure.value);
    add(service.bound->*figure.value);
    if (expected != nullptr) {
      add(expected->times.*figure.value);
      row.emplace_back(figure_band(figure, *expected));
    }
    row.emplace_back(figure.unit);
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string source_words(const predict::ExpectedSource& source) {
  std::string words = fmt::format("{}: {}", joined(source.operators), source.kernel);
  if (source.tpot_share > 0) {
    words += fmt::format("; {} % of TPOT's kernels", percent(source.tpot_share));
  }
  if (source.ttft_share > 0) {
    words += fmt::format("; {} % of TTFT's kernels", percent(source.ttft_share));
  }
  return words;
}

std::string tpot_formula(const Estimate& answer, Charset charset) {
  const auto time = [&](double seconds) { return format_time(Seconds(seconds), 4, charset); };
  const std::string tpot = time(answer.bound.tpot_s);
  if (const auto& round = answer.speculation) {
    return fmt::format("TPOT = (propose + check) / tokens of a check = ({} + {}) / {} = {}",
                       time(round->propose_s), time(round->check_s),
                       format_number(round->tokens, 4), tpot);
  }
  return fmt::format("TPOT = a decode step of {} at {} tokens = {}",
                     format_integer(answer.question.batch), format_integer(answer.decode_context),
                     tpot);
}

/// How the figures of one static batch follow from each other.
std::vector<std::string> static_formulas(const Estimate& answer, Charset charset) {
  const auto& question = answer.question;
  const auto time = [&](double seconds) { return format_time(Seconds(seconds), 4, charset); };
  const double tokens = static_cast<double>(question.batch) * static_cast<double>(question.output);
  const RequestTimes& bound = answer.bound;
  return {fmt::format("TTFT = Σ over the prefill steps = {}", time(bound.ttft_s)),
          tpot_formula(answer, charset),
          fmt::format("E2EL = TTFT + (output − 1)·TPOT = {} + {}·{} = {}", time(bound.ttft_s),
                      question.output - 1, time(bound.tpot_s), time(bound.e2el_s)),
          fmt::format("throughput = replicas · batch · output / E2EL = {} · {} / {} = {} tokens/s",
                      question.execution.parallelism.data, format_number(tokens),
                      time(bound.e2el_s), format_number(bound.throughput_tokens_per_s)),
          "MFU = Σ(FLOPs / peak) / E2EL; MBU = compulsory bytes / (E2EL · bandwidth)"};
}

Json continuous_json(const Estimate& answer) {
  const auto& steady = answer.steady;
  Json json = {{"decodes", steady.decodes},
               {"prompt_tokens", steady.prompt_tokens},
               {"is_prompt_limited", steady.is_prompt_limited},
               {"is_memory_limited", steady.is_memory_limited},
               {"floor", times_json(steady.floor)},
               {"bound", times_json(steady.bound)}};
  if (steady.expected) json["expected"] = expected_json(*steady.expected);
  return json;
}

}  // namespace

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

Json estimate_inputs(const Estimate& answer) {
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
  if (answer.speculation) add_speculation(inputs, question.speculation);
  inputs["expert_imbalance"] = json_number(question.execution.expert_imbalance);
  add_engine(inputs, question.execution.engine);
  add_resolved(inputs, answer.architecture, answer.device);
  return inputs;
}

std::vector<std::string> estimate_sentences(const Estimate& answer) { return sentences(answer); }

std::vector<std::string> expected_lines(const Estimate& answer, Charset charset) {
  std::vector<std::string> lines;
  const auto add = [&](const char* what, const ExpectedRequest& expected) {
    lines.push_back(fmt::format("{}, TTFT {} = {}", what, with_band(expected.ttft.whole),
                                composition_words(expected.ttft, charset)));
    lines.push_back(fmt::format("{}, TPOT {}; a decode step = {}", what,
                                with_band(expected.tpot.whole),
                                composition_words(expected.tpot, charset)));
  };
  for (const Service& service : services(answer)) {
    if (service.expected != nullptr) add(service.name, *service.expected);
  }
  for (const predict::ExpectedSource& source : answer.sources)
    lines.push_back(source_words(source));
  return lines;
}

std::vector<Table> estimate_tables(const Estimate& answer) {
  std::vector<Table> tables;
  for (const Service& service : services(answer)) tables.push_back(figure_table(service));
  return tables;
}

std::string to_text(const Estimate& answer, const Terminal& terminal) {
  std::string out = bold(wrapped(headline(answer), terminal), terminal);
  for (const std::string& sentence : sentences(answer)) out += wrapped(sentence, terminal);
  for (const Table& table : estimate_tables(answer)) out += "\n" + to_text(table, terminal);
  return out + "\n" + listed("Assumptions", answer.assumptions, terminal);
}

std::string to_explanation(const Estimate& answer, const Terminal& terminal) {
  std::vector<std::string> formulas = answer.disaggregated
                                          ? disaggregation_formulas(answer, terminal.charset)
                                          : static_formulas(answer, terminal.charset);
  formulas.emplace_back(
      "`ridgepoint roofline` with the same options tells the steps operator by operator");
  const std::string out = listed("Formulas, at the bound", formulas, terminal);
  const auto lines = expected_lines(answer, terminal.charset);
  if (lines.empty()) return out;
  return out + "\n" +
         listed("Expected times: what they are made of, and the rows they rest on", lines,
                terminal);
}

std::string to_json(const Estimate& answer) {
  Json document = envelope("estimate", estimate_inputs(answer), answer.assumptions);
  document["floor"] = times_json(answer.floor);
  document["bound"] = times_json(answer.bound);
  if (answer.expected) document["expected"] = expected_json(*answer.expected);
  document["limits"] = limits_json(answer);
  document["parts"] = {{"ttft", parts_json(answer.ttft_parts)},
                       {"tpot", parts_json(answer.tpot_parts)}};
  if (answer.speculation) {
    document["speculation"] = {{"tokens_per_step", answer.speculation->tokens},
                               {"propose_s", answer.speculation->propose_s},
                               {"check_s", answer.speculation->check_s}};
  } else {
    document["continuous"] = continuous_json(answer);
  }
  if (answer.expected) document["expected_from"] = sources_json(answer.sources);
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
  const auto add = [&](const std::string& reading, const RequestTimes& times) {
    std::vector<Cell> row{Cell(reading)};
    for (const RequestFigure& figure : kRequestFigures)
      row.emplace_back(format_exact(times.*figure.value));
    table.rows.push_back(std::move(row));
  };
  const auto add_all = [&](const std::string& prefix, const Service& service) {
    add(prefix + "floor", *service.floor);
    add(prefix + "bound", *service.bound);
    if (service.expected == nullptr) return;
    add(prefix + "expected", service.expected->times);
    add(prefix + "expected_fast", service.expected->fast);
    add(prefix + "expected_slow", service.expected->slow);
  };
  const auto& steady = answer.steady;
  add_all("", {"", &answer.floor, &answer.bound, address(answer.expected)});
  if (!answer.speculation)
    add_all("continuous_", {"", &steady.floor, &steady.bound, address(steady.expected)});
  if (answer.disaggregated) add_all("disaggregated_", services(answer).front());
  return to_csv(table);
}

std::string to_markdown(const Estimate& answer) {
  return markdown_answer(headline(answer), escaped(sentences(answer)), estimate_tables(answer),
                         answer.assumptions);
}

}  // namespace ridgepoint::report
