// SPDX-License-Identifier: Apache-2.0
#include "app/tabular_answer.hpp"
#include "ridgepoint/catalog/catalog.hpp"

namespace ridgepoint::app {
namespace {

/// A catalogue entry, or one made of a config.json.
Result<catalog::ModelEntry> find_entry(const std::string& name) {
  if (auto entry = catalog::find_model_entry(name, "NAME")) return entry;
  auto architecture = catalog::find_model(name, {}, "NAME");
  if (!architecture) return fail(architecture.error());
  return catalog::ModelEntry{
      architecture->name, architecture->name, {}, architecture->origin, *architecture};
}

Result<report::ModelSheet> read_sheet(const std::string& name) {
  const auto entry = find_entry(name);
  if (!entry) return fail(entry.error());
  return report::model_sheet(*entry);
}

Result<Answer> run(const Arguments& arguments) {
  Faults faults;
  const std::string format = read_format(arguments, kTableFormats, faults);
  const report::Terminal terminal = read_terminal(arguments, faults);
  std::optional<report::ModelSheet> sheet;
  if (arguments.has("NAME")) sheet = faults.take(read_sheet(arguments.value("NAME")));
  if (faults) return fail(faults.all());
  return sheet ? tabular_answer(*sheet, format, terminal)
               : tabular_answer(report::model_sheets(catalog::models()), format, terminal);
}

}  // namespace

Verb models_verb() {
  return {.name = "models",
          .summary = "List the models, or show one: layers, parameters, KV cache, source",
          .examples = {"ridgepoint models", "ridgepoint models ./config.json --json"},
          .positionals = {{"NAME", "a catalogue name, a config.json, or its folder", false}},
          .options = {format_option(kTableFormats), kJsonOption, kOutOption, kColorOption},
          .run = run};
}

}  // namespace ridgepoint::app
