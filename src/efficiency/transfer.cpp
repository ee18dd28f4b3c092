// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/efficiency/transfer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "efficiency/attention_kernels.hpp"
#include "efficiency/transfer_bands.hpp"
#include "efficiency/transfer_coefficients.hpp"
#include "efficiency/transfer_role.hpp"
#include "ridgepoint/core/elementary.hpp"
#include "ridgepoint/efficiency/compute_types.hpp"

namespace ridgepoint::efficiency {
namespace {

/// A relative's kernel that takes part in one of the target's.
struct Member {
  const Relative* relative;
  const KernelProfile* kernel;
  Kinship kinship;
  DeviceFacts facts;
  double distance;
  bool walks_alike;  ///< of attention: shares a context out as the target's kernel does
};

std::string vendor_words(const hardware::Device& device) {
  return device.vendor.empty() ? std::string("a maker that is not known") : device.vendor;
}

class Transferring {
 public:
  Transferring(const hardware::Device& target, std::span<const Relative> relatives)
      : target_(target), architecture_(architecture_of(target)) {
    for (const Relative& each : relatives) {
      const bool is_itself = each.device->name == target.name;
      if (!is_itself && architecture_of(*each.device) != nullptr) relatives_.push_back(each);
    }
  }

  Transfer run() {
    out_.profile.device = target_.name;
    if (architecture_ == nullptr) {
      out_.missing.push_back(
          fmt::format("{} of {} is no GPU: kernels of other devices tell nothing of its times",
                      target_.name, vendor_words(target_)));
      return std::move(out_);
    }
    if (const auto facts = device_facts(target_, DataType::bf16); !facts) {
      out_.missing.push_back(fmt::format("{}: {}", target_.name, facts.error().front().what));
      return std::move(out_);
    }
    take_over_twins();
    for (const Role& role : roles()) {
      if (!taken_.contains(role)) add(role);
    }
    return std::move(out_);
  }

 private:
  /// Figures so near that tables fit, too: a chip with far more or less to compute for each byte is
  /// another device to them.
  static constexpr double kTwin = 1.5;

  void take_over_twins() {
    std::vector<std::pair<double, const Relative*>> twins;
    const DeviceFacts here = *device_facts(target_, DataType::bf16);
    for (const Relative& each : relatives_) {
      const auto there = device_facts(*each.device, DataType::bf16);
      if (!there || kinship(target_, *each.device) != Kinship::same_chip) continue;
      const double distance = squared_distance(here, *there);
      if (distance < kTwin) twins.emplace_back(distance, &each);
    }
    std::stable_sort(twins.begin(), twins.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [distance, twin] : twins) {
      const std::set<Role> before = taken_;
      for (const KernelProfile& kernel : twin->profile->kernels) {
        const auto role = role_of(kernel);
        if (!role || !before.contains(*role)) take_over(kernel, role, *twin);
      }
    }
  }

  void take_over(const KernelProfile& kernel, const std::optional<Role>& role,
                 const Relative& twin) {
    if (role && lacks_peak(*role)) return;
    if (kernel.kind == OperatorClass::collective && !has_same_links(*twin.device)) return;
    KernelProfile copy = kernel;
    const TransferError error = transfer_error(kernel.kind, Kinship::same_chip);
    copy.band = widened(kernel.band, error);
    copy.evidence.transferred_from =
        fmt::format("{} ({})", twin.device->name, words(Kinship::same_chip));
    out_.profile.kernels.push_back(std::move(copy));
    if (role) taken_.insert(*role);
  }

  bool has_same_links(const hardware::Device& other) const {
    if (target_.link.has_value() != other.link.has_value()) return false;
    return !target_.link || target_.link->technology == other.link->technology;
  }

  /// All that relatives have, in order.
  std::set<Role> roles() const {
    std::set<Role> all;
    for (const Relative& each : relatives_) {
      for (const KernelProfile& kernel : each.profile->kernels) {
        if (auto role = role_of(kernel)) all.insert(std::move(*role));
      }
    }
    return all;
  }

  /// A type that it would have to compute in a wider one.
  bool lacks_peak(const Role& role) const {
    if (role.kind == OperatorClass::collective || role.kind == OperatorClass::elementwise) {
      return false;
    }
    const auto type = peak_type_of(role.compute);
    if (!type) return true;
    const auto peak = hardware::dense_peak(target_, *type);
    return !peak || peak->fell_back();
  }

  void add(const Role& role) {
    if (lacks_peak(role)) {
      out_.missing.push_back(fmt::format("{}: {} has no such peak", words(role), target_.name));
      return;
    }
    KernelTypes types = types_of(role, *architecture_);
    const std::vector<Member> members = nearest_first(role, all_members(role, types));
    if (members.empty()) {
      out_.missing.push_back(
          fmt::format("{}: no relative of {} has such a kernel", words(role), target_.name));
      return;
    }
    out_.profile.kernels.push_back(blended(role, types, members));
  }

