// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/speculation.hpp"

#include <utility>

#include "predict/assumptions.hpp"
#include "predict/proposer.hpp"
#include "ridgepoint/roofline/step_time.hpp"

namespace ridgepoint::predict {
namespace {

/// The steps of which a round of speculation consists.
struct Rounds {
  roofline::TimedStep decode;
  roofline::TimedStep check;
  roofline::TimedStep propose;  ///< a decode step of the draft, or all heads at once
};

Result<Rounds> build_rounds(const model::Architecture& architecture, const hardware::Device& device,
                            const SpeculationQuestion& question) {
  const Execution& execution = question.execution;
  auto decode =
      roofline::on_device(build_step<double>(architecture, execution, Phase::decode), device);
  auto check = roofline::on_device(check_step(architecture, execution), device);
  auto propose = roofline::on_device(propose_step(architecture, execution, question), device);
  for (const auto* step : {&decode, &check, &propose}) {
    if (!*step) return fail(step->error());
  }
  return Rounds{std::move(*decode), std::move(*check), std::move(*propose)};
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
  row.decode_s = time_of(rounds.decode, {b, 1, context}, question.reading);
  row.check_s = time_of(rounds.check, {b, proposed + 1, context + proposed}, question.reading);
  row.propose_s =
      propose_steps(question) * time_of(rounds.propose, {b, 1, context}, question.reading);
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
  const Parallelism& split = question.execution.parallelism;
  Diagnostics faults = illegal_splits(architecture, split);
  const Diagnostics more = predict::faults_of(architecture, split, question);
  faults.insert(faults.end(), more.begin(), more.end());
  return faults;
}

std::vector<std::string> assumptions(const Speculation& answer) {
  const SpeculationQuestion& question = answer.question;
  std::vector<std::string> sentences = given_assumptions(answer.architecture, answer.device);
  sentences.push_back(precision_sentence(answer.architecture, question.execution.precision));
  const auto more = speculation_assumptions(question);
  sentences.insert(sentences.end(), more.begin(), more.end());
  return sentences;
}

}  // namespace

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
