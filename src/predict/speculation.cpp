// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/speculation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "predict/assumptions.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/roofline/step_time.hpp"

namespace ridgepoint::predict {
namespace {

/// The steps of which a round of speculation consists.
struct Rounds {
  roofline::TimedStep model;
  roofline::TimedStep proposer;  ///< a decode step of the draft, or all heads at once
  bool has_draft = false;
};

/// k residual blocks and output matrices, in one pass over the last position.
cost::Step<double> head_step(const model::Architecture& architecture,
                             const SpeculationQuestion& question) {
  const DeviceShare share = device_shares(architecture, question.execution.parallelism).front();
  const double element = cost::scalar<double>(byte_size(architecture.dtype));
  const double activation =
      cost::scalar<double>(byte_size(question.execution.precision.activations));
  const auto hidden = static_cast<double>(share.model.hidden_size);
  const auto vocabulary = static_cast<double>(share.model.vocab_size);
  const auto count = static_cast<double>(question.proposed);
  const DataType type =
      hardware::compute_type(architecture.dtype, question.execution.precision.activations);
  return {
      {"head_block", count, type,
       cost::LmHead<double>{hidden, hidden, element, activation, hidden}},
      {"head_output", count, type, cost::LmHead<double>{hidden, vocabulary, element, activation}}};
}

Result<Rounds> build_rounds(const model::Architecture& architecture, const hardware::Device& device,
                            const SpeculationQuestion& question) {
  const Execution& execution = question.execution;
  auto model =
      roofline::on_device(build_step<double>(architecture, execution, Phase::decode), device);
  if (!model) return fail(model.error());
  Execution draft_execution = execution;
  if (question.draft) {
    draft_execution.precision = native_precision(*question.draft);
    draft_execution.precision.kv_cache = execution.precision.kv_cache;
  }
  const auto proposer = question.draft
                            ? build_step<double>(*question.draft, draft_execution, Phase::decode)
                            : head_step(architecture, question);
  auto timed = roofline::on_device(proposer, device);
  if (!timed) return fail(timed.error());
  return Rounds{std::move(*model), std::move(*timed), question.draft.has_value()};
}

double time_of(const roofline::TimedStep& step, const cost::Shape<double>& shape, Reading reading) {
  const roofline::StepTime time = roofline::step_time(step, shape);
  return reading == Reading::floor ? time.floor_s() : time.bound_s;
}

/// The acceptance at which `tokens` are expected, by halving; above 1 where even k + 1 are fewer.
double acceptance_for(double tokens, std::int64_t proposed) {
  constexpr double kNone = 2;
  if (tokens <= 1) return 0;
  if (tokens > static_cast<double>(proposed) + 1) return kNone;
  double low = 0;
  double high = 1;
  constexpr int kHalvings = 60;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    (expected_tokens(middle, proposed) < tokens ? low : high) = middle;
  }
  return high;
}

SpeculationRow row_at(const Rounds& rounds, const SpeculationQuestion& question,
                      std::int64_t batch) {
  const auto b = static_cast<double>(batch);
  const auto context = static_cast<double>(question.context);
  const auto proposed = static_cast<double>(question.proposed);
  SpeculationRow row;
  row.batch = batch;
  row.decode_s = time_of(rounds.model, {b, 1, context}, question.reading);
  row.check_s = time_of(rounds.model, {b, proposed + 1, context + proposed}, question.reading);
  const double once = time_of(rounds.proposer, {b, 1, context}, question.reading);
  row.propose_s = rounds.has_draft ? proposed * once : once;
  row.tokens_per_step = expected_tokens(question.acceptance, question.proposed);
  const double round_s = row.propose_s + row.check_s;
  row.speedup = row.tokens_per_step * row.decode_s / round_s;
  row.break_even_acceptance = acceptance_for(round_s / row.decode_s, question.proposed);
  return row;
}

std::int64_t find_break_even(const Rounds& rounds, const SpeculationQuestion& question) {
  constexpr std::int64_t kMostSequences = 65'536;
  for (std::int64_t batch = 1; batch <= kMostSequences; batch *= 2) {
    if (row_at(rounds, question, batch).speedup <= 1) return batch;
  }
  return 0;
}

Diagnostics faults_of(const model::Architecture& architecture,
                      const SpeculationQuestion& question) {
  Diagnostics faults = illegal_splits(architecture, question.execution.parallelism);
  const auto check = [&](const model::Architecture& model) {
    if (phases_of(model).size() < 2) {
      faults.push_back({model.name, "an encoder generates no tokens", "choose a decoder"});
    }
  };
  check(architecture);
  if (question.execution.parallelism.pipeline > 1) {
    faults.push_back(
        {"--pipeline-parallel-size", "a round is looked at on one stage", "leave it out here"});
  }
  if (!question.draft) return faults;
  check(*question.draft);
  const Diagnostics more = illegal_splits(*question.draft, question.execution.parallelism);
  faults.insert(faults.end(), more.begin(), more.end());
  if (question.draft->vocab_size != architecture.vocab_size) {
    faults.push_back(
        {"--draft",
         fmt::format("its vocabulary has {} tokens, that of {} {}", question.draft->vocab_size,
                     architecture.name, architecture.vocab_size),
         "a draft proposes tokens of the model's own vocabulary"});
  }
  return faults;
}

std::vector<std::string> assumptions(const Speculation& answer) {
  const SpeculationQuestion& question = answer.question;
  std::vector<std::string> sentences = given_assumptions(answer.architecture, answer.device);
  sentences.push_back(precision_sentence(answer.architecture, question.execution.precision));
  sentences.push_back(
      fmt::format("every proposed token is accepted with probability {:g}, whatever came before",
                  question.acceptance));
  sentences.push_back(
      question.draft
          ? fmt::format("{} proposes {} tokens in as many steps on the same devices, stored as "
                        "its config says",
                        question.draft->name, question.proposed)
          : fmt::format("{} heads on the model, each a block of D×D and an output matrix, propose "
                        "one token each in one pass (Medusa)",
                        question.proposed));
  sentences.push_back(fmt::format(
      "a check is one step of the model on {} tokens of each sequence, in its decode form",
      question.proposed + 1));
  sentences.emplace_back(
      "choosing tokens, rejecting them and a tree of proposals cost nothing here");
  return sentences;
}

}  // namespace

double expected_tokens(double acceptance, std::int64_t proposed) {
  const auto tokens = static_cast<double>(proposed) + 1;
  if (acceptance >= 1) return tokens;
  return (1 - std::pow(acceptance, tokens)) / (1 - acceptance);
}

Result<Speculation> speculate(const model::Architecture& architecture,
                              const hardware::Device& device, const SpeculationQuestion& question) {
  if (Diagnostics faults = faults_of(architecture, question); !faults.empty()) return fail(faults);
  const auto rounds = build_rounds(architecture, device, question);
  if (!rounds) return fail(rounds.error());
  Speculation answer;
  answer.architecture = architecture;
  answer.device = device;
  answer.question = question;
  for (const std::int64_t batch : question.batches) {
    answer.rows.push_back(row_at(*rounds, question, batch));
  }
  answer.break_even_batch = find_break_even(*rounds, question);
  answer.break_even_acceptance = answer.rows.front().break_even_acceptance;
  answer.assumptions = assumptions(answer);
  return answer;
}

}  // namespace ridgepoint::predict
