// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "predict/assumptions.hpp"
#include "predict/deployment.hpp"
#include "predict/disaggregation.hpp"
#include "predict/expected_request.hpp"
#include "predict/fit_reader.hpp"
#include "predict/loop_times.hpp"
#include "predict/proposer.hpp"
#include "predict/request_times.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/predict/expected_words.hpp"

namespace ridgepoint::predict {
namespace {

/// All readings of one static batch.
void read_static(const SpanTime& prompts, const SpanTime& step, Estimate& answer) {
  answer.floor = static_times(answer, prompts, step, prompts.floor_s, step.floor_s);
  answer.bound = static_times(answer, prompts, step, prompts.bound_s, step.bound_s);
  if (answer.question.execution.calibration) answer.expected = expect_static(answer, prompts, step);
  answer.ttft_limit = limit_of(prompts);
  answer.tpot_limit = limit_of(step);
  answer.ttft_parts = prompts.bound_parts();
  answer.tpot_parts = step.bound_parts();
}

/// How many tokens of answers and of prompts one step of a micro-batch works on.
struct StepTokens {
  double decodes = 1;  ///< sequences that get a token
  double fresh = 1;    ///< tokens of new prompts
  double answers = 1;  ///< tokens of answers that so many prompt tokens pay for, at most `decodes`
};

/// Each sequence ends after `output` steps, and the tokens of a new prompt that are not cached take
/// its place: so many ÷ output a step for each, as far as the budget of a step has room for them.
StepTokens tokens_of_step(const RequestQuestion& question, double sequences) {
  const auto budget = static_cast<double>(question.max_num_batched_tokens);
  const double per_decode = static_cast<double>(question.input - question.cached_input()) /
                            static_cast<double>(question.output);
  StepTokens tokens;
  tokens.decodes = std::max(1.0, std::min(sequences, std::floor(budget / (1 + per_decode))));
  const double room = std::max(1.0, budget - tokens.decodes);
  tokens.fresh = std::clamp(std::round(tokens.decodes * per_decode), 1.0, room);
  tokens.answers = std::min(tokens.decodes, (tokens.fresh + 0.5) / per_decode);
  return tokens;
}

SteadyState steady_state(const Deployment& deployment, const Estimate& answer) {
  const RequestQuestion& question = answer.question;
  const auto input = static_cast<double>(question.input);
  const auto prompt = static_cast<double>(question.input - question.cached_input());
  const auto output = static_cast<double>(question.output);
  const bool is_held = answer.fits || answer.most_sequences < 1;
  const double sequences = is_held ? static_cast<double>(question.batch) : answer.most_sequences;
  const double parts = std::min(sequences, static_cast<double>(deployment.decode.stages()));
  const double asked = std::ceil(sequences / parts);
  const StepTokens tokens = tokens_of_step(question, asked);
  SteadyState steady;
  steady.is_memory_limited = !is_held;
  steady.is_prompt_limited = tokens.decodes < asked || tokens.answers < tokens.decodes;
  steady.decodes = parts * tokens.decodes;
  steady.prompt_tokens = parts * tokens.fresh;
  const double chunk = std::min(tokens.fresh, prompt);
  // On average a chunk stands half way into its prompt, behind what is cached.
  const MixedShapes shapes{
      {std::ceil(tokens.fresh / prompt), chunk, std::ceil(input - (prompt - chunk) / 2)},
      {tokens.decodes, 1, static_cast<double>(answer.decode_context)}};
  const SpanTime step = mixed_round(deployment, shapes, parts);
  const Parallelism& split = question.execution.parallelism;
  const auto devices = static_cast<double>(split.devices());
  const double answers = static_cast<double>(split.data) * parts * tokens.answers;
  const auto read = [&](double tpot_s) {
    const double ttft_s = std::ceil(prompt / chunk) * tpot_s;
    const double e2el_s = ttft_s + (output - 1) * tpot_s;
    RequestTimes times = request_times(running_cost(answer.device),
                                       {ttft_s, tpot_s, e2el_s, answers / tpot_s, devices});
    times.mfu = step.compute_s / tpot_s;
    times.mbu = step.compulsory_memory_s / tpot_s;
    return times;
  };
  steady.floor = read(step.floor_s);
  steady.bound = read(step.bound_s);
  if (question.execution.calibration) {
    steady.expected = expect_steady(answer, deployment, {sequences, step});
  }
  return steady;
}

void read_memory(Estimate& answer) {
  const RequestQuestion& question = answer.question;
  const MemoryFit memory =
      read_fit(answer.architecture, answer.device, memory_question(answer.architecture, question));
  answer.most_sequences =
      most_sequences(memory.sequences_at_max_length, question.execution.parallelism);
  answer.fits = answer.most_sequences >= static_cast<double>(question.batch);
}

std::vector<std::string> speculation_sentences(const SpeculativeDecoding& decoding) {
  std::vector<std::string> sentences = speculation_assumptions(decoding);
  sentences.emplace_back("TPOT is a round of proposing and checking ÷ the tokens expected of it");
  if (decoding.draft) {
    sentences.push_back(fmt::format(
        "{} reads the prompts, too, after the model: TTFT has both; memory holds its weights, and "
        "its keys and values of each sequence",
        decoding.draft->name));
  } else {
    sentences.emplace_back("memory holds the weights of the heads beside those of the model");
  }
  sentences.emplace_back("MFU and MBU count proposing, and checking tokens that are rejected");
  sentences.emplace_back(
      "no expected times: calibrated kernels say nothing of steps that check several tokens of a "
      "sequence");
  return sentences;
}

std::vector<std::string> assumptions(const Estimate& answer) {
  const RequestQuestion& question = answer.question;
  std::vector<std::string> sentences = given_assumptions(answer.architecture, answer.device);
  sentences.push_back(precision_sentence(answer.architecture, question.execution.precision));
  sentences.push_back(
      question.input - question.cached_input() <= question.max_num_batched_tokens
          ? fmt::format("prompts are prefilled whole, as many at a time as {} tokens hold "
                        "(max_num_batched_tokens)",
                        format_integer(question.max_num_batched_tokens))
          : fmt::format("each prompt is prefilled in chunks of {} tokens (max_num_batched_tokens)",
                        format_integer(question.max_num_batched_tokens)));
  if (question.cached_input() > 0) {
    sentences.push_back(fmt::format(
        "{} of a prompt's tokens are found in the cache, one prefix for all sequences, kept once",
        format_integer(question.cached_input())));
  }
  if (answer.has_encoder) {
    sentences.emplace_back(
        "TTFT is the encoder's pass and the decoder's first step; the cross attention of a decode "
        "step reads the whole input, the decoder's own half of the output");
  }
  sentences.push_back(fmt::format("TPOT is the step at a context of {} tokens{}",
                                  format_integer(answer.decode_context),
                                  question.context     ? ""
                                  : answer.has_encoder ? ", output/2"
                                                       : ", input + output/2"));
  if (question.execution.parallelism.pipeline > 1) {
    sentences.emplace_back(
        "stages work on micro-batches at the same time: a token waits for all stages, or for its "
        "turn on the slowest one");
  }
  sentences.emplace_back(
      "nothing waits in a queue; floor and bound count no sampling, scheduling and launch times");
  const auto of_decoding = answer.speculation
                               ? speculation_sentences(question.speculation)
                               : expected_assumptions(answer.device, question.execution);
  sentences.insert(sentences.end(), of_decoding.begin(), of_decoding.end());
  if (question.execution.calibration && !answer.has_encoder && !answer.disaggregated) {
    sentences.emplace_back(
        "expected times of continuous batching are those of a closed loop: a request follows as "
        "soon as one ends, and its prompt is read at once, whole or in the largest chunks, while "
        "the others wait; TPOT is the mean over tokens; floor and bound spread a prompt evenly "
        "over "
        "the steps, so that their TTFT may be the longer one");
  }
  if (answer.device.power_watts) {
    sentences.emplace_back("energy is the devices' power limit times time: an upper bound");
  }
  if (!answer.device.price_dollars_per_hour) {
    sentences.emplace_back("the price of the device is not known: cost is given as 0");
  }
  if (answer.disaggregated) {
    const auto more = disaggregation_assumptions(answer);
    sentences.insert(sentences.end(), more.begin(), more.end());
  }
  return sentences;
}

/// What of an answer needs no more than both steps of the static batch.
Estimate static_answer(const model::Architecture& architecture, const hardware::Device& device,
                       const RequestQuestion& question, const Deployment& deployment) {
  Estimate answer;
  answer.architecture = architecture;
  answer.device = device;
  answer.question = question;
  if (deployment.speculation) answer.question.execution.calibration = nullptr;
  answer.has_encoder = has_stack(architecture, model::Stack::encoder);
  answer.decode_context = decode_context(architecture, question);
  const auto batch = static_cast<double>(question.batch);
  const auto context = static_cast<double>(answer.decode_context);
  SpanTime prompts = deployment.read(prompt_chunks(question, question.batch));
  const SpanTime step = deployment.token(batch, context);
  if (const auto& rounds = deployment.speculation) {
    answer.speculation = {
        expected_tokens(question.speculation.acceptance, question.speculation.proposed),
        rounds->propose_span(batch, context).bound_s, rounds->check_span(batch, context).bound_s};
  }
  if (answer.has_encoder) prompts += step;
  read_static(prompts, step, answer);
  read_memory(answer);
  return answer;
}

}  // namespace

const RequestTimes& times_of(const Estimate& answer, Reading reading) {
  if (reading == Reading::expected) return answer.expected->times;
  return reading == Reading::floor ? answer.floor : answer.bound;
}

Result<Estimate> estimate_static(const model::Architecture& architecture,
                                 const hardware::Device& device, const RequestQuestion& question) {
  const auto deployment = Deployment::build(architecture, device, question);
  if (!deployment) return fail(deployment.error());
  return static_answer(architecture, device, question, *deployment);
}

Result<Estimate> estimate(const model::Architecture& architecture, const hardware::Device& device,
                          const RequestQuestion& question) {
  const auto deployment = Deployment::build(architecture, device, question);
  if (!deployment) return fail(deployment.error());
  Estimate answer = static_answer(architecture, device, question, *deployment);
  if (answer.has_steady_state()) answer.steady = steady_state(*deployment, answer);
  if (question.disaggregation) {
    auto apart = disaggregate(answer, {deployment->prefill, deployment->decode});
    if (!apart) return fail(apart.error());
    answer.disaggregated = std::move(*apart);
  }
  if (answer.expected) answer.sources = sources_of(*deployment, answer);
  answer.assumptions = assumptions(answer);
  return answer;
}

}  // namespace ridgepoint::predict
