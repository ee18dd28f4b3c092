// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/calibrate/fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "calibrate/fit_plan.hpp"
#include "calibrate/fit_table.hpp"
#include "calibrate/fit_tables.hpp"
#include "calibrate/rising.hpp"
#include "ridgepoint/calibrate/least_squares.hpp"
#include "ridgepoint/core/elementary.hpp"
#include "ridgepoint/efficiency/compute_types.hpp"

namespace ridgepoint::calibrate {
namespace {

using efficiency::Band;
using efficiency::DeviceFacts;
using efficiency::KernelProfile;

using Rows = std::vector<const Measurement*>;

// By our own log2 and exp2: libm's differ between machines with and without FMA, and fits repeat
// bit for bit.
constexpr double kLn2 = 0.693147180559945309417;
double logarithm(double x) { return log2(x) * kLn2; }
double exponential(double x) { return exp2(x / kLn2); }

/// FNV-1a: the same fold for a group on every machine.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return hash ^ (hash >> 29U);
}

constexpr std::size_t kFolds = 5;

/// Of each group; dealt out in the order of their hashes, so that folds have as many groups.
std::map<std::string_view, std::size_t> folds_of(const Rows& rows) {
  std::set<std::pair<std::uint64_t, std::string_view>> groups;
  for (const Measurement* row : rows) groups.emplace(hash_of(row->group), row->group);
  std::map<std::string_view, std::size_t> folds;
  for (const auto& [hash, group] : groups) folds.emplace(group, folds.size() % kFolds);
  return folds;
}

efficiency::KernelTypes types_of(const Measurement& row) {
  return {row.compute, row.cache, row.stack, row.kernel};
}

/// Evenly taken, at most `most`.
Rows thinned(const Rows& rows, std::size_t most) {
  if (rows.size() <= most) return rows;
  Rows some;
  some.reserve(most);
  for (std::size_t i = 0; i < most; ++i) some.push_back(rows[i * rows.size() / most]);
  return some;
}

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const double at = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (at - static_cast<double>(below)) * (values[above] - values[below]);
}

/// Digits that say what is known: files stay short, and what is written is what is used.
double rounded(double value) {
  if (value == 0) return 0;
  const double scale = std::pow(10.0, 5 - std::ceil(std::log10(std::abs(value))));
  return std::round(value * scale) / scale;
}

/// Fits one kernel on some of its rows.
class Fitter {
 public:
  Fitter(const KernelRows& kernel, const DeviceFacts& device)
      : kernel_(kernel),
        device_(device),
        form_(efficiency::form(kernel.kind)),
        plan_(plan_of(kernel.kind, kernel.kernel)) {}

  /// On `rows`, and on `beside` what they share with other kernels.
  KernelProfile fit(const Rows& rows, const Rows& beside) const {
    KernelProfile profile{.kind = kernel_.kind,
                          .stack = kernel_.stack,
                          .kernel = kernel_.kernel,
                          .compute = kernel_.compute,
                          .cache = kernel_.cache,
                          .coefficients = {},
                          .spread = {},
                          .corrections = {},
                          .band = {},
                          .evidence = {}};
    Rows all = thinned(rows, plan_.most_rows);
    all.insert(all.end(), beside.begin(), beside.end());
    fit_coefficients(all, profile);
    if (!plan_.steps.empty() || !plan_.tables.empty()) {
      profile.corrections = fit_corrections(rows, profile);
    }
    return profile;
  }

  /// ln(measured ÷ expected) of rows that the profile was not fitted on.
  double error(const KernelProfile& profile, const Measurement& row) const {
    const auto expected = efficiency::expected_time(profile, device_, row.shape);
    return logarithm(row.seconds / expected.seconds);
  }
  double expected(const KernelProfile& profile, const Measurement& row) const {
    return efficiency::expected_time(profile, device_, row.shape).seconds;
  }

 private:
  void fit_coefficients(const Rows& rows, KernelProfile& profile) const {
    std::vector<Unknown> unknowns;
    for (const auto& facts : form_.coefficients) {
      unknowns.push_back({facts.least, facts.start, facts.most});
    }
    if (!plan_.starts.empty()) unknowns = best_start(unknowns, thinned(rows, plan_.few_rows));
    const LeastSquaresFit found = search(unknowns, rows, plan_.loss_scale);
    for (const double value : found.values) profile.coefficients.push_back(rounded(value));
    for (const double value : found.spread) profile.spread.push_back(rounded(value));
  }

