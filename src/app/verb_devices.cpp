// SPDX-License-Identifier: Apache-2.0
#include "app/common_options.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/report/device_report.hpp"

namespace ridgepoint::app {
namespace {

constexpr std::string_view kFormats = "table|json|csv|md";

Result<Answer> show_one(const hardware::Device& device, const std::string& format,
                        const report::Terminal& terminal) {
  if (format == "json") return Answer{report::to_json(device), {}};
  if (format == "csv") return Answer{report::to_csv(device), {}};
  if (format == "md") return Answer{report::to_markdown(device), {}};
  return Answer{report::to_text(device, terminal), {}};
}

Result<Answer> show_all(const std::string& format, const report::Terminal& terminal) {
  const std::vector<hardware::Device> devices = catalog::devices();
  if (format == "json") return Answer{report::to_json(devices), {}};
  if (format == "csv") return Answer{report::to_csv(devices), {}};
  if (format == "md") return Answer{report::to_markdown(devices), {}};
  return Answer{report::to_text(devices, terminal), {}};
}

Result<Answer> run(const Arguments& arguments) {
  Faults faults;
  const std::string format = read_format(arguments, kFormats, faults);
  const report::Terminal terminal = read_terminal(arguments, faults);
  if (!arguments.has("NAME")) {
    if (faults) return fail(faults.all());
    return show_all(format, terminal);
  }
  const auto device = faults.take(catalog::find_device(arguments.value("NAME"), {}, "NAME"));
  if (faults) return fail(faults.all());
  return show_one(*device, format, terminal);
}

}  // namespace

Verb devices_verb() {
  return {.name = "devices",
          .summary = "List the accelerators, or show one with the source of every figure",
          .examples = {"ridgepoint devices", "ridgepoint devices h100-sxm --json"},
          .positionals = {{"NAME", "a catalogue name or a device file", false}},
          .options = {format_option(kFormats), kJsonOption, kOutOption, kColorOption},
          .run = run};
}

}  // namespace ridgepoint::app
