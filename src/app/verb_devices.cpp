// SPDX-License-Identifier: Apache-2.0
#include "app/tabular_answer.hpp"
#include "ridgepoint/catalog/catalog.hpp"

namespace ridgepoint::app {
namespace {

Result<Answer> run(const Arguments& arguments) {
  Faults faults;
  const std::string format = read_format(arguments, kTableFormats, faults);
  const report::Terminal terminal = read_terminal(arguments, faults);
  std::optional<hardware::Device> device;
  if (arguments.has("NAME")) {
    device = faults.take(catalog::find_device(arguments.value("NAME"), {}, "NAME"));
  }
  if (faults) return fail(faults.all());
  return device ? tabular_answer(*device, format, terminal)
                : tabular_answer(catalog::devices(), format, terminal);
}

}  // namespace

Verb devices_verb() {
  return {.name = "devices",
          .summary = "List the accelerators, or show one with the source of every figure",
          .examples = {"ridgepoint devices", "ridgepoint devices h100-sxm --json"},
          .positionals = {{"NAME", "a catalogue name or a device file", false}},
          .options = {format_option(kTableFormats), kJsonOption, kOutOption, kColorOption},
          .run = run};
}

}  // namespace ridgepoint::app
