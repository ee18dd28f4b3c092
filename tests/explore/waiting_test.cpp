// SPDX-License-Identifier: Apache-2.0
// Queues against known values, and against going through arrivals one by one.
#include "ridgepoint/explore/waiting.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>
#include <random>
#include <vector>

namespace ridgepoint::explore {
namespace {

/// One server: the chance to wait is its load. Two at a load of 1: B = 1/5, C = 1/3. Ten at 8:
/// 0.4092, of tables of the Erlang C formula.
TEST(ErlangC, HasItsKnownValues) {
  EXPECT_DOUBLE_EQ(erlang_c(1, 0.3), 0.3);
  EXPECT_DOUBLE_EQ(erlang_c(2, 1), 1.0 / 3);
  EXPECT_NEAR(erlang_c(10, 8), 0.4092, 5e-5);
  EXPECT_DOUBLE_EQ(erlang_c(7, 0), 0);
}

/// Σ over states of the birth–death process, written out.
TEST(ErlangC, IsTheShareOfStatesWithAllServersBusy) {
  for (const int servers : {1, 3, 20}) {
    for (const double share : {0.1, 0.5, 0.95}) {
      const double load = share * servers;
      double term = 1;
      double below = 0;
      for (int i = 0; i < servers; ++i) {
        below += term;
        term *= load / (i + 1);
      }
      const double above = term / (1 - share);
      EXPECT_NEAR(erlang_c(servers, load), above / (below + above), 1e-12) << servers;
    }
  }
}

struct Simulated {
  double mean_s;
  double at_90_s;
};

/// Requests that come by chance and take equally long, first come, first served.
Simulated simulate(double per_s, int servers, double service_s) {
  std::mt19937_64 generator(20261122);
  std::exponential_distribution<double> gap(per_s);
  std::priority_queue<double, std::vector<double>, std::greater<>> free_at;
  for (int i = 0; i < servers; ++i) free_at.push(0);
  std::vector<double> waits;
  double now = 0;
  for (int i = 0; i < 400'000; ++i) {
    now += gap(generator);
    const double begins = std::max(now, free_at.top());
    free_at.pop();
    free_at.push(begins + service_s);
    waits.push_back(begins - now);
  }
  double sum = 0;
  for (const double wait : waits) sum += wait;
  std::sort(waits.begin(), waits.end());
  return {sum / static_cast<double>(waits.size()), waits[waits.size() * 9 / 10]};
}

TEST(Waiting, ForASlotComesNearWhatArrivalsOneByOneWait) {
  struct Load {
    int slots;
    double share;
    double within;  ///< of the service time
  };
  for (const Load& load :
       {Load{1, 0.5, 0.01}, Load{1, 0.8, 0.05}, Load{4, 0.8, 0.02}, Load{48, 0.8, 0.005}}) {
    const double per_s = load.share * load.slots;
    const ReplicaLoad replica{per_s, static_cast<double>(load.slots), 1, 0, 0};
    const Simulated known = simulate(per_s, load.slots, 1);
    EXPECT_NEAR(mean_waiting(replica).for_slot_s, known.mean_s, load.within) << load.slots;
    EXPECT_NEAR(waiting_at(replica, 0.9).for_slot_s, known.at_90_s, 10 * load.within) << load.slots;
  }
}

/// ρ·P/(2·(1 − ρ)) with ρ = 0.5 and P = 0.1 s: 50 ms.
TEST(Waiting, ForPromptsIsThatOfOneServer) {
  const ReplicaLoad replica{5, 64, 1, 0.1, 0};
  EXPECT_DOUBLE_EQ(mean_waiting(replica).for_prompts_s, 0.05);
  EXPECT_NEAR(mean_waiting(replica).for_prompts_s, simulate(5, 1, 0.1).mean_s, 0.002);
}

TEST(Waiting, ForTheStepIsHalfOfItWhereOneRuns) {
  const ReplicaLoad replica{100, 64, 0.5, 0, 0.02};
  EXPECT_DOUBLE_EQ(mean_waiting(replica).for_step_s, 0.01);
  EXPECT_NEAR(waiting_at(replica, 0.9).for_step_s, 0.018, 1e-12);
}

TEST(Waiting, HasNoEndWhereMoreComesThanGoes) {
  EXPECT_EQ(mean_waiting({10, 5, 1, 0, 0}).for_slot_s, std::numeric_limits<double>::infinity());
  EXPECT_EQ(mean_waiting({10, 50, 1, 0.1, 0}).for_prompts_s,
            std::numeric_limits<double>::infinity());
}

TEST(Waiting, GrowsWithLoadAndShare) {
  double before = 0;
  for (const double per_s : {1., 10., 20., 30., 38.}) {
    const ReplicaLoad replica{per_s, 40, 1, 0.02, 0.03};
    const double mean = mean_waiting(replica).total_s();
    EXPECT_GT(mean, before);
    before = mean;
    double at_less = 0;
    for (const double share : {0.5, 0.9, 0.95, 0.99}) {
      EXPECT_GE(waiting_at(replica, share).total_s(), at_less);
      at_less = waiting_at(replica, share).total_s();
    }
  }
}

}  // namespace
}  // namespace ridgepoint::explore
