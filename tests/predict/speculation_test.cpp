// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/predict/speculation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/predict/analysis.hpp"

namespace ridgepoint::predict {
namespace {

model::Architecture model_named(const char* name) { return catalog::find_model(name).value(); }
hardware::Device h100() { return catalog::find_device("h100-sxm").value(); }

SpeculationQuestion question_of(const model::Architecture& model, const char* draft) {
  SpeculationQuestion question;
  question.proposed = 4;
  question.execution.precision = native_precision(model);
  if (draft != nullptr)
    question.draft = std::make_shared<const model::Architecture>(model_named(draft));
  return question;
}

// 1 + 0.8 + 0.64 + 0.512 + 0.4096.
TEST(ExpectedTokens, AreAGeometricSum) {
  EXPECT_NEAR(expected_tokens(0.8, 4), 3.3616, 1e-12);
  EXPECT_DOUBLE_EQ(expected_tokens(0, 4), 1);
  EXPECT_DOUBLE_EQ(expected_tokens(1, 4), 5);
}

// One sequence of 1024 tokens: four steps of the draft, a step of the model on five tokens, against
// a plain step; all of them those of roofline.
TEST(Speculation, IsMadeOfTheStepsOfRoofline) {
  const auto model = model_named("llama-3.1-70b");
  const auto draft = model_named("llama-3.1-8b");
  const auto answer = speculate(model, h100(), question_of(model, "llama-3.1-8b")).value();
  const auto step = [](const model::Architecture& one) {
    const Workload workload{{Phase::decode}, 1, 1024, native_precision(one)};
    return analyse(one, h100(), workload).value().steps.at(0).bound_s;
  };
  const SpeculationRow& row = answer.rows.at(0);
  EXPECT_DOUBLE_EQ(row.decode_s, step(model));
  EXPECT_DOUBLE_EQ(row.propose_s, 4 * step(draft));
  // Five tokens read the same weights as one: a little more of everything else.
  EXPECT_GT(row.check_s, row.decode_s);
  EXPECT_LT(row.check_s, 1.02 * row.decode_s);
  EXPECT_DOUBLE_EQ(row.speedup, row.tokens_per_step * row.decode_s / (row.propose_s + row.check_s));
}

// At a context of a few tokens arithmetic is that of matrices alone, a quarter of it the output
// matrix: four tokens of each of 4096 sequences take what one of each of 16,384 does.
TEST(Speculation, ChecksTokensByLogitsOfEach) {
  const auto model = model_named("llama-3.2-1b");
  SpeculationQuestion question = question_of(model, nullptr);
  question.proposed = 3;
  question.batches = {4096, 16'384};
  question.context = 1;
  question.reading = Reading::floor;
  const auto rows = speculate(model, h100(), question).value().rows;
  EXPECT_NEAR(rows.at(0).check_s / rows.at(1).decode_s, 1, 0.01);
}

TEST(Speculation, RefusesADraftWithAnotherVocabulary) {
  const auto model = model_named("llama-3.1-70b");
  const auto answer = speculate(model, h100(), question_of(model, "qwen3-8b"));
  ASSERT_FALSE(answer.has_value());
  EXPECT_THAT(answer.error()[0].what, ::testing::HasSubstr("its vocabulary has 151936 tokens"));
}

RC_GTEST_PROP(SpeculationLaw, NeverGainsMoreThanTheTokensOfAStepAndPaysFromItsBreakEven, ()) {
  const auto models = catalog::models();
  const auto& model = models[*rc::gen::inRange<std::size_t>(0, models.size())].architecture;
  if (phases_of(model).size() < 2) return;
  SpeculationQuestion question = question_of(model, nullptr);
  question.proposed = *rc::gen::inRange<std::int64_t>(1, 9);
  question.acceptance = *rc::gen::inRange(0, 101) / 100.0;
  question.batches = {*rc::gen::inRange<std::int64_t>(1, 2000)};
  question.context = *rc::gen::inRange<std::int64_t>(1, 50'000);
  const auto device = h100();
  const auto row = speculate(model, device, question).value().rows.at(0);
  RC_ASSERT(row.speedup <= row.tokens_per_step * (1 + 1e-12));
  if (row.break_even_acceptance > 1) {
    RC_ASSERT(row.speedup < 1);
    return;
  }
  question.acceptance = row.break_even_acceptance;
  const auto even = speculate(model, device, question).value().rows.at(0);
  RC_ASSERT(std::abs(even.speedup - 1) < 1e-6 || row.break_even_acceptance == 0);
}

}  // namespace
}  // namespace ridgepoint::predict
