// SPDX-License-Identifier: Apache-2.0
#include "report/fit_json.hpp"

#include "report/inputs_json.hpp"
#include "ridgepoint/model/parameters.hpp"

namespace ridgepoint::report {
namespace {

using predict::MemoryFit;
using predict::StageMemory;

Json stage_json(const StageMemory& stage) {
  return {{"layers", stage.layers},
          {"weight_bytes", json_number(stage.weight_bytes)},
          {"activation_bytes", json_number(stage.activation_bytes)},
          {"kv_budget_bytes", json_number(stage.kv_budget_bytes)},
          {"prefix_bytes", json_number(stage.prefix_bytes)},
          {"sequence_bytes", json_number(stage.sequence_bytes)},
          {"mean_sequence_bytes", json_number(stage.mean_sequence_bytes)}};
}

Json full_step_json(const predict::FullStep& step) {
  Json out{{"sequences", step.sequences}, {"floor_s", step.floor_s}, {"bound_s", step.bound_s}};
  if (step.expected) {
    out["expected_s"] = step.expected->whole.seconds;
    out["expected_low_s"] = step.expected->whole.low;
    out["expected_high_s"] = step.expected->whole.high;
    out["expected_throughput_tokens_per_s"] = step.sequences / step.expected->whole.seconds;
  }
  return out;
}

Json smallest_json(const MemoryFit& fit) {
  if (!fit.smallest) return Json{{"devices", 0}};
  const auto& split = fit.smallest->parallelism;
  return {{"devices", fit.smallest->devices},
          {"tensor_parallel_size", split.tensor},
          {"pipeline_parallel_size", split.pipeline}};
}

}  // namespace

void add_memory(Json& document, const MemoryFit& fit) {
  const StageMemory& stage = fit.stage();
  document["fits"] = fit.fits;
  document["devices"] = fit.question.parallelism.devices();
  document["memory_capacity_bytes"] = fit.capacity_bytes;
  document["usable_bytes"] = fit.usable_bytes;
  document["weight_bytes"] = json_number(stage.weight_bytes);
  document["activation_bytes"] = json_number(stage.activation_bytes);
  document["overhead_bytes"] = fit.question.overhead_bytes;
  document["kv_budget_bytes"] = json_number(stage.kv_budget_bytes);
  document["kv_bytes_per_sequence"] = json_number(stage.sequence_bytes);
  const ByteSize element = byte_size(fit.question.precision.kv_cache);
  document["state_bytes_per_sequence"] =
      json_number(model::state_bytes_per_sequence(fit.architecture));
  document["windows"] = windows_json(model::kv_windows(fit.architecture, element));
  document["kv_capacity_tokens"] = fit.kv_capacity_tokens;
  document["kv_blocks"] = fit.kv_blocks;
  document["sequences_at_max_length"] = fit.sequences_at_max_length;
  document["sequences_at_mean_length"] = fit.sequences_at_mean_length;
  if (fit.full_step) document["full_step"] = full_step_json(*fit.full_step);
  document["smallest"] = smallest_json(fit);
  document["stages"] = Json::array();
  for (const StageMemory& one : fit.stages) document["stages"].push_back(stage_json(one));
  document["changes"] = Json::array();
  for (const predict::FitChange& change : fit.changes) {
    document["changes"].push_back({{"what", change.what},
                                   {"options", change.options},
                                   {"sequences_at_max_length", change.sequences}});
  }
}

}  // namespace ridgepoint::report
