// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/sequence_room.hpp"

#include <utility>
#include <vector>

#include "predict/fit_reader.hpp"
#include "predict/request_times.hpp"

namespace ridgepoint::predict {

struct SequenceRoom::Stages {
  model::Architecture architecture;
  RequestQuestion question;
  std::vector<StageReader> readers;
};

SequenceRoom::SequenceRoom(const model::Architecture& architecture, const hardware::Device& device,
                           const RequestQuestion& question)
    : stages_(std::make_unique<Stages>(Stages{architecture, question, {}})) {
  const FitQuestion asked = memory_question(architecture, question);
  for (const DeviceShare& share : device_shares(architecture, asked.parallelism)) {
    stages_->readers.emplace_back(share, asked, usable_bytes(device, asked));
  }
}

SequenceRoom::~SequenceRoom() = default;
SequenceRoom::SequenceRoom(SequenceRoom&&) noexcept = default;
SequenceRoom& SequenceRoom::operator=(SequenceRoom&&) noexcept = default;

double SequenceRoom::most_sequences(std::int64_t input, std::int64_t output) const {
  RequestQuestion question = stages_->question;
  question.input = input;
  question.output = output;
  const FitQuestion asked = memory_question(stages_->architecture, question);
  std::vector<StageMemory> stages;
  stages.reserve(stages_->readers.size());
  for (const StageReader& reader : stages_->readers) stages.push_back(reader.memory(asked));
  const StageMemory& stage = stages[tightest(stages)];
  const Count data(asked.parallelism.data);
  return predict::most_sequences((sequences(stage, stage.sequence_bytes) * data).to_double(),
                                 asked.parallelism);
}

}  // namespace ridgepoint::predict
