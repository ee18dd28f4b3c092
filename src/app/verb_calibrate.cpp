// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/common_options.hpp"
#include "app/interrupt.hpp"
#include "app/measurement_files.hpp"
#include "app/progress_bar.hpp"
#include "ridgepoint/calibrate/fit_device.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/core/names.hpp"
#include "ridgepoint/core/text.hpp"
#include "ridgepoint/core/units.hpp"
#include "ridgepoint/report/score_report.hpp"

namespace ridgepoint::app {
namespace {

using calibrate::KernelRows;
using calibrate::Measurement;
using efficiency::OperatorClass;

std::vector<OperatorClass> read_classes(const Arguments& arguments, Faults& faults) {
  std::vector<std::string> names;
  for (const OperatorClass kind : efficiency::kOperatorClasses) {
    names.emplace_back(efficiency::name(kind));
  }
  std::vector<OperatorClass> classes;
  for (const std::string& text : arguments.values("--class")) {
    if (const auto kind = efficiency::operator_class_named(text)) {
      classes.push_back(*kind);
    } else {
      faults.add("--class", fmt::format("\"{}\" is no class of operators", text),
                 did_you_mean_or_list(text, names, names));
    }
  }
  return classes;
}

/// Rows of one device, under whichever of its names, and of some classes; all where none is named.
std::vector<Measurement> rows_of(std::vector<Measurement> rows, const hardware::Device& device,
                                 const std::vector<OperatorClass>& classes) {
  std::map<std::string, bool> is_it;
  const auto is_wanted = [&](const Measurement& row) {
    const auto [at, is_new] = is_it.emplace(row.device, false);
    if (is_new) {
      const auto named = catalog::find_device(row.device);
      at->second = named ? named->name == device.name : row.device == device.name;
    }
    const bool is_class =
        classes.empty() || std::find(classes.begin(), classes.end(), row.kind) != classes.end();
    return at->second && is_class;
  };
  std::erase_if(rows, [&](const Measurement& row) { return !is_wanted(row); });
  return rows;
}

/// What the words say of each source: "NAME=TEXT".
std::map<std::string, std::string> read_sources(const Arguments& arguments, Faults& faults) {
  std::map<std::string, std::string> abouts;
  for (const std::string& text : arguments.values("--source")) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals >= text.size() - 1) {
      faults.add("--source", fmt::format("\"{}\" says nothing of a source", shown(text)),
                 "write NAME=TEXT with a name from the column source");
    } else {
      abouts[text.substr(0, equals)] = text.substr(equals + 1);
    }
  }
  return abouts;
}

struct Fitting {
  std::size_t threads;
  std::map<std::string, std::string> sources;  ///< what is known of each
};

Result<Answer> answer_of(const std::vector<KernelRows>& kernels, const hardware::Device& device,
                         const Fitting& how, const report::Terminal& terminal) {
  ProgressBar bar("kernel");
  bar.show(0, kernels.size());
  auto fit = calibrate::fit_device(kernels, device, how.threads,
                                   [&](std::size_t done, std::size_t all) { bar.show(done, all); });
  if (fit.profile.kernels.empty()) return fail(fit.not_fitted);
  for (efficiency::ProfileSource& source : fit.profile.sources) {
    if (const auto at = how.sources.find(source.name); at != how.sources.end()) {
      source.about = at->second;
    }
  }
  Answer answer{efficiency::write_profile(fit.profile), {}};
  answer.summary = report::to_text(fit, terminal);
  return answer;
}

Result<Answer> run(const Arguments& arguments) {
  const InterruptEnds on_interrupt;
  Faults faults;
  std::vector<std::string> warnings;
  const report::Terminal terminal = read_terminal(arguments, faults);
  const auto classes = read_classes(arguments, faults);
  const auto device = read_device(arguments, faults);
  constexpr std::int64_t kMostThreads = 256;
  const auto threads =
      faults.take(parse_count(arguments.value("--threads"), "--threads", {1, kMostThreads}));
  const auto sources = read_sources(arguments, faults);
  auto measurements = read_measurement_files(arguments, faults, warnings);
  if (faults) return fail(faults.all());
  const auto rows = rows_of(std::move(measurements.rows), *device, classes);
  if (rows.empty()) {
    return fail("--device", fmt::format("the files have no such rows of {}", device->name),
                "give the device that was measured, and its classes");
  }
  auto answer = answer_of(calibrate::rows_by_kernel(rows), *device,
                          {static_cast<std::size_t>(*threads), sources}, terminal);
  if (answer) answer->warnings = std::move(warnings);
  return answer;
}

}  // namespace

Verb calibrate_verb() {
  return {.name = "calibrate",
          .summary = "Fit a device's profile to measured times, for expected times",
          .examples = {"ridgepoint calibrate gemm.csv attention.csv -d h100-sxm --out h100.json",
                       "ridgepoint calibrate gemm.csv -d a100-sxm --class gemm"},
          .positionals = {kMeasurementFiles},
          .options = {kDeviceOption,
                      {"--class", "NAME",
                       "fit these kernels only: gemm, attention_prefill, attention_decode, "
                       "mla_prefill, mla_decode, grouped_gemm, collective, elementwise; may be "
                       "repeated",
                       "", true},
                      {"--source", "NAME=TEXT",
                       "what the profile says of rows whose source is NAME: origin, licence; may "
                       "be repeated",
                       "", true},
                      {"--threads", "N", "kernels fitted at once; the profile is the same", "2"},
                      kSkipBadRowsOption,
                      kSetDeviceOption,
                      {"--out", "FILE",
                       "write the profile to FILE, whole or not at all, and a table to stdout", ""},
                      kColorOption},
          .run = run};
}

}  // namespace ridgepoint::app
