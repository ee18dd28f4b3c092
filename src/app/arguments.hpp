// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ridgepoint/core/result.hpp"

namespace ridgepoint::app {

/// What was typed after a verb, sorted by name: "--batch" for options, "MODEL" for positionals.
class Arguments {
 public:
  void add(std::string_view name, std::string value) {
    values_[std::string(name)].push_back(std::move(value));
  }
  /// Leaves one value, however often it was given.
  void set(std::string_view name, std::string value) {
    values_[std::string(name)] = {std::move(value)};
  }

  void erase(std::string_view name) {
    const auto found = values_.find(name);
    if (found != values_.end()) values_.erase(found);
  }

  bool has(std::string_view name) const { return values_.find(name) != values_.end(); }
  /// The value given, or the option's default; empty when it has neither.
  std::string value(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::string() : found->second.back();
  }
  /// All values given, in order.
  std::vector<std::string> values(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::vector<std::string>() : found->second;
  }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

/// Collects the faults of several readers, so that all of them are reported at once.
class Faults {
 public:
  /// The value of a result; its faults are kept when it has none.
  template <class T>
  std::optional<T> take(Result<T> result) {
    if (result) return std::move(*result);
    add(result.error());
    return std::nullopt;
  }
  void add(const Diagnostics& more) { all_.insert(all_.end(), more.begin(), more.end()); }
  void add(const std::string& where, const std::string& what, const std::string& help) {
    all_.push_back({where, what, help});
  }

  /// Of words that are understood, and ask for what cannot be: where many deployments are asked
  /// for, the others still have an answer.
  void add_impossible(const std::string& where, const std::string& what, const std::string& help) {
    add(where, what, help);
    ++impossible_;
  }

  explicit operator bool() const { return !all_.empty(); }
  bool are_all_impossible() const { return impossible_ == all_.size(); }
  const Diagnostics& all() const { return all_; }
  /// Each once, where one cause was met several times.
  Diagnostics distinct() const {
    Diagnostics once;
    for (const Diagnostic& fault : all_) {
      if (std::find(once.begin(), once.end(), fault) == once.end()) once.push_back(fault);
    }
    return once;
  }

 private:
  Diagnostics all_;
  std::size_t impossible_ = 0;
};

}  // namespace ridgepoint::app
