// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

#include "ridgepoint/derive/derive.hpp"
#include "ridgepoint/symbolic/parse.hpp"

namespace ridgepoint::derive {

/// The datasheet figures of an H100 SXM, without a data file.
inline hardware::Device h100() {
  hardware::Device device;
  device.name = "h100-sxm";
  device.title = "NVIDIA H100 80GB SXM5";
  device.dense_peaks = {{DataType::bf16, {FlopsPerSecond(989.4e12), "test", ""}},
                        {DataType::fp8, {FlopsPerSecond(1978.9e12), "test", ""}}};
  device.memory_bandwidth = {BytesPerSecond(3.35e12), "test", ""};
  device.memory_capacity_bytes = {80'000'000'000, "test", ""};
  return device;
}

inline Derivation derived(std::string_view subject, const Options& options = {}) {
  Result<Derivation> result = derive(subject, h100(), options);
  if (!result) throw std::runtime_error(result.error().front().what);
  return *std::move(result);
}

/// The section of exactly that subject.
inline Section section(std::string_view subject, const Options& options = {}) {
  for (Section& one : derived("all", options).sections) {
    if (one.subject == subject) return std::move(one);
  }
  throw std::runtime_error("no section " + std::string(subject));
}

/// A formula typed by hand.
inline symbolic::Expr formula(std::string_view text) { return symbolic::parse(text).value(); }

inline symbolic::Expr named(const Section& section, std::string_view name) {
  for (const NamedFormula& one : section.formulas) {
    if (one.name == name) return one.formula;
  }
  throw std::runtime_error("no formula " + std::string(name));
}

inline double number(const Section& section, std::string_view text) {
  for (const Number& one : section.numbers) {
    if (one.text == text) return one.value;
  }
  throw std::runtime_error("no number " + std::string(text));
}

inline const Claim& claim(const Section& section, std::string_view text) {
  for (const Claim& one : section.claims) {
    if (one.text == text) return one;
  }
  throw std::runtime_error("no claim " + std::string(text));
}

inline const symbolic::Expr& limit(const Section& section, std::string_view of) {
  if (section.limit && section.limit->of == of) return section.limit->value.value;
  for (const LimitCase& one : section.more_limits) {
    if (one.of == of) return one.value.value;
  }
  throw std::runtime_error("no limit of " + std::string(of));
}

}  // namespace ridgepoint::derive
