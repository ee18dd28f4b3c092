// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/deployment_options.hpp"
#include "app/tabular_answer.hpp"

namespace ridgepoint::app {

/// How a verb asks about a deployment: what it reads of the words, and what answers it.
template <class Question, class Content>
struct DeploymentVerb {
  Question (*read_question)(const Arguments&, const model::Architecture&, Faults&);
  Result<Content> (*ask)(const model::Architecture&, const hardware::Device&, const Question&);
  std::int64_t (*longest)(const Question&);  ///< tokens of the longest sequence, for a remark
  /// What expected times rest on, into the question; null where the verb gives none.
  void (*calibrate)(const Arguments&, const hardware::Device&, Question&, Faults&) = nullptr;
};

/// Reads everything, with all faults at once, asks, and puts the answer into words. `content`
/// stays for what depends on it.
template <class Question, class Content>
Result<Answer> deployment_answer(const DeploymentVerb<Question, Content>& verb,
                                 const Arguments& arguments, Content& content) {
  Faults faults;
  const std::string format = read_format(arguments, kPageFormats, faults);
  const report::Terminal terminal = read_terminal(arguments, faults);
  const auto model = read_model(arguments, faults);
  const auto device = read_device(arguments, faults);
  Question question = verb.read_question(arguments, model.value_or(model::Architecture{}), faults);
  if (verb.calibrate != nullptr && device) verb.calibrate(arguments, *device, question, faults);
  if (faults) return fail(faults.all());

  auto result = verb.ask(*model, *device, question);
  if (!result) return fail(result.error());
  content = std::move(*result);
  Answer answer = tabular_answer(content, format, terminal);
  if (arguments.has("--explain") && format == "table") {
    answer.document += "\n" + report::to_explanation(content, terminal);
  }
  answer.warnings = context_warnings(*model, verb.longest(question));
  return answer;
}

}  // namespace ridgepoint::app
