// SPDX-License-Identifier: Apache-2.0
#include "app/tabular_answer.hpp"
#include "ridgepoint/catalog/catalog.hpp"

namespace ridgepoint::app {
namespace {

/// A catalogue entry, or one made of a config.json; with every --set applied.
std::optional<report::ModelSheet> read_sheet(const Arguments& arguments, Faults& faults) {
  const auto architecture = read_model(arguments, faults, "NAME");
  if (!architecture) return std::nullopt;
  const auto known = catalog::find_model_entry(arguments.value("NAME"), "NAME");
  const bool is_known = known && known->architecture.origin == architecture->origin;
  catalog::ModelEntry entry;
  if (is_known) {
    entry = *known;
  } else {
    entry.name = entry.title = architecture->name;
    entry.source = architecture->origin;
  }
  entry.architecture = *architecture;
  return faults.take(report::model_sheet(entry));
}

Result<Answer> run(const Arguments& arguments) {
  Faults faults;
  const std::string format = read_format(arguments, kTableFormats, faults);
  const report::Terminal terminal = read_terminal(arguments, faults);
  std::optional<report::ModelSheet> sheet;
  if (arguments.has("NAME")) {
    sheet = read_sheet(arguments, faults);
  } else if (arguments.has("--set")) {
    faults.add("--set", "changes one model, and none is named", "name it: models NAME --set …");
  }
  if (faults) return fail(faults.all());
  return sheet ? tabular_answer(*sheet, format, terminal)
               : tabular_answer(report::model_sheets(catalog::models()), format, terminal);
}

}  // namespace

Verb models_verb() {
  return {
      .name = "models",
      .summary = "List the models, or show one: layers, parameters, KV cache, source",
      .examples = {"ridgepoint models", "ridgepoint models ./config.json --json",
                   "ridgepoint models llama-2-13b --set num_key_value_heads=8"},
      .positionals = {{"NAME", "a catalogue name, a config.json, or its folder", false}},
      .options = {kSetOption, format_option(kTableFormats), kJsonOption, kOutOption, kColorOption},
      .run = run};
}

}  // namespace ridgepoint::app
