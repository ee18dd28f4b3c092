// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/build_step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "predict/add_attention.hpp"
#include "predict/add_feed_forward.hpp"
#include "predict/add_latent_attention.hpp"
#include "predict/add_recurrent.hpp"
#include "predict/layer_norms.hpp"
#include "predict/step_builder.hpp"
#include "ridgepoint/core/dual.hpp"

namespace ridgepoint::predict {

using model::ExtraTensor;
using model::Stack;
using symbolic::Expr;

namespace {

template <class N>
void add_mixer(StepBuilder<N>& step, const model::AttentionBesideMamba& both) {
  add_mixer(step, both.attention);
  add_mixer(step, both.mamba);
  step.add("mixer_sum", cost::residual(step.hidden(), step.sizes()));
}

template <class N>
void add_mixer(StepBuilder<N>& step, const model::LinearMixer&) {
  step.add_linear("linear_attn", {"self_attn.linear_attn"}, step.hidden(), step.hidden());
}

template <class N>
void add_mixer(StepBuilder<N>&, const model::NoMixer&) {}

template <class N>
void add_extra(StepBuilder<N>& step, const ExtraTensor& extra) {
  const N from = step.size("X", extra.inputs, "inputs of a further matmul");
  const N to = step.size("Y", extra.outputs, "outputs of a further matmul");
  const std::string& name = extra.name;
  switch (extra.use) {
    case ExtraTensor::Use::lookup:
      return step.add(name, cost::Embedding<N>{to, step.stored(), step.activation()});
    case ExtraTensor::Use::norm:
      return step.add_elementwise(name, to, to, extra.has_bias ? N(2 * to) : to,
                                  cost::KernelRole::norm);
    case ExtraTensor::Use::parameter:
      return step.add_elementwise(name, N(0), N(0), to, cost::KernelRole::into_other);
    case ExtraTensor::Use::unread:
      return;
    case ExtraTensor::Use::matmul:
      break;
  }
  for (std::int64_t i = 0; i < extra.copies; ++i) {
    if (extra.at_exit) {
      step.add_matmul(name, {name}, [&](const N& weight) {
        return cost::LmHead<N>{from, to, weight, step.activation(), extra.has_bias ? to : N(0)};
      });
    } else {
      step.add_linear(name, {name}, from, to, extra.has_bias);
    }
  }
}

/// The operators of one run of layers.
template <class N>
class LayerSteps {
 public:
  LayerSteps(StepBuilder<N>& step, const model::LayerRun& run)
      : step_(step), run_(run), norms_(layer_norms(run)) {}

  void add() {
    if (run_.is_parallel) return add_parallel();
    if (norms_.has_mixer) {
      part(
          {mixes_by_attention() ? "attention" : "mixer", norms_.mixer}, [&] { mixer(); },
          [&](const std::string& name) { join_mixer(name); });
    }
    if (run_.cross_attention) {
      part(
          {"cross_attention", norms_.cross},
          [&] { add_cross_attention(step_, *run_.cross_attention); },
          [&](const std::string& name) { step_.add_sum(name); });
    }
    if (norms_.has_feed_forward) {
      part(
          {"mlp", norms_.feed_forward}, [&] { feed_forward(); },
          [&](const std::string& name) { join_feed_forward(name); });
    }
    further();
  }

 private:
  void mixer() {
    std::visit([&](const auto& mixer) { add_mixer(step_, mixer); }, run_.mixer);
  }
  void feed_forward() {
    std::visit([&](const auto& part) { add_feed_forward(step_, part); }, run_.feed_forward);
  }
  bool mixes_by_attention() const {
    return std::holds_alternative<model::Attention>(run_.mixer) ||
           std::holds_alternative<model::LatentAttention>(run_.mixer);
  }
  /// Devices split all mixers but one, and add up what each has.
  void join_mixer(const std::string& name) {
    if (!std::holds_alternative<model::LinearMixer>(run_.mixer)) step_.add_sum(name);
  }
  /// Experts over more devices than split a matrix give each device its share of the tokens back.
  void join_feed_forward(const std::string& name) {
    const auto* moe = std::get_if<model::MixtureOfExperts>(&run_.feed_forward);
    const Parallelism& split = step_.parallelism();
    const bool sends_back = moe != nullptr && split.expert > split.tensor;
    if (!sends_back || moe->shared || moe->dense) step_.add_sum(name);
    if (sends_back && !split.sequence) {
      step_.add_collective(name + "_all_gather", cost::CollectiveKind::all_gather, split.tensor,
                           step_.hidden());
    }
  }
  void norm(const char* name) {
    if (name != nullptr) step_.add_norm(name, step_.hidden());
  }

