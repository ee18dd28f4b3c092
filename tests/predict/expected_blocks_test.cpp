// SPDX-License-Identifier: Apache-2.0
// Expected times of many points at once are those of each point, to the bit: whatever the
// instruction set, the order of the points and the blocks before.
#include "predict/expected_blocks.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "ridgepoint/catalog/calibrations.hpp"
#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/catalog/profiles.hpp"

namespace ridgepoint::predict {
namespace {

struct Points {
  std::vector<double> batch;
  std::vector<double> new_tokens;
  std::vector<double> context;

  void add(const cost::Shape<double>& shape) {
    batch.push_back(shape.batch);
    new_tokens.push_back(shape.new_tokens);
    context.push_back(shape.context);
  }
  cost::Shape<double> at(std::size_t i) const { return {batch[i], new_tokens[i], context[i]}; }
  roofline::PointBlock block() const { return {batch, new_tokens, context}; }
};

class Draw {
 public:
  explicit Draw(std::uint32_t seed) : random_(seed) {}
  double size(std::uint32_t most) { return static_cast<double>(1 + random_() % most); }

  /// As a sweep has them: few batches; and points that have nothing in common.
  Points points(Phase phase, std::size_t n) {
    Points points;
    for (std::size_t i = 0; i < n; ++i) {
      const bool is_of_sweep = i % 2 == 0;
      const double batch = is_of_sweep ? static_cast<double>(1 + i / 2 % 16) : size(1500);
      const double context = size(is_of_sweep ? 8000 : 100000);
      const double tokens = phase == Phase::decode ? 1 : is_of_sweep ? context : size(4000);
      points.add({batch, tokens, std::max(tokens, context)});
    }
    return points;
  }

