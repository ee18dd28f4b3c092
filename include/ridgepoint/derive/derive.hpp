// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ridgepoint/core/data_type.hpp"
#include "ridgepoint/core/result.hpp"
#include "ridgepoint/cost/attention.hpp"
#include "ridgepoint/derive/section.hpp"
#include "ridgepoint/hardware/device.hpp"

namespace ridgepoint::derive {

/// A row of the table of derivations.
struct Subject {
  std::string_view name;     ///< of one section: "attention_gqa"
  std::string_view group;    ///< of all sections that belong together: "attention"
  std::string_view summary;  ///< for --help
};

/// Every subject, in the order of `all`.
std::span<const Subject> subjects();
/// The groups in that order: matmul, mlp, moe, attention …
std::vector<std::string_view> groups();

struct Options {
  ByteSize element_size{2, 1};             ///< bytes of a weight, an activation, a cached element
  DataType compute_type = DataType::bf16;  ///< whose dense peak makes the ridge point
  cost::Pairs pairs = cost::Pairs::full;   ///< T·S query–key pairs, as the lecture counts
};

/// The device, as far as a derivation reads it.
struct DeviceFacts {
  std::string name;
  std::string title;
  DataType compute_type{};  ///< after falling back to a peak that the device has
  FlopsPerSecond peak{};
  BytesPerSecond bandwidth{};
  double capacity_bytes = 0;

  FlopsPerByte ridge() const { return peak / bandwidth; }
};

struct Derivation {
  std::string requested;  ///< the subject, the group or "all"
  Options options;
  DeviceFacts device;
  std::vector<std::string> assumptions;  ///< sentences
  std::vector<Section> sections;
};

/// Derives one section ("attention_gqa"), a group of them ("attention") or all of them ("all") and
/// proves their claims. A claim that is not proved is part of the result: see unproved(). An
/// unknown subject, or a device without a peak, is an error.
Result<Derivation> derive(std::string_view subject, const hardware::Device& device,
                          const Options& options = {});

/// The claims whose verdict is not "proved", with their sections.
struct UnprovedClaim {
  const Section* section;
  const Claim* claim;
};
std::vector<UnprovedClaim> unproved(const std::vector<Section>& sections);

}  // namespace ridgepoint::derive
