// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/report/score_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/answer_words.hpp"
#include "report/envelope.hpp"
#include "report/text.hpp"
#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

using score::ErrorStatistics;
using score::Reading;
using score::ScoreGroup;
using score::ScoreKey;
using score::SetAside;
using score::Substitution;
using score::Unpredicted;
using score::WorstRow;

std::string headline(const ScoreSheet& sheet) {
  return fmt::format("{} times against measured ones", name(sheet.score.mode));
}

std::string key_words(const ScoreKey& key) {
  return fmt::format("{} {} {}", key.device, key.op, key.dtype.empty() ? "of no type" : key.dtype);
}

std::int64_t unpredicted_rows(const ScoreSheet& sheet) {
  std::int64_t rows = 0;
  for (const Unpredicted& each : sheet.score.unpredicted) rows += each.rows;
  return rows;
}

std::vector<std::string> sentences(const ScoreSheet& sheet) {
  std::int64_t aside = 0;
  for (const SetAside& each : sheet.score.set_aside) aside += each.rows;
  return {
      fmt::format("{} rows predicted, {} not{}; errors in percent of the measured time, bias "
                  "below 0 where predictions are too fast.",
                  format_integer(sheet.score.rows), format_integer(unpredicted_rows(sheet)),
                  aside == 0 ? "" : fmt::format(", {} set aside", format_integer(aside)))};
}

std::string percent(double value) {
  return value < 0 ? "-" + format_number(-value) : format_number(value);
}

Table figures(const ScoreSheet& sheet) {
  Table table{{{"device", "", Align::left, 0},
               {"operator", "", Align::left, 0},
               {"type", "", Align::left, 0},
               {"rows", "", Align::right, 1},
               {"MdAPE", "%", Align::point, 0},
               {"MAPE", "%", Align::point, 2},
               {"P90", "%", Align::point, 0},
               {"bias", "%", Align::point, 0}},
              {},
              {}};
  const bool has_band = sheet.score.mode == Reading::expected;
  if (has_band) table.columns.push_back({"in band", "%", Align::point, 0});
  for (const auto& [key, errors] : sheet.score.groups) {
    table.rows.push_back({key.device, key.op, key.dtype, format_integer(errors.rows),
                          percent(errors.mdape), percent(errors.mape), percent(errors.p90),
                          percent(errors.bias)});
    if (has_band) table.rows.back().emplace_back(percent(errors.coverage80));
  }
  return table;
}

std::vector<std::string> unpredicted_words(const ScoreSheet& sheet) {
  std::vector<std::string> all;
  for (const Unpredicted& each : sheet.score.unpredicted) {
    all.push_back(fmt::format("{}, {} rows: {}", key_words(each.key), format_integer(each.rows),
                              each.reason));
  }
  return all;
}

std::vector<std::string> aside_words(const ScoreSheet& sheet) {
  std::vector<std::string> all;
  for (const SetAside& each : sheet.score.set_aside) {
    all.push_back(fmt::format("{} {}, {} rows: {}", each.device, each.dtype,
                              format_integer(each.rows), each.reason));
  }
  return all;
}

std::vector<std::string> substitution_words(const ScoreSheet& sheet) {
  std::vector<std::string> all;
  for (const Substitution& each : sheet.score.substitutions) {
    all.push_back(fmt::format("{} {}, {} rows of {}: as {}", each.key.device, each.key.op,
                              format_integer(each.rows), each.measured_kernel,
                              each.profile_kernel));
  }
  return all;
}

std::string worst_words(const WorstRow& row, Charset charset) {
  const auto time = [&](double seconds) { return format_time(Seconds(seconds), 3, charset); };
  std::string text =
      fmt::format("{}: {} {}, {}: measured {}, predicted {}", row.where, key_words(row.key),
                  row.kernel, row.shape, time(row.times.measured_s), time(row.times.seconds));
  if (row.times.has_band) {
    text += fmt::format(" ({} to {})", time(row.times.low_s), time(row.times.high_s));
  }
  for (const std::string& why : row.why) text += "; " + why;
  return text;
}

std::vector<std::string> worst_words(const ScoreSheet& sheet, Charset charset) {
  std::vector<std::string> all;
  for (const WorstRow& row : sheet.score.worst) all.push_back(worst_words(row, charset));
  return all;
}

Json key_json(const ScoreKey& key) {
  return {{"device", key.device}, {"op", key.op}, {"dtype", key.dtype}};
}

Json to_json(const ScoreGroup& group) {
  Json out = key_json(group.key);
  const ErrorStatistics& errors = group.errors;
  out.update(Json{{"rows", errors.rows},
                  {"mdape", errors.mdape},
                  {"mape", errors.mape},
                  {"p90", errors.p90},
                  {"bias", errors.bias},
                  {"coverage80", errors.coverage80}});
  return out;
}

Json to_json(const Unpredicted& each) {
  Json out = key_json(each.key);
  out["reason"] = each.reason;
  out["rows"] = each.rows;
  return out;
}

Json to_json(const SetAside& each) {
  return {
      {"device", each.device}, {"dtype", each.dtype}, {"reason", each.reason}, {"rows", each.rows}};
}

Json to_json(const Substitution& each) {
  Json out = key_json(each.key);
  out["measured_kernel"] = each.measured_kernel;
  out["profile_kernel"] = each.profile_kernel;
  out["rows"] = each.rows;
  return out;
}

