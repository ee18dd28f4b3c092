// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "efficiency/all_reduce_limits.hpp"
#include "efficiency/coefficients.hpp"
#include "efficiency/forms.hpp"

namespace ridgepoint::efficiency {
namespace {

constexpr double kMicro = 1e-6;
constexpr double kKiB = 1024;
constexpr double kMiB = 1024 * kKiB;

/// Eight devices behind switches, 300 GB/s each way: 3·10⁵ bytes a microsecond.
DeviceFacts ampere() {
  DeviceFacts device;
  device.bytes_per_s = 2e12;
  device.compute_units = 100;
  device.link_bytes_per_s = 300e9;
  device.has_link = true;
  device.link_domain = 8;
  device.link_generation = 3;
  device.network_bytes_per_s = 25e9;
  return device;
}
DeviceFacts hopper() {
  DeviceFacts device = ampere();
  device.link_generation = 4;
  device.reduces_in_switch = true;
  return device;
}
DeviceFacts blackwell() {
  DeviceFacts device = hopper();
  device.link_generation = 5;
  return device;
}
/// PCI Express, 30 GB/s; four devices below a socket.
DeviceFacts without_links() {
  DeviceFacts device = ampere();
  device.has_link = false;
  device.link_bytes_per_s = 30e9;
  device.link_domain = 4;
  device.link_generation = 0;
  return device;
}

constexpr KernelTypes kNccl{"bf16", "", "nccl-2.27.3", "nccl_all_reduce"};
constexpr KernelTypes kNcclInt8{"int8", "", "nccl-2.27.3", "nccl_all_reduce"};
constexpr KernelTypes kVllm{"bf16", "", "vllm-0.24.0", "vLLM_custom_graph"};
constexpr KernelTypes kVllmEager{"bf16", "", "vllm-0.24.0", "vLLM_custom_eager"};
constexpr KernelTypes kOldSglang{"bf16", "", "sglang-0.5.10", "SGLang_CustomAllReduce_graph"};
constexpr KernelTypes kSglang{"bf16", "", "sglang-0.5.14", "SGLang_CustomAllReduce_graph"};
constexpr KernelTypes kOldTrt{"bf16", "", "trtllm-1.0.0", "TRTLLM"};
constexpr KernelTypes kTrt{"bf16", "", "trtllm-1.3.0rc10", "trtllm"};

CollectiveShape all_reduce(double ranks, double bytes, double per_node = 0) {
  return {CollectiveKind::all_reduce, ranks, bytes, per_node};
}

/// A ring whose ramp doubles the time of its bytes at `ramp`: start 10 µs, 1 µs a step.
std::map<std::string, double, std::less<>> ring(double ramp) {
  return {{"start_us", 10},     {"hop_us", 1},       {"middle", 0.5}, {"end", 1},
          {"ramp_bytes", ramp}, {"ramp_power", 0.5}, {"int8", 1.2}};
}

double seconds(std::map<std::string, double, std::less<>> named, const DeviceFacts& device,
               const KernelTypes& types, const CollectiveShape& shape) {
  const Form& form = collective_form();
  return form.seconds(coefficients(form, std::move(named)), device, types, shape);
}

// Four ranks: 6 steps, 10 + 6 = 16 µs. Work of a byte (2·2/0.5 + 3/1)/4 = 2.75; 3·10⁶ bytes at
// 3·10⁵ a microsecond: 27.5, twice for the ramp: 55.
TEST(NcclAllReduce, TakesItsStepsAndItsBytes) {
  EXPECT_NEAR(seconds(ring(3e6), ampere(), kNccl, all_reduce(4, 3e6)), 71 * kMicro, 1e-12);
  EXPECT_NEAR(seconds(ring(3e6), ampere(), kNcclInt8, all_reduce(4, 3e6)), 82 * kMicro, 1e-12);
}

// Three steps, 13 µs; (2/0.5 + 2/1)/4 = 1.5: 15, twice.
TEST(NcclAllGather, TakesHalfTheSteps) {
  const CollectiveShape shape{CollectiveKind::all_gather, 4, 3e6, 0};
  EXPECT_NEAR(seconds(ring(3e6), ampere(), kNccl, shape), 43 * kMicro, 1e-12);
}

// One step, 11 µs, and 10 twice.
TEST(NcclSend, MovesEachByteOnce) {
  const CollectiveShape shape{CollectiveKind::send, 2, 3e6, 0};
  EXPECT_NEAR(seconds(ring(3e6), ampere(), kNccl, shape), 31 * kMicro, 1e-12);
}

// 16 + 2 to start; 3·10⁶·1.25/(0.5·3·10⁵) = 25: less than the ring's 71. Integers cannot.
TEST(NcclAllReduce, IsReducedInTheSwitchWhereThatIsFaster) {
  auto named = ring(3e6);
  named.merge(decltype(named){{"switch", 0.5}, {"switch_start_us", 2}});
  EXPECT_NEAR(seconds(named, hopper(), kNccl, all_reduce(4, 3e6)), 43 * kMicro, 1e-12);
  EXPECT_NEAR(seconds(named, hopper(), kNcclInt8, all_reduce(4, 3e6)), 82 * kMicro, 1e-12);
  named["switch_start_us"] = 60;
  EXPECT_NEAR(seconds(named, hopper(), kNccl, all_reduce(4, 3e6)), 71 * kMicro, 1e-12);
}

// Two ranks: 12 µs and 3·10⁵ bytes at half of 3·10⁴ a microsecond: 20, twice. Eight: 24 µs and
// 7/4 of the bytes at a tenth of the rate: 175, twice.
TEST(NcclOverPciExpress, IsSlowerBetweenSockets) {
  auto named = ring(3e5);
  named["end"] = 0.5;
  named["cross"] = 0.1;
  EXPECT_NEAR(seconds(named, without_links(), kNccl, all_reduce(2, 3e5)), 52 * kMicro, 1e-12);
  EXPECT_NEAR(seconds(named, without_links(), kNccl, all_reduce(8, 3e5)), 374 * kMicro, 1e-12);
}

// Two nodes of two: 16 µs; 6/4 of 10⁵ bytes over two adapters at a fifth of 2.5·10⁴: 15, twice.
TEST(NcclOverNodes, UsesAsManyAdaptersAsItHasRanksThere) {
  auto named = ring(1e5);
  named["cross"] = 0.2;
  named["rails"] = 4;
  EXPECT_NEAR(seconds(named, ampere(), kNccl, all_reduce(4, 1e5, 2)), 46 * kMicro, 1e-12);
}

// One shot: 4 + 3 and 3·3·10⁵/(0.5·3·10⁵) = 6. Two shots of eight: 4 + 7 + 5 and
// 6·10⁵·(7/4)/(0.7·3·10⁵) = 5.
TEST(CustomAllReduce, ReadsAllOthersInOneShotOrAShareInTwo) {
  EXPECT_NEAR(seconds({{"barrier_us", 4}, {"peer_us", 1}, {"one_shot", 0.5}}, ampere(), kVllm,
                      all_reduce(4, 3e5)),
              13 * kMicro, 1e-12);
  EXPECT_NEAR(seconds({{"barrier_us", 4}, {"peer_us", 1}, {"second_us", 5}, {"two_shot", 0.7}},
                      ampere(), kVllm, all_reduce(8, 6e5)),
              21 * kMicro, 1e-12);
}

// 4 + 7 + 3; 1.6·10⁶·(9/8)/(0.75·3·10⁵) = 8 in the switch; copied in and out, 6.4·10⁶ bytes at 85 %
// of 1.6/0.85 TB/s: 4.
TEST(CustomAllReduce, GoesThroughSymmetricMemoryOnHopper) {
  DeviceFacts device = hopper();
  device.bytes_per_s = 1.6e12 / 0.85;
  EXPECT_NEAR(
      seconds({{"barrier_us", 4}, {"peer_us", 1}, {"symmetric_start_us", 3}, {"symmetric", 0.75}},
              device, kVllm, all_reduce(8, 1.6e6)),
      26 * kMicro, 1e-12);
}

// Four ranks, 9·10⁶ bytes: 16 + 2·82.5 = 181, in the engine a tenth more.
TEST(CustomAllReduce, LeavesLargeBuffersToNccl) {
  auto named = ring(9e6);
  named["in_engine"] = 1.1;
  EXPECT_NEAR(seconds(named, ampere(), kVllm, all_reduce(4, 9e6)), 199.1 * kMicro, 1e-12);
}

// The kernel's 13 µs and a copy of 2·3·10⁵ bytes at 0.75·8·10⁵ a microsecond: 14. The host takes as
// long: 14·2^(1/5).
TEST(CustomAllReduce, HidesBehindTheHostWithoutAGraph) {
  DeviceFacts device = ampere();
  device.bytes_per_s = 0.8e12;
  const double time = seconds({{"barrier_us", 4},
                               {"peer_us", 1},
                               {"one_shot", 0.5},
                               {"host_us", 14},
                               {"copy", 0.75},
                               {"overlap", 5}},
                              device, kVllmEager, all_reduce(4, 3e5));
  EXPECT_NEAR(time, 14 * std::exp2(0.2) * kMicro, 1e-12);
}

// Two ranks, 3·10⁵ bytes: one shot 5 + 1/0.5 = 7; two shots 5 + 4·√(1/7) + 1/0.5; NCCL 14.
TEST(CustomAllReduce, IsTheFastestOfThreeByATunedTable) {
  std::map<std::string, double, std::less<>> named{
      {"start_us", 10},  {"hop_us", 1},     {"barrier_us", 4}, {"peer_us", 1},
      {"one_shot", 0.5}, {"two_shot", 0.5}, {"second_us", 4}};
  EXPECT_NEAR(seconds(named, hopper(), kTrt, all_reduce(2, 3e5)), 7 * kMicro, 1e-12);
  named["start_us"] = 0.5;
  named["ramp_bytes"] = 1e3;
  named["end"] = 1.25;
  EXPECT_LT(seconds(named, hopper(), kTrt, all_reduce(2, 3e5)), 7 * kMicro);
}

/// "one_shot" …; what runs at so many bytes.
std::string runs(const KernelTypes& types, const DeviceFacts& device, double ranks, double bytes) {
  constexpr std::array kNames{"nccl", "outside", "one shot", "two shots", "symmetric", "tuned"};
  const int algorithm =
      collective_form().algorithm_of(device, types, Shape(all_reduce(ranks, bytes)));
  return kNames.at(static_cast<std::size_t>(algorithm));
}

// vllm/distributed/device_communicators/all_reduce_utils.py, custom_all_reduce.py and symm_mem.py,
// csrc/custom_all_reduce.cuh.
TEST(AllReduceLimits, AreVllmsTables) {
  EXPECT_EQ(runs(kVllm, ampere(), 2, 8 * kMiB - 1), "one shot");
  EXPECT_EQ(runs(kVllm, ampere(), 2, 8 * kMiB), "nccl");
  EXPECT_EQ(runs(kVllm, ampere(), 4, 512 * kKiB - 1), "one shot");
  EXPECT_EQ(runs(kVllm, ampere(), 4, 512 * kKiB), "two shots");
  EXPECT_EQ(runs(kVllm, ampere(), 8, 256 * kKiB), "two shots");
  EXPECT_EQ(runs(kVllm, hopper(), 8, 256 * kKiB - 1), "one shot");
  EXPECT_EQ(runs(kVllm, hopper(), 8, 256 * kKiB), "symmetric");
  EXPECT_EQ(runs(kVllm, hopper(), 8, 64 * kMiB), "symmetric");
  EXPECT_EQ(runs(kVllm, hopper(), 8, 64 * kMiB + 1), "nccl");
  EXPECT_EQ(runs(kVllm, hopper(), 4, 8 * kMiB - 1), "two shots");
  EXPECT_EQ(runs(kVllm, hopper(), 4, 32 * kMiB), "symmetric");
  EXPECT_EQ(runs(kVllm, blackwell(), 8, 1 * kMiB - 1), "two shots");
  EXPECT_EQ(runs(kVllm, blackwell(), 8, 128 * kMiB), "symmetric");
}

// python/sglang/srt/distributed/device_communicators/custom_all_reduce{,_v2}.py.
TEST(AllReduceLimits, AreThoseOfSglangsTwoVersions) {
  EXPECT_EQ(runs(kOldSglang, ampere(), 8, 8 * kMiB), "two shots");
  EXPECT_EQ(runs(kOldSglang, ampere(), 8, 8 * kMiB + 1), "nccl");
  EXPECT_EQ(runs(kSglang, hopper(), 8, 160 * kKiB), "one shot");
  EXPECT_EQ(runs(kSglang, hopper(), 8, 160 * kKiB + 1), "two shots");
  EXPECT_EQ(runs(kSglang, hopper(), 4, 384 * kKiB), "one shot");
  EXPECT_EQ(runs(kSglang, blackwell(), 8, 720 * kKiB), "one shot");
  EXPECT_EQ(runs(kSglang, blackwell(), 4, 2 * kMiB), "one shot");
  EXPECT_EQ(runs(kSglang, blackwell(), 2, 16 * kMiB), "one shot");
  EXPECT_EQ(runs(kSglang, blackwell(), 2, 16 * kMiB + 1), "nccl");
}

TEST(AllReduceLimits, AreThoseOfTensorRtLlmWhateverTheCaseOfItsName) {
  EXPECT_EQ(runs(kOldTrt, ampere(), 8, 5e5 - 1), "one shot");
  EXPECT_EQ(runs(kOldTrt, ampere(), 8, 5e5), "nccl");
  EXPECT_EQ(runs(kTrt, hopper(), 2, 8 * kMiB), "tuned");
  EXPECT_EQ(runs(kTrt, hopper(), 2, 8 * kMiB + 1), "nccl");
}

TEST(AllReduceLimits, LeaveMoreRanksThanAnEngineServesToNccl) {
  EXPECT_EQ(runs(kVllm, without_links(), 2, 1 * kKiB), "one shot");
  EXPECT_EQ(runs(kVllm, without_links(), 4, 1 * kKiB), "nccl");
  EXPECT_EQ(runs(kVllm, without_links(), 8, 1 * kKiB), "outside");
  EXPECT_EQ(runs(kVllm, hopper(), 16, 1 * kKiB), "outside");
  EXPECT_EQ(runs(kNccl, hopper(), 8, 1 * kKiB), "nccl");
}

/// 10¹⁵ FLOP/s, 100 units, a network of 50 GB/s.
hardware::Device toy() {
  hardware::Device device;
  hardware::DensePeak peak{DataType::bf16, {}};
  peak.figure.value = FlopsPerSecond(1e15);
  device.dense_peaks.push_back(peak);
  device.memory_bandwidth.value = BytesPerSecond(2e12);
  device.compute_units.emplace().value = 100;
  device.network_bandwidth.emplace().value = BytesPerSecond(50e9);
  return device;
}

TEST(LinkFacts, AreThoseOfTheDevice) {
  hardware::Device device = toy();
  EXPECT_EQ(device_facts(device, DataType::bf16)->link_domain, 4);  // a socket
  device.link.emplace().technology = "NVLink4";
  device.link->bandwidth_per_direction.value = BytesPerSecond(450e9);
  device.link->domain.value = 8;
  const auto facts = device_facts(device, DataType::bf16);
  EXPECT_EQ(facts->link_domain, 8);
  EXPECT_EQ(facts->link_generation, 4);
  EXPECT_EQ(facts->network_bytes_per_s, 50e9);
  device.link->technology = "NVLink bridge";
  EXPECT_EQ(device_facts(device, DataType::bf16)->link_generation, 0);
}

DeviceFacts any_device() {
  DeviceFacts device = *rc::gen::element(ampere(), hopper(), blackwell(), without_links());
  device.link_bytes_per_s = *rc::gen::arbitrary<bool>() ? 0 : between(1e9, 2e12);
  device.network_bytes_per_s = *rc::gen::arbitrary<bool>() ? 0 : between(1e9, 2e11);
  device.bytes_per_s = between(1e11, 2e13);
  return device;
}
KernelTypes any_kernel() {
  return *rc::gen::element(kNccl, kNcclInt8, kVllm, kVllmEager, kOldSglang, kSglang, kOldTrt, kTrt);
}
CollectiveShape any_shape() {
  const auto kind = *rc::gen::element(CollectiveKind::all_reduce, CollectiveKind::all_gather,
                                      CollectiveKind::reduce_scatter, CollectiveKind::all_to_all,
                                      CollectiveKind::send);
  const double ranks = *rc::gen::inRange(2, 65);
  return {kind, ranks, between(1, 1e11), static_cast<double>(*rc::gen::inRange(0, 17))};
}

RC_GTEST_PROP(CollectiveLaw, TimesArePositiveAndFinite, ()) {
  const Form& form = collective_form();
  const double time = form.seconds(any_coefficients(form), any_device(), any_kernel(), any_shape());
  RC_ASSERT(std::isfinite(time) && time > 0);
}

RC_GTEST_PROP(CollectiveLaw, MoreBytesAreNeverFasterWithinOneAlgorithm, ()) {
  const Form& form = collective_form();
  const auto x = any_coefficients(form);
  const DeviceFacts device = any_device();
  const KernelTypes kernel = any_kernel();
  CollectiveShape shape = any_shape();
  const int algorithm = form.algorithm_of(device, kernel, shape);
  const double less = form.seconds(x, device, kernel, shape);
  shape.bytes *= between(1.0001, 100);
  RC_PRE(form.algorithm_of(device, kernel, shape) == algorithm);
  RC_ASSERT(form.seconds(x, device, kernel, shape) >= less * (1 - 1e-12));
}

RC_GTEST_PROP(CollectiveLaw, MoreBandwidthIsNeverSlower, ()) {
  const Form& form = collective_form();
  const auto x = any_coefficients(form);
  DeviceFacts device = any_device();
  device.link_bytes_per_s = between(1e9, 1e12);
  device.network_bytes_per_s = between(1e9, 1e11);
  const KernelTypes kernel = any_kernel();
  const CollectiveShape shape = any_shape();
  const double before = form.seconds(x, device, kernel, shape);
  device.link_bytes_per_s *= between(1, 10);
  device.network_bytes_per_s *= between(1, 10);
  device.bytes_per_s *= between(1, 10);
  RC_ASSERT(form.seconds(x, device, kernel, shape) <= before * (1 + 1e-12));
}

}  // namespace
}  // namespace ridgepoint::efficiency
