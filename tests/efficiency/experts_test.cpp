// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "efficiency/experts_load.hpp"
#include "efficiency/experts_tiles.hpp"
#include "efficiency/forms.hpp"

namespace ridgepoint::efficiency {
namespace {

ExpertsShape chosen(ExpertRouting routing, double tokens, double experts, double per_token,
                    double devices = 1) {
  ExpertsShape shape;
  shape.tokens = tokens;
  shape.experts = experts;
  shape.experts_per_token = per_token;
  shape.expert_parallel = devices;
  shape.routing = routing;
  return shape;
}
ExpertsShape balanced(double tokens, double experts, double per_token, double devices = 1) {
  return chosen(ExpertRouting::balanced, tokens, experts, per_token, devices);
}
ExpertsShape at_random(double tokens, double experts, double per_token, double devices = 1) {
  return chosen(ExpertRouting::random, tokens, experts, per_token, devices);
}

// Token t takes experts t and t + 4 of 8: one token begins 2, four tokens all of them.
TEST(BalancedLoad, BeginsTwoExpertsForEachTokenUntilAllAreBegun) {
  for (const auto& [tokens, active] : {std::pair{1, 2}, {2, 4}, {3, 6}, {4, 8}, {5, 8}, {99, 8}}) {
    const ExpertLoad load(balanced(tokens, 8, 2));
    EXPECT_DOUBLE_EQ(load.active(), active) << tokens;
    EXPECT_DOUBLE_EQ(load.rows(), 2 * tokens) << tokens;
  }
}

// 100 tokens: 200 rows, 25 for each of 8 experts, ⌈25 ÷ 16⌉ = 2 tiles of 16 rows, 1 of 32.
TEST(BalancedLoad, FillsTheTilesOfEachExpert) {
  const ExpertLoad load(balanced(100, 8, 2));
  EXPECT_DOUBLE_EQ(load.tiles(16), 16);
  EXPECT_DOUBLE_EQ(load.tiles(32), 8);
}

// 8 experts on 4 devices, 2 on each: 100 tokens leave 50 rows on one; a token's 2 rows lie on two
// of the devices, and one of those has 1.
TEST(BalancedLoad, IsDividedAmongDevices) {
  EXPECT_DOUBLE_EQ(ExpertLoad(balanced(100, 8, 2, 4)).rows(), 50);
  EXPECT_DOUBLE_EQ(ExpertLoad(balanced(100, 8, 2, 4)).active(), 2);
  EXPECT_DOUBLE_EQ(ExpertLoad(balanced(1, 8, 2, 4)).rows(), 1);
  EXPECT_DOUBLE_EQ(ExpertLoad(balanced(1, 8, 2, 4)).active(), 1);
}

// 8·(1 − (6/8)^n): 2, 3.5, 4.625. All of 8 when each token takes all of them.
TEST(RandomLoad, LeavesTheExpertsIdleThatNoTokenChose) {
  EXPECT_NEAR(ExpertLoad(at_random(1, 8, 2)).active(), 2, 1e-9);
  EXPECT_NEAR(ExpertLoad(at_random(2, 8, 2)).active(), 3.5, 1e-9);
  EXPECT_NEAR(ExpertLoad(at_random(3, 8, 2)).active(), 4.625, 1e-9);
  EXPECT_NEAR(ExpertLoad(at_random(1, 8, 8)).active(), 8, 1e-6);
}

/// Σ ⌈rows ÷ height⌉·P(rows) of the binomial distribution, term by term.
double binomial_tiles(int tokens, double share, double height) {
  double sum = 0;
  for (int rows = 0; rows <= tokens; ++rows) {
    const double ways =
        std::lgamma(tokens + 1.0) - std::lgamma(rows + 1.0) - std::lgamma(tokens - rows + 1.0);
    const double p = std::exp(ways + rows * std::log(share) + (tokens - rows) * std::log1p(-share));
    sum += std::ceil(rows / height) * p;
  }
  return sum;
}

TEST(RandomLoad, HasTheTilesOfTheBinomialDistribution) {
  for (const double experts : {8, 64, 256}) {
    for (const int tokens : {1, 7, 32, 100, 500, 4000}) {
      for (const double height : {8, 16, 64, 128}) {
        const double expected = experts * binomial_tiles(tokens, 4 / experts, height);
        EXPECT_NEAR(ExpertLoad(at_random(tokens, experts, 4)).tiles(height), expected,
                    0.02 * expected)
            << experts << " " << tokens << " " << height;
      }
    }
  }
}

/// Rows of each device that has the most, and what it has of them, on the average over draws.
struct Counted {
  double rows = 0;
  double active = 0;
  double tiles = 0;
};

constexpr double kHeight = 16;

void count_heaviest(const std::vector<int>& rows_of_experts, int devices, Counted& out) {
  const auto local = static_cast<std::ptrdiff_t>(rows_of_experts.size()) / devices;
  auto most = rows_of_experts.begin();
  int most_rows = -1;
  for (auto at = rows_of_experts.begin(); at != rows_of_experts.end(); at += local) {
    const int rows = std::accumulate(at, at + local, 0);
    if (rows > most_rows) most = at;
    most_rows = std::max(most_rows, rows);
  }
  out.rows += most_rows;
  for (auto at = most; at != most + local; ++at) {
    out.active += *at > 0 ? 1 : 0;
    out.tiles += std::ceil(*at / kHeight);
  }
}

/// Of tokens that choose for themselves.
Counted draw_at_random(int tokens, int experts, int per_token, int devices, int draws) {
  std::mt19937 random(1);
  Counted out;
  std::vector<int> order(static_cast<std::size_t>(experts));
  std::iota(order.begin(), order.end(), 0);
  for (int draw = 0; draw < draws; ++draw) {
    std::vector<int> rows(order.size());
    for (int token = 0; token < tokens; ++token) {
      for (std::size_t i = 0; i < static_cast<std::size_t>(per_token); ++i) {
        std::swap(order[i], order[i + random() % (order.size() - i)]);
        ++rows[static_cast<std::size_t>(order[i])];
      }
    }
    count_heaviest(rows, devices, out);
  }
  return {out.rows / draws, out.active / draws, out.tiles / draws};
}

TEST(RandomLoad, IsThatOfTheDeviceWithTheMost) {
  constexpr int kDraws = 300;
  for (const int devices : {1, 2, 8, 32}) {
    for (const int tokens : {16, 64, 1024}) {
      const Counted drawn = draw_at_random(tokens, 64, 4, devices, kDraws);
      const ExpertLoad load(at_random(tokens, 64, 4, devices));
      EXPECT_NEAR(load.rows(), drawn.rows, 0.1 * drawn.rows) << devices << " " << tokens;
      EXPECT_NEAR(load.active(), drawn.active, 0.1 * drawn.active) << devices << " " << tokens;
      EXPECT_NEAR(load.tiles(kHeight), drawn.tiles, 0.1 * drawn.tiles) << devices << " " << tokens;
    }
  }
}

/// Rows of experts whose popularity is drawn from x^-skew, as the collector of aiconfigurator does:
/// rounded, no more than tokens; what that leaves over is spread evenly over the devices, where the
/// emptiest experts get it, or the fullest lose it.
std::vector<int> draw_popularity(std::mt19937& random, int tokens, int experts, int per_token,
                                 int devices, double skew) {
  const bool is_few = tokens * per_token <= experts;
  const double exponent = 1 - skew;
  const double least = std::pow(is_few ? 0.01 : 1, exponent);
  const double most = std::pow(is_few ? 2 : 0.8 * tokens, exponent);
  std::vector<double> popularity;
  for (int i = 0; i < experts; ++i) {
    const double share = static_cast<double>(random()) / 4294967296.0;
    popularity.push_back(std::pow(least + (most - least) * share, 1 / exponent));
  }
  const double sum = std::accumulate(popularity.begin(), popularity.end(), 0.0);
  std::vector<int> rows;
  for (const double each : popularity) {
    rows.push_back(
        std::min(tokens, static_cast<int>(std::lround(each / sum * tokens * per_token))));
  }
  const int left = tokens * per_token - std::accumulate(rows.begin(), rows.end(), 0);
  for (int i = 0; i < std::abs(left); ++i) {
    const auto begin = rows.begin() + (i % devices) * (experts / devices);
    const auto end = begin + experts / devices;
    if (left > 0) ++*std::min_element(begin, end);
    if (left < 0) --*std::max_element(begin, end);
  }
  return rows;
}

TEST(PowerLawLoad, IsThatOfDrawnPopularities) {
  constexpr int kDraws = 400;
  for (const int devices : {1, 4, 16}) {
    for (const int tokens : {16, 128, 1024}) {
      std::mt19937 random(1);
      Counted drawn;
      for (int i = 0; i < kDraws; ++i) {
        count_heaviest(draw_popularity(random, tokens, 128, 8, devices, 1.2), devices, drawn);
      }
      ExpertsShape shape = chosen(ExpertRouting::power_law, tokens, 128, 8, devices);
      shape.skew = 1.2;
      const ExpertLoad load(shape);
      EXPECT_NEAR(load.rows() * kDraws, drawn.rows, 0.15 * drawn.rows) << devices << " " << tokens;
      EXPECT_NEAR(load.active() * kDraws, drawn.active, 0.2 * drawn.active)
          << devices << " " << tokens;
      EXPECT_NEAR(load.tiles(kHeight) * kDraws, drawn.tiles, 0.2 * drawn.tiles)
          << devices << " " << tokens;
    }
  }
}

double height_at(const KernelTypes& types, const ExpertsShape& shape) {
  const TileRule& rule = tile_rule(types);
  return rule.step[step_at(rule, shape, shape.tokens)].height;
}

// get_default_config: 16 up to 32 tokens, 32 up to 96, 64 up to 512, 128 above.
TEST(Tiles, OfVllmsTritonKernelsFollowTheTokens) {
  const KernelTypes types{"bf16", "", "vllm-0.24.0", "vllm_unquantizedfusedmoe_triton"};
  for (const auto& [tokens, height] : {std::pair{1, 16},
                                       {32, 16},
                                       {33, 32},
                                       {96, 32},
                                       {97, 64},
                                       {512, 64},
                                       {513, 128},
                                       {9999, 128}}) {
    EXPECT_EQ(height_at(types, balanced(tokens, 128, 8)), height) << tokens;
  }
  const KernelTypes by_block{"fp8_block", "", "vllm-0.24.0", "vllm_fp8moe_triton_tritonexperts"};
  EXPECT_EQ(height_at(by_block, balanced(64, 128, 8)), 16);
  EXPECT_EQ(height_at(by_block, balanced(65, 128, 8)), 64);
}

// The first of 8, 16, 32, 48, 64 with tokens·2 ÷ 8 ÷ height < 0.9: 28 tokens are 7 rows for each
// expert, 7/8 < 0.9; 29 are 7.25, 7.25/8 > 0.9. Two of four devices have half of the experts.
TEST(Tiles, OfMarlinFollowTheRowsOfALocalExpert) {
  const KernelTypes types{"int4_wo", "", "vllm-0.24.0", "vllm_wna16marlinmoe_marlin"};
  EXPECT_EQ(height_at(types, balanced(28, 8, 2)), 8);
  EXPECT_EQ(height_at(types, balanced(29, 8, 2)), 16);
  EXPECT_EQ(height_at(types, balanced(150, 8, 2)), 48);   // 37.5 rows: 37.5/32 > 0.9
  EXPECT_EQ(height_at(types, balanced(1000, 8, 2)), 64);  // there is no larger one
  EXPECT_EQ(height_at(types, balanced(15, 8, 2, 2)), 16);
}

// 8 experts, 2 of each token, 24 tokens: 6 rows each, 6·1.3 = 7.8 → 8; 25 tokens: 8.1 → 16.
TEST(Tiles, OfTensorRtLlmAreThePowerOfTwoAboveTheRowsOfAnExpert) {
  const KernelTypes types{"fp8", "", "vllm-0.24.0", "vllm_flashinfer_trtllm_trtllmfp8experts"};
  EXPECT_EQ(height_at(types, balanced(24, 8, 2)), 8);
  EXPECT_EQ(height_at(types, balanced(25, 8, 2)), 16);
  EXPECT_EQ(height_at(types, balanced(9999, 8, 2)), 64);
}

TEST(Tiles, OfOlderTritonKernelsFollowTheTokensOfALocalExpert) {
  const KernelTypes sglang{"bf16", "", "sglang-0.5.10", "sglang_fused_moe_triton"};
  const KernelTypes vllm{"bf16", "", "vllm-0.14.0", "vllm_fused_moe"};
  for (const KernelTypes& types : {sglang, vllm}) {
    EXPECT_EQ(height_at(types, balanced(64, 64, 8)), 16);
    EXPECT_EQ(height_at(types, balanced(65, 64, 8)), 64);
    EXPECT_EQ(height_at(types, balanced(33, 64, 8, 2)), 64);
  }
}

/// Everything at its best, and nothing beside it: 10 µs of launches, sums instead of maxima.
struct Plain {
  std::vector<double> coefficients =  // in the order of the form's
      {10, 0, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 0};
  DeviceFacts device{.flops_per_s = 1e12, .bytes_per_s = 1e9, .compute_units = 1};
  KernelTypes types{"bf16", "", "vllm-0.24.0", "triton"};
  ExpertsShape shape{.hidden = 16, .intermediate = 16, .routing = ExpertRouting::balanced};

