// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/score/score.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "score/made_up.hpp"

namespace ridgepoint::score {
namespace {

using calibrate::Measurement;
using efficiency::OperatorClass;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Predicted row(double measured_s, double seconds) { return {measured_s, seconds, 0, 0, false}; }
Predicted row(double measured_s, double seconds, double low_s, double high_s) {
  return {measured_s, seconds, low_s, high_s, true};
}

// Predicted ÷ measured − 1: −0.5, +0.1, −0.2, +1.0. Without their signs, sorted: 0.1, 0.2,
// 0.5, 1.0.
TEST(ErrorStatistics, AreThoseWorkedByHand) {
  const std::vector<Predicted> rows{row(10, 5), row(10, 11), row(10, 8), row(10, 20)};
  const ErrorStatistics errors = error_statistics(rows);
  EXPECT_EQ(errors.rows, 4);
  EXPECT_DOUBLE_EQ(errors.mdape, 35);   // (20 + 50) / 2
  EXPECT_DOUBLE_EQ(errors.mape, 45);    // (10 + 20 + 50 + 100) / 4
  EXPECT_DOUBLE_EQ(errors.p90, 85);     // place 0.9·3 = 2.7: 50 + 0.7·(100 − 50)
  EXPECT_NEAR(errors.bias, -5, 1e-12);  // −50, −20, +10, +100: (−20 + 10) / 2
  EXPECT_EQ(errors.coverage80, 0);      // no row has a band
}

TEST(ErrorStatistics, OfOneRowAreItsError) {
  const std::vector<Predicted> rows{row(4, 3)};
  const ErrorStatistics errors = error_statistics(rows);
  EXPECT_DOUBLE_EQ(errors.mdape, 25);
  EXPECT_DOUBLE_EQ(errors.mape, 25);
  EXPECT_DOUBLE_EQ(errors.p90, 25);
  EXPECT_DOUBLE_EQ(errors.bias, -25);
}

TEST(ErrorStatistics, CountRowsInsideTheirBandItsEndsIncluded) {
  const std::vector<Predicted> rows{row(10, 10, 9, 11), row(10, 10, 10, 12), row(10, 12, 11, 13),
                                    row(10, 8, 7, 9), row(10, 10)};
  EXPECT_DOUBLE_EQ(error_statistics(rows).coverage80, 40);  // the first two of five
}

Measurement measured(OperatorClass kind, const std::string& stack, const std::string& name,
                     const std::string& compute, const std::string& cache = "") {
  Measurement out;
  out.kind = kind;
  out.stack = stack;
  out.kernel = name;
  out.compute = compute;
  out.cache = cache;
  return out;
}

Score score_of(const std::vector<Measurement>& rows, const ScoreQuestion& question) {
  return score({rows, {}}, question);
}

Measurement row_of(OperatorClass kind, const std::string& op, const efficiency::Shape& shape,
                   double seconds, const std::string& device = "round") {
  Measurement out = measured(kind, "stack", "kernel", "bf16");
  out.where = "table.csv: line 2";
  out.device = device;
  out.op = op;
  out.shape = shape;
  out.seconds = seconds;
  return out;
}

/// The prediction of one row that took a second.
double predicted_s(Reading mode, const Measurement& row) {
  const std::vector<Measurement> rows{row};
  const Score result = score_of(rows, test::question(mode));
  if (result.groups.size() != 1) return -1;
  return 1 + result.groups.front().errors.bias / 100;
}

// m = 1000, n = 2000, k = 3000 in bf16: 12e9 FLOPs take 120 µs; weights of 12 MB take 12 µs, and
// activations of 2·(1000·3000 + 1000·2000) B = 10 MB another 10 µs.
TEST(Score, OfAMatmulHoldsItAgainstItsLedger) {
  const auto row = row_of(OperatorClass::gemm, "gemm", efficiency::GemmShape{1000, 2000, 3000}, 1);
  EXPECT_NEAR(predicted_s(Reading::bound, row), 120e-6, 1e-12);
  // Of m = 1 the floor is the weights alone: 12 µs; the bound adds 2·(3000 + 2000) B, 0.01 µs.
  const auto thin = row_of(OperatorClass::gemm, "gemm", efficiency::GemmShape{1, 2000, 3000}, 1);
  EXPECT_NEAR(predicted_s(Reading::floor, thin), 12e-6, 1e-12);
  EXPECT_NEAR(predicted_s(Reading::bound, thin), 12.01e-6, 1e-12);
}

// Decode of 10 sequences on 1000 tokens each, 8 heads of 100 on 2: keys and values are
// 2·10·1000·2·100·2 B = 8 MB, 8 µs; a window of 100 leaves a tenth of them.
TEST(Score, OfAttentionReadsTheCacheThatItsWindowLeaves) {
  efficiency::AttentionShape shape{10, 1, 1000, 8, 2, 100, 0};
  const auto decode = [&] {
    return row_of(OperatorClass::decode_attention, "attention_decode", shape, 1);
  };
  EXPECT_NEAR(predicted_s(Reading::floor, decode()), 8e-6, 1e-12);
  shape.window = 100;
  EXPECT_NEAR(predicted_s(Reading::floor, decode()), 0.8e-6, 1e-12);
}

// The latents of 5 sequences of 1000 tokens in fp8: 5·1000·576 B = 2.88 MB, 2.88 µs.
TEST(Score, OfLatentAttentionReadsTheLatentsInTheirType) {
  auto row = row_of(OperatorClass::latent_decode, "mla_decode",
                    efficiency::LatentAttentionShape{5, 1, 1000, 1}, 1);
  row.cache = "fp8";
  EXPECT_NEAR(predicted_s(Reading::floor, row), 2.88e-6, 1e-12);
}

// An all-reduce of 1 MB over four devices sends 2·3/4 of it: 1.5 MB at 100 GB/s, 15 µs. Where two
// of the four share a node it needs the network, which nobody gave.
TEST(Score, OfACollectiveTakesTheLinksAndNamesTheMissingNetwork) {
  efficiency::CollectiveShape shape;
  shape.ranks = 4;
  shape.bytes = 1e6;
  auto row = row_of(OperatorClass::collective, "all_reduce", shape, 1);
  EXPECT_NEAR(predicted_s(Reading::bound, row), 15e-6, 1e-12);
  shape.per_node = 2;
  row.shape = shape;
  const std::vector<Measurement> rows{row};
  const Score result = score_of(rows, test::question(Reading::bound));
  EXPECT_THAT(result.groups, IsEmpty());
  ASSERT_THAT(result.unpredicted, SizeIs(1));
  EXPECT_THAT(result.unpredicted[0].reason, HasSubstr("network bandwidth"));
}

// Two ranks on nodes of their own, 10 GB/s between them: an all-reduce sends 2·1/2 of 1 MB, 100 µs.
TEST(Score, OfACollectiveAcrossNodesOfOneTakesTheNetwork) {
  efficiency::CollectiveShape shape;
  shape.bytes = 1e6;
  shape.per_node = 1;
  ScoreQuestion networked = test::question(Reading::bound);
  networked.find_device = [](const std::string&) -> Result<hardware::Device> {
    hardware::Device device = test::round_device();
    device.network_bandwidth = {BytesPerSecond(10e9), "worked by hand", ""};
    return device;
  };
  const std::vector<Measurement> rows{row_of(OperatorClass::collective, "all_reduce", shape, 1e-3)};
  const Score result = score_of(rows, networked);
  ASSERT_THAT(result.groups, SizeIs(1));
  EXPECT_NEAR(result.groups[0].errors.bias, -90, 1e-9);  // 100 of 1000 µs
}

// 1000 rows of 500 elements, added to as many: 6 B for each of 500,000 elements are 3 MB, 3 µs.
TEST(Score, OfAResidualMovesBothOperandsAndTheSum) {
  efficiency::ElementwiseShape shape;
  shape.kind = efficiency::ElementwiseKind::residual;
  shape.rows = 1000;
  shape.width = 500;
  const auto row = row_of(OperatorClass::elementwise, "add", shape, 1);
  EXPECT_NEAR(predicted_s(Reading::bound, row), 3e-6, 1e-12);
}

// A token that chooses all of 4 experts of 1000·500: gate, up and down are 3·4·1000·500·2 B = 12
// MB, 12 µs; without a gate 8 µs.
TEST(Score, OfExpertsReadsAGateWhereThereIsOne) {
  efficiency::ExpertsShape shape;
  shape.hidden = 1000;
  shape.intermediate = 500;
  shape.experts = 4;
  shape.experts_per_token = 4;
  const auto layer = [&] { return row_of(OperatorClass::experts, "grouped_gemm", shape, 1); };
  EXPECT_NEAR(predicted_s(Reading::floor, layer()), 12e-6, 1e-12);
  shape.matrices_up = 1;
  EXPECT_NEAR(predicted_s(Reading::floor, layer()), 8e-6, 1e-12);
}

// 1000 rows of 500 elements: with a gate two are read and one is written, 6 B for each, 3 µs;
// without one 4 B, 2 µs.
TEST(Score, OfAnActivationReadsAGateWhereThereIsOne) {
  efficiency::ElementwiseShape shape;
  shape.kind = efficiency::ElementwiseKind::activation;
  shape.rows = 1000;
  shape.width = 500;
  const auto row = [&] { return row_of(OperatorClass::elementwise, "activation", shape, 1); };
  EXPECT_NEAR(predicted_s(Reading::bound, row()), 2e-6, 1e-12);
  shape.bytes_per_element = 6;
  EXPECT_NEAR(predicted_s(Reading::bound, row()), 3e-6, 1e-12);
}

TEST(Score, CountsEachRowOnceWithTheReasonWhereItHasNoPrediction) {
  const efficiency::GemmShape shape{16, 16, 16};
  std::vector<Measurement> rows{row_of(OperatorClass::gemm, "gemm", shape, 1e-6),
                                row_of(OperatorClass::gemm, "gemm", shape, 1e-6, "nowhere"),
                                row_of(OperatorClass::gemm, "gemm", shape, 1e-6, "nowhere"),
                                row_of(OperatorClass::gemm, "gemm", shape, 1e-6)};
  rows.back().compute = "fp7";
  const Score result = score_of(rows, test::question(Reading::bound));
  EXPECT_EQ(result.rows, 1);
  ASSERT_THAT(result.unpredicted, SizeIs(2));
  EXPECT_EQ(result.unpredicted[0].rows, 2);
  EXPECT_EQ(result.unpredicted[0].key.device, "nowhere");
  EXPECT_THAT(result.unpredicted[0].reason, HasSubstr("unknown device"));
  EXPECT_EQ(result.unpredicted[1].rows, 1);
  EXPECT_THAT(result.unpredicted[1].reason, HasSubstr("fp7"));
}

TEST(Score, OfExpectedTimesWithoutAProfileSaysSoOfEveryRow) {
  const std::vector<Measurement> rows{
      row_of(OperatorClass::gemm, "gemm", efficiency::GemmShape{16, 16, 16}, 1e-6)};
  const Score result = score_of(rows, test::question(Reading::expected));
  EXPECT_EQ(result.rows, 0);
  ASSERT_THAT(result.unpredicted, SizeIs(1));
  EXPECT_THAT(result.unpredicted[0].reason, HasSubstr("no profile of round"));
}

// The bound of 16 MB of weights is 16 µs and a little: the rows are off by 10, 1.6 and 2 times.
TEST(Score, ShowsTheRowsThatAreFarthestOffEitherWay) {
  const efficiency::GemmShape shape{1, 2000, 4000};
  std::vector<Measurement> rows{row_of(OperatorClass::gemm, "gemm", shape, 160e-6),
                                row_of(OperatorClass::gemm, "gemm", shape, 10e-6),
                                row_of(OperatorClass::gemm, "gemm", shape, 8e-6)};
  rows[2].is_in_cache = true;
  ScoreQuestion two = test::question(Reading::bound);
  two.worst = 2;
  const Score result = score_of(rows, two);
  ASSERT_THAT(result.worst, SizeIs(2));
  EXPECT_EQ(result.worst[0].times.measured_s, 160e-6);
  EXPECT_EQ(result.worst[1].times.measured_s, 8e-6);
  EXPECT_EQ(result.worst[0].shape, "m=1 n=2000 k=4000");
  EXPECT_THAT(result.worst[0].why, ElementsAre("memory_bound"));
  EXPECT_THAT(result.worst[1].why, ElementsAre("memory_bound", "its operands sat in a cache"));
}

}  // namespace
}  // namespace ridgepoint::score