  std::vector<Member> all_members(const Role& role, const KernelTypes& types) const {
    std::vector<Member> members;
    const DataType type = peak_type_of(role.compute).value_or(DataType::bf16);
    const auto here = device_facts(target_, type);
    for (const Relative& each : relatives_) {
      const auto there = device_facts(*each.device, type);
      const KernelProfile* kernel = best_kernel(*each.profile, role, types);
      if (kernel == nullptr || !here || !there) continue;
      if (!is_of_use(role, each, *here, *there)) continue;
      const bool walks_alike =
          attention_kernel(kernel->kernel).walk == attention_kernel(types.kernel).walk;
      members.push_back({&each, kernel, kinship(target_, *each.device), *there,
                         squared_distance(*here, *there), walks_alike});
    }
    return members;
  }

  /// Links and PCI Express tell nothing of each other, nor do the kernels of latent attention that
  /// share a context out and those that don't.
  bool is_of_use(const Role& role, const Relative& relative, const DeviceFacts& here,
                 const DeviceFacts& there) const {
    if (role.kind == OperatorClass::collective) return here.has_link == there.has_link;
    if (role.kind != OperatorClass::latent_prefill && role.kind != OperatorClass::latent_decode) {
      return true;
    }
    return architecture_->kernels->latent == architecture_of(*relative.device)->kernels->latent;
  }

  static const KernelProfile* best_kernel(const Profile& profile, const Role& role,
                                          const KernelTypes& types) {
    const KernelProfile* best = nullptr;
    int least = 0;
    for (const KernelProfile& kernel : profile.kernels) {
      const auto unlike = unlikeness(kernel, role, types);
      if (!unlike) continue;
      const bool is_better = best == nullptr || *unlike < least ||
                             (*unlike == least && best->evidence.rows < kernel.evidence.rows);
      if (!is_better) continue;
      best = &kernel;
      least = *unlike;
    }
    return best;
  }

  /// Traces of collectives hold the waits of one rank for the others: they count where there is
  /// nothing else.
  static std::vector<Member> nearest_first(const Role& role, std::vector<Member> members) {
    const auto is_untraced = [](const Member& each) { return !is_traced(*each.kernel); };
    if (role.kind == OperatorClass::collective &&
        std::any_of(members.begin(), members.end(), is_untraced)) {
      std::erase_if(members, [&](const Member& each) { return !is_untraced(each); });
    }
    std::stable_sort(members.begin(), members.end(),
                     [](const Member& a, const Member& b) { return a.distance < b.distance; });
    return members;
  }

  KernelProfile blended(const Role& role, KernelTypes types,
                        const std::vector<Member>& members) const {
    types.stack = stack_of(members);
    if (types.kernel.empty()) types.kernel = name_of(role, *members.front().kernel);
    const Kinship kin = nearest_kinship(members);
    const TransferError error = transfer_error(role.kind, kin);
    KernelProfile kernel{.kind = role.kind,
                         .stack = std::string(types.stack),
                         .kernel = std::string(types.kernel),
                         .compute = role.compute,
                         .cache = role.cache,
                         .coefficients = {},
                         .spread = {},
                         .corrections = {},
                         .band = {{{0, error.low, error.high}}},
                         .evidence = evidence_of(members, error)};
    if (role.kind == OperatorClass::collective) kernel.compute = members.front().kernel->compute;
    blend(role, types, members, kernel);
    return kernel;
  }

  /// Where kernels' names are no rule, that of the nearest one.
  static std::string_view name_of(const Role& role, const KernelProfile& nearest) {
    const bool has_rule = role.kind == OperatorClass::prefill_attention ||
                          role.kind == OperatorClass::decode_attention;
    return has_rule ? std::string_view() : std::string_view(nearest.kernel);
  }

  static std::string_view stack_of(const std::vector<Member>& members) {
    for (const Member& each : members) {
      if (each.kernel->stack.starts_with("vllm")) return each.kernel->stack;
    }
    return members.front().kernel->stack;
  }

  /// Of a chip whose figures are far off no more than of an architecture.
  static Kinship nearest_kinship(const std::vector<Member>& members) {
    Kinship nearest = Kinship::other_maker;
    for (const Member& each : members) nearest = std::min(nearest, each.kinship);
    return std::max(nearest, Kinship::same_architecture);
  }

