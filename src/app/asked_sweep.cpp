// SPDX-License-Identifier: Apache-2.0
#include "app/asked_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "app/design_axes.hpp"
#include "app/lists.hpp"
#include "app/words.hpp"
#include "ridgepoint/core/file.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/core/units.hpp"
#include "ridgepoint/core/version.hpp"
#include "ridgepoint/distribute/ranks.hpp"

namespace ridgepoint::app {
namespace {

using explore::Axes;
using explore::SweepQuestion;
using predict::Reading;

/// Groups in the order of the words, then the heat map.
std::vector<explore::Grid> read_grids(const Arguments& arguments, const Axes& axes,
                                      Faults& faults) {
  std::vector<explore::Grid> grids;
  const auto add = [&](Result<explore::Grid> grid, const char* option) {
    const auto read = faults.take(std::move(grid));
    if (!read) return;
    faults.add(faults_of(*read, axes, option));
    grids.push_back(*read);
  };
  for (const std::string& text : arguments.values("--group")) {
    add(explore::parse_group(text, "--group"), "--group");
  }
  if (arguments.has("--heatmap")) {
    add(explore::parse_heatmap(arguments.value("--heatmap"), "--heatmap"), "--heatmap");
  }
  return grids;
}

SweepQuestion read_question(const Arguments& arguments, const Axes& axes, Faults& faults) {
  SweepQuestion question;
  question.reading = read_mode(arguments, axes, faults);
  const auto subject =
      faults.take(explore::parse_subject(arguments.value("--subject"), "--subject"));
  if (subject) question.subject = *subject;
  const auto objective =
      faults.take(explore::parse_objective(arguments.value("--objective"), "--objective"));
  if (objective) question.objective = *objective;
  if (arguments.has("--pareto")) {
    const auto front =
        faults.take(explore::parse_objectives(arguments.value("--pareto"), "--pareto"));
    if (front) question.front = *front;
  }
  question.grids = read_grids(arguments, axes, faults);
  if (arguments.has("--histogram")) {
    question.histogram =
        faults.take(explore::parse_metric(arguments.value("--histogram"), "--histogram"));
  }
  constexpr std::int64_t kMostShown = 10'000;
  constexpr std::int64_t kMostThreads = 1024;
  const auto top = faults.take(parse_count(arguments.value("--top"), "--top", {0, kMostShown}));
  question.top = static_cast<std::size_t>(top.value_or(0));
  question.threads = distribute::cores();
  if (arguments.has("--threads")) {
    const auto threads =
        faults.take(parse_count(arguments.value("--threads"), "--threads", {1, kMostThreads}));
    question.threads = static_cast<std::size_t>(threads.value_or(1));
  }
  return question;
}

/// A space that takes minutes is asked for twice.
void check_size(const Axes& axes, const SweepQuestion& question, const Arguments& arguments,
                Faults& faults) {
  constexpr double kMany = 1e10;
  constexpr double kExpectedRate = 1e7;  // points a second and core, about
  constexpr double kRate = 5e7;
  constexpr double kDay = 86'400;
  const double points = explore::count_points(axes);
  if (points <= kMany || arguments.has("--yes")) return;
  const double rate = question.reading == Reading::expected ? kExpectedRate : kRate;
  const double seconds = points / rate / static_cast<double>(question.threads);
  faults.add("points",
             fmt::format("the axes make {} of them, about {} of work", format_number(points),
                         seconds < kDay ? format_time(Seconds(seconds), 2)
                                        : format_number(seconds / kDay, 2) + " days"),
             "take larger steps (1..4096:x2), or say --yes");
}

/// Options that change neither the space nor what is asked of it.
bool is_about_running(std::string_view option) {
  constexpr std::array<std::string_view, 9> kOptions{"--threads", "--shard", "--resume",
                                                     "--rows",    "--yes",   "--out",
                                                     "--format",  "--json",  "--color"};
  return std::find(kOptions.begin(), kOptions.end(), option) != kOptions.end();
}

/// Words that say the same of space and question, whoever reads them.
std::vector<std::string> words_of(const Verb& verb, const Arguments& arguments) {
  std::vector<std::string> words;
  for (const Positional& positional : verb.positionals) {
    for (const std::string& value : arguments.values(positional.name)) words.push_back(value);
  }
  for (const Option& option : verb.options) {
    const std::string name = option_name(option);
    if (is_about_running(name)) continue;
    for (const std::string& value : arguments.values(name)) {
      words.push_back(name);
      if (!option.value.empty()) words.push_back(value);
    }
  }
  return words;
}

/// Of a model, a device or a profile; empty where the name is one of the catalogue.
std::string text_of_file(const std::string& name) {
  std::error_code ignored;
  std::filesystem::path path(name);
  if (std::filesystem::is_directory(path, ignored)) path /= "config.json";
  if (!std::filesystem::is_regular_file(path, ignored)) return {};
  return read_file(path.string()).value_or("");
}

/// Fowler, Noll and Vo's hash, 64 bits.
class Fingerprint {
 public:
  void add(std::string_view text) {
    constexpr std::uint64_t kPrime = 0x100000001b3U;
    for (const char c : text) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * kPrime;
    hash_ = (hash_ ^ text.size()) * kPrime;
  }
  std::string text() const { return fmt::format("{:016x}", hash_); }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325U;
};

/// Other words, another text in a file that they name, or another version: another question.
std::string fingerprint_of(const std::vector<std::string>& words, const Arguments& arguments) {
  Fingerprint all;
  all.add(kVersion);
  for (const std::string& word : words) all.add(word);
  Faults told_elsewhere;
  for (const char* option : {"MODEL", "--device", "--profile", "--draft"}) {
    for (const std::string& name : read_names(arguments, option, told_elsewhere)) {
      all.add(text_of_file(name));
    }
  }
  return all.text();
}

}  // namespace

Reading read_mode(const Arguments& arguments, const Axes& axes, Faults& faults) {
  const auto unknown = std::find_if(axes.devices.begin(), axes.devices.end(),
                                    [](const auto& each) { return each.calibration == nullptr; });
  const bool are_known = unknown == axes.devices.end();
  const bool speculates = axes.has_speculation();
  if (!arguments.has("--mode"))
    return are_known && !speculates ? Reading::expected : Reading::bound;
  const std::string mode = read_choice(arguments, "--mode", kReadings, faults);
  if (mode == "floor") return Reading::floor;
  if (mode == "bound") return Reading::bound;
  if (speculates) {
    faults.add("--mode",
               "calibrated kernels say nothing of steps that check several tokens of a sequence",
               "take --mode bound, or leave --num-speculative-tokens out");
  } else if (!are_known) {
    faults.add("--mode",
               fmt::format("no times measured on {} or a relative are at hand", unknown->name),
               "take --mode bound, or give a --profile of it");
  }
  return Reading::expected;
}

AskedSweep read_sweep(const Arguments& arguments, Faults& faults) {
  const Verb verb = sweep_verb();
  AskedSweep asked{read_axes(arguments, faults), {}, words_of(verb, arguments), {}};
  asked.fingerprint = fingerprint_of(asked.words, arguments);
  asked.question = read_question(arguments, asked.axes, faults);
  if (!faults) check_size(asked.axes, asked.question, arguments, faults);
  return asked;
}

std::vector<std::string> sweep_warnings(const Axes& axes) {
  std::vector<std::string> all;
  const std::int64_t longest = *std::max_element(axes.input.begin(), axes.input.end()) +
                               *std::max_element(axes.output.begin(), axes.output.end());
  for (const explore::ModelChoice& model : axes.models) {
    for (std::string& remark : context_warnings(model.architecture, longest)) {
      if (std::find(all.begin(), all.end(), remark) == all.end()) all.push_back(std::move(remark));
    }
  }
  return all;
}

}  // namespace ridgepoint::app
