// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/parameter.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "predict/deployment.hpp"
#include "predict/step_plan.hpp"

namespace ridgepoint::predict {
namespace {

using roofline::DeviceRate;

// Letters of a step that are no sizes of the model: how it is spread, what kernels work in, and the
// tokens of an encoder, which are the input.
constexpr std::array<std::string_view, 5> kNotOfModel{
    "devices that share the tokens", "devices that share the experts",
    "replicas that share the experts", "tokens of a chunk", "tokens of the encoder"};

bool is_of_model(std::string_view meaning) {
  return std::find(kNotOfModel.begin(), kNotOfModel.end(), meaning) == kNotOfModel.end();
}

std::vector<DeviceRate> rates_of(const model::Architecture& architecture,
                                 const hardware::Device& device, const Execution& execution) {
  cost::Step<double> all;
  for (const DeviceShare& share : device_shares(architecture, execution.parallelism)) {
    for (const Phase phase : phases_of(architecture)) {
      const auto step = build_step<double>(plan_step(share, execution, phase));
      all.insert(all.end(), step.begin(), step.end());
    }
  }
  return roofline::rates_in_use(all, device);
}

void add_device(const hardware::Device& device, const std::vector<DeviceRate>& rates,
                std::vector<Parameter>& out) {
  for (const DeviceRate& rate : rates) {
    out.push_back({ParameterKind::rate, name(rate), value_of(rate, device), rate});
  }
  const RunningCost cost = running_cost(device);
  if (cost.dollars_per_hour > 0) {
    out.push_back({ParameterKind::price, "price", cost.dollars_per_hour});
  }
  if (cost.watts > 0) out.push_back({ParameterKind::power, "power", cost.watts});
}

void add_request(const model::Architecture& architecture, const RequestQuestion& question,
                 std::vector<Parameter>& out) {
  const auto add = [&](const char* name, std::int64_t value) {
    out.push_back({ParameterKind::sequence, name, static_cast<double>(value)});
  };
  add("batch", question.batch);
  add("input", question.input);
  add("output", question.output);
  if (question.context) add("context", decode_context(architecture, question));
}

/// The sizes of the whole model, in the order in which its steps use them.
void add_sizes(const model::Architecture& architecture, Execution execution,
               std::vector<Parameter>& out) {
  execution.parallelism = {};
  const auto collect = [&](std::string_view letter, std::int64_t value, const char* meaning) {
    const auto same = [&](const Parameter& known) { return known.name == meaning; };
    if (is_of_model(meaning) && std::none_of(out.begin(), out.end(), same)) {
      const std::int64_t whole = letter == "L" ? num_hidden_layers(architecture) : value;
      out.push_back(
          {ParameterKind::size, meaning, static_cast<double>(whole), {}, std::string(letter)});
    }
    return Dual(value);
  };
  const DeviceShare share = device_shares(architecture, {}).front();
  for (const Phase phase : phases_of(architecture)) {
    build_step<Dual>(plan_step(share, execution, phase), collect);
  }
}

}  // namespace

Result<std::vector<Parameter>> parameters_of(const model::Architecture& architecture,
                                             const hardware::Device& device,
                                             const RequestQuestion& question) {
  const auto deployment = Deployment::build(architecture, device, question);
  if (!deployment) return fail(deployment.error());
  std::vector<Parameter> all;
  add_device(device, rates_of(architecture, device, question.execution), all);
  add_request(architecture, question, all);
  add_sizes(architecture, question.execution, all);
  return all;
}

bool can_change(const Parameter& parameter) {
  if (parameter.rate) return parameter.rate->kind != DeviceRate::Kind::pcie;
  return parameter.kind != ParameterKind::size;
}

void set_parameter(const Parameter& parameter, double value, hardware::Device& device,
                   RequestQuestion& question) {
  if (parameter.rate) return set_value(*parameter.rate, value, device);
  if (parameter.kind == ParameterKind::price) device.price_dollars_per_hour->value = value;
  if (parameter.kind == ParameterKind::power) device.power_watts->value = value;
  const auto whole = static_cast<std::int64_t>(value);
  if (parameter.name == "batch") question.batch = whole;
  if (parameter.name == "input") question.input = whole;
  if (parameter.name == "output") question.output = whole;
  if (parameter.name == "context") question.context = whole;
}

}  // namespace ridgepoint::predict