  double seconds() const { return experts_form().seconds(coefficients, device, types, shape); }
};

// One expert, one token, a tile of 16 rows: 2·(16·32 + 16·16)·16 = 24576 FLOPs, 24.576 ns; weights
// (16·32 + 16·16)·2 B = 1536 ns. The row: 16·(2 + 4) B in and out of both matmuls, 16·3·2 B up to
// the activation, 2·16·2 B from it, 16·4 B to route and to sum: 96 + 96 + 64 + 64 = 320 ns.
TEST(ExpertsForm, IsTheSumWorkedByHand) {
  EXPECT_NEAR(Plain{}.seconds(), 10e-6 + 24.576e-9 + 1536e-9 + 320e-9, 1e-18);
}

// One matrix up instead of two: 2·(16·16 + 16·16)·16 = 16384 FLOPs, 1024 B of weights, 16·2·2 B up
// to the activation instead of 96.
TEST(ExpertsForm, CountsOneMatrixUpWithoutAGate) {
  Plain plain;
  plain.shape.matrices_up = 1;
  EXPECT_NEAR(plain.seconds(), 10e-6 + 16.384e-9 + 1024e-9 + 288e-9, 1e-18);
}

// 9/16 B for a weight of nvfp4: 768·9/16 = 432 B.
TEST(ExpertsForm, CountsTheScalesOfWeights) {
  Plain plain;
  plain.types.compute = "nvfp4";
  plain.coefficients[14] = 0;  // no rows
  EXPECT_NEAR(plain.seconds(), 10e-6 + 24.576e-9 + 432e-9, 1e-18);
}

TEST(ExpertsForm, AddsSglangsGateButNotInItsBenchmarkOverDevices) {
  constexpr double kGate = 7e-6;
  Plain plain;
  const double without = plain.seconds();
  plain.coefficients[17] = 7;
  EXPECT_NEAR(plain.seconds(), without, 1e-18);
  plain.types = {"bf16", "", "sglang-0.5.10", "sglang_fused_moe_triton"};
  EXPECT_NEAR(plain.seconds(), without + kGate, 1e-18);
  plain.shape.remote_rows_on_first = true;
  EXPECT_LT(plain.seconds(), without + kGate);
}

// 4096 tokens, 8 of 128 experts, 16 devices: a device's share is 2048 rows; nearly half of the
// tokens choose one of its 8 experts, and SGLang's benchmark computes all 8 rows of each of those.
TEST(ExpertsForm, ComputesRemoteRowsInSglangsBenchmarkAlone) {
  Plain plain;
  plain.types = {"bf16", "", "sglang-0.5.10", "sglang_fused_moe_triton"};
  plain.shape = balanced(4096, 128, 8, 16);
  plain.shape.hidden = plain.shape.intermediate = 1024;
  plain.device.bytes_per_s = 1e15;
  const double served = plain.seconds();
  plain.shape.remote_rows_on_first = true;
  EXPECT_GT(plain.seconds(), 3 * served);
}

// 24 ÷ 16 is no integer. The second matmul, a third of the work, takes twice as long.
TEST(ExpertsForm, SlowsUnalignedSplitsOfTritonAlone) {
  Plain plain;
  plain.coefficients[14] = plain.coefficients[15] = 0;
  plain.coefficients[0] = 0;
  plain.shape.intermediate = 24;
  const double aligned = plain.seconds();
  plain.coefficients[16] = 1;
  EXPECT_NEAR(plain.seconds(), aligned * 4 / 3, 1e-18);
  plain.types.kernel = "trtllm";
  const double other = plain.seconds();
  plain.coefficients[16] = 0;
  EXPECT_DOUBLE_EQ(plain.seconds(), other);
}

TEST(ExpertsForm, FeaturesAreRowsOfAnActiveExpertWidthAndActiveExperts) {
  ExpertsShape shape = balanced(100, 8, 2);  // 25 rows for each of 8 experts
  shape.intermediate = 4096;
  shape.tensor_parallel = 4;
  const std::vector<double> features = experts_form().features(shape);
  ASSERT_EQ(features.size(), 3U);
  EXPECT_NEAR(features[0], std::log2(25), 1e-12);
  EXPECT_NEAR(features[1], 10, 1e-12);
  EXPECT_NEAR(features[2], 3, 1e-12);
}

}  // namespace
}  // namespace ridgepoint::efficiency
