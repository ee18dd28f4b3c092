// SPDX-License-Identifier: Apache-2.0
#include "predict/proposer.hpp"

#include <fmt/format.h>

namespace ridgepoint::predict {
namespace {

/// k residual blocks and output matrices, in one pass over the last position.
template <class N>
cost::Step<N> head_step(const DeviceShare& share, DataType activations, std::int64_t proposed) {
  const DataType stored = share.model.dtype;
  const N element = cost::scalar<N>(byte_size(stored));
  const N activation = cost::scalar<N>(byte_size(activations));
  const auto hidden = static_cast<N>(share.model.hidden_size);
  const auto vocabulary = static_cast<N>(share.model.vocab_size);
  const auto count = static_cast<N>(proposed);
  const DataType type = hardware::compute_type(stored, activations);
  return {{"head_block", count, type, cost::LmHead<N>{hidden, hidden, element, activation, hidden}},
          {"head_output", count, type, cost::LmHead<N>{hidden, vocabulary, element, activation}}};
}

Count head_weights(const DeviceShare& share, const FitQuestion& question) {
  Count bytes;
  for (const auto& part :
       head_step<Count>(share, question.precision.activations, question.speculation.proposed)) {
    bytes += part.count * cost::totals(part.op, cost::Shape<Count>{1, 1, 1}).weight_bytes;
  }
  return bytes;
}

/// Makes logits of all tokens.
void give_all_logits(cost::Operator<double>& op) {
  if (auto* gather = std::get_if<cost::Collective<double>>(&op)) gather->of_sequences = false;
  const auto* head = std::get_if<cost::LmHead<double>>(&op);
  if (head == nullptr) return;
  op = cost::Matmul<double>{head->hidden, head->vocabulary, head->weight_size,
                            head->activation_size, head->bias};
}

}  // namespace

double expected_tokens(double acceptance, std::int64_t proposed) {
  double tokens = 1;
  for (std::int64_t i = 0; i < proposed; ++i) tokens = tokens * acceptance + 1;
  return tokens;
}

Execution draft_execution(const model::Architecture& draft, const Execution& of_model) {
  Execution execution = of_model;
  execution.precision = native_precision(draft);
  execution.precision.kv_cache = of_model.precision.kv_cache;
  if (!has_experts(draft)) {
    execution.parallelism.expert = 1;
    execution.expert_imbalance = 1;
  }
  execution.calibration = nullptr;
  return execution;
}

cost::Step<double> check_step(const model::Architecture& architecture, const Execution& execution) {
  auto step = build_step<double>(architecture, execution, Phase::decode);
  for (auto& part : step) give_all_logits(part.op);
  return step;
}

cost::Step<double> propose_step(const model::Architecture& architecture, const Execution& execution,
                                const SpeculativeDecoding& decoding) {
  if (decoding.draft) {
    return build_step<double>(*decoding.draft, draft_execution(*decoding.draft, execution),
                              Phase::decode);
  }
  return head_step<double>(device_shares(architecture, execution.parallelism).front(),
                           execution.precision.activations, decoding.proposed);
}

double propose_steps(const SpeculativeDecoding& decoding) {
  return decoding.draft ? static_cast<double>(decoding.proposed) : 1;
}

ProposerMemory proposer_memory(const DeviceShare& share, const FitQuestion& question) {
  if (!question.speculation.draft) return {head_weights(share, question), 0, std::nullopt};
  const model::Architecture& draft = *question.speculation.draft;
  const Execution execution = draft_execution(draft, {question.precision, 1, question.parallelism});
  const DeviceShare own = device_shares(draft, execution.parallelism).front();
  return {stage_weights(own, execution.precision),
          stage_activations(own, execution, question.max_num_batched_tokens, question.max_num_seqs),
          KeptBytes(own.model, byte_size(execution.precision.kv_cache))};
}

Diagnostics faults_of(const model::Architecture& architecture, const Parallelism& split,
                      const SpeculativeDecoding& decoding) {
  Diagnostics faults;
  const auto check = [&](const model::Architecture& model) {
    if (phases_of(model).size() > 1) return;
    faults.push_back({model.name, "an encoder generates no tokens", "choose a decoder"});
  };
  check(architecture);
  if (split.pipeline > 1) {
    faults.push_back(
        {"--pipeline-parallel-size", "a round is looked at on one stage", "leave it out here"});
  }
  if (!decoding.draft) return faults;
  const model::Architecture& draft = *decoding.draft;
  check(draft);
  const Diagnostics more =
      illegal_splits(draft, draft_execution(draft, {{}, 1, split}).parallelism);
  faults.insert(faults.end(), more.begin(), more.end());
  if (draft.vocab_size != architecture.vocab_size) {
    faults.push_back({"--draft",
                      fmt::format("its vocabulary has {} tokens, that of {} {}", draft.vocab_size,
                                  architecture.name, architecture.vocab_size),
                      "a draft proposes tokens of the model's own vocabulary"});
  }
  return faults;
}

std::vector<std::string> speculation_assumptions(const SpeculativeDecoding& decoding) {
  return {
      fmt::format("every proposed token is accepted with probability {:g}, whatever came before",
                  decoding.acceptance),
      decoding.draft
          ? fmt::format("{} proposes {} tokens in as many steps on the same devices, stored as "
                        "its config says",
                        decoding.draft->name, decoding.proposed)
          : fmt::format("{} heads on the model, each a block of D×D and an output matrix, "
                        "propose one token each in one pass (Medusa)",
                        decoding.proposed),
      fmt::format("a check is one step of the model on {} tokens of each sequence, in its "
                  "decode form, with logits of all of them",
                  decoding.proposed + 1),
      "choosing tokens, rejecting them and a tree of proposals cost nothing here"};
}

}  // namespace ridgepoint::predict
