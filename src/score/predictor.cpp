// SPDX-License-Identifier: Apache-2.0
#include "score/predictor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "ridgepoint/calibrate/fit.hpp"
#include "ridgepoint/core/format.hpp"
#include "score/measured_step.hpp"

namespace ridgepoint::score {

using calibrate::Measurement;

namespace {

using efficiency::KernelProfile;

/// How much of the time hangs on each coefficient: Δ ln t ÷ Δ ln x, the largest first.
std::vector<std::pair<double, std::string_view>> elasticities(const KernelProfile& kernel,
                                                              const efficiency::DeviceFacts& device,
                                                              const efficiency::Shape& shape) {
  constexpr double kStep = 1e-4;
  const efficiency::Form& form = efficiency::form(kernel.kind);
  std::vector<double> values = kernel.coefficients;
  const double at = form.seconds(values, device, kernel.types(), shape);
  std::vector<std::pair<double, std::string_view>> all;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double kept = values[i];
    values[i] = kept * (1 + kStep);
    const double beside = form.seconds(values, device, kernel.types(), shape);
    values[i] = kept;
    all.emplace_back((beside / at - 1) / kStep, form.coefficients[i].name);
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::abs(a.first) > std::abs(b.first);
  });
  return all;
}

std::string limits(const KernelProfile& kernel, const efficiency::DeviceFacts& device,
                   const efficiency::Shape& shape) {
  constexpr std::size_t kShown = 3;
  constexpr double kWorthSaying = 0.05;
  auto all = elasticities(kernel, device, shape);
  all.resize(std::min(all.size(), kShown));
  std::string text;
  for (const auto& [elasticity, name] : all) {
    if (std::abs(elasticity) < kWorthSaying) break;
    text += fmt::format("{}{} {:+.2f}", text.empty() ? "" : ", ", name, elasticity);
  }
  return text.empty() ? "" : "its time goes with " + text;
}

/// Octaves beyond what the kernel's corrections were fitted on, of the feature that is farthest
/// out.
std::string range_words(const KernelProfile& kernel, const efficiency::Shape& shape) {
  if (kernel.corrections.empty()) return "";
  const std::vector<double> all = efficiency::form(kernel.kind).features(shape);
  double farthest = 0;
  for (const efficiency::Correction& table : kernel.corrections) {
    const std::vector<double> features = efficiency::features_of(table, all);
    for (std::size_t i = 0; i < table.axes.size(); ++i) {
      const efficiency::Axis& axis = table.axes[i];
      const double last = axis.first + axis.step * static_cast<double>(axis.knots - 1);
      farthest = std::max({farthest, axis.first - features[i], features[i] - last});
    }
  }
  return farthest > 0 ? fmt::format("{:.1f} octaves outside the fitted range", farthest)
                      : std::string("inside the fitted range");
}

/// Measured on the row's device, in its stack, under its name and type.
bool is_own(const efficiency::KernelInUse& used, const Measurement& row) {
  const KernelProfile& kernel = used.kernel;
  const auto cache = [](const std::string& type, const std::string& compute) {
    return type.empty() ? compute : type;
  };
  return !used.is_other_type && kernel.evidence.transferred_from.empty() &&
         kernel.stack == row.stack && kernel.kernel == row.kernel &&
         kernel.compute == row.compute &&
         cache(kernel.cache, kernel.compute) == cache(row.cache, row.compute);
}

}  // namespace

Predictor::Predictor(const ScoreQuestion& question) : question_(question) {}

const Result<Predictor::KnownDevice>& Predictor::known(const std::string& name) {
  const auto at = devices_.find(name);
  if (at != devices_.end()) return at->second;
  auto device = question_.find_device(name);
  if (!device) return devices_.emplace(name, fail(device.error())).first->second;
  KnownDevice found{std::move(*device), nullptr};
  if (question_.mode == Reading::expected) {
    auto calibration = question_.find_calibration(found.device);
    if (!calibration) return devices_.emplace(name, fail(calibration.error())).first->second;
    found.calibration = std::move(*calibration);
  }
  return devices_.emplace(name, std::move(found)).first->second;
}

