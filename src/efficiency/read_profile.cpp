// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ridgepoint/core/json_reader.hpp"
#include "ridgepoint/core/text.hpp"
#include "ridgepoint/efficiency/profile.hpp"

namespace ridgepoint::efficiency {
namespace {

using json::Kind;
using json::Reader;
using json::Value;

constexpr const char* kFitAgain = "fit the profile again";

/// One kernel of a profile; every fault with its place.
class KernelReader {
 public:
  KernelReader(Reader reader, Diagnostics& faults) : reader_(std::move(reader)), faults_(faults) {}

  std::optional<KernelProfile> read() {
    const std::size_t before = faults_.size();
    KernelProfile kernel;
    const auto kind = operator_class_named(reader_.string("class").value_or(""));
    if (!kind) reader_.fault("class", "is no class of operators", class_names());
    kernel.stack = reader_.optional_string("stack").value_or("");
    kernel.kernel = reader_.optional_string("kernel").value_or("");
    kernel.compute = reader_.string("compute").value_or("");
    kernel.cache = reader_.optional_string("cache").value_or("");
    if (kind) {
      kernel.kind = *kind;
      kernel.coefficients = coefficients("coefficients", true);
      kernel.spread = coefficients("spread", false);
    }
    kernel.band = band();
    if (kind) kernel.corrections = corrections(*kind);
    kernel.evidence = evidence();
    reader_.refuse_unknown_keys();
    if (faults_.size() != before) return std::nullopt;
    return kernel;
  }

 private:
  std::string class_names() const {
    std::string names = "one of";
    for (const OperatorClass kind : kOperatorClasses) names += fmt::format(" {}", name(kind));
    return names;
  }

  std::optional<double> number(const Value* value, const std::string& key) {
    if (value != nullptr && value->kind == Kind::number && std::isfinite(value->number)) {
      return value->number;
    }
    if (value != nullptr) {
      reader_.fault(key, fmt::format("expected a number, got {}", json::describe(*value)),
                    kFitAgain);
    }
    return std::nullopt;
  }

