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

/// One kernel of a profile; every fault with its place.
class KernelReader {
 public:
  KernelReader(Reader reader, Diagnostics& faults) : reader_(std::move(reader)), faults_(faults) {}

  std::optional<KernelProfile> read() {
    const std::size_t before = faults_.size();
    KernelProfile kernel;
    const auto kind = operator_class_named(reader_.string("class").value_or(""));
    if (!kind) reader_.fault("class", "is no class of operators", class_names());
    kernel.stack = reader_.string("stack").value_or("");
    kernel.kernel = reader_.string("kernel").value_or("");
    kernel.compute = reader_.string("compute").value_or("");
    kernel.cache = reader_.optional_string("cache").value_or("");
    if (kind) {
      kernel.kind = *kind;
      kernel.coefficients = coefficients("coefficients", true);
      kernel.spread = coefficients("spread", false);
    }
    kernel.band = band();
    kernel.correction = correction();
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
                    "fit the profile again");
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
        reader_.fault("band", "its high end is below its low end", "fit the profile again");
      }
    }
    return result;
  }

  Correction correction() {
    Correction table;
    auto inner = reader_.optional_object("correction");
    if (!inner) return table;
    if (const Value* axes = inner->any("axes")) {
      for (const Value& each : axes->items) {
        const Value* knots = each.find("knots");
        const auto count = knots == nullptr ? std::nullopt : knots->integer;
        constexpr std::int64_t kMostKnots = 1000;
        if (!count || *count < 1 || *count > kMostKnots) {
          inner->fault("axes", "an axis has no number of knots from 1 to 1000",
                       "fit the profile again");
          return {};
        }
        table.axes.push_back({number(each.find("first"), "correction/axes/first").value_or(0),
                              number(each.find("step"), "correction/axes/step").value_or(1),
                              static_cast<std::size_t>(*count)});
      }
    }
    if (const Value* values = inner->any("values")) {
      for (const Value& each : values->items) {
        table.values.push_back(number(&each, "correction/values").value_or(0));
      }
    }
    if (const Value* algorithms = inner->optional_any("algorithms")) {
      for (const Value& each : algorithms->items) {
        const auto algorithm = number(&each, "correction/algorithms").value_or(0);
        table.algorithms.push_back(static_cast<int>(algorithm));
      }
    }
    const std::size_t size = table.knots() * std::max<std::size_t>(1, table.algorithms.size());
    if (table.axes.size() > kMostAxes || table.values.size() != size) {
      inner->fault("values", fmt::format("{} values for {} knots", table.values.size(), size),
                   "fit the profile again");
    }
    return table;
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
    reader_.fault(key, fmt::format("expected a list, got {}", json::describe(*value)),
                  "fit the profile again");
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
                 "fit the profile again");
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