  static Evidence evidence_of(const std::vector<Member>& members, const TransferError& error) {
    Evidence evidence;
    std::set<std::string> sources;
    for (const Member& each : members) {
      const Evidence& of = each.kernel->evidence;
      sources.insert(of.sources.begin(), of.sources.end());
      evidence.rows += of.rows;
      evidence.groups += of.groups;
    }
    evidence.sources.assign(sources.begin(), sources.end());
    evidence.transferred_from = lenders(members);
    evidence.left_out_mdape = error.mdape;
    return evidence;
  }

  /// "l40s (the same architecture), a40, h100-sxm (other generations)".
  static std::string lenders(const std::vector<Member>& members) {
    std::map<Kinship, std::string> names;
    for (const Member& each : members) {
      std::string& list = names[std::max(each.kinship, Kinship::same_architecture)];
      list += (list.empty() ? "" : ", ") + each.relative->device->name;
    }
    std::string text;
    for (const auto& [kin, list] : names) {
      text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", list, words(kin));
    }
    return text;
  }

  /// Latencies of collectives go with no figure of a datasheet: all have the same weight.
  static double weight(const Role& role, const Member& member) {
    if (role.kind == OperatorClass::collective) return 1;
    // Of A100 from A40 and A40 from A100 the best of 1, 4 and nobody else.
    constexpr double kOwnArchitecture = 4;
    const double kin = member.kinship <= Kinship::same_architecture ? kOwnArchitecture : 1;
    // Decodes that share a context out alike have more in common; from 0.25 to 1 no device is met
    // worse or better by more than 2 points.
    constexpr double kOtherWalk = 0.5;
    const bool is_other = role.kind == OperatorClass::decode_attention && !member.walks_alike;
    return kin * (is_other ? kOtherWalk : 1) / (1 + member.distance);
  }

  /// Kernels that decode attention launches: a second one sums up the parts of a split context,
  /// where the first does not.
  static double launches(const Role& role, std::string_view kernel,
                         const Architecture& architecture) {
    const bool is_latent = role.kind == OperatorClass::latent_decode;
    if (!is_latent && role.kind != OperatorClass::decode_attention) return 1;
    const bool sums_inside =
        is_latent ? architecture.kernels->latent_sums_inside : attention_kernel(kernel).sums_inside;
    return sums_inside ? 1 : 2;
  }

  /// What decode attention keeps in a relative's cache; of one whose rows say nothing of it what
  /// the others tell.
  static std::optional<CacheUse> cache_of(const Role& role, const Member& member,
                                          const std::vector<Member>& members) {
    if (role.kind != OperatorClass::decode_attention) return std::nullopt;
    if (const auto own = cache_use(*member.relative->profile)) return own;
    double sum = 0;
    CacheUse mean{0, 0};
    for (const Member& each : members) {
      const auto known = cache_use(*each.relative->profile);
      if (!known) continue;
      sum += weight(role, each);
      mean.kept += weight(role, each) * log2(known->kept);
      mean.speed += weight(role, each) * log2(known->speed);
    }
    if (!(sum > 0)) return std::nullopt;
    return CacheUse{exp2(mean.kept / sum), exp2(mean.speed / sum)};
  }

  void blend(const Role& role, const KernelTypes& types, const std::vector<Member>& members,
             KernelProfile& kernel) const {
    const DataType type = peak_type_of(role.compute).value_or(DataType::bf16);
    const DeviceFacts here = *device_facts(target_, type);
    double sum = 0;
    for (const Member& each : members) sum += weight(role, each);
    for (const Member& each : members) {
      const Passage passage{
          each.facts, here, types, cache_of(role, each, members),
          launches(role, types.kernel, *architecture_) -
              launches(role, each.kernel->kernel, *architecture_of(*each.relative->device))};
      kernel.blend.push_back({weight(role, each) / sum, coefficients_on(*each.kernel, passage)});
    }
    const std::size_t coefficients = form(role.kind).coefficients.size();
    for (std::size_t i = 0; i < coefficients; ++i) {
      double mean = 0;
      double spread = 0;
      for (const Blended& part : kernel.blend) mean += part.share * log2(part.coefficients[i]);
      for (const Member& each : members) spread = std::max(spread, each.kernel->spread[i]);
      kernel.coefficients.push_back(exp2(mean));
      kernel.spread.push_back(spread);
    }
    if (kernel.blend.size() == 1) {
      kernel.coefficients = kernel.blend.front().coefficients;
      kernel.blend.clear();
    }
  }

  const hardware::Device& target_;
  const Architecture* architecture_;
  std::vector<Relative> relatives_;
  std::set<Role> taken_;
  Transfer out_;
};

}  // namespace

Transfer transferred_profile(const hardware::Device& target, std::span<const Relative> relatives) {
  return Transferring(target, relatives).run();
}

}  // namespace ridgepoint::efficiency
