// SPDX-License-Identifier: Apache-2.0
// Kernels of all committed profiles at random shapes: many at once are each alone, to the bit, with
// every instruction set; and what is worked out beforehand changes nothing but roundings.
#include "ridgepoint/efficiency/prepared_kernel.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstdint>
#include <random>
#include <vector>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/catalog/profiles.hpp"
#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::efficiency {
namespace {

/// More than two chunks, and a rest that fills no vector.
constexpr std::size_t kPoints = 531;

class Draw {
 public:
  explicit Draw(std::uint32_t seed) : random_(seed) {}

  double uniform(double least, double most) {
    return least + (most - least) * static_cast<double>(random_()) / 4294967296.0;
  }
  /// A whole number, its logarithm evenly drawn.
  double size(double least, double most) {
    return std::floor(exp2(uniform(log2(least), log2(most + 1))));
  }
  double one_of(std::initializer_list<double> all) { return all.begin()[random_() % all.size()]; }

 private:
  std::mt19937 random_;
};

struct Points {
  Shape like;
  std::vector<double> size;
  std::vector<double> new_tokens;
  std::vector<double> context;
};

Shape fixed_sizes(OperatorClass kind, Draw& draw) {
  switch (kind) {
    case OperatorClass::gemm:
      return GemmShape{1, draw.size(64, 30000), draw.size(64, 30000)};
    case OperatorClass::prefill_attention:
    case OperatorClass::decode_attention: {
      const double kv_heads = draw.size(1, 16);
      return AttentionShape{1,
                            1,
                            1,
                            kv_heads * draw.one_of({1, 4, 5, 8, 20}),
                            kv_heads,
                            draw.one_of({64, 128, 256}),
                            draw.one_of({0, 0, 128, 1024, 4096})};
    }
    case OperatorClass::latent_prefill:
    case OperatorClass::latent_decode:
      return LatentAttentionShape{1, 1, 1, draw.one_of({16, 32, 128})};
    case OperatorClass::experts: {
      ExpertsShape shape{1, 4096, 1536, 8, 128};
      shape.expert_parallel = draw.one_of({1, 4});
      return shape;
    }
    case OperatorClass::collective:
      return CollectiveShape{CollectiveKind::all_reduce, draw.one_of({2, 4, 8})};
    case OperatorClass::elementwise:
      break;
  }
  return ElementwiseShape{ElementwiseKind::norm, 1, draw.size(64, 30000), 4};
}

Points points_of(OperatorClass kind, Draw& draw) {
  Points points;
  points.like = fixed_sizes(kind, draw);
  const bool is_attention =
      std::visit([](const auto& one) { return requires { one.context; }; }, points.like);
  const bool is_decode =
      kind == OperatorClass::decode_attention || kind == OperatorClass::latent_decode;
  for (std::size_t i = 0; i < kPoints; ++i) {
    points.size.push_back(draw.size(1, is_attention ? 512 : 100000));
    points.new_tokens.push_back(is_decode ? 1 : draw.size(1, 20000));
    points.context.push_back(points.new_tokens.back() - 1 + draw.size(1, 20000));
  }
  return points;
}

Shape shape_at(const Points& points, std::size_t i) {
  Shape shape = points.like;
  std::visit(
      [&](auto& one) {
        if constexpr (requires { one.m; }) one.m = points.size[i];
        if constexpr (requires { one.experts; }) one.tokens = points.size[i];
        if constexpr (requires { one.bytes; }) one.bytes = points.size[i];
        if constexpr (requires { one.rows; }) one.rows = points.size[i];
        if constexpr (requires { one.context; }) {
          one.batch = points.size[i];
          one.new_tokens = points.new_tokens[i];
          one.context = points.context[i];
        }
      },
      shape);
  return shape;
}

struct Times {
  std::vector<double> seconds = std::vector<double>(kPoints);
  std::vector<double> low = std::vector<double>(kPoints);
  std::vector<double> high = std::vector<double>(kPoints);
};

Times times_of(const PreparedKernel& kernel, const Points& points, InstructionSet set) {
  Times times;
  kernel.times({points.size, points.new_tokens, points.context},
               {times.seconds, times.low, times.high}, set);
  return times;
}

/// With several tables on different axes, a blend, a window: all that a profile may hold.
void expect_the_same(const KernelProfile& profile, const DeviceFacts& device, Draw& draw) {
  const Points points = points_of(profile.kind, draw);
  const PreparedKernel kernel(profile, device, points.like);
  const Times baseline = times_of(kernel, points, InstructionSet::baseline);
  for (const InstructionSet set : available_instruction_sets()) {
    const Times times = times_of(kernel, points, set);
    EXPECT_EQ(times.seconds, baseline.seconds) << name(set);
    EXPECT_EQ(times.low, baseline.low) << name(set);
    EXPECT_EQ(times.high, baseline.high) << name(set);
  }
  for (std::size_t i = 0; i < kPoints; i += 10) {
    const Shape shape = shape_at(points, i);
    const Expected alone = kernel.time(shape);
    EXPECT_EQ(alone.seconds, baseline.seconds[i]);
    EXPECT_EQ(alone.low, baseline.low[i]);
    EXPECT_EQ(alone.high, baseline.high[i]);
    const Expected general = expected_time(profile, device, shape);
    EXPECT_NEAR(alone.seconds / general.seconds, 1, 1e-12);
    EXPECT_NEAR(alone.low / general.low, 1, 1e-12);
    EXPECT_NEAR(alone.high / general.high, 1, 1e-12);
  }
}

DeviceFacts facts_of(const std::string& name, bool reads_cold) {
  auto facts = device_facts(catalog::find_device(name).value(), DataType::bf16).value();
  facts.reads_cold = reads_cold;
  return facts;
}

TEST(PreparedKernel, GivesTheSameBitsForManyPointsAsForEach) {
  Draw draw(20261122);
  for (const std::string& name : catalog::profiled_devices()) {
    const hardware::Device device = catalog::find_device(name).value();
    const auto profile = catalog::find_profile(device.name).value();
    ASSERT_TRUE(profile);
    for (const KernelProfile& kernel : profile->kernels) {
      for (const bool reads_cold : {true, false}) {
        SCOPED_TRACE(name + " " + std::string(efficiency::name(kernel.kind)) + " " + kernel.stack);
        expect_the_same(kernel, facts_of(name, reads_cold), draw);
      }
    }
  }
}

TEST(PreparedKernel, BlendsWhatSeveralDevicesLend) {
  Draw draw(7);
  const auto profile =
      catalog::find_profile(catalog::find_device("h100-sxm").value().name).value().value();
  for (const KernelProfile& kernel : profile.kernels) {
    KernelProfile lent = kernel;
    std::vector<double> other = kernel.coefficients;
    for (double& each : other) each *= 1.1;
    lent.blend = {{0.25, kernel.coefficients}, {0.75, other}};
    SCOPED_TRACE(std::string(efficiency::name(kernel.kind)) + " " + kernel.stack);
    expect_the_same(lent, facts_of("h100-sxm", true), draw);
  }
}

}  // namespace
}  // namespace ridgepoint::efficiency