 private:
  std::mt19937 random_;
};

Result<ExpectedStep> step_of(const std::string& model_name, const std::string& device_name,
                             std::int64_t tensor, Phase phase) {
  const auto device = catalog::find_device(device_name).value();
  const auto model = catalog::find_model(model_name).value();
  Execution execution{native_precision(model)};
  execution.parallelism.tensor = tensor;
  execution.calibration = catalog::calibration_of(device).value();
  const StepPlan plan =
      plan_step(device_shares(model, execution.parallelism).front(), execution, phase);
  const auto step = build_step<double>(plan);
  const auto timed = roofline::on_device(step, device);
  if (!timed) return fail(timed.error());
  return ExpectedStep::build(plan, step, *timed, device);
}

void expect_equal(const ExpectedStep& step, const ExpectedTimes& times, const Points& points) {
  for (std::size_t i = 0; i < points.batch.size(); i += 7) {
    const efficiency::Expected alone = step.time(points.at(i)).whole;
    ASSERT_EQ(times.seconds[i], alone.seconds) << "batch " << points.batch[i];
    ASSERT_EQ(times.low[i], alone.low);
    ASSERT_EQ(times.high[i], alone.high);
  }
}

void expect_blocks_of_points(const ExpectedStep& step, Phase phase, Draw& draw) {
  for (const InstructionSet set : available_instruction_sets()) {
    SCOPED_TRACE(name(set));
    ExpectedBlocks blocks(step, set);
    const auto times = std::make_unique<ExpectedTimes>();
    for (const std::size_t n : {std::size_t{1}, std::size_t{300}, std::size_t{421}}) {
      const Points points = draw.points(phase, n);
      blocks.times(points.block(), *times);
      expect_equal(step, *times, points);
      blocks.times(points.block(), *times);  // what does not read a context is there now
      expect_equal(step, *times, points);
    }
  }
}

// Dense, grouped and windowed heads, experts, latent attention, chunks, recurrent layers that
// nobody has measured; one device and several; measured devices and one that borrows.
constexpr std::array kModels{"llama-2-13b",    "llama-3.1-8b", "gemma-2-9b",        "mixtral-8x7b",
                             "deepseek-v3",    "glm-5",        "gpt-oss-20b",       "llama-4-scout",
                             "jamba-1.5-mini", "flan-t5-xxl",  "qwen3-next-80b-a3b"};

TEST(ExpectedBlocks, GiveTheBitsOfEachPointOnEveryDeviceWithAProfile) {
  Draw draw(20261122);
  std::vector<std::string> devices = catalog::profiled_devices();
  devices.emplace_back("h200-sxm");
  for (const std::string& device : devices) {
    for (const Phase phase : {Phase::prefill, Phase::decode}) {
      SCOPED_TRACE(device + " " + std::string(name(phase)));
      const auto step = step_of("llama-2-13b", device, 2, phase);
      ASSERT_TRUE(step);
      expect_blocks_of_points(*step, phase, draw);
    }
  }
}

TEST(ExpectedBlocks, GiveTheBitsOfEachPointForEveryKindOfModel) {
  Draw draw(5);
  for (const char* model : kModels) {
    for (const Phase phase : {Phase::prefill, Phase::decode}) {
      SCOPED_TRACE(std::string(model) + " " + std::string(name(phase)));
      const auto step = step_of(model, "h100-sxm", 1, phase);
      ASSERT_TRUE(step);
      expect_blocks_of_points(*step, phase, draw);
    }
  }
}

// What is kept of one is read for the others: heads, sampling and attention are their own.
TEST(ExpectedBlocks, TellPromptsOfAsManyTokensApart) {
  for (const char* model : kModels) {
    SCOPED_TRACE(model);
    const ExpectedStep step = step_of(model, "h100-sxm", 2, Phase::prefill).value();
    ExpectedBlocks blocks(step);
    const auto times = std::make_unique<ExpectedTimes>();
    for (const double tokens : {720.0, 5040.0}) {
      Points points;
      for (double batch = 1; batch <= 72; ++batch) {
        const double each = std::floor(tokens / batch);
        if (each * batch == tokens) points.add({batch, each, each + 8});
      }
      ASSERT_GE(points.batch.size(), 20U);
      blocks.times(points.block(), *times);
      for (std::size_t i = 0; i < points.batch.size(); ++i) {
        ASSERT_EQ(times->seconds[i], step.time(points.at(i)).whole.seconds) << points.batch[i];
      }
    }
  }
}

// 160,000 different numbers of tokens: more than are kept. Half of a block comes again in the next
// one, so that all are looked up.
TEST(ExpectedBlocks, ForgetWithoutHarm) {
  const ExpectedStep step = step_of("llama-2-13b", "h100-sxm", 1, Phase::prefill).value();
  ExpectedBlocks blocks(step);
  const auto times = std::make_unique<ExpectedTimes>();
  for (int round = 0; round < 2; ++round) {
    for (std::size_t first = 0; first < 160'000; first += 500) {
      Points points;
      for (std::size_t i = 0; i < 1000; ++i) {
        points.add({static_cast<double>(1 + first + i), 3, 100});
      }
      blocks.times(points.block(), *times);
      if (first % 4000 == 0) expect_equal(step, *times, points);
    }
  }
}

// The sum of the operators and of the choice of the next tokens, which the one point alone tells.
TEST(ExpectedStep, IsTheSumOfItsOperatorsAndTheSampling) {
  const ExpectedStep step = step_of("llama-2-13b", "h100-sxm", 2, Phase::decode).value();
  const cost::Shape<double> shape{12, 1, 1000};
  double sum = 0;
  for (std::size_t i = 0; i < step.operators().size(); ++i) {
    sum += step.operator_time(i, step.point(shape)).seconds;
  }
  const ExpectedTime time = step.time(shape);
  EXPECT_NEAR(time.kernels_s / sum, 1, 1e-12);
  EXPECT_GT(time.sampling_s, 0);
  EXPECT_NEAR(time.whole.seconds / (sum + time.sampling_s + time.host_s), 1, 1e-12);
}

}  // namespace
}  // namespace ridgepoint::predict
