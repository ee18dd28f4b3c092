// SPDX-License-Identifier: Apache-2.0
#include "score/server_predictor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "ridgepoint/core/format.hpp"

namespace ridgepoint::score {
namespace {

/// Equal for runs that ask the same.
std::string key_of(const ServerRun& run, const predict::RequestQuestion& request) {
  const predict::Parallelism& split = request.execution.parallelism;
  return fmt::format("{}|{}|{}|{}|{}|{}/{}/{}/{}|{}/{}/{}", run.device, run.model, run.precision,
                     run.kind, run.framework, split.tensor, split.pipeline, split.data,
                     split.expert, request.batch, request.input, request.output);
}

/// The times of one reading; those without a queue of continuous batching.
const predict::RequestTimes& reading(const predict::Estimate& estimate, Reading mode,
                                     ServingKind kind) {
  if (kind == ServingKind::steady) {
    return mode == Reading::floor ? estimate.steady.floor : estimate.steady.bound;
  }
  return mode == Reading::floor ? estimate.floor : estimate.bound;
}

ServerPredictor::Times times_of(const predict::ExpectedRequest& expected) {
  const auto time = [&](double predict::RequestTimes::* each) {
    return PredictedTime{expected.times.*each, expected.fast.*each, expected.slow.*each, true};
  };
  return {time(&predict::RequestTimes::ttft_s), time(&predict::RequestTimes::tpot_s),
          time(&predict::RequestTimes::e2el_s)};
}

std::string parts_words(const roofline::TimeParts& parts) {
  std::vector<std::pair<double, std::string_view>> all{
      {parts.compute_s, "compute"}, {parts.weights_s, "weights"},
      {parts.kv_cache_s, "cache"},  {parts.state_s, "state"},
      {parts.network_s, "network"}, {parts.activations_s, "activations"}};
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  constexpr std::size_t kShown = 3;
  constexpr double kPercent = 100;
  constexpr double kWorthSaying = 0.01;
  std::string text;
  for (const auto& [seconds, name] : std::span(all).first(kShown)) {
    const double share = seconds / parts.total_s();
    if (!(share > kWorthSaying)) break;
    text += fmt::format("{}{} {:.0f} %", text.empty() ? "" : ", ", name, kPercent * share);
  }
  return text;
}

/// "kernels 92 %, sampling 5 %, host 3 %; of kernels nobody measured: 4 %"
std::string expected_words(const predict::ExpectedTime& time) {
  constexpr double kPercent = 100;
  constexpr double kWorthSaying = 0.005;
  const auto share = [&](std::string_view what, double seconds) {
    const double part = seconds / time.whole.seconds;
    return part > kWorthSaying ? fmt::format("{} {:.0f} %", what, kPercent * part) : std::string();
  };
  std::string text = share("kernels", time.kernels_s);
  for (const std::string& more :
       {share("sampling", time.sampling_s), share("host", time.host_s),
        share("at the bound, as nobody measured such kernels,", time.unmeasured_s)}) {
    if (!more.empty()) text += (text.empty() ? "" : ", ") + more;
  }
  return text;
}

/// Of the step that a metric is mostly made of.
std::string largest_source(const std::vector<predict::ExpectedSource>& sources, Metric metric) {
  const auto share = [&](const predict::ExpectedSource& source) {
    return metric == Metric::ttft ? source.ttft_share : source.tpot_share;
  };
  const auto largest =
      std::max_element(sources.begin(), sources.end(),
                       [&](const auto& a, const auto& b) { return share(a) < share(b); });
  return largest == sources.end() ? std::string("none") : largest->kernel;
}

const std::optional<predict::ExpectedRequest>& expected_of(const predict::Estimate& estimate,
                                                           ServingKind kind) {
  return kind == ServingKind::steady ? estimate.steady.expected : estimate.expected;
}

}  // namespace

ServerPredictor::ServerPredictor(const ScoreQuestion& question, std::span<const ServerRun> runs)
    : question_(question), runs_(runs) {
  places_.reserve(runs.size());
  for (const ServerRun& run : runs) places_.push_back(enter(run));
}

const Result<hardware::Device>& ServerPredictor::device(const std::string& name) {
  const auto at = devices_.find(name);
  if (at != devices_.end()) return at->second;
  return devices_.emplace(name, question_.find_device(name)).first->second;
}

Result<model::Architecture> ServerPredictor::find_architecture(const std::string& name) {
  if (const ModelAlias* alias = model_alias(name)) {
    assumptions_.insert(fmt::format("{} is {}", name, alias->because));
    return question_.find_model(std::string(alias->catalogue));
  }
  auto found = question_.find_model(name);
  if (found) return found;
  for (const std::string& near : catalogue_names(name)) {
    auto same = question_.find_model(near);
    if (!same) continue;
    assumptions_.insert(fmt::format("{} has the sizes of {}", name, same->name));
    return same;
  }
  return found;
}

Result<ServedModel> ServerPredictor::find_model(const ServerRun& run) {
  auto found = find_architecture(run.model);
  if (!found) return fail(found.error());
  auto served = served_model(std::move(*found), run.precision);
  if (served && !served->assumption.empty()) assumptions_.insert(served->assumption);
  return served;
}

const Result<ServedModel>& ServerPredictor::model(const ServerRun& run) {
  const std::pair key{run.model, run.precision};
  const auto at = models_.find(key);
  if (at != models_.end()) return at->second;
  return models_.emplace(key, find_model(run)).first->second;
}

Result<std::shared_ptr<const efficiency::Calibration>> ServerPredictor::calibration_of(
    const hardware::Device& device) {
  const auto at = calibrations_.find(device.name);
  if (at != calibrations_.end()) return at->second;
  auto found = question_.find_calibration(device);
  if (found && *found == nullptr) {
    found = fail(device.name, fmt::format("no profile of {}", device.name),
                 "fit one: ridgepoint calibrate");
  }
  return calibrations_.emplace(device.name, std::move(found)).first->second;
}

Result<ServerPredictor::Asked> ServerPredictor::ask(const ServerRun& run) {
  const Result<hardware::Device>& on = device(run.device);
  if (!on) return fail(on.error());
  const Result<ServedModel>& served = model(run);
  if (!served) return fail(served.error());
  const auto kind = serving_kind(run);
  if (!kind) return fail(kind.error());
  const auto split = layout_of(run, has_experts(served->architecture));
  if (!split) return fail(split.error());
  const auto batch = replica_batch(run, split->data);
  if (!batch) return fail(batch.error());
  Asked asked;
  asked.model = &served->architecture;
  asked.device = &*on;
  asked.kind = *kind;
  asked.request.input = run.input;
  asked.request.output = run.output;
  asked.request.batch = *batch;
  asked.request.execution.precision = served->precision;
  asked.request.execution.parallelism = *split;
  const ServedEngine engine = served_engine(run.framework);
  asked.request.execution.engine = engine.engine;
  if (question_.mode == Reading::expected) {
    const auto calibration = calibration_of(*on);
    if (!calibration) return fail(calibration.error());
    asked.request.execution.calibration = *calibration;
    if (!engine.assumption.empty()) assumptions_.emplace(engine.assumption);
  }
  if (run.concurrency && *run.concurrency % split->data != 0) {
    assumptions_.insert("requests are shared out over replicas evenly, rounded up");
  }
  return asked;
}

Result<std::size_t> ServerPredictor::enter(const ServerRun& run) {
  if (!run.ttft_s && !run.tpot_s && !run.e2e_s) {
    return fail(run.where, "no time is measured", "ttft_ms, tpot_ms or e2e_ms");
  }
  auto asked = ask(run);
  if (!asked) return fail(asked.error());
  const auto [at, is_new] = entered_.emplace(key_of(run, asked->request), asked_.size());
  if (is_new) asked_.push_back(std::move(*asked));
  return at->second;
}

Result<predict::Estimate> ServerPredictor::estimate(const Asked& asked) const {
  return predict::estimate(*asked.model, *asked.device, asked.request);
}

Result<ServerPredictor::Times> ServerPredictor::answer(const Asked& asked) const {
  const auto estimated = estimate(asked);
  if (!estimated) return fail(estimated.error());
  if (asked.kind == ServingKind::steady && estimated->has_encoder) {
    return fail(asked.model->name, "continuous batching of encoders is not modelled",
                "static_batch");
  }
  if (question_.mode == Reading::expected) {
    const auto& expected = expected_of(*estimated, asked.kind);
    if (expected) return times_of(*expected);
    return fail(asked.device->name, fmt::format("no times are expected on {}", asked.device->name),
                "ask for --mode bound");
  }
  const predict::RequestTimes& read = reading(*estimated, question_.mode, asked.kind);
  return Times{PredictedTime{read.ttft_s}, PredictedTime{read.tpot_s}, PredictedTime{read.e2el_s}};
}

void ServerPredictor::work(std::atomic<std::size_t>& next) {
  for (std::size_t i = next++; i < asked_.size(); i = next++) {
    answers_[i] = answer(asked_[i]);
    const std::lock_guard lock(mutex_);
    ++answered_;
    if (question_.progress) question_.progress(answered_, asked_.size());
  }
}

void ServerPredictor::predict_all() {
  answers_.assign(asked_.size(), Times{});
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> others;
  const std::size_t threads = std::min(question_.threads, asked_.size());
  for (std::size_t i = 1; i < threads; ++i) others.emplace_back([&] { work(next); });
  work(next);
}

Result<ServerPredictor::Times> ServerPredictor::times(std::size_t run) const {
  const Result<std::size_t>& place = places_[run];
  if (!place) return fail(place.error());
  return answers_[*place];
}

std::vector<std::string> ServerPredictor::explain(std::size_t run, Metric metric) const {
  const Asked& asked = asked_[*places_[run]];
  const auto made = estimate(asked);
  std::vector<std::string> why;
  if (metric != Metric::tpot) {
    why.push_back("its prompts wait for " + parts_words(made->ttft_parts));
  }
  if (metric != Metric::ttft) {
    why.push_back("its decode step waits for " + parts_words(made->tpot_parts));
  }
  if (const auto& expected = expected_of(*made, asked.kind)) {
    if (metric != Metric::tpot) why.push_back("TTFT: " + expected_words(expected->ttft));
    if (metric != Metric::ttft) why.push_back("TPOT: " + expected_words(expected->tpot));
    why.push_back("most of its kernels' time: " + largest_source(made->sources, metric));
  }
  if (asked.kind == ServingKind::steady) {
    why.push_back(fmt::format("a step of continuous batching has {} decodes and {} prompt tokens",
                              format_integer(std::llround(made->steady.decodes)),
                              format_integer(std::llround(made->steady.prompt_tokens))));
  }
  if (!made->fits) {
    why.push_back(fmt::format("memory holds {} of {} sequences",
                              format_number(std::max(0.0, made->most_sequences)),
                              format_integer(asked.request.batch)));
  }
  return why;
}

std::vector<std::string> ServerPredictor::assumptions() const {
  return {assumptions_.begin(), assumptions_.end()};
}

}  // namespace ridgepoint::score
