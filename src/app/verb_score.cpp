// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "app/common_options.hpp"
#include "app/measurement_files.hpp"
#include "app/progress_bar.hpp"
#include "app/tabular_answer.hpp"
#include "ridgepoint/catalog/calibrations.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/catalog/profiles.hpp"
#include "ridgepoint/core/units.hpp"
#include "ridgepoint/report/score_report.hpp"
#include "ridgepoint/score/score.hpp"

namespace ridgepoint::app {
namespace {

using score::Reading;

constexpr std::string_view kModes = "floor|bound|expected";

/// The profiles that expected times come from: those of the user's files, before the catalogue's.
class Profiles {
 public:
  Profiles(const Arguments& arguments, Faults& faults) {
    for (const std::string& path : arguments.values("--profile")) {
      if (auto profile = faults.take(catalog::read_profile_file(path))) add(std::move(*profile));
    }
  }

  /// The user's or the catalogue's, with what the device's relatives add; null without either.
  Result<std::shared_ptr<const efficiency::Calibration>> find(
      const hardware::Device& device) const {
    const auto at = own_.find(device.name);
    if (at == own_.end()) return catalog::calibration_of(device);
    return catalog::calibration_of(device, at->second);
  }

  bool has_own(const std::string& device) const { return own_.contains(device); }

 private:
  void add(efficiency::Profile profile) {
    const auto device = catalog::find_device(profile.device, {}, "device");
    const std::string name = device ? device->name : profile.device;
    own_.insert_or_assign(name, std::move(profile));
  }

  std::map<std::string, efficiency::Profile> own_;
};

/// The devices of the rows that have a profile in the catalogue.
std::set<std::string> profiled_devices(const MeasuredFiles& files) {
  const std::vector<std::string> all = catalog::profiled_devices();
  std::set<std::string> names;
  for (const auto& row : files.kernels.rows) names.insert(row.device);
  for (const auto& run : files.servers.rows) names.insert(run.device);
  std::set<std::string> profiled;
  for (const std::string& name : names) {
    const auto device = catalog::find_device(name, {}, "device");
    if (device && std::find(all.begin(), all.end(), device->name) != all.end()) {
      profiled.insert(device->name);
    }
  }
  return profiled;
}

/// Expected where a profile is there for some device of the rows, unless the words say which.
Reading read_mode(const Arguments& arguments, bool has_profiles, Faults& faults) {
  if (!arguments.has("--mode")) return has_profiles ? Reading::expected : Reading::bound;
  const std::string mode = read_choice(arguments, "--mode", kModes, faults);
  if (mode == "floor") return Reading::floor;
  return mode == "bound" ? Reading::bound : Reading::expected;
}

/// What is asked of the rows, but not where its times come from.
score::ScoreQuestion read_question(const Arguments& arguments, bool has_profiles, Faults& faults) {
  score::ScoreQuestion question;
  question.mode = read_mode(arguments, has_profiles, faults);
  constexpr std::int64_t kMostShown = 10'000;
  const auto worst =
      faults.take(parse_count(arguments.value("--worst"), "--worst", {0, kMostShown}));
  question.worst = static_cast<std::size_t>(worst.value_or(0));
  constexpr std::int64_t kMostThreads = 256;
  const auto threads =
      faults.take(parse_count(arguments.value("--threads"), "--threads", {1, kMostThreads}));
  question.threads = static_cast<std::size_t>(threads.value_or(1));
  question.runs = {arguments.has("--as-recorded"), arguments.has("--with-suspect")};
  question.find_device = [](const std::string& name) {
    return catalog::find_device(name, {}, "device");
  };
  // Of the catalogue alone: a name in a table opens no file.
  question.find_model = [](const std::string& name) {
    return catalog::find_model_entry(name, "model").map([](catalog::ModelEntry entry) {
      return std::move(entry.architecture);
    });
  };
  return question;
}

/// "--profile" files, and the devices whose profiles are the catalogue's.
std::vector<std::string> profile_names(const Arguments& arguments, const Profiles& profiles,
                                       const std::set<std::string>& profiled) {
  std::vector<std::string> names = arguments.values("--profile");
  for (const std::string& device : profiled) {
    if (!profiles.has_own(device)) names.push_back("catalogue: " + device);
  }
  return names;
}

Result<Answer> run(const Arguments& arguments) {
  Faults faults;
  std::vector<std::string> warnings;
  const std::string format = read_format(arguments, kTableFormats, faults);
  const report::Terminal terminal = read_terminal(arguments, faults);
  const Profiles profiles(arguments, faults);
  const MeasuredFiles files = read_measured_files(arguments, faults, warnings);
  const std::set<std::string> profiled = profiled_devices(files);
  auto question = read_question(arguments, arguments.has("--profile") || !profiled.empty(), faults);
  const bool leaves_out = arguments.has("--leave-device-out");
  if (leaves_out && arguments.has("--profile")) {
    faults.add("--leave-device-out", "leaves no use to --profile", "give one of both");
  }
  if (faults) return fail(faults.all());
  question.find_calibration = [&](const hardware::Device& device) {
    return leaves_out ? catalog::calibration_from_relatives(device) : profiles.find(device);
  };
  ProgressBar bar("server");
  question.progress = [&](std::size_t done, std::size_t all) { bar.show(done, all); };
  report::ScoreSheet sheet{score::score({files.kernels.rows, files.servers.rows}, question),
                           arguments.values(kMeasurementFiles.name),
                           {}};
  if (question.mode == Reading::expected) {
    sheet.profiles = profile_names(arguments, profiles, profiled);
    if (leaves_out) {
      sheet.score.assumptions.emplace_back(
          "each device is expected from the profiles of all the others");
    }
  }
  Answer answer = tabular_answer(sheet, format, terminal);
  answer.warnings = std::move(warnings);
  return answer;
}

}  // namespace

Verb score_verb() {
  return {.name = "score",
          .summary = "How far predictions are from measured times, by device, operator and type",
          .examples = {"ridgepoint score gemm.csv --mode bound",
                       "ridgepoint score gemm.csv attention.csv --profile h100.json --worst 10",
                       "ridgepoint score servers.csv --mode bound --as-recorded"},
          .positionals = {kScoredFiles},
          .options = {{"--mode", kModes,
                       "which times are scored (default: expected with a profile, else bound)", ""},
                      {"--profile", "FILE",
                       "made by calibrate, in place of the catalogue's for its device; may be "
                       "repeated",
                       "", true},
                      {"--leave-device-out", "",
                       "expect each device's times from the profiles of all the others", ""},
                      {"--as-recorded", "",
                       "mend no layouts of servers, and count copies as often as they stand", ""},
                      {"--with-suspect", "", "score rows of servers that their table doubts", ""},
                      {"--threads", "N", "servers predicted at once; the answer is the same", "2"},
                      {"--worst", "N", "show the N rows that are farthest off, and why", "0"},
                      kSkipBadRowsOption,
                      format_option(kTableFormats),
                      kJsonOption,
                      kOutOption,
                      kColorOption},
          .run = run};
}

}  // namespace ridgepoint::app
