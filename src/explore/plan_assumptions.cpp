// SPDX-License-Identifier: Apache-2.0
#include "explore/plan_assumptions.hpp"

#include <fmt/format.h>

#include <utility>

#include "explore/reasons.hpp"

namespace ridgepoint::explore {
namespace {

constexpr double kPercent = 100;

std::vector<std::string> queue_sentences(const PlanQuestion& question) {
  const std::string which =
      question.percentile ? fmt::format("P{:g}", kPercent * *question.percentile) : "the mean";
  std::vector<std::string> sentences;
  sentences.emplace_back(
      "requests come by chance, one independent of the other (Poisson), all of the same length, "
      "and each replica gets an equal share of them");
  sentences.push_back(fmt::format(
      "replicas are loaded to {:g} % at most of what they can take with all sequences at work",
      kPercent * question.utilization));
  sentences.push_back(fmt::format(
      "TTFT is {} over requests: waiting for a sequence's place (M/D/c by Allen and Cunneen, "
      "Erlang's C), for prompts before it (M/D/1), for the step that runs, then the prompt",
      which));
  if (question.percentile) {
    sentences.emplace_back(
        "percentiles of the three waits are added up, each with an exponential tail");
  }
  return sentences;
}

}  // namespace

std::vector<std::string> plan_assumptions(const Axes& axes, const PlanQuestion& question) {
  std::vector<std::string> sentences = queue_sentences(question);
  sentences.emplace_back(
      "TPOT is that of a replica with all its sequences at work, prompts of others between the "
      "tokens included: with fewer it is less");
  sentences.emplace_back(
      "a prompt is read at once, whole or in the largest chunks, while the others wait");
  for (std::string& sentence : reading_assumptions(axes, question.reading)) {
    sentences.push_back(std::move(sentence));
  }
  sentences.emplace_back("memory holds every sequence at its whole length, input + output");
  sentences.emplace_back("energy is the devices' power limit times time");
  return sentences;
}

}  // namespace ridgepoint::explore
