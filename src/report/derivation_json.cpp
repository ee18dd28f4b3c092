// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdint>

#include "report/derivation_rows.hpp"
#include "report/envelope.hpp"
#include "ridgepoint/core/data_type.hpp"
#include "ridgepoint/report/algebra_report.hpp"
#include "ridgepoint/report/derivation.hpp"

namespace ridgepoint::report {
namespace {

using derive::Section;
using symbolic::Expr;

/// What a section does not have is no key, so that every formula string reads back.
void put_if(Json& object, const char* key, const std::optional<Expr>& formula) {
  if (formula) object[key] = to_text(*formula);
}

/// Whole numbers as integers.
Json exact_number(double value) {
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (std::trunc(value) == value && std::abs(value) <= kExact) {
    return static_cast<std::int64_t>(value);
  }
  return value;
}

template <class Items, class F>
Json list(const Items& items, F json_of) {
  Json result = Json::array();
  for (const auto& item : items) result.push_back(json_of(item));
  return result;
}

Json json_substitution(const symbolic::Substitution& values) {
  Json object = Json::object();
  for (const auto& [name, value] : values) object[name] = to_text(value);
  return object;
}

Json json_of(const derive::Step& step) {
  return {{"text", step.text}, {"flops", to_text(step.flops)}, {"bytes", to_text(step.bytes)}};
}

Json json_of(const derive::LimitCase& limit) {
  return {{"value", symbolic::to_text(limit.value)},
          {"assumption", limit.assumption},
          {"of", limit.of}};
}

Json json_of(const derive::NamedFormula& named) {
  return {{"name", named.name}, {"formula", to_text(named.formula)}, {"unit", named.unit}};
}

Json json_of(const derive::Claim& claim) {
  return {{"claim", claim.text},
          {"verdict", symbolic::to_text(claim.verdict)},
          {"meaning", claim.meaning},
          {"left", to_text(claim.left)},
          {"relation", symbolic::to_text(claim.relation)},
          {"right", to_text(claim.right)},
          {"bounds", json_substitution(claim.bounds)},
          {"given", claim.given},
          {"witness", json_substitution(claim.witness)}};
}

Json json_of(const derive::DeviceVerdict& verdict) {
  return {{"at", verdict.at},
          {"arithmetic_intensity", verdict.arithmetic_intensity},
          {"bound", roofline::name(verdict.bound)},
          {"utilisation", verdict.utilisation}};
}

Json json_of(const derive::Number& number) {
  return {{"name", number.text}, {"value", exact_number(number.value)}, {"unit", number.unit}};
}

Json json_crossover(const std::optional<derive::Crossover>& crossover) {
  if (!crossover) return Json::array();
  return list(crossover->solutions, [&](const symbolic::Solution& solution) -> Json {
    return {{"value", to_text(solution.value)},
            {"condition", condition_text(solution)},
            {"variable", crossover->variable},
            {"exact", solution.exact},
            {"question", crossover->question}};
  });
}

Json json_specialisations(const Section& section) {
  Json object = Json::object();
  put_if(object, "prefill", section.prefill);
  put_if(object, "decode", section.decode);
  return object;
}

Json json_of(const Section& section) {
  const auto each = [](const auto& item) { return json_of(item); };
  Json object{{"subject", section.subject},
              {"title", section.title},
              {"notes", section.notes},
              {"steps", list(section.steps, each)}};
  if (!section.totals_from.empty()) object["totals_from"] = section.totals_from;
  put_if(object, "flops", section.flops);
  put_if(object, "bytes", section.bytes);
  put_if(object, "arithmetic_intensity", section.arithmetic_intensity);
  object["specialisations"] = json_specialisations(section);
  if (section.limit) object["limit"] = json_of(*section.limit);
  object["more_limits"] = list(section.more_limits, each);
  object["formulas"] = list(section.formulas, each);
  object["claims"] = list(section.claims, each);
  object["crossover"] = json_crossover(section.crossover);
  object["verdicts"] = list(section.verdicts, each);
  object["numbers"] = list(section.numbers, each);
  return object;
}

Json json_inputs(const derive::Derivation& derivation) {
  const derive::DeviceFacts& device = derivation.device;
  const ByteSize size = derivation.options.element_size;
  const bool full = derivation.options.pairs == cost::Pairs::full;
  return {{"subject", derivation.requested},
          {"device", device.name},
          {"compute_type", name(device.compute_type)},
          {"dense_peak_flops_per_s", exact_number(device.peak.value())},
          {"memory_bandwidth_bytes_per_s", exact_number(device.bandwidth.value())},
          {"ridge_point", device.ridge().value()},
          {"memory_capacity_bytes", exact_number(device.capacity_bytes)},
          {"bytes_per_element", to_text(Expr::rational(size.numerator, size.denominator))},
          {"pairs", full ? "full" : "causal"}};
}

}  // namespace

std::string to_json(const derive::Derivation& derivation) {
  Json document = envelope("derive", json_inputs(derivation), derivation.assumptions);
  document["sections"] =
      list(derivation.sections, [](const Section& section) { return json_of(section); });
  return dump(document);
}

}  // namespace ridgepoint::report
