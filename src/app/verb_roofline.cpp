// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/deployment_options.hpp"
#include "ridgepoint/core/units.hpp"
#include "ridgepoint/predict/analysis.hpp"
#include "ridgepoint/report/roofline_report.hpp"

namespace ridgepoint::app {
namespace {

using predict::Phase;

constexpr std::string_view kFormats = "table|json|csv|md|html|svg";
constexpr std::string_view kPhases = "prefill|decode|both";

std::vector<Phase> read_phases(const Arguments& arguments, Faults& faults) {
  const std::string phase = read_choice(arguments, "--phase", kPhases, faults);
  if (phase == "prefill") return {Phase::prefill};
  if (phase == "decode") return {Phase::decode};
  return {Phase::prefill, Phase::decode};
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
  const auto precision = read_precision(arguments, model.value_or(model::Architecture{}), faults);
  if (faults) return fail(faults.all());

  const auto analysis =
      predict::analyse(*model, *device, {phases, *batch, *context, precision, *imbalance, split});
  if (!analysis) return fail(analysis.error());
  return Answer{render(*analysis, format, arguments.has("--explain"), terminal),
                context_warnings(*model, *context)};
}

std::vector<Option> options() {
  std::vector<Option> all{kDeviceOption};
  all.insert(all.end(), parallel_options().begin(), parallel_options().end());
  all.insert(all.end(), {{"--phase", kPhases, "which step", "both"},
                         {"-b,--batch", "N", "sequences in a step (of one replica)", "1"},
                         {"-s,--context", "N", "tokens of each sequence", "1024"},
                         kWeightsOption,
                         kActivationsOption,
                         kKvCacheOption,
                         kExpertImbalanceOption,
                         kSetOption,
                         kSetDeviceOption,
                         kExplainOption,
                         format_option(kFormats),
                         kJsonOption,
                         kOutOption,
                         kColorOption});
  return all;
}

}  // namespace

Verb roofline_verb() {
  return {
      .name = "roofline",
      .summary = "What every operator of a step costs, what limits it, and how fast the step is",
      .examples = {"ridgepoint roofline llama-2-13b -d h100-sxm --phase decode -b 64 -s 1024",
                   "ridgepoint roofline ./config.json -d h200-sxm --format html --out page.html"},
      .positionals = {kModelArgument},
      .options = options(),
      .run = run};
}

}  // namespace ridgepoint::app
