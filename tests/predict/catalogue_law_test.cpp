// SPDX-License-Identifier: Apache-2.0
// Laws of every model of the catalogue, whatever its layers are made of.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <set>
#include <variant>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/model/parameters.hpp"
#include "ridgepoint/model/storage.hpp"
#include "ridgepoint/predict/analysis.hpp"
#include "ridgepoint/roofline/step_time.hpp"

namespace ridgepoint::predict {
namespace {

using model::Architecture;
using model::ExtraTensor;
using symbolic::Expr;

const std::vector<model::Architecture>& all_models() {
  static const std::vector<Architecture> models = [] {
    std::vector<Architecture> found;
    for (const catalog::ModelEntry& entry : catalog::models()) found.push_back(entry.architecture);
    return found;
  }();
  return models;
}

const Architecture& any_model() {
  return all_models()[*rc::gen::inRange<std::size_t>(0, all_models().size())];
}

const hardware::Device& h100() {
  static const hardware::Device device = catalog::find_device("h100-sxm").value();
  return device;
}

Execution natively(const Architecture& model) { return {native_precision(model), 1}; }

bool any_run(const Architecture& model, bool (*is)(const model::LayerRun&)) {
  return std::any_of(model.runs.begin(), model.runs.end(), is);
}

template <class N>
cost::Totals<N> step_totals(const cost::Step<N>& step, const cost::Shape<N>& shape) {
  cost::Totals<N> sum;
  for (const cost::StepOperator<N>& part : step) {
    const cost::Totals<N> one = cost::totals(part, shape);
    sum.flops += one.flops;
    sum.weight_bytes += one.weight_bytes;
    sum.activation_bytes += one.activation_bytes;
    sum.kv_bytes += one.kv_bytes;
    sum.state_bytes += one.state_bytes;
    sum.extra_weight_bytes += one.extra_weight_bytes;
  }
  return sum;
}

/// Bytes of tables that are looked up in, and of weights that no step of text reads.
double unread_bytes(const Architecture& model) {
  const double element = cost::scalar<double>(byte_size(model.dtype));
  const double row =
      static_cast<double>(model.embedding_size == 0 ? model.hidden_size : model.embedding_size);
  double elements = static_cast<double>(model.learned_position_rows * model.hidden_size);
  for (const ExtraTensor& extra : model.extras) {
    const bool is_read =
        extra.use != ExtraTensor::Use::lookup && extra.use != ExtraTensor::Use::unread;
    if (!is_read) elements += static_cast<double>(extra.copies) * extra.elements().to_double();
  }
  for (const model::LayerRun& run : model.runs) {
    const auto* attention = std::get_if<model::Attention>(&run.mixer);
    if (attention == nullptr || !attention->has_unused_keys) continue;
    const auto width = static_cast<double>(attention->num_key_value_heads * attention->head_dim);
    const double norm = attention->query_key_norm == model::QueryKeyNorm::none
                            ? 0
                            : static_cast<double>(attention->head_dim);
    elements += static_cast<double>(run.count) *
                (2 * width * static_cast<double>(model.hidden_size) + norm);
  }
  double bytes = elements * element;
  if (!model.tie_word_embeddings || !model.has_lm_head) {
    const double table = row * static_cast<double>(model.vocab_size);
    bytes += table * model::WeightStorage(model).of(-1, {"embed_tokens"})[0].element.to_double();
  }
  return bytes;
}

// So many tokens that every expert has some: then a step reads all weights that it does not look up
// in, each once, at the bytes that the checkpoint stores.
TEST(EveryModel, ReadsEachOfItsWeightsOnceInAStepOfManyTokens) {
  for (const Architecture& model : all_models()) {
    if (has_stack(model, model::Stack::encoder)) continue;
    for (const Phase phase : {Phase::prefill, Phase::decode}) {
      const auto step = build_step<double>(model, natively(model), phase);
      const double read = step_totals<double>(step, {1e9, 1, 1}).weight_bytes;
      const double stored = model::weight_bytes(model).to_double();
      const auto is_image_layer = [](const model::LayerRun& run) {
        const auto* attention = std::get_if<model::Attention>(&run.mixer);
        return attention != nullptr && !attention->has_cache;
      };
      if (any_run(model, is_image_layer)) continue;
      EXPECT_NEAR(read, stored - unread_bytes(model), 1e-9 * stored)
          << model.name << " " << name(phase);
    }
  }
}

// A decode step reads the cache of S tokens and writes one: S and 1 times what a token leaves, or
// the window of it. Not so where layers read the cache of others, or a chunk has just begun.
TEST(EveryModel, ReadsItsCacheOnceAndWritesOneTokenInADecodeStep) {
  for (const Architecture& model : all_models()) {
    const bool shares = any_run(model, [](const auto& run) {
      const auto* attention = std::get_if<model::Attention>(&run.mixer);
      const auto* mla = std::get_if<model::LatentAttention>(&run.mixer);
      return (attention != nullptr && (attention->is_chunked || !attention->has_keys)) ||
             (mla != nullptr && mla->indexer.has_value()) || run.cross_attention.has_value();
    });
    if (shares || has_stack(model, model::Stack::encoder)) continue;
    const ByteSize element = byte_size(native_precision(model).kv_cache);
    for (const std::int64_t context : {1, 100, 5000, 200'000}) {
      const auto step = build_step<Count>(model, natively(model), Phase::decode);
      const Count moved = step_totals<Count>(step, {3, 1, context}).kv_bytes;
      const Count cached = model::kv_bytes_per_sequence(model, context, element) +
                           model::kv_bytes_per_token(model, element);
      EXPECT_EQ(moved, Count(3) * cached) << model.name << " " << context;
    }
  }
}

TEST(EveryModel, ReadsAndWritesItsStateOnceInEveryStep) {
  for (const Architecture& model : all_models()) {
    for (const Phase phase : phases_of(model)) {
      const std::int64_t tokens = phase == Phase::decode ? 1 : 77;
      const auto step = build_step<Count>(model, natively(model), phase);
      EXPECT_EQ(step_totals<Count>(step, {3, tokens, 77}).state_bytes,
                Count(6) * model::state_bytes_per_sequence(model))
          << model.name;
    }
  }
}

bool is_projection(const cost::Operator<Count>& op) {
  return std::holds_alternative<cost::Matmul<Count>>(op) ||
         std::holds_alternative<cost::QkvProjection<Count>>(op) ||
         std::holds_alternative<cost::CacheProjection<Count>>(op) ||
         std::holds_alternative<cost::ExpertMatmul<Count>>(op) ||
         std::holds_alternative<cost::CausalConv<Count>>(op);
}

Count projection_flops(const Architecture& model, Phase phase, std::int64_t tokens) {
  Count sum;
  for (const auto& part : build_step<Count>(model, natively(model), phase)) {
    if (is_projection(part.op)) sum += cost::totals(part, {2, tokens, 300}).flops;
  }
  return sum;
}

// lm_head and the two forms of kv_b apart.
TEST(EveryModel, ProjectsAPrefillAtTheFlopsOfAsManyDecodeSteps) {
  for (const Architecture& model : all_models()) {
    if (has_stack(model, model::Stack::encoder)) continue;
    EXPECT_EQ(projection_flops(model, Phase::prefill, 300),
              Count(300) * projection_flops(model, Phase::decode, 1))
        << model.name;
  }
}

struct Point {
  const Architecture& model = any_model();
  Phase phase = *rc::gen::elementOf(phases_of(model));
  double batch = *rc::gen::inRange(1, 2048);
  double context = *rc::gen::inRange(1, 40'000);

  cost::Shape<double> shape(double times = 1) const {
    return {times * batch, phase == Phase::decode ? 1 : context, context};
  }
};

roofline::TimedStep timed(const Point& point, const hardware::Device& device) {
  return *roofline::on_device(build_step<double>(point.model, natively(point.model), point.phase),
                              device);
}

RC_GTEST_PROP(AnyModel, IsBoundedFromBelowByItsFloor, ()) {
  const Point point;
  const auto time = roofline::step_time(timed(point, h100()), point.shape());
  RC_ASSERT(time.bound_s >= time.floor_s() * (1 - 1e-12));
  RC_ASSERT(time.floor_s() > 0);
}

RC_GTEST_PROP(AnyModel, IsNeverSlowerOnADeviceWithMore, ()) {
  const Point point;
  hardware::Device faster = h100();
  if (*rc::gen::arbitrary<bool>()) {
    faster.memory_bandwidth.value = faster.memory_bandwidth.value * 1.5;
  } else {
    for (auto& peak : faster.dense_peaks) peak.figure.value = peak.figure.value * 1.5;
  }
  const auto base = roofline::step_time(timed(point, h100()), point.shape());
  const auto more = roofline::step_time(timed(point, faster), point.shape());
  RC_ASSERT(more.bound_s <= base.bound_s);
  RC_ASSERT(more.floor_s() <= base.floor_s());
}

RC_GTEST_PROP(AnyModel, TakesBetweenOnceAndTwiceAsLongForTwiceTheBatch, ()) {
  const Point point;
  const auto step = timed(point, h100());
  const auto one = roofline::step_time(step, point.shape());
  const auto two = roofline::step_time(step, point.shape(2));
  RC_ASSERT(two.bound_s >= one.bound_s);
  RC_ASSERT(two.bound_s <= 2 * one.bound_s * (1 + 1e-12));
}

RC_GTEST_PROP(AnyModel, MixesStepsBetweenTheirMaximumAndTheirSum, ()) {
  const Architecture& model = any_model();
  if (has_stack(model, model::Stack::encoder)) return;
  const auto on = [&](Phase phase) {
    return *roofline::on_device(build_step<double>(model, natively(model), phase), h100());
  };
  const auto prefill = on(Phase::prefill);
  const auto decode = on(Phase::decode);
  const double chunk = *rc::gen::inRange(1, 8192);
  const cost::Shape<double> prompt{1, chunk, chunk + *rc::gen::inRange(0, 8192)};
  const cost::Shape<double> tokens{static_cast<double>(*rc::gen::inRange(1, 512)), 1,
                                   static_cast<double>(*rc::gen::inRange(1, 40'000))};
  const std::array parts{roofline::StepPart{prefill, prompt}, roofline::StepPart{decode, tokens}};
  const double mixed = roofline::mixed_step_time(parts).bound_s;
  const double one = roofline::step_time(prefill, prompt).bound_s;
  const double two = roofline::step_time(decode, tokens).bound_s;
  RC_ASSERT(mixed >= std::max(one, two) * (1 - 1e-12));
  RC_ASSERT(mixed <= (one + two) * (1 + 1e-12));
}

RC_GTEST_PROP(AnyModel, HalvesItsCacheWithHalfTheBytesOfAnElement, ()) {
  const Architecture& model = any_model();
  Execution execution = natively(model);
  execution.precision.kv_cache = DataType::bf16;
  const Phase phase = *rc::gen::elementOf(phases_of(model));
  const std::int64_t context = *rc::gen::inRange<std::int64_t>(1, 9000);
  const cost::Shape<Count> shape{2, phase == Phase::decode ? 1 : context, context};
  const auto wide = step_totals(build_step<Count>(model, execution, phase), shape);
  execution.precision.kv_cache = DataType::fp8;
  const auto narrow = step_totals(build_step<Count>(model, execution, phase), shape);
  RC_ASSERT(wide.kv_bytes == Count(2) * narrow.kv_bytes);
  RC_ASSERT(wide.state_bytes == narrow.state_bytes);
  RC_ASSERT(wide.weight_bytes == narrow.weight_bytes);
}

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

RC_GTEST_PROP(AnyModel, TakesTheSameTimeToTheLastBitInABlockOfPoints, ()) {
  const Point point;
  const auto step = timed(point, h100());
  constexpr std::size_t kPoints = 37;
  std::vector<double> batch(kPoints), tokens(kPoints), context(kPoints);
  for (std::size_t i = 0; i < kPoints; ++i) {
    const auto shape = point.shape(static_cast<double>(i + 1));
    batch[i] = shape.batch;
    tokens[i] = shape.new_tokens;
    context[i] = shape.context;
  }
  roofline::StepTimes times;
  roofline::step_times(step, {batch, tokens, context}, times);
  for (std::size_t i = 0; i < kPoints; ++i) {
    const auto one = roofline::step_time(step, {batch[i], tokens[i], context[i]});
    RC_ASSERT(same_bits(times.bound_s[i], one.bound_s));
    RC_ASSERT(same_bits(times.compulsory_memory_s[i], one.compulsory_memory_s));
  }
}

/// Whether two contexts make a difference to an operator, whatever it is.
bool differs_by_context(const cost::Operator<Count>& op, std::int64_t tokens) {
  const auto at = [&](std::int64_t context) {
    const auto all = cost::totals(op, cost::Shape<Count>{3, tokens, context});
    return std::array{all.flops, all.bytes(), all.compulsory_bytes()};
  };
  return at(tokens + 5) != at(tokens + 40'000);
}

TEST(EveryModel, ReadsContextsInThoseOperatorsAloneThatSaySo) {
  std::set<std::size_t> seen;
  for (const Architecture& model : all_models()) {
    for (const Phase phase : phases_of(model)) {
      for (const auto& part : build_step<Count>(model, natively(model), phase)) {
        const bool says_so =
            std::visit([]<class Op>(const Op&) { return cost::reads_context<Op>(); }, part.op);
        const bool differs = differs_by_context(part.op, 1) || differs_by_context(part.op, 7);
        ASSERT_EQ(differs, says_so) << model.name << ": " << part.name;
        seen.insert(part.op.index());
      }
    }
  }
  EXPECT_GT(seen.size(), 20U);
}

/// The letters and the point put into a formula.
double value(const Expr& formula, const symbolic::Substitution& at) {
  return symbolic::substitute(formula, at).to_double();
}

// Few tokens, because the power of an expert's share is taken exactly.
TEST(EveryModel, HasTheSameFiguresInLettersAndInNumbers) {
  for (const Architecture& model : all_models()) {
    const std::vector<Phase> phases = phases_of(model);
    const LetteredSteps lettered = build_lettered_steps(model, natively(model), phases);
    symbolic::Substitution at{{"B", Expr(2)}, {"S", Expr(3)}};
    for (const Letter& letter : lettered.letters) at.emplace(letter.symbol, Expr(letter.value));
    for (std::size_t p = 0; p < phases.size(); ++p) {
      const bool is_decode = phases[p] == Phase::decode;
      const auto exact = build_step<Count>(model, natively(model), phases[p]);
      ASSERT_EQ(lettered.steps[p].size(), exact.size()) << model.name;
      for (std::size_t i = 0; i < exact.size(); ++i) {
        const Expr context = Expr::symbol("S");
        const auto formula = cost::totals(
            lettered.steps[p][i], {Expr::symbol("B"), is_decode ? Expr(1) : context, context});
        const auto count = cost::totals(exact[i], {2, is_decode ? 1 : 3, 3});
        const std::string what = model.name + " " + exact[i].name;
        EXPECT_EQ(value(formula.flops, at), count.flops.to_double()) << what;
        const double bytes = count.bytes().to_double();
        EXPECT_NEAR(value(formula.bytes(), at), bytes, 1e-6 * bytes) << what;
        if (!has_experts(model)) {
          EXPECT_EQ(value(formula.bytes(), at), bytes) << what;
        }
      }
    }
  }
}

}  // namespace
}  // namespace ridgepoint::predict