  struct NamedPart {
    std::string name;
    const PartNorms& norms;
  };
  template <class Part, class Join>
  void part(const NamedPart& named, Part add_part, Join join) {
    norm(named.norms.before);
    step_.add_gather(named.name);
    add_part();
    join(named.name);
    norm(named.norms.after);
    step_.add_residual(named.name + "_residual");
  }

  /// Both parts read the same input, or each its own norm of it; one sum adds them to it.
  void add_parallel() {
    norm(norms_.mixer.before);
    step_.add_gather("layer");
    norm(norms_.feed_forward.before);
    if (norms_.feed_forward.before != nullptr) step_.add_gather("mlp");
    mixer();
    feed_forward();
    step_.add_sum("layer");
    const N& width = step_.hidden();
    step_.add_between("residual", {3 * width, width, N(0), step_.stored(), step_.activation()},
                      cost::KernelRole::into_norm);
    further();
  }

  void further() {
    for (std::int64_t i = 0; i < norms_.further; ++i) norm("further_norm");
    for (const ExtraTensor& extra : run_.extras) add_extra(step_, extra);
  }

  StepBuilder<N>& step_;
  const model::LayerRun& run_;
  LayerNorms norms_;
};

/// A whole model, from its embedding to its output layer.
template <class N>
class ModelSteps {
 public:
  ModelSteps(const StepPlan& plan, Naming<N> naming)
      : step_(plan, std::move(naming)),
        plan_(plan),
        architecture_(plan.architecture()),
        has_encoder_(has_stack(architecture_, Stack::encoder)),
        has_decoder_(has_stack(architecture_, Stack::decoder)),
        embedding_(architecture_.embedding_size == 0
                       ? step_.hidden()
                       : step_.size("D_emb", architecture_.embedding_size, "embedding_size")) {}

  cost::Step<N> build() && {
    if (plan_.share.has_embedding) add_entrance();
    for (std::size_t i = 0; i < architecture_.runs.size(); ++i) {
      step_.enter(static_cast<std::int64_t>(i));
      add_run(architecture_.runs[i]);
    }
    step_.enter(-1);
    step_.set_prefix("");
    if (plan_.share.has_head) {
      add_exit();
    } else {
      step_.add_stage_send();
    }
    return std::move(step_).take();
  }

 private:
  bool encodes() const { return has_encoder_ && step_.is_prefill(); }

  void add_run(const model::LayerRun& run) {
    if (attends_to_image(run)) return;
    const bool is_encoder = run.stack == Stack::encoder;
    step_.set_prefix(is_encoder && has_decoder_ ? "encoder_" : "");
    if (is_encoder == encodes()) {
      LayerSteps<N>(step_, run).add();
    } else if (!is_encoder && run.cross_attention) {
      add_cross_cache(step_, *run.cross_attention);
    }
  }

  /// Tables whose rows are added to the token's are followed by one sum.
  void add_entrance() {
    step_.add_matmul("embed_tokens", {"embed_tokens"}, [&](const N& element) {
      return cost::Embedding<N>{embedding_, element, step_.activation()};
    });
    std::int64_t added = 0;
    if (architecture_.learned_position_rows > 0) {
      ++added;
      step_.add("embed_positions",
                cost::Embedding<N>{step_.hidden(), step_.stored(), step_.activation()});
    }
    const std::int64_t width = architecture_.embedding_size == 0 ? architecture_.hidden_size
                                                                 : architecture_.embedding_size;
    for (const ExtraTensor& extra : architecture_.extras) {
      if (extra.use != ExtraTensor::Use::lookup) continue;
      add_extra(step_, extra);
      if (extra.outputs == width) ++added;
    }
    if (added > 0) step_.add_elementwise("embedding_sum", N(1 + added) * embedding_, embedding_);
    for (const ExtraTensor& extra : architecture_.extras) {
      if (extra.use != ExtraTensor::Use::lookup && !extra.at_exit) add_extra(step_, extra);
    }
    step_.add_sum("embed", embedding_);
  }

  void add_exit() {
    if (architecture_.has_final_norm) step_.add_norm("norm", step_.hidden());
    step_.add_gather("head");
    for (const ExtraTensor& extra : architecture_.extras) {
      if (extra.at_exit) add_extra(step_, extra);
    }
    if (!architecture_.has_lm_head || encodes()) return;
    const std::string_view table = architecture_.tie_word_embeddings ? "embed_tokens" : "lm_head";
    step_.add_matmul("lm_head", {table}, [&](const N& weight) {
      const N bias = architecture_.lm_head_bias ? step_.vocabulary() : N(0);
      return cost::LmHead<N>{embedding_, step_.vocabulary(), weight, step_.activation(), bias};
    });
    const std::int64_t tensor = plan_.parallelism().tensor;
    step_.add_collective("logits_all_gather", cost::CollectiveKind::all_gather, tensor,
                         N(tensor) * step_.vocabulary(), true);
  }

