// SPDX-License-Identifier: Apache-2.0
// What devices get from the committed profiles of their relatives.
#include "ridgepoint/efficiency/transfer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <utility>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/catalog/profiles.hpp"

namespace ridgepoint::efficiency {
namespace {

const hardware::Device& device(const std::string& name) {
  static std::map<std::string, hardware::Device> known;
  const auto at = known.find(name);
  if (at != known.end()) return at->second;
  return known.emplace(name, *catalog::find_device(name)).first->second;
}

const Profile& profile(const std::string& name) {
  static std::map<std::string, Profile> known;
  const auto at = known.find(name);
  if (at != known.end()) return at->second;
  return known.emplace(name, **catalog::find_profile(name)).first->second;
}

Transfer from(const hardware::Device& target, const std::vector<std::string>& lenders) {
  std::vector<Relative> relatives;
  for (const std::string& name : lenders) relatives.push_back({&device(name), &profile(name)});
  return transferred_profile(target, relatives);
}
Transfer from(const std::string& target, const std::vector<std::string>& lenders) {
  return from(device(target), lenders);
}

const KernelProfile* kernel_in(const Profile& profile, OperatorClass kind,
                               const std::string& compute, const std::string& cache = "") {
  for (const KernelProfile& kernel : profile.kernels) {
    if (kernel.kind == kind && kernel.compute == compute && kernel.cache == cache) return &kernel;
  }
  return nullptr;
}

std::size_t place_of(OperatorClass kind, const std::string& name) {
  const auto facts = form(kind).coefficients;
  std::size_t at = 0;
  while (facts[at].name != name) ++at;
  return at;
}
double coefficient(const KernelProfile& kernel, const std::string& name) {
  return kernel.coefficients[place_of(kernel.kind, name)];
}

bool says(const Transfer& transfer, const std::string& words) {
  for (const std::string& sentence : transfer.missing) {
    if (sentence.find(words) != std::string::npos) return true;
  }
  return false;
}

bool is_same_kernel(const KernelProfile& a, const KernelProfile& b) {
  return a.kind == b.kind && a.stack == b.stack && a.kernel == b.kernel && a.compute == b.compute &&
         a.cache == b.cache;
}

const std::vector<std::string> kAll{"a100-sxm-80gb", "a40", "b200-sxm", "h100-sxm", "l40s"};

TEST(Transfer, GivesADeviceOfTheSameChipCoefficientsAndTables) {
  const Transfer h200 = from("h200-sxm", kAll);
  const KernelProfile* there = kernel_in(h200.profile, OperatorClass::gemm, "bf16");
  const KernelProfile* here = kernel_in(profile("h100-sxm"), OperatorClass::gemm, "bf16");
  ASSERT_TRUE(there != nullptr && here != nullptr);
  EXPECT_EQ(there->coefficients, here->coefficients);
  ASSERT_FALSE(here->corrections.empty());
  ASSERT_EQ(there->corrections.size(), here->corrections.size());
  EXPECT_EQ(there->corrections.front().values, here->corrections.front().values);
  EXPECT_EQ(there->evidence.transferred_from, "h100-sxm (the same chip)");
  EXPECT_EQ(h200.profile.device, "h200-sxm");
}

// h800: an H100 with slower links; its matmuls know of no links.
TEST(Transfer, GivesTheTimesOfItsTwinToADeviceWithTheSameFigures) {
  const Transfer h800 = from("h800", kAll);
  const KernelProfile* there = kernel_in(h800.profile, OperatorClass::gemm, "fp8");
  const KernelProfile* here = kernel_in(profile("h100-sxm"), OperatorClass::gemm, "fp8");
  ASSERT_TRUE(there != nullptr && here != nullptr);
  const auto its = device_facts(device("h800"), DataType::fp8);
  const auto twins = device_facts(device("h100-sxm"), DataType::fp8);
  const GemmShape shape{512, 4096, 7168};
  EXPECT_EQ(expected_time(*there, *its, shape).seconds,
            expected_time(*here, *twins, shape).seconds);
}

TEST(Transfer, GivesAnotherGenerationFormsAloneAndSaysWhose) {
  const Transfer b200 = from("b200-sxm", {"a100-sxm-80gb", "h100-sxm"});
  const KernelProfile* kernel = kernel_in(b200.profile, OperatorClass::gemm, "bf16");
  ASSERT_NE(kernel, nullptr);
  EXPECT_TRUE(kernel->corrections.empty());
  ASSERT_EQ(kernel->blend.size(), 2U);
  EXPECT_NEAR(kernel->blend[0].share + kernel->blend[1].share, 1, 1e-12);
  EXPECT_GT(kernel->blend[0].share, kernel->blend[1].share);
  EXPECT_EQ(kernel->evidence.transferred_from, "h100-sxm, a100-sxm-80gb (other generations)");
}

// One form at coefficients of one and of the other device; √(t₁ · t₂) at equal shares.
TEST(Transfer, BlendsByTheGeometricMeanOfTimes) {
  const DeviceFacts facts = *device_facts(device("h200-sxm"), DataType::bf16);
  const GemmShape shape{64, 4096, 4096};
  KernelProfile one = *kernel_in(profile("h100-sxm"), OperatorClass::gemm, "bf16");
  KernelProfile other = *kernel_in(profile("b200-sxm"), OperatorClass::gemm, "bf16");
  one.corrections.clear();
  other.corrections.clear();
  KernelProfile both = one;
  both.blend = {{0.5, one.coefficients}, {0.5, other.coefficients}};
  const double product =
      expected_time(one, facts, shape).seconds * expected_time(other, facts, shape).seconds;
  EXPECT_NEAR(expected_time(both, facts, shape).seconds / std::sqrt(product), 1, 1e-12);
}

TEST(Transfer, HasWiderBandsThanTheKernelsThatItIsFrom) {
  const Transfer h200 = from("h200-sxm", kAll);
  int met = 0;
  for (const KernelProfile& own : profile("h100-sxm").kernels) {
    for (const KernelProfile& lent : h200.profile.kernels) {
      if (!is_same_kernel(lent, own)) continue;
      ++met;
      for (std::size_t i = 0; i < own.band.classes.size(); ++i) {
        EXPECT_LT(lent.band.classes[i].low, own.band.classes[i].low);
        EXPECT_GT(lent.band.classes[i].high, own.band.classes[i].high);
      }
    }
  }
  EXPECT_GT(met, 10);
}

TEST(Transfer, WidensBandsFromTwinsToGenerationsToMakers) {
  const auto width = [](const std::string& target) {
    const Transfer transfer = from(target, kAll);
    const Band::Class& band =
        kernel_in(transfer.profile, OperatorClass::gemm, "bf16")->band.classes.back();
    return band.high - band.low;
  };
  EXPECT_LT(width("h200-sxm"), width("l4"));
  EXPECT_LT(width("l4"), width("rtx-5090"));
  EXPECT_LT(width("rtx-5090"), width("mi300x"));
}

TEST(Transfer, TakesTheRulesOfTheKernelsThatTheDeviceRuns) {
  const auto prefill = [](const std::string& target, const std::string& cache) {
    const Transfer transfer = from(target, {"h100-sxm", "l40s"});
    return kernel_in(transfer.profile, OperatorClass::prefill_attention, "bf16", cache)->kernel;
  };
  EXPECT_EQ(prefill("a100-sxm-80gb", "bf16"), "vllm_flash_attn_fa2");
  EXPECT_EQ(prefill("a100-sxm-80gb", "fp8"), "vllm_flashinfer_fiprefill");
  EXPECT_EQ(prefill("b200-sxm", "bf16"), "vllm_flashinfer_trtllmprefill");
}

// FlashAttention 2 walks a window's keys alone in each query head's block: 32 blocks where others
// have 8.
TEST(Transfer, UnpacksWindowsWhereTheDeviceRunsFlashAttention2) {
  const Transfer a100 = from("a100-sxm-80gb", {"h100-sxm"});
  const KernelProfile* kernel =
      kernel_in(a100.profile, OperatorClass::decode_attention, "bf16", "bf16");
  ASSERT_NE(kernel, nullptr);
  const auto facts = form(kernel->kind).coefficients;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (facts[i].name != "unpacked") continue;
    EXPECT_EQ(kernel->coefficients[i], 0.95);
  }
}

// TensorRT-LLM's kernels sum the parts of a context up inside, FlashAttention launches a second
// one, 2.5 µs: 10.85 of H100's bf16 kernel are 8.35 on B200.
TEST(Transfer, SparesDecodesThatSumUpInsideALaunch) {
  const auto start = [](const Profile& of, OperatorClass kind) {
    return coefficient(*kernel_in(of, kind, "bf16", "bf16"), "start_us");
  };
  const Transfer b200 = from("b200-sxm", {"h100-sxm"});
  const Transfer h100 = from("h100-sxm", {"b200-sxm"});
  constexpr OperatorClass kDecode = OperatorClass::decode_attention;
  EXPECT_NEAR(start(b200.profile, kDecode), start(profile("h100-sxm"), kDecode) - 2.5, 1e-9);
  EXPECT_NEAR(start(h100.profile, kDecode), start(profile("b200-sxm"), kDecode) + 2.5, 1e-9);
  const Transfer a100 = from("a100-sxm-80gb", {"h100-sxm"});
  EXPECT_EQ(start(a100.profile, kDecode), start(profile("h100-sxm"), kDecode));
}

// Bytes of a cycle of each unit: 3350 ÷ (132 · 1.83) = 13.9 on H100, 8000 ÷ (148 · 1.965) = 27.5 on
// B200, of which a block has to wait half: √(13.9 ÷ 27.5) = 0.71.
TEST(Transfer, LetsHalfOfABlocksTimeWaitForMemory) {
  const Transfer b200 = from("b200-sxm", {"h100-sxm"});
  const auto block = [](const Profile& of) {
    return coefficient(*kernel_in(of, OperatorClass::decode_attention, "bf16", "bf16"), "block_us");
  };
  EXPECT_NEAR(block(b200.profile) / block(profile("h100-sxm")), 0.71, 0.005);
}

// A100's rows tell nothing of its cache: it is lent with what H100's tell of theirs.
TEST(Transfer, TakesWhatACacheKeepsFromThoseWhoseRowsTellOfIt) {
  const Transfer b200 = from("b200-sxm", {"a100-sxm-80gb", "h100-sxm"});
  const KernelProfile* kernel =
      kernel_in(b200.profile, OperatorClass::decode_attention, "bf16", "bf16");
  ASSERT_TRUE(kernel != nullptr && kernel->blend.size() == 2);
  const std::size_t kept = place_of(kernel->kind, "kept");
  EXPECT_NEAR(kernel->blend[0].coefficients[kept], kernel->blend[1].coefficients[kept], 1e-12);
}

// Marlin multiplies by mma.sync: 2 · 1024 · 132 · 1.83 GHz = 495 TFLOP/s of H100's 989, all of
// A100's.
TEST(Transfer, LendsMarlinsMatmulsAtTheRateOfAmperesInstructions) {
  const Transfer h100 = from("h100-sxm", {"a100-sxm-80gb"});
  const auto share = [](const Profile& of) {
    return coefficient(*kernel_in(of, OperatorClass::experts, "int4_wo"), "compute");
  };
  EXPECT_NEAR(share(h100.profile) / share(profile("a100-sxm-80gb")), 0.5, 0.001);
}

// Triton's experts launch seven kernels, TensorRT-LLM's four; at 2.52 and 1.965 GHz:
// 4/7 · 2.52 ÷ 1.965 = 0.733.
TEST(Transfer, CountsTheLaunchesOfExperts) {
  const Transfer b200 = from("b200-sxm", {"l40s"});
  const auto launch = [](const Profile& of) {
    return coefficient(*kernel_in(of, OperatorClass::experts, "bf16"), "launch_us");
  };
  EXPECT_NEAR(launch(b200.profile) / launch(profile("l40s")), 0.733, 0.001);
  // Activations are quantised by one kernel more; with scales by block a further one activates.
  const auto more = [&](const std::string& type) {
    return coefficient(*kernel_in(b200.profile, OperatorClass::experts, type), "launch_us") /
           launch(b200.profile);
  };
  EXPECT_NEAR(more("fp8"), 5.0 / 4, 1e-9);
  EXPECT_NEAR(more("fp8_block"), 6.0 / 4, 1e-9);
}

// From 450 to 900 GB/s: √2 times the bytes that starting a chunk is worth.
TEST(Transfer, LetsRingsSendMoreWhileAChunkStarts) {
  const Transfer b200 = from("b200-sxm", {"h100-sxm"});
  const auto ramp = [](const Profile& of) {
    for (const KernelProfile& each : of.kernels) {
      const bool is_it = each.kernel == "nccl_all_reduce" && each.stack == "nccl-2.27.3";
      if (is_it && each.compute == "fp16") return coefficient(each, "ramp_bytes");
    }
    return 0.0;
  };
  EXPECT_NEAR(ramp(b200.profile) / ramp(profile("h100-sxm")), std::sqrt(2.0), 1e-9);
}

TEST(Transfer, LeavesTypesUnknownThatNoRelativeRan) {
  const Transfer without = from("b200-sxm", {"a100-sxm-80gb", "h100-sxm"});
  EXPECT_EQ(kernel_in(without.profile, OperatorClass::gemm, "nvfp4"), nullptr);
  const Transfer twin = from("b300-sxm", {"b200-sxm"});
  EXPECT_NE(kernel_in(twin.profile, OperatorClass::gemm, "nvfp4"), nullptr);
}

TEST(Transfer, LeavesTypesUnknownThatTheDeviceHasNoPeakFor) {
  const Transfer h200 = from("h200-sxm", kAll);
  EXPECT_EQ(kernel_in(h200.profile, OperatorClass::gemm, "nvfp4"), nullptr);
  EXPECT_TRUE(says(h200, "gemm nvfp4: h200-sxm has no such peak"));
}

TEST(Transfer, GivesOtherThanGpusNothingAndSaysWhy) {
  for (const std::string name : {"grace-cpu", "tpu-v6e", "gaudi3", "m3-max", "wse-3"}) {
    const Transfer transfer = from(name, kAll);
    EXPECT_TRUE(transfer.profile.kernels.empty()) << name;
    EXPECT_TRUE(says(transfer, name + " of ")) << name;
    EXPECT_TRUE(says(transfer, "is no GPU")) << name;
  }
}

TEST(Transfer, GivesGpusOfAnotherMakerKernelsAndSaysSo) {
  const Transfer mi300x = from("mi300x", kAll);
  const KernelProfile* kernel = kernel_in(mi300x.profile, OperatorClass::gemm, "fp8");
  ASSERT_NE(kernel, nullptr);
  EXPECT_NE(kernel->evidence.transferred_from.find("(another maker)"), std::string::npos);
}

TEST(Transfer, PassesOverTheDeviceItself) {
  const Transfer transfer = from("h100-sxm", {"h100-sxm"});
  EXPECT_TRUE(transfer.profile.kernels.empty());
}

TEST(Transfer, DoesNotHangOnTheOrderOfTheRelatives) {
  const Transfer one = from("l4", kAll);
  const Transfer other = from("l4", {kAll.rbegin(), kAll.rend()});
  EXPECT_EQ(write_profile(one.profile), write_profile(other.profile));
  EXPECT_EQ(one.missing, other.missing);
}

TEST(Transfer, TellsDevicesOnPciExpressOfCollectivesFromTheirLikeAlone) {
  const auto has_collectives = [](const Transfer& transfer) {
    for (const KernelProfile& kernel : transfer.profile.kernels) {
      if (kernel.kind == OperatorClass::collective) return true;
    }
    return false;
  };
  EXPECT_FALSE(has_collectives(from("l4", {"h100-sxm", "b200-sxm"})));
  EXPECT_TRUE(has_collectives(from("l4", {"l40s"})));
}

// 65536 × 16384 × 2 B = 2.1 GB a call: 447 µs at 4.8 TB/s, beside launch, walk and padded rows, a
// tenth of that, which bandwidth does not change: (1/2 + 1/10) ÷ (1 + 1/10) = 0.545.
TEST(Transfer, HalvesALargeMatmulOfOneTokenWhereTheBandwidthDoubles) {
  const Transfer mi300x = from("mi300x", kAll);
  const KernelProfile* kernel = kernel_in(mi300x.profile, OperatorClass::gemm, "bf16");
  ASSERT_NE(kernel, nullptr);
  DeviceFacts facts = *device_facts(device("h200-sxm"), DataType::bf16);
  const GemmShape shape{1, 65536, 16384};
  const double before = expected_time(*kernel, facts, shape).seconds;
  facts.bytes_per_s *= 2;
  EXPECT_NEAR(expected_time(*kernel, facts, shape).seconds / before, 0.5, 0.05);
}

// Measured at 2 and 8 ranks: at 4 both edges move by 0.07 in quadrature.
TEST(Collective, HasAWiderBandAtRanksThatWereNotMeasured) {
  KernelProfile kernel;
  for (const KernelProfile& each : profile("a100-sxm-80gb").kernels) {
    if (each.kernel == "nccl_all_gather" && each.compute == "fp16") kernel = each;
  }
  ASSERT_FALSE(kernel.corrections.empty());
  kernel.band.classes = {{.below_s = 0, .low = -0.24, .high = 0.07}};
  const DeviceFacts facts = *device_facts(device("a100-sxm-80gb"), DataType::fp16);
  const auto edges = [&](double ranks) {
    const CollectiveShape shape{CollectiveKind::all_gather, ranks, 1e6};
    const Expected time = expected_time(kernel, facts, shape);
    return std::pair(std::log(time.low / time.seconds), std::log(time.high / time.seconds));
  };
  for (const double measured : {2.0, 8.0}) {
    EXPECT_NEAR(edges(measured).first, -0.24, 1e-9);
    EXPECT_NEAR(edges(measured).second, 0.07, 1e-9);
  }
  EXPECT_NEAR(edges(4).first, -0.25, 1e-9);  // √(0.24² + 0.07²)
  EXPECT_NEAR(edges(4).second, 0.07 * std::sqrt(2.0), 1e-9);
  EXPECT_NEAR(edges(16).first, -0.25, 1e-9);
}

TEST(Transfer, KeepsCoefficientsInsideTheirBounds) {
  for (const std::string target : {"l4", "v100-sxm-32gb", "dgx-spark", "mi300x", "h20"}) {
    for (const KernelProfile& kernel : from(target, kAll).profile.kernels) {
      const auto facts = form(kernel.kind).coefficients;
      ASSERT_EQ(kernel.coefficients.size(), facts.size());
      for (std::size_t i = 0; i < facts.size(); ++i) {
        EXPECT_GE(kernel.coefficients[i], facts[i].least * 0.999) << facts[i].name;
        EXPECT_LE(kernel.coefficients[i], facts[i].most * 1.001) << facts[i].name;
      }
    }
  }
}

}  // namespace
}  // namespace ridgepoint::efficiency
