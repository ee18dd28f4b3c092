// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/statistics_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/answer_words.hpp"
#include "report/envelope.hpp"
#include "report/inputs_json.hpp"
#include "report/text.hpp"
#include "ridgepoint/cost/transformer.hpp"
#include "ridgepoint/symbolic/expr.hpp"

namespace ridgepoint::report {
namespace {

using predict::Statistics;
using predict::StatisticsRow;

std::string subject(const Statistics& answer) {
  return model_on_device(answer.architecture, answer.device);
}

std::string gib(std::int64_t bytes) {
  return format_number(static_cast<double>(bytes) / (1024.0 * 1024.0 * 1024.0));
}

/// The model and what it costs, in sentences.
std::vector<std::string> headline(const Statistics& answer) {
  const auto capacity = static_cast<double>(answer.device.memory_capacity_bytes.value);
  return {
      fmt::format("context {} tokens, {}", format_integer(answer.context), name(answer.dtype)),
      fmt::format("{} parameters: {}; KV cache {} per sequence.", format_integer(answer.parameters),
                  format_bytes(static_cast<double>(answer.parameter_bytes)),
                  format_bytes(static_cast<double>(answer.kv_bytes_per_sequence))),
      answer.max_batch > 0
          ? fmt::format("At most batch {} fits {}.", format_integer(answer.max_batch),
                        format_bytes(capacity))
          : fmt::format("Not one sequence fits {} beside the weights.", format_bytes(capacity))};
}

Table figures(const Statistics& answer) {
  Table table{{{"batch", "", Align::right, 0},
               {"memory", "GiB", Align::point, 0},
               {"latency", "ms", Align::point, 0},
               {"throughput", "tokens/s", Align::right, 0},
               {"fits", "", Align::left, 0}},
              {},
              {}};
  for (const StatisticsRow& row : answer.rows) {
    table.rows.push_back({format_integer(row.batch), gib(row.memory_bytes),
                          format_number(row.latency_s * 1e3),
                          format_number(row.throughput_tokens_per_s),
                          row.fits ? Cell("yes") : Cell("no", Tone::warning)});
  }
  return table;
}

/// The lecture's formulas with letters in place of sizes.
cost::Transformer<symbolic::Expr> in_letters() {
  const auto letter = symbolic::Expr::symbol;
  return {letter("V"), letter("D"), letter("F"), letter("L"),
          letter("N"), letter("K"), letter("H"), letter("E")};
}

std::string letters_of(const Statistics& answer) {
  const model::LayerRun& run = answer.architecture.runs.front();
  const auto& attention = std::get<model::Attention>(run.mixer);
  const ByteSize size = byte_size(answer.dtype);
  return fmt::format(
      "V = {}, D = {}, F = {}, L = {}, N = {}, K = {}, H = {}, S = {}, E = {} bytes per element",
      answer.architecture.vocab_size, answer.architecture.hidden_size,
      std::get<model::Mlp>(run.feed_forward).intermediate_size, run.count,
      attention.num_attention_heads, attention.num_key_value_heads, attention.head_dim,
      answer.context,
      size.denominator == 1 ? fmt::format("{}", size.numerator)
                            : fmt::format("{}/{}", size.numerator, size.denominator));
}

}  // namespace

std::string to_text(const Statistics& answer, const Terminal& terminal) {
  std::string out = bold(wrapped(subject(answer), terminal), terminal);
  for (const std::string& sentence : headline(answer)) out += wrapped(sentence, terminal);
  out += "\n" + to_text(figures(answer), terminal) + "\n";
  return out + listed("Assumptions", answer.assumptions, terminal);
}

std::string to_explanation(const Statistics& answer, const Terminal& terminal) {
  using symbolic::Expr;
  const auto model = in_letters();
  const Expr batch = Expr::symbol("B");
  const Expr context = Expr::symbol("S");
  const Expr bandwidth = Expr::symbol("bandwidth");
  const auto bytes_per_s = answer.device.memory_bandwidth;
  std::vector<std::string> lines{
      fmt::format("parameters = {} = {}", to_text(model.parameters()),
                  format_integer(answer.parameters)),
      fmt::format("KV cache of a sequence = {} = {} B",
                  to_text(model.kv_bytes_per_sequence(context)),
                  format_integer(answer.kv_bytes_per_sequence)),
      "memory = B * KV cache of a sequence + parameters * E",
      fmt::format("latency = memory / bandwidth; bandwidth = {} ({})",
                  format_bandwidth(bytes_per_s.value), bytes_per_s.source),
      "throughput = B / latency"};
  for (const StatisticsRow& row : answer.rows) {
    lines.push_back(fmt::format(
        "B = {0}: memory = {0}·{1} + {2} = {3} B; latency = {4}; throughput = {5} tokens/s",
        row.batch, answer.kv_bytes_per_sequence, answer.parameter_bytes,
        format_integer(row.memory_bytes), format_time(Seconds(row.latency_s), 3, terminal.charset),
        format_number(row.throughput_tokens_per_s)));
  }
  return listed("Formulas", lines, terminal) + wrapped(letters_of(answer), terminal);
}

std::string to_json(const Statistics& answer) {
  Json batches = Json::array();
  Json rows = Json::array();
  for (const StatisticsRow& row : answer.rows) {
    batches.push_back(row.batch);
    rows.push_back({{"batch", row.batch},
                    {"memory_bytes", row.memory_bytes},
                    {"latency_s", row.latency_s},
                    {"throughput_tokens_per_s", row.throughput_tokens_per_s},
                    {"fits", row.fits}});
  }
  Json inputs{{"model", answer.architecture.name}, {"model_origin", answer.architecture.origin},
              {"device", answer.device.name},      {"device_origin", answer.device.origin},
              {"batch", std::move(batches)},       {"context", answer.context},
              {"dtype", name(answer.dtype)}};
  add_resolved(inputs, answer.architecture, answer.device);
  Json document = envelope("stats", std::move(inputs), answer.assumptions);
  document["parameters"] = answer.parameters;
  document["parameter_bytes"] = answer.parameter_bytes;
  document["kv_bytes_per_sequence"] = answer.kv_bytes_per_sequence;
  document["rows"] = std::move(rows);
  document["max_batch"] = answer.max_batch;
  return dump(document);
}

std::string to_csv(const Statistics& answer) {
  Table table;
  for (const char* key :
       {"batch", "memory_bytes", "latency_s", "throughput_tokens_per_s", "fits"}) {
    table.columns.push_back({key, "", Align::left, 0});
  }
  for (const StatisticsRow& row : answer.rows) {
    table.rows.push_back({fmt::format("{}", row.batch), fmt::format("{}", row.memory_bytes),
                          format_exact(row.latency_s), format_exact(row.throughput_tokens_per_s),
                          row.fits ? "true" : "false"});
  }
  return to_csv(table);
}

std::string to_markdown(const Statistics& answer) {
  return markdown_answer(subject(answer), escaped(headline(answer)), figures(answer),
                         answer.assumptions);
}

}  // namespace ridgepoint::report
