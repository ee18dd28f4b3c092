// SPDX-License-Identifier: Apache-2.0
#include "app/tabular_answer.hpp"
#include "ridgepoint/core/numbers.hpp"
#include "ridgepoint/predict/statistics.hpp"

namespace ridgepoint::app {
namespace {

Result<Answer> run(const Arguments& arguments) {
  Faults faults;
  const std::string format = read_format(arguments, kTableFormats, faults);
  const report::Terminal terminal = read_terminal(arguments, faults);
  const auto model = read_model(arguments, faults);
  const auto device = read_device(arguments, faults);
  const auto context = read_size(arguments, "--context", faults);
  const auto batches = faults.take(parse_counts(arguments.value("--batch"), "--batch"));
  if (faults) return fail(faults.all());

  const auto statistics = predict::statistics(*model, *device, *context, *batches);
  if (!statistics) return fail(statistics.error());
  Answer answer = tabular_answer(*statistics, format, terminal);
  if (arguments.has("--explain"))
    answer.document += "\n" + report::to_explanation(*statistics, terminal);
  answer.warnings = context_warnings(*model, *context);
  return answer;
}

}  // namespace

Verb stats_verb() {
  return {
      .name = "stats",
      .summary = "Parameters, memory, latency and throughput of the whole model, the lecture's way",
      .examples = {"ridgepoint stats llama-2-13b -d h100-sxm -s 1024 -b 1,64,256",
                   "ridgepoint stats llama-2-13b -b 1..1024:x2 --set num_key_value_heads=8"},
      .positionals = {kModelArgument},
      .options = {kDeviceOption,
                  {"-b,--batch", "LIST", "sequences in a step: 1,64 or 1..256:x2", "1"},
                  {"-s,--context", "N", "tokens of each sequence", "1024"},
                  kSetOption,
                  kSetDeviceOption,
                  format_option(kTableFormats),
                  kJsonOption,
                  kOutOption,
                  kColorOption},
      .run = run};
}

}  // namespace ridgepoint::app
