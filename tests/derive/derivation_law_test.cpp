// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <set>

#include "derive/h100.hpp"

namespace ridgepoint::derive {
namespace {

using symbolic::Expr;

std::vector<Options> all_options() {
  return {{},
          {.element_size = {1, 1}, .compute_type = DataType::fp8},
          {.element_size = {1, 2}},
          {.element_size = {4, 1}},
          {.pairs = cost::Pairs::causal}};
}

std::string open_claims(const Derivation& derivation) {
  std::string text;
  for (const UnprovedClaim& one : unproved(derivation.sections)) {
    text += one.section->subject + ": " + one.claim->text + "\n";
  }
  return text;
}

TEST(EveryDerivation, ProvesAllItsClaimsAtEveryElementSizeAndWayOfCounting) {
  for (const Options& options : all_options()) EXPECT_EQ(open_claims(derived("all", options)), "");
}

TEST(EveryDerivation, ClaimsSomethingAndStandsOnce) {
  std::set<std::string> subjects;
  for (const Section& section : derived("all").sections) {
    EXPECT_FALSE(section.claims.empty()) << section.subject;
    EXPECT_TRUE(subjects.insert(section.subject).second) << section.subject;
  }
}

TEST(EveryDerivation, AddsUpItsSteps) {
  for (const Section& section : derived("all").sections) {
    if (section.steps.empty()) continue;
    Expr flops;
    Expr bytes;
    for (const Step& step : section.steps) {
      flops += step.flops;
      bytes += step.bytes;
    }
    EXPECT_EQ(flops, *section.flops) << section.subject;
    EXPECT_EQ(bytes, section.bytes.value_or(Expr(0))) << section.subject;
    if (section.arithmetic_intensity) {
      EXPECT_EQ(flops / bytes, *section.arithmetic_intensity) << section.subject;
    }
  }
}

TEST(EveryDerivation, SolvesItsCrossoverExactly) {
  for (const Section& section : derived("all").sections) {
    if (!section.crossover) continue;
    for (const symbolic::Solution& solution : section.crossover->solutions) {
      EXPECT_TRUE(solution.exact);
      EXPECT_EQ(
          substitute(section.crossover->formula, {{section.crossover->variable, solution.value}}),
          section.crossover->target)
          << section.subject;
    }
  }
}

TEST(EveryVerdict, IsComputeBoundExactlyFromTheRidgeOn) {
  const Derivation all = derived("all");
  for (const Section& section : all.sections) {
    for (const DeviceVerdict& one : section.verdicts) {
      const bool above = one.arithmetic_intensity >= all.device.ridge().value();
      EXPECT_EQ(one.bound == roofline::Bound::compute_bound, above) << one.at;
      EXPECT_EQ(one.utilisation == 1.0, above) << one.at;
      EXPECT_GT(one.utilisation, 0) << one.at;
    }
  }
}

TEST(EveryDerivation, HalvesItsBytesWithHalfTheElementSize) {
  const Derivation two = derived("all");
  const Derivation one = derived("all", {.element_size = {1, 1}});
  for (std::size_t i = 0; i < two.sections.size(); ++i) {
    if (!two.sections[i].bytes) continue;
    EXPECT_EQ(*two.sections[i].bytes, 2 * *one.sections[i].bytes) << two.sections[i].subject;
  }
}

TEST(Unproved, NamesAClaimThatDoesNotHold) {
  std::vector<Section> sections = derived("matmul").sections;
  EXPECT_TRUE(unproved(sections).empty());
  sections[0].claims[1].verdict = symbolic::Verdict::unknown;
  const std::vector<UnprovedClaim> open = unproved(sections);
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].section, sections.data());
  EXPECT_EQ(open[0].claim, &sections[0].claims[1]);
}

TEST(Deriving, GivesTheSameFormulasEveryTime) {
  const Derivation first = derived("all");
  const Derivation second = derived("all");
  for (std::size_t i = 0; i < first.sections.size(); ++i) {
    for (std::size_t j = 0; j < first.sections[i].claims.size(); ++j) {
      EXPECT_EQ(first.sections[i].claims[j].text, second.sections[i].claims[j].text);
    }
  }
}

}  // namespace
}  // namespace ridgepoint::derive
