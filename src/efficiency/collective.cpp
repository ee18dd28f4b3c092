// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "efficiency/collective_terms.hpp"
#include "efficiency/forms.hpp"
#include "ridgepoint/core/elementary.hpp"

namespace ridgepoint::efficiency {
namespace {

/// The order of the coefficients below.
enum Coefficient : std::size_t {
  kStart,
  kHop,
  kMiddle,
  kEnd,
  kRamp,
  kRampPower,
  kInt8,
  kCross,
  kSwitch,
  kSwitchStart,
  kRails,
  kBarrier,
  kPeer,
  kOneShot,
  kSecond,
  kTwoShot,
  kSymmetricStart,
  kSymmetric,
  kInEngine,
  kHost,
  kHostSymmetric,
  kCopy,
  kOverlap,
};

constexpr std::array kFacts{
    // NCCL
    CoefficientFacts{"start_us", "µs", 0.5, 6, 200, "kernel and first handshake"},
    CoefficientFacts{"hop_us", "µs", 0.005, 0.7, 20, "of each step of the ring"},
    CoefficientFacts{"middle", "", 0.05, 0.75, 1.3, "share of the link's rate, forwarding"},
    CoefficientFacts{"end", "", 0.05, 0.55, 1.3, "likewise in the first and the last step"},
    CoefficientFacts{"ramp_bytes", "B", 1e3, 1e6, 3e7, "where starting chunks doubles the time"},
    CoefficientFacts{"ramp_power", "", 0.2, 0.5, 1, "how sharply"},
    CoefficientFacts{"int8", "", 0.8, 1.03, 1.6, "time of int8 against 16 bits"},
    CoefficientFacts{"cross", "", 0.005, 0.05, 1.3,
                     "share of the rate outside of links and socket"},
    CoefficientFacts{"switch", "", 0.2, 0.6, 1.2,
                     "share of the link's rate, reduced in the switch"},
    CoefficientFacts{"switch_start_us", "µs", 1, 20, 200, "more for that"},
    CoefficientFacts{"rails", "", 1, 4, 8, "network adapters of a node that add up"},
    // engines' own all-reduce
    CoefficientFacts{"barrier_us", "µs", 0.5, 4, 60, "launch and one barrier"},
    CoefficientFacts{"peer_us", "µs", 0.001, 0.1, 10, "of each other rank in it"},
    CoefficientFacts{"one_shot", "", 0.02, 0.7, 1.3, "share of the link's rate, one shot"},
    CoefficientFacts{"second_us", "µs", 0.05, 5, 60, "second phase of two shots, eight ranks"},
    CoefficientFacts{"two_shot", "", 0.02, 0.7, 1.3, "share of the link's rate, two shots"},
    CoefficientFacts{"symmetric_start_us", "µs", 0.5, 5, 60, "more for symmetric memory"},
    CoefficientFacts{"symmetric", "", 0.1, 0.7, 1.3, "share of the link's rate there"},
    CoefficientFacts{"in_engine", "", 0.85, 1, 1.2, "NCCL's time there against its own test's"},
    CoefficientFacts{"host_us", "µs", 0.5, 30, 200, "of a call outside of a CUDA graph"},
    CoefficientFacts{"host_symmetric_us", "µs", 0.5, 35, 200, "likewise by symmetric memory"},
    CoefficientFacts{"copy", "", 0.4, 0.85, 1.1, "share of memory's rate, copying a call's result"},
    CoefficientFacts{"overlap", "", 4, 12, 40, "sharpness of the maximum of host and device"}};

using Coefficients = std::span<const double>;

/// Over which of its links a device reaches the other ranks.
enum class Reach { link, node, network };
Reach reach_of(const DeviceFacts& device, const CollectiveShape& s) {
  if (s.per_node > 0 && s.per_node < s.ranks) return Reach::network;
  return s.ranks > device.link_domain ? Reach::node : Reach::link;
}

constexpr double kPerMicrosecond = 1e-6;  // bytes/s → bytes/µs

// Where a device file does not say: a slot of PCI Express 4.0 x16 (31.5 GB/s), 100 Gb/s.
constexpr double kSlot = 31.5e9;
constexpr double kAdapter = 12.5e9;

double link_rate(const DeviceFacts& device) {
  return kPerMicrosecond * (device.link_bytes_per_s > 0 ? device.link_bytes_per_s : kSlot);
}
double network_rate(const DeviceFacts& device) {
  return kPerMicrosecond * (device.network_bytes_per_s > 0 ? device.network_bytes_per_s : kAdapter);
}

/// NCCL's ring, in µs: start + hop·steps + bytes·work·(1 + (ramp/bytes)^power).
///   steps  2·(n − 1) of all-reduce, 1 of send, n − 1 of the others
///   work   of each byte: (2·(n − 2)/middle + 3/end)/n of all-reduce over links that a switch
///   joins:
///          one send, forwarding, one last copy; ((n − 2)/middle + 2/end)/n of the others; steps/n
///          over PCI Express, between sockets and over the network
void set_ring(CollectiveTerms& terms, Coefficients x, const DeviceFacts& device,
              const CollectiveShape& s, bool is_int8) {
  const double n = larger(s.ranks, 2);
  const bool is_send = s.kind == CollectiveKind::send;
  const double twice = s.kind == CollectiveKind::all_reduce ? 2 : 1;
  const double steps = is_send ? 1 : twice * (n - 1);
  const double even = is_send ? 1 : steps / n;
  double work = 0;
  switch (reach_of(device, s)) {
    case Reach::link:
      work = device.has_link && !is_send
                 ? (twice * (n - 2) / x[kMiddle] + (twice + 1) / x[kEnd]) / n
                 : even / x[kEnd];
      work /= link_rate(device);
      break;
    case Reach::node:
      work = even / (x[kCross] * link_rate(device));
      break;
    case Reach::network:
      work = even / (smaller(s.per_node, x[kRails]) * x[kCross] * network_rate(device));
      break;
  }
  terms.ring = {x[kStart] + x[kHop] * steps, work * (is_int8 ? x[kInt8] : 1)};
  terms.log2_ramp = log2(x[kRamp]);
  terms.ramp_power = x[kRampPower];
}

/// Of all-reduce between links whose switches can add up (floating types alone, more than two
/// ranks) NCCL takes the faster of ring and switch.
void set_switch(CollectiveTerms& terms, Coefficients x, const DeviceFacts& device,
                const CollectiveShape& s, bool is_int8) {
  const bool has_switch = device.has_link && device.reduces_in_switch && !is_int8 && s.ranks > 2 &&
                          s.kind == CollectiveKind::all_reduce &&
                          reach_of(device, s) == Reach::link;
  if (!has_switch) return;
  terms.in_switch = {x[kStart] + x[kHop] * 2 * (s.ranks - 1) + x[kSwitchStart],
                     (1 + 1 / s.ranks) / (x[kSwitch] * link_rate(device))};
}

/// The kernels of an engine's all-reduce, in µs, each after one barrier:
///   one shot   bytes·(n − 1)
///   two shots  2·bytes·(n − 1)/n and a second barrier, which grows with the root of the peers
///   symmetric  bytes·(1 + 1/n) in the switch, else 2·bytes·(n − 1)/n; copied in and out
void set_custom(CollectiveTerms& terms, Coefficients x, const DeviceFacts& device,
                const KernelTypes& types, const CollectiveShape& s) {
  constexpr double kPeersOfEight = 7;
  constexpr double kMemoryShare = 0.85;
  const double n = larger(s.ranks, 2);
  const double rate = link_rate(device);
  const double memory = kPerMicrosecond * device.bytes_per_s;
  const double both_ways = 2 * (n - 1) / n;
  const double barrier = x[kBarrier] + x[kPeer] * (n - 1);
  const AllReduceLimits limits = all_reduce_limits(types, device, s.ranks);
  const double moved = limits.in_switch ? 1 + 1 / n : both_ways;
  terms.is_custom = true;
  if (reach_of(device, s) == Reach::link) terms.limits = limits;
  terms.one_shot = {barrier, (n - 1) / (x[kOneShot] * rate)};
  terms.two_shot = {barrier + x[kSecond] * pow((n - 1) / kPeersOfEight, 0.5),
                    both_ways / (x[kTwoShot] * rate)};
  terms.symmetric = {barrier + x[kSymmetricStart],
                     moved / (x[kSymmetric] * rate) + 4 / (kMemoryShare * memory)};
  terms.in_engine = x[kInEngine];
  terms.is_eager = types.is_eager();
  terms.host = x[kHost];
  terms.host_symmetric = x[kHostSymmetric];
  terms.copy = 2 / (x[kCopy] * memory);
  terms.overlap = x[kOverlap];
  terms.of_overlap = 1 / x[kOverlap];
}

double seconds(Coefficients x, const DeviceFacts& device, const KernelTypes& types,
               const Shape& any) {
  const auto& s = std::get<CollectiveShape>(any);
  const CollectiveTerms terms = CollectiveTerms::of(x, device, types, s);
  return terms.at(s.bytes, log2(larger(s.bytes, 1)), terms.is_eager);
}

int algorithm_number(const DeviceFacts& device, const KernelTypes& types, const Shape& shape) {
  const auto& s = std::get<CollectiveShape>(shape);
  CollectiveTerms terms;
  terms.is_outside = reach_of(device, s) != Reach::link;
  if (!terms.is_outside && s.kind == CollectiveKind::all_reduce && is_custom_all_reduce(types)) {
    terms.limits = all_reduce_limits(types, device, s.ranks);
  }
  return static_cast<int>(terms.algorithm(s.bytes));
}

std::vector<double> features(const Shape& any) {
  const auto& s = std::get<CollectiveShape>(any);
  return {log2(larger(s.bytes, 1)), log2(larger(s.ranks, 2))};
}

}  // namespace

CollectiveTerms CollectiveTerms::of(std::span<const double> x, const DeviceFacts& device,
                                    const KernelTypes& types, const CollectiveShape& s) {
  const bool is_custom = is_custom_all_reduce(types) && s.kind == CollectiveKind::all_reduce;
  const bool is_int8 = !is_custom && types.compute == "int8";
  CollectiveTerms terms;
  terms.is_outside = reach_of(device, s) != Reach::link;
  set_ring(terms, x, device, s, is_int8);
  set_switch(terms, x, device, s, is_int8);
  if (is_custom) set_custom(terms, x, device, types, s);
  return terms;
}

const Form& collective_form() {
  static constexpr Form kForm{OperatorClass::collective, kFacts, seconds, features,
                              algorithm_number};
  return kForm;
}

}  // namespace ridgepoint::efficiency
