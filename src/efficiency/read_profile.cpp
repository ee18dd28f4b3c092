// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "efficiency/read_correction.hpp"
#include "efficiency/read_fields.hpp"
#include "ridgepoint/core/json_reader.hpp"
#include "ridgepoint/core/text.hpp"
#include "ridgepoint/efficiency/profile.hpp"

namespace ridgepoint::efficiency {
namespace {

using json::Reader;

/// One kernel of a profile; every fault with its place.
class KernelReader {
 public:
  KernelReader(Reader reader, Diagnostics& faults) : reader_(std::move(reader)), faults_(faults) {}

  std::optional<KernelProfile> read() {
    const std::size_t before = faults_.size();
    KernelProfile kernel;
    const auto kind = read_class();
    kernel.stack = reader_.optional_string("stack").value_or("");
    kernel.kernel = reader_.optional_string("kernel").value_or("");
    kernel.compute = reader_.string("compute").value_or("");
    kernel.cache = reader_.optional_string("cache").value_or("");
    if (kind) {
      kernel.kind = *kind;
      kernel.coefficients = coefficients("coefficients", *kind, true);
      kernel.spread = coefficients("spread", *kind, false);
    }
    kernel.band = band();
    if (kind) kernel.corrections = corrections(*kind);
    kernel.evidence = evidence();
    reader_.refuse_unknown_keys();
    if (faults_.size() != before) return std::nullopt;
    return kernel;
  }

 private:
  std::optional<OperatorClass> read_class() {
    const auto text = reader_.string("class");
    const auto kind = operator_class_named(text.value_or(""));
    if (kind) return kind;
    std::string names = "one of";
    for (const OperatorClass each : kOperatorClasses) names += fmt::format(" {}", name(each));
    if (text) reader_.fault("class", fmt::format("\"{}\" is no class", shown(*text)), names);
    // Whatever they hold depends on the class.
    for (const char* key : {"coefficients", "spread", "corrections"}) reader_.optional_any(key);
    return std::nullopt;
  }

  std::vector<double> coefficients(const char* key, OperatorClass kind, bool are_bounded) {
    std::vector<double> values;
    auto inner = reader_.object(key);
    if (!inner) return values;
    for (const CoefficientFacts& facts : form(kind).coefficients) {
      const std::string name(facts.name);
      const auto value = read_number(*inner, name);
      if (!value) continue;
      constexpr double kRounding = 1e-4;
      const bool is_inside =
          facts.least * (1 - kRounding) <= *value && *value <= facts.most * (1 + kRounding);
      if (are_bounded ? !is_inside : *value < 0) {
        inner->fault(name, fmt::format("{:g} is out of its bounds", *value),
                     are_bounded ? fmt::format("from {:g} to {:g}", facts.least, facts.most)
                                 : "a spread is not below 0");
      }
      values.push_back(*value);
    }
    inner->refuse_unknown_keys();
    return values;
  }

  Band band() {
    Band result;
    read_objects(reader_, "band", Presence::required, faults_, [&](Reader& each) {
      const Band::Class read{read_number(each, "below_s").value_or(0),
                             read_logarithm(each, "low").value_or(0),
                             read_logarithm(each, "high").value_or(0)};
      if (read.low > 0) each.fault("low", "is above the expected time", kFitAgain);
      if (read.high < 0) each.fault("high", "is below the expected time", kFitAgain);
      each.refuse_unknown_keys();
      result.classes.push_back(read);
    });
    return result;
  }

  std::vector<Correction> corrections(OperatorClass kind) {
    std::vector<Correction> tables;
    read_objects(reader_, "corrections", Presence::optional, faults_,
                 [&](Reader& each) { tables.push_back(read_correction(each, kind, faults_)); });
    return tables;
  }

  Evidence evidence() {
    Evidence result;
    auto inner = reader_.object("evidence");
    if (!inner) return result;
    result.sources = inner->strings("sources");
    result.rows = inner->size("rows").value_or(0);
    result.groups = inner->size("groups").value_or(0);
    result.left_out_mdape = read_number(*inner, "left_out_mdape").value_or(0);
    result.transferred_from = inner->optional_string("transferred_from").value_or("");
    inner->refuse_unknown_keys();
    return result;
  }

  Reader reader_;
  Diagnostics& faults_;
};

bool is_same_kernel(const KernelProfile& a, const KernelProfile& b) {
  return a.kind == b.kind && a.stack == b.stack && a.kernel == b.kernel && a.compute == b.compute &&
         a.cache == b.cache;
}

std::vector<ProfileSource> read_sources(Reader& reader, Diagnostics& faults) {
  std::vector<ProfileSource> sources;
  read_objects(reader, "sources", Presence::optional, faults, [&](Reader& each) {
    sources.push_back({each.string("name").value_or(""), each.optional_string("about").value_or(""),
                       each.size("rows").value_or(0)});
    each.refuse_unknown_keys();
  });
  return sources;
}

}  // namespace

Result<Profile> read_profile(std::string_view text, std::string_view source) {
  const auto root = json::parse(text, source);
  if (!root) return fail(root.error());
  Diagnostics faults;
  Reader reader(*root, std::string(source), faults);
  const std::string schema = reader.string("schema").value_or("");
  if (faults.empty() && schema != kProfileSchema) {
    return fail(reader.where("schema"), fmt::format("\"{}\" is another version", shown(schema)),
                fmt::format("this program reads {}: fit the profile again", kProfileSchema));
  }
  Profile profile;
  profile.device = reader.string("device").value_or("");
  profile.sources = read_sources(reader, faults);
  read_objects(reader, "kernels", Presence::required, faults, [&](Reader& each) {
    auto kernel = KernelReader(each, faults).read();
    if (!kernel) return;
    for (const KernelProfile& known : profile.kernels) {
      if (is_same_kernel(known, *kernel)) {
        faults.push_back({each.where(), "stands there twice", "leave one out"});
      }
    }
    profile.kernels.push_back(std::move(*kernel));
  });
  reader.refuse_unknown_keys();
  if (faults.empty() && profile.kernels.empty()) {
    reader.fault("kernels", "is empty", "a profile has at least one kernel: fit it again");
  }
  if (!faults.empty()) return fail(std::move(faults));
  return profile;
}

}  // namespace ridgepoint::efficiency