  StepBuilder<N> step_;
  const StepPlan& plan_;
  const model::Architecture& architecture_;
  bool has_encoder_;
  bool has_decoder_;
  N embedding_;
};

/// Gives every size its letter; an index tells it from others of that letter.
class Alphabet {
 public:
  Expr operator()(std::string_view letter, std::int64_t value, const char* meaning) {
    std::size_t namesakes = 0;
    for (std::size_t i = 0; i < letters_.size(); ++i) {
      if (bases_[i] != letter) continue;
      if (letters_[i].value == value && letters_[i].meaning == meaning) {
        return Expr::symbol(letters_[i].symbol);
      }
      ++namesakes;
    }
    bases_.emplace_back(letter);
    letters_.push_back(
        {namesakes == 0 ? std::string(letter) : fmt::format("{}_{}", letter, namesakes + 1), value,
         meaning});
    return Expr::symbol(letters_.back().symbol);
  }
  std::vector<Letter> take() && { return std::move(letters_); }

 private:
  std::vector<std::string> bases_;
  std::vector<Letter> letters_;
};

StepPlan plan_first_device(const model::Architecture& architecture, const Execution& execution,
                           Phase phase) {
  return plan_step(device_shares(architecture, execution.parallelism).front(), execution, phase);
}

std::optional<std::int64_t> window(const model::LayerRun& run) {
  const auto* attention = std::get_if<model::Attention>(&run.mixer);
  return attention == nullptr ? std::nullopt : attention->window;
}

}  // namespace

bool mixes_windows(const model::Architecture& architecture) {
  const model::LayerRun* first = nullptr;
  for (const model::LayerRun& run : architecture.runs) {
    if (!std::holds_alternative<model::Attention>(run.mixer)) continue;
    if (first == nullptr) first = &run;
    if (window(run) != window(*first)) return true;
  }
  return false;
}

std::string attention_name(const model::Architecture& architecture,
                           const model::Attention& attention) {
  if (attention.is_chunked) return "chunked_attention";
  if (!mixes_windows(architecture)) return "attention";
  return attention.window ? "sliding_attention" : "full_attention";
}

Precision native_precision(const model::Architecture& architecture) {
  return {std::nullopt, architecture.dtype, architecture.dtype};
}

std::string weights_name(const model::Architecture& architecture, const Precision& precision) {
  if (precision.weights) return std::string(name(*precision.weights));
  if (architecture.quantization) return architecture.quantization->name;
  return std::string(name(architecture.dtype));
}

std::vector<Phase> phases_of(const model::Architecture& architecture) {
  if (!has_stack(architecture, Stack::decoder)) return {Phase::prefill};
  return {Phase::prefill, Phase::decode};
}

StepPlan plan_step(DeviceShare share, const Execution& execution, Phase phase) {
  model::WeightStorage storage(share.model);
  return {std::move(share), execution, phase, std::move(storage)};
}

template <class N>
cost::Step<N> build_step(const StepPlan& plan, Naming<N> naming) {
  return ModelSteps<N>(plan, std::move(naming)).build();
}
template cost::Step<Dual> build_step(const StepPlan&, Naming<Dual>);

template <class N>
cost::Step<N> build_step(const StepPlan& plan) {
  return build_step<N>(plan,
                       [](std::string_view, std::int64_t value, const char*) { return N(value); });
}
template cost::Step<Count> build_step(const StepPlan&);
template cost::Step<double> build_step(const StepPlan&);
template cost::Step<Expr> build_step(const StepPlan&);

template <class N>
cost::Step<N> build_step(const model::Architecture& architecture, const Execution& execution,
                         Phase phase) {
  return build_step<N>(plan_first_device(architecture, execution, phase));
}
template cost::Step<Count> build_step(const model::Architecture&, const Execution&, Phase);
template cost::Step<double> build_step(const model::Architecture&, const Execution&, Phase);
template cost::Step<Expr> build_step(const model::Architecture&, const Execution&, Phase);

LetteredSteps build_lettered_steps(const std::vector<StepPlan>& plans) {
  Alphabet alphabet;
  LetteredSteps result;
  for (const StepPlan& plan : plans) {
    result.steps.push_back(build_step<Expr>(plan, std::ref(alphabet)));
  }
  result.letters = std::move(alphabet).take();
  return result;
}

LetteredSteps build_lettered_steps(const model::Architecture& architecture,
                                   const Execution& execution, const std::vector<Phase>& phases) {
  std::vector<StepPlan> plans;
  for (const Phase phase : phases)
    plans.push_back(plan_first_device(architecture, execution, phase));
  return build_lettered_steps(plans);
}

}  // namespace ridgepoint::predict
