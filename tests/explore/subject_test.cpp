// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/subject.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ridgepoint::explore {
namespace {

using testing::HasSubstr;

TEST(Subject, HasAnyNumberOfLimitsInUnits) {
  const Subject subject =
      parse_subject("fits, tpot<40ms,ttft <= 1.5 s, throughput>1.2k, cost>=0.5$/M, devices<9",
                    "--subject")
          .value();
  EXPECT_TRUE(subject.fits);
  ASSERT_EQ(subject.limits.size(), 5U);
  EXPECT_EQ(subject.limits[0].metric, Metric::tpot);
  EXPECT_EQ(subject.limits[0].relation, Relation::below);
  EXPECT_EQ(subject.limits[0].value, 0.04);
  EXPECT_EQ(subject.limits[0].text, "tpot<40ms");
  EXPECT_EQ(subject.limits[1].relation, Relation::at_most);
  EXPECT_EQ(subject.limits[1].value, 1.5);
  EXPECT_EQ(subject.limits[2].value, 1200);
  EXPECT_EQ(subject.limits[3].relation, Relation::at_least);
  EXPECT_EQ(subject.limits[3].value, 0.5);
  EXPECT_EQ(subject.limits[4].value, 9);
}

TEST(Subject, OfAnyAsksForNothing) {
  const Subject subject = parse_subject("any", "--subject").value();
  EXPECT_FALSE(subject.fits);
  EXPECT_TRUE(subject.limits.empty());
}

TEST(Subject, HoldsAtItsEdgeAsItsSignSays) {
  const auto limit = [](const char* text) {
    return parse_subject(text, "--subject").value().limits.front();
  };
  EXPECT_FALSE(limit("tpot<40ms").holds(0.04));
  EXPECT_TRUE(limit("tpot<=40ms").holds(0.04));
  EXPECT_FALSE(limit("batch>8").holds(8));
  EXPECT_TRUE(limit("batch>=8").holds(8));
}

std::string faults_of(const char* text) {
  const auto subject = parse_subject(text, "--subject");
  std::string all;
  if (subject) return all;
  for (const Diagnostic& each : subject.error()) all += each.what + " | " + each.help + "\n";
  return all;
}

TEST(Subject, NamesEveryFaultAtOnce) {
  const std::string all = faults_of("tpott<40ms, ttft<1, e2el, cost>-1, batch<1.5");
  EXPECT_THAT(all, HasSubstr("\"tpott\" is no metric | did you mean tpot?"));
  EXPECT_THAT(all, HasSubstr("\"1\" has no unit | expected a time"));
  EXPECT_THAT(all, HasSubstr("\"e2el\" sets no limit"));
  EXPECT_THAT(all, HasSubstr("\"-1\" is not positive"));
  EXPECT_THAT(all, HasSubstr("1.5"));
}

TEST(Subject, OfLimitsThatContradictNamesBoth) {
  EXPECT_THAT(faults_of("tpot<40ms, tpot>50ms"),
              HasSubstr("nothing keeps to both tpot<40ms and tpot>50ms"));
  EXPECT_THAT(faults_of("tpot<40ms, tpot>=40ms"), HasSubstr("nothing keeps to both"));
  EXPECT_EQ(faults_of("tpot<=40ms, tpot>=40ms"), "");
  EXPECT_EQ(faults_of("tpot<40ms, ttft>50ms"), "");
}

TEST(Objective, HasADirection) {
  EXPECT_EQ(name(parse_objective("max:throughput", "--objective").value()), "max:throughput");
  EXPECT_EQ(name(parse_objective("min:throughput", "--objective").value()), "min:throughput");
  EXPECT_EQ(name(parse_objective("cost", "--objective").value()), "min:cost");
  EXPECT_EQ(name(parse_objective("throughput_per_user", "--objective").value()),
            "max:throughput_per_user");
  EXPECT_FALSE(parse_objective("max:", "--objective"));
  EXPECT_FALSE(parse_objective("best:cost", "--objective"));
}

TEST(Objectives, AreTwoToFourDifferentOnes) {
  EXPECT_EQ(parse_objectives("tpot,throughput_per_device,cost", "--pareto").value().size(), 3U);
  EXPECT_FALSE(parse_objectives("tpot", "--pareto"));
  EXPECT_FALSE(parse_objectives("tpot,tpot", "--pareto"));
  EXPECT_FALSE(parse_objectives("tpot,ttft,cost,energy,e2el", "--pareto"));
  EXPECT_FALSE(parse_objectives("", "--pareto"));
}

}  // namespace
}  // namespace ridgepoint::explore