  std::vector<double> coefficients(const char* key, bool are_bounded) {
    std::vector<double> values;
    auto inner = reader_.object(key);
    if (!inner) return values;
    for (const CoefficientFacts& facts : form(*operator_class_named(class_name())).coefficients) {
      const std::string name(facts.name);
      const auto value = number(inner->any(name.c_str()), fmt::format("{}/{}", key, name));
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

  std::string class_name() { return reader_.string("class").value_or(""); }

  Band band() {
    Band result;
    for (const Value& each : items("band")) {
      result.classes.push_back({number(each.find("below_s"), "band/below_s").value_or(0),
                                number(each.find("low"), "band/low").value_or(0),
                                number(each.find("high"), "band/high").value_or(0)});
    }
    for (const Band::Class& each : result.classes) {
      if (each.high < each.low) {
        reader_.fault("band", "its high end is below its low end", kFitAgain);
      }
    }
    return result;
  }

  std::vector<Correction> corrections(OperatorClass kind) {
    std::vector<Correction> tables;
    std::size_t at = 0;
    for (const Value& each : items("corrections")) {
      if (each.kind != Kind::object) {
        reader_.fault("corrections", fmt::format("expected objects, got {}", json::describe(each)),
                      kFitAgain);
        break;
      }
      tables.push_back(correction(each, fmt::format("corrections/{}", at++)));
      if (const auto wrong = fault_of(tables.back(), kind)) {
        reader_.fault("corrections", *wrong, kFitAgain);
      }
    }
    return tables;
  }

  Correction correction(const Value& from, const std::string& at) {
    Correction table;
    const auto list = [&](const char* key) {
      const Value* value = from.find(key);
      return value == nullptr ? std::vector<Value>{} : value->items;
    };
    for (const Value& each : list("axes")) {
      table.axes.push_back({number(each.find("first"), at + "/axes/first").value_or(0),
                            number(each.find("step"), at + "/axes/step").value_or(1),
                            size(each.find("knots"))});
    }
    for (const Value& each : list("values")) {
      table.values.push_back(number(&each, at + "/values").value_or(0));
    }
    for (const Value& each : list("features")) table.features.push_back(size(&each));
    if (const Value* factor = from.find("factor")) table.factor = size(factor);
    for (const Value& each : list("algorithms")) {
      table.algorithms.push_back(static_cast<int>(size(&each)));
    }
    return table;
  }

  /// Not below 0 and of a size that nothing overflows by; 0 where it is none.
  static std::size_t size(const Value* value) {
    constexpr std::int64_t kMost = 1000;
    if (value == nullptr || !value->integer || *value->integer < 0) return 0;
    return static_cast<std::size_t>(std::min(*value->integer, kMost));
  }

  /// What is wrong with a table.
  static std::optional<std::string> fault_of(const Correction& table, OperatorClass kind) {
    const std::size_t features = form(kind).features(shape_of(kind)).size();
    if (table.axes.empty() || table.axes.size() > kMostAxes) {
      return fmt::format("{} axes, not 1 to {}", table.axes.size(), kMostAxes);
    }
    if (!table.features.empty() && table.features.size() != table.axes.size()) {
      return fmt::format("{} features for {} axes", table.features.size(), table.axes.size());
    }
    for (std::size_t i = 0; i < table.axes.size(); ++i) {
      const std::size_t feature = table.features.empty() ? i : table.features[i];
      if (feature >= features) return fmt::format("feature {} of {}", feature, features);
      if (table.axes[i].knots == 0) return "an axis has no number of knots from 1 to 1000";
      if (!(table.axes[i].step > 0)) return "the step of an axis is not above 0";
    }
    if (table.factor && *table.factor >= form(kind).factor_count) {
      return fmt::format("factor {} of {}", *table.factor, form(kind).factor_count);
    }
    const std::size_t size = table.knots() * std::max<std::size_t>(1, table.algorithms.size());
    if (table.values.size() == size) return std::nullopt;
    return fmt::format("{} values for {} knots", table.values.size(), size);
  }

  /// Any one of the class.
  static Shape shape_of(OperatorClass kind) {
    switch (kind) {
      case OperatorClass::gemm:
        return GemmShape{};
      case OperatorClass::prefill_attention:
      case OperatorClass::decode_attention:
        return AttentionShape{};
      case OperatorClass::latent_prefill:
      case OperatorClass::latent_decode:
        return LatentAttentionShape{};
      case OperatorClass::experts:
        return ExpertsShape{};
      case OperatorClass::collective:
        return CollectiveShape{};
      case OperatorClass::elementwise:
        break;
    }
    return ElementwiseShape{};
  }

  Evidence evidence() {
    Evidence result;
    auto inner = reader_.object("evidence");
    if (!inner) return result;
    result.sources = inner->strings("sources");
    result.rows = inner->size("rows").value_or(0);
    result.groups = inner->size("groups").value_or(0);
    result.left_out_mdape =
        number(inner->any("left_out_mdape"), "evidence/left_out_mdape").value_or(0);
    result.transferred_from = inner->optional_string("transferred_from").value_or("");
    return result;
  }

  std::vector<Value> items(const char* key) {
    const Value* value = reader_.any(key);
    if (value == nullptr) return {};
    if (value->kind == Kind::list) return value->items;
    reader_.fault(key, fmt::format("expected a list, got {}", json::describe(*value)), kFitAgain);
    return {};
  }

  Reader reader_;
  Diagnostics& faults_;
};

bool is_same_kernel(const KernelProfile& a, const KernelProfile& b) {
  return a.kind == b.kind && a.stack == b.stack && a.kernel == b.kernel && a.compute == b.compute &&
         a.cache == b.cache;
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
  const Value* kernels = reader.any("kernels");
  if (kernels != nullptr && kernels->kind != Kind::list) {
    reader.fault("kernels", fmt::format("expected a list, got {}", json::describe(*kernels)),
                 kFitAgain);
  } else if (kernels != nullptr) {
    for (std::size_t i = 0; i < kernels->items.size(); ++i) {
      const Reader inner(kernels->items[i], std::string(source), faults,
                         fmt::format("/kernels/{}", i));
      auto kernel = KernelReader(inner, faults).read();
      if (!kernel) continue;
      for (const KernelProfile& known : profile.kernels) {
        if (is_same_kernel(known, *kernel)) {
          faults.push_back({inner.where(), "stands there twice", "leave one out"});
        }
      }
      profile.kernels.push_back(std::move(*kernel));
    }
  }
  reader.refuse_unknown_keys();
  if (!faults.empty()) return fail(std::move(faults));
  return profile;
}

}  // namespace ridgepoint::efficiency