Result<efficiency::DeviceFacts> Predictor::facts(const Measurement& row,
                                                 const hardware::Device& device) {
  const std::pair key{device.name, row.compute};
  const auto at = facts_.find(key);
  if (at != facts_.end()) return at->second;
  const auto type = calibrate::compute_type_of(row.compute, row.where);
  auto found = type ? efficiency::device_facts(device, *type)
                    : Result<efficiency::DeviceFacts>(fail(type.error()));
  return facts_.emplace(key, std::move(found)).first->second;
}

const Predictor::Choice& Predictor::choice(const Measurement& row, const KnownDevice& known) {
  const std::vector<std::string> key{known.device.name, std::string(efficiency::name(row.kind)),
                                     row.stack,         row.kernel,
                                     row.compute,       row.cache};
  const auto at = choices_.find(key);
  if (at != choices_.end()) return at->second;
  const efficiency::KernelQuery query{row.kind,
                                      {row.compute, row.cache, row.stack, row.kernel},
                                      efficiency::work_of(row.kind, row.kernel)};
  Choice choice{known.calibration->find(query), false};
  if (choice.kernel) choice.is_own = is_own(*choice.kernel, row);
  return choices_.emplace(key, std::move(choice)).first->second;
}

Result<RowPrediction> Predictor::expected(const Measurement& row, const KnownDevice& known) {
  if (known.calibration == nullptr || known.calibration->is_empty()) {
    return fail(row.where, fmt::format("no profile of {}", known.device.name),
                "fit one: ridgepoint calibrate");
  }
  const Choice& chosen = choice(row, known);
  if (!chosen.kernel) {
    return fail(row.where,
                fmt::format("no {} kernel of {}{} in the profile of {}", efficiency::name(row.kind),
                            row.compute, row.cache.empty() ? "" : " on a cache of " + row.cache,
                            known.device.name),
                "fit one: ridgepoint calibrate");
  }
  const auto device = facts(row, known.device);
  if (!device) return fail(device.error());
  const KernelProfile& kernel = chosen.kernel->kernel;
  const auto time = efficiency::expected_time(kernel, *device, row.shape);
  return RowPrediction{
      {row.seconds, time.seconds, time.low, time.high, !kernel.band.classes.empty()},
      chosen.is_own ? nullptr : &kernel};
}

Result<RowPrediction> Predictor::roofline(const Measurement& row,
                                          const hardware::Device& device) const {
  const auto made = measured_step(row);
  if (!made) return fail(made.error());
  const auto laid_out = as_laid_out(device, row);
  if (!laid_out) return fail(laid_out.error());
  const auto timed = roofline::on_device(made->step, *laid_out);
  if (!timed) return fail(timed.error());
  const auto time = roofline::step_time(*timed, made->shape);
  const double seconds = question_.mode == Reading::floor ? time.floor_s() : time.bound_s;
  return RowPrediction{{row.seconds, seconds, 0, 0, false}, {}};
}

Result<RowPrediction> Predictor::predict(const Measurement& row) {
  const Result<KnownDevice>& device = known(row.device);
  if (!device) return fail(device.error());
  auto prediction =
      question_.mode == Reading::expected ? expected(row, *device) : roofline(row, device->device);
  if (prediction && !(prediction->times.seconds >= 0 &&
                      prediction->times.seconds <= std::numeric_limits<double>::max())) {
    return fail(row.where, "its prediction is no number", "is the context as long as the tokens?");
  }
  return prediction;
}

std::vector<std::string> Predictor::explain(const Measurement& row) {
  const KnownDevice& device = *known(row.device);
  std::vector<std::string> why;
  if (question_.mode == Reading::expected) {
    const efficiency::KernelInUse& used = *choice(row, device).kernel;
    why = {limits(used.kernel, *facts(row, device.device), row.shape),
           range_words(used.kernel, row.shape), used.evidence};
  } else {
    const auto made = measured_step(row);
    const auto timed = roofline::on_device(made->step, *as_laid_out(device.device, row));
    why = {std::string(roofline::name(roofline::step_time(*timed, made->shape).limit()))};
  }
  if (row.is_in_cache) why.emplace_back("its operands sat in a cache");
  std::erase(why, "");
  return why;
}

}  // namespace ridgepoint::score
