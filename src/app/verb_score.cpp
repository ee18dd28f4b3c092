// SPDX-License-Identifier: Apache-2.0
#include "app/common_options.hpp"
#include "app/measurement_files.hpp"
#include "app/tabular_answer.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/core/file.hpp"
#include "ridgepoint/core/units.hpp"
#include "ridgepoint/report/score_report.hpp"
#include "ridgepoint/score/score.hpp"

namespace ridgepoint::app {
namespace {

using score::ScoreMode;

constexpr std::string_view kModes = "floor|bound|expected";

/// Expected where a profile is given, bound where none is, unless the words say which.
ScoreMode read_mode(const Arguments& arguments, Faults& faults) {
  if (!arguments.has("--mode")) {
    return arguments.has("--profile") ? ScoreMode::expected : ScoreMode::bound;
  }
  const std::string mode = read_choice(arguments, "--mode", kModes, faults);
  if (mode == "floor") return ScoreMode::floor;
  return mode == "bound" ? ScoreMode::bound : ScoreMode::expected;
}

std::vector<efficiency::Profile> read_profiles(const Arguments& arguments, Faults& faults) {
  std::vector<efficiency::Profile> profiles;
  for (const std::string& path : arguments.values("--profile")) {
    const auto text = faults.take(read_file(path));
    if (!text) continue;
    if (auto profile = faults.take(efficiency::read_profile(*text, path))) {
      profiles.push_back(std::move(*profile));
    }
  }
  return profiles;
}

score::ScoreQuestion read_question(const Arguments& arguments, Faults& faults) {
  score::ScoreQuestion question;
  question.mode = read_mode(arguments, faults);
  question.profiles = read_profiles(arguments, faults);
  constexpr std::int64_t kMostShown = 10'000;
  const auto worst =
      faults.take(parse_count(arguments.value("--worst"), "--worst", {0, kMostShown}));
  question.worst = static_cast<std::size_t>(worst.value_or(0));
  question.find_device = [](const std::string& name) {
    return catalog::find_device(name, {}, "device");
  };
  if (question.mode == ScoreMode::expected && !arguments.has("--profile")) {
    faults.add("--mode", "expected times need a profile",
               "give --profile FILE, or make one: ridgepoint calibrate");
  }
  return question;
}

Result<Answer> run(const Arguments& arguments) {
  Faults faults;
  std::vector<std::string> warnings;
  const std::string format = read_format(arguments, kTableFormats, faults);
  const report::Terminal terminal = read_terminal(arguments, faults);
  const auto question = read_question(arguments, faults);
  const auto measurements = read_measurement_files(arguments, faults, warnings);
  if (faults) return fail(faults.all());
  const report::ScoreSheet sheet{score::score(measurements.rows, question),
                                 arguments.values(kMeasurementFiles.name),
                                 arguments.values("--profile")};
  Answer answer = tabular_answer(sheet, format, terminal);
  answer.warnings = std::move(warnings);
  return answer;
}

}  // namespace

Verb score_verb() {
  return {.name = "score",
          .summary = "How far predictions are from measured times, by device, operator and type",
          .examples = {"ridgepoint score gemm.csv --mode bound",
                       "ridgepoint score gemm.csv attention.csv --profile h100.json --worst 10"},
          .positionals = {kMeasurementFiles},
          .options = {{"--mode", kModes,
                       "which times are scored (default: expected with a profile, else bound)", ""},
                      {"--profile", "FILE",
                       "made by calibrate, one for each device; may be repeated", "", true},
                      {"--worst", "N", "show the N rows that are farthest off, and why", "0"},
                      kSkipBadRowsOption,
                      format_option(kTableFormats),
                      kJsonOption,
                      kOutOption,
                      kColorOption},
          .run = run};
}

}  // namespace ridgepoint::app
