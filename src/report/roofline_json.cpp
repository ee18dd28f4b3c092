// SPDX-License-Identifier: Apache-2.0
#include "report/envelope.hpp"
#include "report/formula_words.hpp"
#include "report/inputs_json.hpp"
#include "report/request_figures.hpp"
#include "report/roofline_words.hpp"
#include "ridgepoint/model/parameters.hpp"
#include "ridgepoint/report/roofline_report.hpp"

namespace ridgepoint::report {
namespace {

using predict::Analysis;
using predict::OperatorAnalysis;
using predict::StepAnalysis;

Json peaks_json(const Analysis& analysis) {
  Json peaks = Json::array();
  for (const hardware::PeakInUse& peak : analysis.peaks) {
    const FlopsPerByte ridge = peak.value / analysis.device.memory_bandwidth.value;
    peaks.push_back({{"requested", name(peak.requested)},
                     {"used", name(peak.used)},
                     {"dense_peak_flops_per_s", peak.value.value()},
                     {"ridge_point", ridge.value()}});
  }
  return peaks;
}

Json inputs(const Analysis& analysis) {
  Json phases = Json::array();
  for (const predict::Phase phase : analysis.workload.phases) phases.push_back(name(phase));
  const predict::Precision& precision = analysis.workload.precision;
  Json inputs{{"model", analysis.architecture.name},
              {"model_origin", analysis.architecture.origin},
              {"device", analysis.device.name},
              {"device_origin", analysis.device.origin},
              {"phases", std::move(phases)},
              {"batch", analysis.workload.batch},
              {"context", analysis.workload.context},
              {"weights", predict::weights_name(analysis.architecture, precision)},
              {"activations", name(precision.activations)},
              {"kv_cache_dtype", name(precision.kv_cache)},
              {"expert_imbalance", json_number(analysis.workload.expert_imbalance)},
              {"devices", analysis.workload.parallelism.devices()},
              {"tensor_parallel_size", analysis.workload.parallelism.tensor},
              {"sequence_parallel", analysis.workload.parallelism.sequence},
              {"pipeline_parallel_size", analysis.workload.parallelism.pipeline},
              {"stage", analysis.stage.index + 1},
              {"stage_layers", analysis.stage.layers},
              {"stage_is_slowest", analysis.stage.is_slowest},
              {"data_parallel_size", analysis.workload.parallelism.data},
              {"expert_parallel_size", analysis.workload.parallelism.expert}};
  if (has_mixed_step(analysis)) {
    inputs["chunk"] = analysis.workload.chunk.tokens;
    inputs["chunk_context"] = analysis.workload.chunk.context;
  }
  add_engine(inputs, analysis.workload.engine);
  add_resolved(inputs, analysis.architecture, analysis.device);
  inputs["peaks"] = peaks_json(analysis);
  return inputs;
}

Json device_json(const Analysis& analysis) {
  const hardware::Device& device = analysis.device;
  return {{"name", device.name},
          {"title", device.title},
          {"memory_bandwidth_bytes_per_s", device.memory_bandwidth.value.value()},
          {"memory_capacity_bytes", device.memory_capacity_bytes.value},
          {"peaks", peaks_json(analysis)}};
}

Json crossover_json(const predict::Crossover& crossover) {
  return {{"compute_bound", crossover_key(crossover)},
          {"batch", crossover.batch},
          {"exact", crossover.exact}};
}

/// What one instance reads, computes and writes, in the text form that `algebra` reads back.
Json formula_json(const OperatorAnalysis& one) {
  Json lines = Json::array();
  for (const predict::FormulaLine& line : one.formula) {
    if (is_nothing(line)) continue;
    lines.push_back({{"action", action_key(line.entry.action)},
                     {"tensor", line.entry.what},
                     {"kind", kind_key(line.entry)},
                     {"formula", to_text(amount(line.entry))},
                     {"value", json_number(line.value)}});
  }
  return lines;
}

void add_expected(Json& out, const efficiency::Expected& time) {
  out["expected_s"] = time.seconds;
  out["expected_low_s"] = time.low;
  out["expected_high_s"] = time.high;
}

/// Which tokens of a mixed step an operator works on.
std::string_view part_key(predict::Phase part) {
  return part == predict::Phase::mixed ? "both" : name(part);
}

Json operator_json(const OperatorAnalysis& one) {
  Json out{{"name", one.name},
           {"phase", name(one.phase)},
           {"count", one.count},
           {"compute_type", name(one.compute_type)},
           {"flops", json_number(one.flops)},
           {"weight_bytes", json_number(one.weight_bytes)},
           {"activation_bytes", json_number(one.activation_bytes)},
           {"kv_bytes", json_number(one.kv_bytes)},
           {"state_bytes", json_number(one.state_bytes)},
           {"network_bytes", json_number(one.network_bytes)},
           {"arithmetic_intensity", one.arithmetic_intensity},
           {"ridge_point", one.ridge_point},
           {"bound", name(one.bound)},
           {"time_s", one.time_s},
           {"share", one.share},
           {"utilisation", one.utilisation}};
  if (one.expected) {
    add_expected(out, one.expected->time);
    out["expected_kernel"] = one.expected->kernel;
    out["expected_from"] = one.expected->source;
    out["efficiency"] = one.expected->efficiency();
  }
  if (one.crossover) out["crossover"] = crossover_json(*one.crossover);
  if (one.phase == predict::Phase::mixed) out["part"] = part_key(one.part);
  out["formula"] = formula_json(one);
  return out;
}

/// The kind of tokens that a phase has none of is 0.
Json step_json(const StepAnalysis& step) {
  Json out{{"floor_s", step.floor_s},
           {"bound_s", step.bound_s},
           {"flops", json_number(step.flops)},
           {"bytes", json_number(step.bytes)},
           {"compulsory_bytes", json_number(step.compulsory_bytes)},
           {"compute_s", step.compute_s},
           {"compulsory_memory_s", step.compulsory_memory_s},
           {"network_s", step.network_s},
           {"network_bytes", json_number(step.network_bytes)},
           {"prompt_tokens_per_s", step.prompt_tokens_per_s},
           {"throughput_tokens_per_s", step.tokens_per_s},
           {"limit", name(step.limit)}};
  if (step.expected) {
    add_expected(out, step.expected->whole);
    out["expected_parts"] = expected_parts_json(*step.expected);
  }
  if (step.crossover) out["crossover"] = crossover_json(*step.crossover);
  for (const predict::PartTime& part : step.parts) {
    out["parts"][std::string(name(part.phase))] = {{"bound_s", part.bound_s}};
  }
  return out;
}

Json memory_json(const predict::MemoryUse& memory) {
  return {{"weight_bytes", json_number(memory.weights)},
          {"state_bytes_per_sequence", json_number(memory.state_per_sequence)},
          {"kv_bytes_per_sequence", json_number(memory.kv_cache_per_sequence)},
          {"micro_batches", memory.micro_batches},
          {"chunk_kv_bytes", json_number(memory.chunk_cache)},
          {"kv_bytes", json_number(memory.kv_cache)},
          {"memory_bytes", json_number(memory.total())},
          {"memory_capacity_bytes", memory.capacity},
          {"fits", memory.fits},
          {"max_batch", memory.max_batch}};
}

Json batch_json(const predict::BatchPoint& point, const predict::MemoryUse& memory) {
  Json out{{"batch", point.batch},
           {"floor_s", point.floor_s},
           {"bound_s", point.bound_s},
           {"throughput_tokens_per_s", point.tokens_per_s},
           {"memory_bytes", json_number(memory_bytes(memory, point.batch))},
           {"fits", point.fits}};
  if (point.expected) {
    add_expected(out, *point.expected);
    out["expected_throughput_tokens_per_s"] = point.expected_tokens_per_s();
  }
  return out;
}

}  // namespace

std::string to_json(const Analysis& analysis) {
  Json document = envelope("roofline", inputs(analysis), analysis.assumptions);
  document["device"] = device_json(analysis);
  document["operators"] = Json::array();
  document["steps"] = Json::object();
  for (const StepAnalysis& step : analysis.steps) {
    for (const OperatorAnalysis& one : step.operators) {
      document["operators"].push_back(operator_json(one));
    }
    document["steps"][std::string(name(step.phase))] = step_json(step);
  }
  document["memory"] = memory_json(analysis.memory);
  document["batch_curve"] = Json::array();
  for (const predict::BatchPoint& point : analysis.batch_curve) {
    document["batch_curve"].push_back(batch_json(point, analysis.memory));
  }
  return dump(document);
}

}  // namespace ridgepoint::report