Json to_json(const WorstRow& row) {
  Json out{{"where", row.where}};
  out.update(key_json(row.key));
  out["kernel"] = row.kernel;
  out["shape"] = row.shape;
  out["measured_s"] = row.times.measured_s;
  out["predicted_s"] = row.times.seconds;
  if (row.times.has_band) {
    out["low_s"] = row.times.low_s;
    out["high_s"] = row.times.high_s;
  }
  out["why"] = row.why;
  return out;
}

template <class T>
Json list_json(const std::vector<T>& all) {
  Json out = Json::array();
  for (const T& each : all) out.push_back(to_json(each));
  return out;
}

/// "-31 to +24 %" of the widest class of a band.
std::string band_words(const efficiency::Band& band) {
  double low = 0;
  double high = 0;
  for (const auto& each : band.classes) {
    low = std::min(low, each.low);
    high = std::max(high, each.high);
  }
  constexpr double kPercent = 100;
  return band.classes.empty() ? std::string("none")
                              : fmt::format("{:.1f} to +{:.1f}", kPercent * std::expm1(low),
                                            kPercent * std::expm1(high));
}

}  // namespace

std::string to_text(const ScoreSheet& sheet, const Terminal& terminal) {
  std::string out = bold(wrapped(headline(sheet), terminal), terminal);
  for (const std::string& sentence : sentences(sheet)) out += wrapped(sentence, terminal);
  if (!sheet.score.groups.empty()) out += "\n" + to_text(figures(sheet), terminal);
  const auto add = [&](std::string_view heading, const std::vector<std::string>& words) {
    if (!words.empty()) out += "\n" + listed(heading, words, terminal);
  };
  add("Not predicted", unpredicted_words(sheet));
  add("Set aside", aside_words(sheet));
  add("Predicted as the nearest kernel", substitution_words(sheet));
  add("The worst rows", worst_words(sheet, terminal.charset));
  add("Assumptions", sheet.score.assumptions);
  return out;
}

std::string to_json(const ScoreSheet& sheet) {
  Json document = envelope(
      "score",
      Json{{"files", sheet.files}, {"mode", name(sheet.score.mode)}, {"profiles", sheet.profiles}},
      sheet.score.assumptions);
  document["rows"] = sheet.score.rows;
  document["groups"] = list_json(sheet.score.groups);
  document["unpredicted"] = list_json(sheet.score.unpredicted);
  document["set_aside"] = list_json(sheet.score.set_aside);
  document["substitutions"] = list_json(sheet.score.substitutions);
  document["worst"] = list_json(sheet.score.worst);
  return dump(document);
}

std::string to_csv(const ScoreSheet& sheet) {
  Table table;
  for (const char* key :
       {"device", "op", "dtype", "rows", "mdape", "mape", "p90", "bias", "coverage80"}) {
    table.columns.push_back({key, "", Align::left, 0});
  }
  for (const auto& [key, errors] : sheet.score.groups) {
    table.rows.push_back({key.device, key.op, key.dtype, fmt::format("{}", errors.rows),
                          format_exact(errors.mdape), format_exact(errors.mape),
                          format_exact(errors.p90), format_exact(errors.bias),
                          format_exact(errors.coverage80)});
  }
  return to_csv(table);
}

std::string to_markdown(const ScoreSheet& sheet) {
  std::vector<std::string> notes = sentences(sheet);
  const auto add = [&](std::string_view heading, const std::vector<std::string>& more) {
    for (const std::string& each : more) notes.push_back(fmt::format("{}: {}", heading, each));
  };
  add("not predicted", unpredicted_words(sheet));
  add("set aside", aside_words(sheet));
  add("predicted as the nearest kernel", substitution_words(sheet));
  add("far off", worst_words(sheet, Charset::utf8));
  return markdown_answer(headline(sheet), escaped(notes), figures(sheet), sheet.score.assumptions);
}

std::string to_text(const calibrate::DeviceFit& fit, const Terminal& terminal) {
  Table table{{{"operator", "", Align::left, 0},
               {"type", "", Align::left, 0},
               {"stack", "", Align::left, 2},
               {"kernel", "", Align::left, 3},
               {"rows", "", Align::right, 1},
               {"groups", "", Align::right, 1},
               {"left-out MdAPE", "%", Align::point, 0},
               {"80 % band", "%", Align::right, 0}},
              {},
              {}};
  for (const efficiency::KernelProfile& kernel : fit.profile.kernels) {
    const std::string type =
        kernel.cache.empty() ? kernel.compute : kernel.compute + " on " + kernel.cache;
    table.rows.push_back({std::string(efficiency::name(kernel.kind)), type, kernel.stack,
                          kernel.kernel, format_integer(kernel.evidence.rows),
                          format_integer(kernel.evidence.groups),
                          format_number(kernel.evidence.left_out_mdape), band_words(kernel.band)});
  }
  std::string out = bold(wrapped("Kernels of " + fit.profile.device, terminal), terminal);
  out += "\n" + to_text(table, terminal);
  std::vector<std::string> missing;
  for (const Diagnostic& fault : fit.not_fitted) {
    missing.push_back(fmt::format("{}: {}; {}", fault.where, fault.what, fault.help));
  }
  return missing.empty() ? out : out + "\n" + listed("Not fitted", missing, terminal);
}

}  // namespace ridgepoint::report
