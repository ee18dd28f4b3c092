// SPDX-License-Identifier: Apache-2.0
#include "score/server_question.hpp"

#include <fmt/format.h>

#include "ridgepoint/core/format.hpp"

namespace ridgepoint::score {
namespace {

constexpr std::string_view kStatic = "static_batch";
constexpr std::string_view kSteady = "serving_agg";
constexpr std::string_view kAlone = "batch1_decode";

std::int64_t rounded_up(std::int64_t value, std::int64_t by) { return (value + by - 1) / by; }

/// The batch of aiconfigurator's rows is that of a replica, elsewhere that of all of them.
bool counts_replicas_apart(const ServerRun& run) {
  return run.source.starts_with("aiconfigurator");
}

std::string layout_words(const ServerRun& run) {
  const auto size = [](std::string_view name, const std::optional<std::int64_t>& value) {
    return value.value_or(1) == 1 ? std::string() : fmt::format(", {} {}", name, *value);
  };
  const std::string words = size("TP", run.tensor) + size("PP", run.pipeline) +
                            size("EP", run.expert) + size("DP", run.data);
  return words.empty() ? ", 1 device" : words;
}

}  // namespace

Result<ServingKind> serving_kind(const ServerRun& run) {
  if (run.kind == kStatic || run.kind == kAlone) return ServingKind::static_batch;
  if (run.kind == kSteady) return ServingKind::steady;
  return fail(run.where,
              run.kind.empty() ? std::string("its kind is not given")
                               : fmt::format("runs of kind \"{}\" are not modelled", run.kind),
              fmt::format("{}, {} or {}", kStatic, kSteady, kAlone));
}

Result<predict::Parallelism> layout_of(const ServerRun& run, bool has_experts) {
  constexpr const char* kHelp = "n_gpu is tp·pp·dp";
  predict::Parallelism split;
  split.pipeline = run.pipeline.value_or(1);
  split.data = run.data.value_or(1);
  if (!run.tensor && !run.devices) {
    return fail(run.where, "neither n_gpu nor tp is given", kHelp);
  }
  split.tensor = run.tensor.value_or(run.devices.value_or(1) / (split.pipeline * split.data));
  if (split.tensor < 1 || (run.devices && split.devices() != *run.devices)) {
    return fail(run.where,
                fmt::format("n_gpu is {}, but tp {}, pp {} and dp {} make {}", *run.devices,
                            split.tensor, split.pipeline, split.data, split.devices()),
                kHelp);
  }
  if (has_experts) split.expert = run.expert.value_or(1);
  return split;
}

Result<std::int64_t> replica_batch(const ServerRun& run, std::int64_t replicas) {
  if (run.concurrency) return rounded_up(*run.concurrency, replicas);
  if (run.batch && counts_replicas_apart(run)) return *run.batch;
  if (run.batch) return rounded_up(*run.batch, replicas);
  if (run.kind == kAlone) return 1;
  return fail(run.where, "neither batch nor concurrency is given", "give one of them");
}

std::string describe(const ServerRun& run) {
  const std::string precision = run.precision.empty() ? "" : " " + run.precision;
  const std::int64_t sequences = run.concurrency.value_or(run.batch.value_or(1));
  return fmt::format("{}{}{}, batch {}, isl {}, osl {}, {}", run.model, precision,
                     layout_words(run), sequences, run.input, run.output, run.kind);
}

}  // namespace ridgepoint::score
