// SPDX-License-Identifier: Apache-2.0
#include "explore/plan_deployment.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "explore/reasons.hpp"
#include "ridgepoint/predict/sequence_room.hpp"

namespace ridgepoint::explore {
namespace {

/// Metrics that the question judges points by.
std::vector<Metric> metrics_of(const PlanQuestion& question) {
  std::vector<Metric> metrics{question.objective.metric};
  for (const Limit& limit : question.subject.limits) metrics.push_back(limit.metric);
  return metrics;
}

hardware::Device with_more_memory(hardware::Device device) {
  const auto grow = [](std::int64_t& bytes) { bytes += bytes / 10; };
  grow(device.memory_capacity_bytes.value);
  if (device.reported_capacity_bytes) grow(device.reported_capacity_bytes->value);
  return device;
}

double room_of(const Candidate& candidate, const hardware::Device& device) {
  const predict::RequestQuestion& question = candidate.question;
  return predict::SequenceRoom(candidate.model->architecture, device, question)
      .most_sequences(question.input, question.output);
}

}  // namespace

Result<PlanDeployment> PlanDeployment::build(const Space& space, std::uint64_t number,
                                             const PlanQuestion& question) {
  Candidate candidate = space.point(number * space.loads());
  Diagnostics faults = faults_of(candidate);
  if (faults.empty()) faults = unknown_costs(metrics_of(question), *candidate.device);
  if (!faults.empty()) return fail(std::move(faults));
  auto floors =
      predict::ContinuousBatching::build(candidate.model->architecture, candidate.device->device,
                                         candidate.question, predict::Reading::floor);
  if (!floors) return fail(floors.error());
  auto figures =
      predict::ContinuousBatching::build(candidate.model->architecture, candidate.device->device,
                                         candidate.question, question.reading);
  if (!figures) return fail(figures.error());
  return PlanDeployment(space, number, std::move(candidate),
                        {std::move(*floors), std::move(*figures)});
}

PlanDeployment::PlanDeployment(const Space& space, std::uint64_t number, Candidate candidate,
                               Readings readings)
    : space_(&space),
      number_(number),
      candidate_(std::move(candidate)),
      room_(room_of(candidate_, candidate_.device->device)),
      more_room_(room_of(candidate_, with_more_memory(candidate_.device->device))),
      readings_(std::move(readings)),
      evaluated_(space.axes().batch.size()) {
  const predict::Parallelism& split = candidate_.question.execution.parallelism;
  load_ = {predict::running_cost(candidate_.device->device), static_cast<double>(split.devices()),
           static_cast<double>(split.data), static_cast<double>(candidate_.question.output)};
}

double PlanDeployment::sequences(std::size_t batch) const {
  return static_cast<double>(space_->axes().batch[batch]);
}

std::uint64_t PlanDeployment::point(std::size_t batch) const {
  return number_ * space_->loads() + batch;
}

bool PlanDeployment::holds(std::size_t batch, Room room) const {
  return sequences(batch) <= (room == Room::own ? room_ : more_room_);
}

LoadedPoint PlanDeployment::floor(std::size_t batch, const PlanQuestion& question) const {
  const double limit = tpot_limit(question.subject);
  if (!most_decodes_ || most_decodes_->first != limit) {
    const auto& batches = space_->axes().batch;
    const auto most = static_cast<double>(*std::max_element(batches.begin(), batches.end()));
    most_decodes_ = {limit, readings_.floors.most_decodes(limit, most)};
  }
  return floor_of(batch, most_decodes_->second);
}

LoadedPoint PlanDeployment::floor(std::size_t batch) const {
  return floor_of(batch, sequences(batch));
}

LoadedPoint PlanDeployment::floor_of(std::size_t batch, double most_decodes) const {
  const predict::LoopFloor floor = readings_.floors.floor(sequences(batch), most_decodes);
  return {load_, sequences(batch), {floor.ttft_s, floor.tpot_s, 0, floor.requests_per_s}};
}

LoadedPoint PlanDeployment::evaluated(std::size_t batch) {
  if (!evaluated_[batch]) evaluated_[batch] = readings_.figures.at(sequences(batch));
  return {load_, sequences(batch), *evaluated_[batch]};
}

namespace {

/// The same steps: an axis may say in two ways what comes to the same.
bool is_same(const Candidate& a, const Candidate& b) {
  const predict::Execution& left = a.question.execution;
  const predict::Execution& right = b.question.execution;
  return is_of_kind(a, b) && left.parallelism == right.parallelism &&
         a.question.max_num_batched_tokens == b.question.max_num_batched_tokens;
}

Diagnostics faults_of(const Candidate& candidate, const PlanQuestion& question) {
  const std::int64_t most = with_a_tenth_more(question.max_devices);
  if (candidate.question.execution.parallelism.devices() <= most) return {};
  return {{"--max-devices", "one instance takes more", "give more devices, or smaller splits"}};
}

}  // namespace

double tpot_limit(const Subject& subject) {
  double least = std::numeric_limits<double>::infinity();
  for (const Limit& limit : subject.limits) {
    if (limit.metric == Metric::tpot && limit.is_upper()) least = std::min(least, limit.value);
  }
  return least;
}

std::int64_t with_a_tenth_more(std::int64_t devices) {
  return devices + std::max<std::int64_t>(1, devices / 10);
}

bool is_of_kind(const Candidate& a, const Candidate& b) {
  const predict::Precision& left = a.question.execution.precision;
  const predict::Precision& right = b.question.execution.precision;
  return a.model == b.model && a.device == b.device && left.weights == right.weights &&
         left.activations == right.activations && left.kv_cache == right.kv_cache;
}

PlanDeployments plan_deployments(const Space& space, const PlanQuestion& question) {
  PlanDeployments found;
  Reasons reasons;
  for (std::uint64_t number = 0; number < space.deployments(); ++number) {
    const Candidate candidate = space.deployment(number);
    const bool is_known = std::any_of(found.all.begin(), found.all.end(), [&](const auto& each) {
      return is_same(each.candidate(), candidate);
    });
    if (is_known) continue;
    Diagnostics faults = faults_of(candidate, question);
    auto deployment = faults.empty() ? PlanDeployment::build(space, number, question)
                                     : Result<PlanDeployment>(fail(std::move(faults)));
    if (deployment) {
      found.all.push_back(std::move(*deployment));
    } else {
      add(reasons, {deployment.error().front(), 1});
    }
  }
  found.left_out = listed(std::move(reasons));
  return found;
}

}  // namespace ridgepoint::explore
