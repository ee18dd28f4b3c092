// SPDX-License-Identifier: Apache-2.0
#include "predict/beside_point.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "predict/step_plan.hpp"

namespace ridgepoint::predict {
namespace {

// Heads that tensor-parallel devices replicate where there are fewer than devices.
constexpr std::array<std::string_view, 3> kReplicated{"num_key_value_heads", "n_groups",
                                                      "linear_num_key_heads"};

bool is_replicated(std::string_view name) {
  return std::find(kReplicated.begin(), kReplicated.end(), name) != kReplicated.end();
}

/// One step on every stage, by one reading.
struct StageSums {
  Dual sum;
  Dual most;
};

/// The steps of one phase on all stages of a pipeline.
class PhaseBeside {
 public:
  PhaseBeside(std::vector<roofline::TimedStepOf<Dual>> stages, Reading reading)
      : stages_(std::move(stages)), reading_(reading) {}

  /// As PipelineSteps::through.
  Dual through(const std::vector<ChunksOf<Dual>>& chunks) const {
    Dual time;
    for (const ChunksOf<Dual>& each : chunks) time += each.count * at(each.shape).most;
    const StageSums last = at(chunks.back().shape);
    return time + (last.sum - last.most);
  }

  /// As PipelineSteps::round.
  Dual round(Dual batch, Dual context) const {
    if (stages_.size() == 1) return at({batch, 1, context}).sum;
    const Dual parts = min(batch, Dual(stages_.size()));
    const StageSums step = at({ceil(batch / parts), 1, context});
    return max(step.sum, parts * step.most);
  }

 private:
  StageSums at(const cost::Shape<Dual>& shape) const {
    StageSums all;
    for (const auto& stage : stages_) {
      const auto time = roofline::step_time(stage, shape);
      const Dual one = reading_ == Reading::floor ? time.floor_s() : time.bound_s;
      all.sum += one;
      all.most = max(all.most, one);
    }
    return all;
  }

  std::vector<roofline::TimedStepOf<Dual>> stages_;
  Reading reading_;
};

/// Builds the steps with their sizes beside the point.
class StepsBeside {
 public:
  StepsBeside(const model::Architecture& architecture, const hardware::Device& device,
              const Execution& execution, const Change& change)
      : device_(device),
        execution_(execution),
        change_(change),
        shares_(device_shares(architecture, execution.parallelism)) {
    find_replicated(architecture);
  }

  PhaseBeside of(Phase phase, Reading reading) const {
    std::vector<roofline::TimedStepOf<Dual>> stages;
    const Parameter* parameter = change_.parameter;
    const bool is_rate = parameter != nullptr && parameter->rate;
    const roofline::RateChange rate{is_rate ? *parameter->rate : roofline::DeviceRate(),
                                    change_.direction};
    for (const DeviceShare& share : shares_) {
      const auto step =
          build_step<Dual>(plan_step(share, execution_, phase),
                           [&](std::string_view, std::int64_t value, const char* meaning) {
                             return size(static_cast<double>(value), meaning);
                           });
      stages.push_back(roofline::on_device(step, device_, is_rate ? &rate : nullptr));
    }
    return {std::move(stages), reading};
  }

 private:
  /// How many heads of the kind that changes the model has, in all its kinds of layers.
  void find_replicated(const model::Architecture& architecture) {
    const Parameter* parameter = change_.parameter;
    if (parameter == nullptr || !is_replicated(parameter->name)) return;
    Execution whole = execution_;
    whole.parallelism = {};
    build_step<Dual>(plan_step(device_shares(architecture, {}).front(), whole, Phase::prefill),
                     [&](std::string_view, std::int64_t value, const char* meaning) {
                       if (parameter->name == meaning) heads_.insert(value);
                       return Dual(value);
                     });
  }

  Dual size(double value, std::string_view meaning) const {
    if (meaning == "tokens of the encoder") return change_.of("input", value);
    // One head on each device stays one while there are fewer heads than devices.
    const std::int64_t tensor = execution_.parallelism.tensor;
    const bool is_alone = value == 1 && tensor > 1 && is_replicated(meaning);
    const bool may_grow = change_.direction > 0 && heads_.contains(tensor);
    return is_alone && !may_grow ? Dual(value) : change_.of(meaning, value);
  }

  const hardware::Device& device_;
  const Execution& execution_;
  const Change& change_;
  std::vector<DeviceShare> shares_;
  std::set<std::int64_t> heads_;
};

/// Prompt, cache and context of a question beside the point.
struct RequestBeside {
  Prompts<Dual> prompts;
  Dual output;
  Dual context;  ///< of the decode step

  RequestBeside(const RequestQuestion& question, std::int64_t decode_context, bool has_encoder,
                const Change& change) {
    const auto of = [&](const char* name, std::int64_t value) {
      return change.of(name, static_cast<double>(value));
    };
    const Dual input = of("input", question.input);
    // Whole tokens; what grows is the share that they are of.
    const Dual cached(static_cast<double>(question.cached_input()),
                      question.prefix_hit_rate.to_double() * input.slope);
    prompts = {of("batch", question.batch), input, cached, Dual(question.max_num_batched_tokens)};
    output = of("output", question.output);
    context = question.context ? of("context", decode_context)
                               : Dual(static_cast<double>(decode_context),
                                      (has_encoder ? 0 : input.slope) + output.slope / 2);
  }
};

}  // namespace

Dual Change::of(std::string_view name, double value) const {
  const bool is_meant = parameter != nullptr && parameter->name == name;
  return {value, is_meant ? direction * value : 0};
}

RequestTimesOf<Dual> beside(const model::Architecture& architecture, const hardware::Device& device,
                            const RequestQuestion& question, Reading reading,
                            const Change& change) {
  const bool has_encoder = has_stack(architecture, model::Stack::encoder);
  Execution execution = question.execution;
  if (has_encoder) execution.source_tokens = question.input;
  const StepsBeside steps(architecture, device, execution, change);
  const RequestBeside request(question, decode_context(architecture, question), has_encoder,
                              change);
  const Dual step = steps.of(Phase::decode, reading).round(request.prompts.count, request.context);
  Dual prompts = steps.of(Phase::prefill, reading).through(prompt_chunks(request.prompts));
  if (has_encoder) prompts += step;
  const RunningCost cost = running_cost(device);
  const Parallelism& split = execution.parallelism;
  return static_times(
      RunningCostOf<Dual>{change.of("power", cost.watts),
                          change.of("price", cost.dollars_per_hour)},
      {Dual(split.data) * request.prompts.count, request.output, Dual(split.devices())}, prompts,
      step);
}

}  // namespace ridgepoint::predict
