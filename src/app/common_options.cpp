// SPDX-License-Identifier: Apache-2.0
#include "app/common_options.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/core/names.hpp"
#include "ridgepoint/core/units.hpp"
#include "ridgepoint/distribute/ranks.hpp"

namespace ridgepoint::app {
namespace {

Overrides read_overrides(const Arguments& arguments, std::string_view option, Faults& faults) {
  Overrides overrides;
  for (const std::string& text : arguments.values(option)) {
    if (auto one = faults.take(parse_override(text, option))) overrides.push_back(std::move(*one));
  }
  return overrides;
}

std::vector<std::string> split_choices(std::string_view choices) {
  std::vector<std::string> all;
  while (!choices.empty()) {
    const std::size_t bar = std::min(choices.find('|'), choices.size());
    all.emplace_back(choices.substr(0, bar));
    choices.remove_prefix(std::min(bar + 1, choices.size()));
  }
  return all;
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = normalized(environment(name));
    if (!value.empty()) return value.find("utf8") != std::string::npos;
  }
  return false;
}

int terminal_width() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace

std::optional<model::Architecture> read_model(const Arguments& arguments, Faults& faults,
                                              std::string_view positional) {
  const Overrides overrides = read_overrides(arguments, "--set", faults);
  return faults.take(catalog::find_model(arguments.value(positional), overrides, positional));
}

std::optional<hardware::Device> read_device(const Arguments& arguments, Faults& faults) {
  const Overrides overrides = read_overrides(arguments, "--set-device", faults);
  return faults.take(catalog::find_device(arguments.value("--device"), overrides));
}

std::optional<std::int64_t> read_size(const Arguments& arguments, std::string_view option,
                                      Faults& faults) {
  return faults.take(parse_count(arguments.value(option), option));
}

std::string read_choice(const Arguments& arguments, std::string_view option,
                        std::string_view choices, Faults& faults) {
  const std::vector<std::string> all = split_choices(choices);
  const std::string value = arguments.value(option);
  if (std::find(all.begin(), all.end(), value) == all.end()) {
    faults.add(std::string(option), fmt::format("\"{}\" is none of {}", value, choices),
               did_you_mean(value, all));
  }
  return value;
}

Option format_option(std::string_view formats) {
  return {"--format", formats, "form of the answer", formats.substr(0, formats.find('|'))};
}

std::vector<Option> answer_options(std::string_view formats) {
  return {kSetOption,  kSetDeviceOption, kExplainOption, format_option(formats),
          kJsonOption, kOutOption,       kColorOption};
}

std::string read_format(const Arguments& arguments, std::string_view formats, Faults& faults) {
  if (arguments.has("--json")) return "json";
  return read_choice(arguments, "--format", formats, faults);
}

report::Terminal read_terminal(const Arguments& arguments, Faults& faults) {
  const std::string colour = read_choice(arguments, "--color", kColorOption.value, faults);
  // mpirun gives ranks a terminal of its own, wherever their output goes.
  const bool to_terminal =
      !arguments.has("--out") && isatty(STDOUT_FILENO) == 1 && !distribute::is_launched();
  const bool wants_none = !environment("NO_COLOR").empty() || environment("TERM") == "dumb";
  report::Terminal terminal;
  terminal.charset = locale_is_utf8() || !to_terminal ? Charset::utf8 : Charset::ascii;
  terminal.colour = colour == "always" || (colour == "auto" && to_terminal && !wants_none);
  terminal.width = to_terminal ? terminal_width() : 0;
  return terminal;
}

std::vector<std::string> context_warnings(const model::Architecture& architecture,
                                          std::int64_t context) {
  const auto longest = architecture.max_position_embeddings;
  if (!longest || context <= *longest) return {};
  return {fmt::format("a context of {} is beyond {}'s max_position_embeddings, {}", context,
                      architecture.name, *longest)};
}

}  // namespace ridgepoint::app