  /// Of all the plan's starts that from which a few rows are met best.
  std::vector<Unknown> best_start(const std::vector<Unknown>& unknowns, const Rows& few) const {
    std::vector<Unknown> best = unknowns;
    constexpr int kFewIterations = 30;
    double least = std::numeric_limits<double>::infinity();
    for (const double start : plan_.starts) {
      std::vector<Unknown> from = unknowns;
      from[plan_.varied].start = start;
      for (const double scale : {plan_.wide_loss_scale, plan_.loss_scale}) {
        const LeastSquaresFit found = search(from, few, scale, kFewIterations);
        for (std::size_t i = 0; i < from.size(); ++i) from[i].start = found.values[i];
        if (scale != plan_.loss_scale || found.loss >= least) continue;
        least = found.loss;
        best = from;
      }
    }
    return best;
  }

  LeastSquaresFit search(const std::vector<Unknown>& unknowns, const Rows& rows, double loss_scale,
                         int most_iterations = kMostIterations) const {
    std::vector<std::vector<double>> works;
    if (form_.work != nullptr) {
      for (const Measurement* row : rows) works.push_back(form_.work(types_of(*row), row->shape));
    }
    const Residuals residuals = [&](std::span<const double> values, std::span<double> out) {
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const Measurement& row = *rows[i];
        const efficiency::KernelTypes types = types_of(row);
        const double seconds =
            works.empty() ? form_.seconds(values, device_, types, row.shape)
                          : form_.seconds_of_work(values, device_, types, row.shape, works[i]);
        out[i] = logarithm(seconds / row.seconds);
      }
    };
    return fit_least_squares(unknowns, rows.size(), residuals, loss_scale, most_iterations);
  }

  std::vector<efficiency::Correction> fit_corrections(const Rows& rows,
                                                      const KernelProfile& profile) const {
    std::vector<TablePoint> points;
    points.reserve(rows.size());
    for (const Measurement* row : rows) {
      const double left = std::clamp(error(profile, *row), -plan_.clip, plan_.clip);
      const int algorithm = form_.algorithm_of(device_, profile.types(), row->shape);
      points.push_back({form_.features(row->shape), left, algorithm, factors_of(profile, *row)});
    }
    std::vector<efficiency::Correction> tables =
        plan_.tables.empty() ? std::vector{fit_table(points, plan_)} : fit_tables(points, plan_);
    if (plan_.rises) make_rising(profile, tables.front());
    constexpr double kDigits = 1e4;
    for (efficiency::Correction& table : tables) {
      for (double& value : table.values) value = std::round(value * kDigits) / kDigits;
    }
    return tables;
  }

  std::vector<double> factors_of(const KernelProfile& profile, const Measurement& row) const {
    if (form_.factors == nullptr) return {};
    return form_.factors(profile.coefficients, device_, profile.types(), row.shape);
  }

  void make_rising(const KernelProfile& profile, efficiency::Correction& table) const {
    calibrate::make_rising(table, [&](std::span<const double> knot) {
      return logarithm(
          form_.seconds(profile.coefficients, device_, profile.types(), form_.shape_at(knot)));
    });
  }

  const KernelRows& kernel_;
  const DeviceFacts& device_;
  const efficiency::Form& form_;
  const FitPlan& plan_;
};

/// What the fit makes of a row that it did not see.
struct LeftOut {
  double expected_s;
  double error;  ///< ln(measured ÷ expected)
};

struct LeftOutRows {
  std::vector<LeftOut> with_tables;
  std::vector<LeftOut> by_form;  ///< without its corrections
};

LeftOutRows leave_out_in_turn(const Fitter& fitter, const KernelRows& kernel) {
  const auto folds = folds_of(kernel.rows);
  LeftOutRows all;
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    Rows seen;
    Rows unseen;
    for (const Measurement* row : kernel.rows) {
      (folds.at(row->group) == fold ? unseen : seen).push_back(row);
    }
    if (unseen.empty() || seen.empty()) continue;
    Rows beside;
    for (const Measurement* row : kernel.beside) {
      const auto at = folds.find(row->group);
      if (at == folds.end() || at->second != fold) beside.push_back(row);
    }
    const KernelProfile profile = fitter.fit(seen, beside);
    KernelProfile bare = profile;
    bare.corrections.clear();
    for (const Measurement* row : unseen) {
      all.with_tables.push_back({fitter.expected(profile, *row), fitter.error(profile, *row)});
      all.by_form.push_back({fitter.expected(bare, *row), fitter.error(bare, *row)});
    }
  }
  return all;
}

/// Three classes of equal numbers by expected time; the middle 80 % of each, and what is expected.
Band band_of(std::vector<LeftOut> left_out) {
  std::sort(left_out.begin(), left_out.end(),
            [](const LeftOut& a, const LeftOut& b) { return a.expected_s < b.expected_s; });
  constexpr std::size_t kClasses = 3;
  constexpr double kLow = 0.1;
  constexpr double kHigh = 0.9;
  Band band;
  for (std::size_t i = 0; i < kClasses; ++i) {
    const std::size_t begin = i * left_out.size() / kClasses;
    const std::size_t end = (i + 1) * left_out.size() / kClasses;
    std::vector<double> errors;
    for (std::size_t j = begin; j < end; ++j) errors.push_back(left_out[j].error);
    const double below = i + 1 < kClasses ? left_out[end].expected_s : 0;
    band.classes.push_back({rounded(below), rounded(std::min(0.0, quantile(errors, kLow))),
                            rounded(std::max(0.0, quantile(errors, kHigh)))});
  }
  return band;
}

