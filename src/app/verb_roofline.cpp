// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "app/calibration_options.hpp"
#include "app/deployment_options.hpp"
#include "ridgepoint/core/units.hpp"
#include "ridgepoint/predict/analysis.hpp"
#include "ridgepoint/report/roofline_report.hpp"

namespace ridgepoint::app {
namespace {

using predict::Phase;

constexpr std::string_view kFormats = "table|json|csv|md|html|svg";
constexpr std::string_view kPhases = "prefill|decode|both|mixed";

std::vector<Phase> read_phases(const Arguments& arguments, Faults& faults) {
  const std::string phase = read_choice(arguments, "--phase", kPhases, faults);
  const bool has_chunk = arguments.has("--chunk") || arguments.has("--chunk-context");
  if (has_chunk && (phase == "prefill" || phase == "decode")) {
    faults.add("--chunk", fmt::format("a {} step has no chunk beside it", phase),
               "--phase mixed decodes and works on a chunk of a prompt");
  }
  if (has_chunk || phase == "mixed") return {Phase::mixed};
  if (phase == "prefill") return {Phase::prefill};
  if (phase == "decode") return {Phase::decode};
  return {Phase::prefill, Phase::decode};
}

/// Without a context the first chunk of its prompt.
predict::PromptChunk read_chunk(const Arguments& arguments, Faults& faults) {
  predict::PromptChunk chunk;
  const auto read = [&](std::string_view option, std::int64_t fallback) {
    if (!arguments.has(option)) return fallback;
    return read_size(arguments, option, faults).value_or(fallback);
  };
  chunk.tokens = read("--chunk", chunk.tokens);
  chunk.context = read("--chunk-context", chunk.tokens);
  return chunk;
}

/// Counted from 1, as `fit` counts stages.
std::optional<std::int64_t> read_stage(const Arguments& arguments, Faults& faults) {
  if (!arguments.has("--stage")) return std::nullopt;
  const auto number = read_size(arguments, "--stage", faults);
  if (!number) return std::nullopt;
  return *number - 1;
}

std::string render(const predict::Analysis& analysis, const std::string& format, bool explain,
                   const report::Terminal& terminal) {
  if (format == "json") return report::to_json(analysis);
  if (format == "csv") return report::to_csv(analysis);
  if (format == "md") return report::to_markdown(analysis);
  if (format == "html") return report::to_html(analysis);
  if (format == "svg") return report::to_svg(analysis);
  std::string text = report::to_text(analysis, terminal);
  if (explain) text += "\n" + report::to_explanation(analysis, terminal);
  return text;
}

Result<Answer> run(const Arguments& arguments) {
  Faults faults;
  const std::string format = read_format(arguments, kFormats, faults);
  const report::Terminal terminal = read_terminal(arguments, faults);
  const auto model = read_model(arguments, faults);
  const auto device = read_device(arguments, faults);
  const auto phases = read_phases(arguments, faults);
  const auto batch = read_size(arguments, "--batch", faults);
  const auto context = read_size(arguments, "--context", faults);
  const auto imbalance =
      faults.take(parse_ratio(arguments.value("--expert-imbalance"), "--expert-imbalance", 1));
  const auto split = read_parallelism(arguments, model.value_or(model::Architecture{}), faults);
  const auto stage = read_stage(arguments, faults);
  const auto chunk = read_chunk(arguments, faults);
  const auto precision = read_precision(arguments, model.value_or(model::Architecture{}), faults);
  const auto engine = read_engine(arguments, faults);
  const auto calibration = device ? read_calibration(arguments, *device, faults) : nullptr;
  if (faults) return fail(faults.all());

  const auto analysis = predict::analyse(
      *model, *device,
      {phases, *batch, *context, precision, *imbalance, split, stage, chunk, engine, calibration});
  if (!analysis) return fail(analysis.error());
  const std::int64_t longest = arguments.has("--chunk-context") ? chunk.context : 0;
  return Answer{render(*analysis, format, arguments.has("--explain"), terminal),
                context_warnings(*model, std::max(*context, longest))};
}

std::vector<Option> options() {
  return joined_options(
      {{kDeviceOption},
       parallel_options(),
       {{"--phase", kPhases, "which step", "both"},
        {"--stage", "N", "of the pipeline, from 1 (default: the slowest)", ""},
        {"-b,--batch", "N", "sequences in a step (of one replica)", "1"},
        {"-s,--context", "N", "tokens of each sequence", "1024"},
        {"--chunk", "N", "mixed: new tokens of a prompt beside the decodes (512)", ""},
        {"--chunk-context", "N", "mixed: tokens of that prompt so far, these included", ""}},
       precision_options(),
       {kExpertImbalanceOption},
       calibration_options(),
       answer_options(kFormats)});
}

}  // namespace

Verb roofline_verb() {
  return {
      .name = "roofline",
      .summary = "What every operator of a step costs, what limits it, and how fast the step is",
      .examples = {"ridgepoint roofline llama-2-13b -d h100-sxm --phase decode -b 64 -s 1024",
                   "ridgepoint roofline llama-3.3-70b -d h100-sxm -tp 8 --phase mixed --chunk 512 "
                   "-b 64 -s 4096",
                   "ridgepoint roofline ./config.json -d h200-sxm --format html --out page.html"},
      .positionals = {kModelArgument},
      .options = options(),
      .run = run};
}

}  // namespace ridgepoint::app
