// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/common_options.hpp"
#include "ridgepoint/core/names.hpp"
#include "ridgepoint/derive/derive.hpp"
#include "ridgepoint/report/derivation.hpp"

namespace ridgepoint::app {
namespace {

constexpr std::string_view kFormats = "text|md|latex|html|json";

std::string render(const derive::Derivation& derivation, const std::string& format,
                   const report::Terminal& terminal) {
  if (format == "md") return report::to_markdown(derivation);
  if (format == "latex") return report::to_latex(derivation);
  if (format == "html") return report::to_html(derivation);
  if (format == "json") return report::to_json(derivation);
  return report::to_text(derivation, terminal);
}

/// A sentence for every claim that the algebra could not prove.
std::vector<std::string> unproved_claims(const derive::Derivation& derivation) {
  std::vector<std::string> sentences;
  for (const auto& [section, claim] : derive::unproved(derivation.sections)) {
    sentences.push_back(fmt::format("{}: \"{}\" is {}", section->subject, claim->text,
                                    symbolic::to_text(claim->verdict)));
  }
  return sentences;
}

Result<Answer> run(const Arguments& arguments) {
  Faults faults;
  const std::string format = read_format(arguments, kFormats, faults);
  const report::Terminal terminal = read_terminal(arguments, faults);
  const auto device = read_device(arguments, faults);
  derive::Options options;
  if (read_choice(arguments, "--pairs", "full|causal", faults) == "causal") {
    options.pairs = cost::Pairs::causal;
  }
  if (faults) return fail(faults.all());

  const auto derivation = derive::derive(arguments.value("SUBJECT"), *device, options);
  if (!derivation) return fail(derivation.error());
  Answer answer{render(*derivation, format, terminal), unproved_claims(*derivation)};
  if (!answer.warnings.empty()) answer.exit_code = kInternalError;
  return answer;
}

std::string_view subjects_help() {
  static const std::string text = [] {
    std::string names;
    for (const std::string_view group : derive::groups()) names += std::string(group) + ", ";
    return names + "or all; or one section of them";
  }();
  return text;
}

}  // namespace

Verb derive_verb() {
  return {.name = "derive",
          .summary = "Audit FLOPs and bytes step by step, with limits, proofs and the verdict",
          .examples = {"ridgepoint derive matmul -d h100-sxm",
                       "ridgepoint derive all --format html --out derivations.html"},
          .positionals = {{"SUBJECT", subjects_help()}},
          .options = {kDeviceOption,
                      kSetDeviceOption,
                      {"--pairs", "full|causal", "which query-key pairs count", "full"},
                      format_option(kFormats),
                      kJsonOption,
                      kOutOption,
                      kColorOption},
          .run = run};
}

}  // namespace ridgepoint::app
