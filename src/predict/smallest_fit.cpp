// SPDX-License-Identifier: Apache-2.0
#include "predict/smallest_fit.hpp"

#include <algorithm>
#include <utility>

#include "predict/fit_reader.hpp"
#include "predict/stage_memory.hpp"

namespace ridgepoint::predict {
namespace {

/// No fewer devices hold the weights, however they are split.
std::int64_t fewest_devices(const MemoryFit& answer) {
  const Count weights = stage_weights({answer.architecture}, answer.question.precision);
  const Count fewest = ceil(weights / Count(std::max<std::int64_t>(1, answer.usable_bytes)));
  return std::max<std::int64_t>(1, fewest.to_integer().value_or(kMostDevices));
}

class SmallestFinder {
 public:
  explicit SmallestFinder(const MemoryFit& answer)
      : answer_(answer),
        most_stages_(has_stack(answer.architecture, model::Stack::encoder)
                         ? 1
                         : num_hidden_layers(answer.architecture)),
        fewest_(fewest_devices(answer)) {}

  std::optional<SmallestFit> find() && {
    auto sizes = legal_tensor_sizes(answer_.architecture, hardware::local_devices(answer_.device));
    std::reverse(sizes.begin(), sizes.end());
    for (const std::int64_t tensor : sizes) search(tensor);
    return best_;
  }

 private:
  /// With this tensor parallelism, as few stages as do, if those are fewer devices than known.
  void search(std::int64_t tensor) {
    const std::int64_t first = (fewest_ + tensor - 1) / tensor;
    const std::int64_t most = best_ ? (best_->devices - 1) / tensor : kMostDevices / tensor;
    const std::int64_t last = std::min(most, most_stages_);
    // More stages hold less each, but for unlike layers: of many to try the most are asked first.
    constexpr std::int64_t kMany = 16;
    if (last - first >= kMany && !split_that_fits(tensor, last)) return;
    for (std::int64_t stages = first; stages <= last; ++stages) {
      if (const auto split = split_that_fits(tensor, stages)) {
        best_ = SmallestFit{split->devices(), *split};
        return;
      }
    }
  }

  std::optional<Parallelism> split_that_fits(std::int64_t tensor, std::int64_t stages) const {
    FitQuestion question = answer_.question;
    for (const std::int64_t expert : {std::int64_t{1}, tensor}) {
      const bool shares_tokens = answer_.question.parallelism.sequence && tensor > 1;
      question.parallelism = {tensor, stages, 1, expert, shares_tokens};
      if (would_fit(answer_.architecture, answer_.device, question)) return question.parallelism;
      if (!has_experts(answer_.architecture)) break;
    }
    return std::nullopt;
  }

  const MemoryFit& answer_;
  std::int64_t most_stages_;  ///< an encoder cannot be cut
  std::int64_t fewest_;
  std::optional<SmallestFit> best_;
};

}  // namespace

std::optional<SmallestFit> smallest_fit(const MemoryFit& answer) {
  return SmallestFinder(answer).find();
}

}  // namespace ridgepoint::predict
