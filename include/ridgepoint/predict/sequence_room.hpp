// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "ridgepoint/predict/request.hpp"

namespace ridgepoint::predict {

/// How many requests find room in the memory of one deployment, at one length after the other: what
/// `estimate` says of each.
class SequenceRoom {
 public:
  /// Of the question input and output may vary. REQUIRES: `estimate` has an answer to it.
  SequenceRoom(const model::Architecture& architecture, const hardware::Device& device,
               const RequestQuestion& question);
  ~SequenceRoom();
  SequenceRoom(SequenceRoom&&) noexcept;
  SequenceRoom& operator=(SequenceRoom&&) noexcept;

  /// Estimate::most_sequences: whole ones, on each replica.
  double most_sequences(std::int64_t input, std::int64_t output) const;

 private:
  struct Stages;
  std::unique_ptr<Stages> stages_;
};

}  // namespace ridgepoint::predict
