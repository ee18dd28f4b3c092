// SPDX-License-Identifier: Apache-2.0
#include "explore/deployment_times.hpp"

#include <algorithm>
#include <utility>

namespace ridgepoint::explore {

using roofline::kBlockSize;

Result<DeploymentTimes> DeploymentTimes::build(const Space& space, std::uint64_t deployment,
                                               const TimesWanted& wanted) {
  Candidate candidate = space.deployment(deployment);
  if (Diagnostics faults = faults_of(candidate); !faults.empty()) return fail(std::move(faults));
  const std::vector<std::int64_t>& inputs = space.axes().input;
  candidate.question.input = *std::max_element(inputs.begin(), inputs.end());
  auto blocks =
      predict::RequestBlocks::build(candidate.model->architecture, candidate.device->device,
                                    candidate.question, wanted.reading, wanted.set);
  if (!blocks) return fail(blocks.error());
  return DeploymentTimes(space, deployment, wanted, std::move(candidate), std::move(*blocks));
}

DeploymentTimes::DeploymentTimes(const Space& space, std::uint64_t deployment,
                                 const TimesWanted& wanted, Candidate candidate,
                                 predict::RequestBlocks blocks)
    : space_(&space),
      number_(deployment),
      wanted_(wanted),
      candidate_(std::move(candidate)),
      has_encoder_(has_stack(candidate_.model->architecture, model::Stack::encoder)),
      blocks_(std::move(blocks)) {
  for (const std::int64_t batch : space.axes().batch) {
    batches_.push_back(static_cast<double>(batch));
  }
  prefill_s_.resize(batches_.size());
  if (wanted.has_room) {
    room_.emplace(candidate_.model->architecture, candidate_.device->device, candidate_.question);
  }
}

void DeploymentTimes::run(std::uint64_t first, std::uint64_t last,
                          const std::function<void(const TimedBlock&)>& visit) {
  const std::uint64_t of_input = space_->rows_of_input();
  while (first < last) {
    set_input(space_->axes().input[first / of_input]);
    const std::uint64_t end = std::min(last, (first / of_input + 1) * of_input);
    run_rows(first, end, visit);
    first = end;
  }
}

/// Rows of one input. Blocks that follow each other have the same batches: what hangs on those
/// alone is then worked out once.
void DeploymentTimes::run_rows(std::uint64_t first, std::uint64_t last,
                               const std::function<void(const TimedBlock&)>& visit) {
  const std::size_t batches = batches_.size();
  const std::size_t rows_at_once = std::max<std::size_t>(1, kBlockSize / batches);
  for (std::size_t batch = 0; batch < batches; batch += kBlockSize) {
    const std::size_t size = std::min(kBlockSize, batches - batch);
    for (std::uint64_t row = first; row < last; row += rows_at_once) {
      const auto rows = static_cast<std::size_t>(std::min<std::uint64_t>(rows_at_once, last - row));
      for (std::size_t i = 0; i < rows; ++i) {
        set_row((row + i) % space_->rows_of_input());
        fill_row(batch, size, i * size);
      }
      time(row * batches + batch, rows * size, visit);
    }
  }
}

void DeploymentTimes::set_input(std::int64_t input) {
  if (input == input_) return;
  input_ = input;
  candidate_.question.input = input;
  if (has_encoder_) {
    // Steps of an encoder–decoder hang on the input; that such steps can be built is known.
    blocks_ =
        *predict::RequestBlocks::build(candidate_.model->architecture, candidate_.device->device,
                                       candidate_.question, wanted_.reading, wanted_.set);
  }
  blocks_.prefill(input, batches_, prefill_s_);
}

/// One output and one context.
void DeploymentTimes::set_row(std::uint64_t row) {
  const Axes& axes = space_->axes();
  predict::RequestQuestion& question = candidate_.question;
  question.output = axes.output[row / axes.context.size()];
  question.context = axes.context[row % axes.context.size()];
  row_output_ = static_cast<double>(question.output);
  row_context_ =
      static_cast<double>(predict::decode_context(candidate_.model->architecture, question));
  if (room_) row_room_ = room_->most_sequences(question.input, question.output);
}

void DeploymentTimes::fill_row(std::size_t first_batch, std::size_t size, std::size_t at) {
  const auto from = static_cast<std::ptrdiff_t>(first_batch);
  const auto to = static_cast<std::ptrdiff_t>(at);
  std::copy_n(batches_.begin() + from, size, batch_.begin() + to);
  std::copy_n(prefill_s_.begin() + from, size, ttft_s_.begin() + to);
  std::fill_n(output_.begin() + to, size, row_output_);
  std::fill_n(context_.begin() + to, size, row_context_);
  std::fill_n(most_.begin() + to, size, row_room_);
}

void DeploymentTimes::time(std::uint64_t first_point, std::size_t n,
                           const std::function<void(const TimedBlock&)>& visit) {
  const auto part = [&](const Numbers& all) { return std::span<const double>(all.data(), n); };
  blocks_.tpot(part(batch_), part(context_), {tpot_s_.data(), n});
  if (has_encoder_) {
    for (std::size_t i = 0; i < n; ++i) ttft_s_[i] += tpot_s_[i];
  }
  const predict::Parallelism& split = candidate_.question.execution.parallelism;
  TimedBlock block{predict::running_cost(candidate_.device->device),
                   static_cast<double>(split.data),
                   static_cast<double>(split.devices()),
                   number_ * space_->loads() + first_point,
                   part(batch_),
                   part(output_),
                   part(ttft_s_),
                   part(tpot_s_),
                   {}};
  if (room_) block.room = part(most_);
  visit(block);
}

}  // namespace ridgepoint::explore