double mdape_of(const std::vector<LeftOut>& left_out) {
  std::vector<double> errors;
  for (const LeftOut& row : left_out) errors.push_back(100 * std::abs(exponential(-row.error) - 1));
  constexpr double kMiddle = 0.5;
  return rounded(quantile(std::move(errors), kMiddle));
}

efficiency::Evidence evidence_of(const KernelRows& kernel, const std::vector<LeftOut>& left_out) {
  efficiency::Evidence evidence;
  std::set<std::string> groups;
  std::set<std::string> sources;
  for (const Measurement* row : kernel.rows) {
    groups.insert(row->group);
    sources.insert(row->source);
  }
  evidence.sources.assign(sources.begin(), sources.end());
  evidence.rows = static_cast<std::int64_t>(kernel.rows.size());
  evidence.groups = static_cast<std::int64_t>(groups.size());
  evidence.left_out_mdape = mdape_of(left_out);
  return evidence;
}

void add_rows_beside(std::span<const KernelRows> kernels, KernelRows& kernel) {
  for (const KernelRows& other : kernels) {
    const bool is_other = &other != &kernel;
    if (is_other && share_coefficients(*kernel.rows.front(), *other.rows.front())) {
      kernel.beside.insert(kernel.beside.end(), other.rows.begin(), other.rows.end());
    }
  }
}

}  // namespace

std::vector<KernelRows> rows_by_kernel(std::span<const Measurement> rows) {
  std::vector<KernelRows> kernels;
  std::map<std::vector<std::string>, std::size_t> known;
  for (const Measurement& row : rows) {
    const std::vector<std::string> key{std::string(name(row.kind)), row.stack, row.kernel,
                                       row.compute, row.cache};
    const auto [at, is_new] = known.emplace(key, kernels.size());
    if (is_new) {
      kernels.push_back({row.kind, row.stack, row.kernel, row.compute, row.cache, {}});
    }
    kernels[at->second].rows.push_back(&row);
  }
  for (KernelRows& kernel : kernels) add_rows_beside(kernels, kernel);
  return kernels;
}

Result<DataType> compute_type_of(std::string_view compute, std::string_view where) {
  if (const auto type = efficiency::peak_type_of(compute)) return *type;
  return fail(std::string(where), fmt::format("\"{}\" is no type of a kernel", compute),
              "bf16, fp16, fp8, fp8_block, nvfp4, int8, int4_wo, …");
}

Result<KernelProfile> fit_kernel(const KernelRows& kernel, const hardware::Device& device) {
  if (const auto why = time_of_others(kernel.kind, kernel.stack); !why.empty()) {
    return fail(kernel.rows.front()->where,
                fmt::format("{} {} {}: {}", name(kernel.kind), kernel.stack, kernel.kernel, why),
                "fit the kernels of another stack");
  }
  const auto type = compute_type_of(kernel.compute, kernel.rows.front()->where);
  if (!type) return fail(type.error());
  const auto facts = efficiency::device_facts(device, *type);
  if (!facts) return fail(facts.error());
  const std::size_t unknowns = efficiency::form(kernel.kind).coefficients.size();
  constexpr std::size_t kRowsForEach = 3;
  if (kernel.rows.size() + kernel.beside.size() < kRowsForEach * unknowns) {
    return fail(
        kernel.rows.front()->where,
        fmt::format("{} rows of {} {} {}", kernel.rows.size(), name(kernel.kind), kernel.kernel,
                    kernel.compute),
        fmt::format("{} coefficients want at least {} rows", unknowns, kRowsForEach * unknowns));
  }
  if (folds_of(kernel.rows).size() < 2) {
    return fail(kernel.rows.front()->where,
                fmt::format("{} {} {} was measured in one configuration", name(kernel.kind),
                            kernel.kernel, kernel.compute),
                "a check leaves out configurations: it wants at least two");
  }
  const Fitter fitter(kernel, *facts);
  const LeftOutRows both = leave_out_in_turn(fitter, kernel);
  KernelProfile profile = fitter.fit(kernel.rows, kernel.beside);
  // Tables that do not help where they were not fitted are left out.
  const bool are_of_use = mdape_of(both.with_tables) < mdape_of(both.by_form);
  if (!are_of_use) profile.corrections.clear();
  const std::vector<LeftOut>& left_out = are_of_use ? both.with_tables : both.by_form;
  if (!left_out.empty()) profile.band = band_of(left_out);
  profile.evidence = evidence_of(kernel, left_out);
  return profile;
}

}  // namespace ridgepoint::calibrate
