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

predict::RunningCost DeploymentTimes::cost() const {
  return predict::running_cost(candidate_.device->device);
}

void DeploymentTimes::run(std::uint64_t first, std::uint64_t last,
                          const std::function<void(const TimedBlock&)>& visit) {
  const std::uint64_t of_input = space_->loads_of_input();
  while (first < last) {
    set_input(space_->axes().input[first / of_input]);
    const std::uint64_t end = std::min(last, (first / of_input + 1) * of_input);
    for (; first < end; first += kBlockSize) {
      const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(kBlockSize, end - first));
      fill(first % of_input, n);
      const auto part = [&](const Numbers& all) { return std::span<const double>(all.data(), n); };
      blocks_.tpot(part(batch_), part(context_), {tpot_s_.data(), n});
      if (has_encoder_) {
        for (std::size_t i = 0; i < n; ++i) ttft_s_[i] += tpot_s_[i];
      }
      TimedBlock block{number_ * space_->loads() + first,
                       part(batch_),
                       part(output_),
                       part(ttft_s_),
                       part(tpot_s_),
                       {}};
      if (room_) block.room = part(most_);
      visit(block);
    }
    first = end;
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

/// Points of the input at hand from `first` on, row by row.
void DeploymentTimes::fill(std::uint64_t first, std::size_t n) {
  const std::uint64_t batches = batches_.size();
  for (std::size_t i = 0; i < n;) {
    const std::uint64_t at = first + i;
    const auto batch = static_cast<std::size_t>(at % batches);
    const std::size_t size = std::min(n - i, batches_.size() - batch);
    set_row(at / batches);
    std::copy_n(batches_.begin() + static_cast<std::ptrdiff_t>(batch), size,
                batch_.begin() + static_cast<std::ptrdiff_t>(i));
    std::copy_n(prefill_s_.begin() + static_cast<std::ptrdiff_t>(batch), size,
                ttft_s_.begin() + static_cast<std::ptrdiff_t>(i));
    std::fill_n(output_.begin() + static_cast<std::ptrdiff_t>(i), size, row_output_);
    std::fill_n(context_.begin() + static_cast<std::ptrdiff_t>(i), size, row_context_);
    std::fill_n(most_.begin() + static_cast<std::ptrdiff_t>(i), size, row_room_);
    i += size;
  }
}

}  // namespace ridgepoint::explore
