// SPDX-License-Identifier: Apache-2.0
#include "hardware/what_if.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ridgepoint/core/data_type.hpp"
#include "ridgepoint/core/names.hpp"
#include "ridgepoint/core/text.hpp"
#include "ridgepoint/hardware/device.hpp"

namespace ridgepoint::hardware {
namespace {

/// The keys that hold one figure each, dots leading into nested objects.
std::vector<std::string> figure_keys() {
  std::vector<std::string> keys{"memory_bandwidth",
                                "memory_capacity",
                                "reported_capacity",
                                "last_level_cache",
                                "compute_units",
                                "fma_lanes_per_unit",
                                "boost_clock",
                                "network_bandwidth",
                                "pcie",
                                "power",
                                "price",
                                "link.bandwidth_per_direction",
                                "link.domain",
                                "link.topology",
                                "link.in_switch_reduction"};
  for (const DataTypeFacts& row : kDataTypes)
    keys.push_back(fmt::format("dense_peaks.{}", row.name));
  return keys;
}

/// The shorter keys that what-ifs may use, and what they mean.
std::map<std::string, std::string> short_keys() {
  std::map<std::string, std::string> keys{{"link_bandwidth", "link.bandwidth_per_direction"},
                                          {"link_domain", "link.domain"},
                                          {"link_topology", "link.topology"},
                                          {"in_switch_reduction", "link.in_switch_reduction"}};
  for (const DataTypeFacts& row : kDataTypes) {
    const std::string key = fmt::format("dense_peaks.{}", row.name);
    keys.emplace(row.name, key);
    keys.emplace(fmt::format("{}_peak", row.name), key);
  }
  return keys;
}

/// The key in the file that a what-if's key means; empty when it means none.
std::string full_key(const std::string& key) {
  const std::map<std::string, std::string> shorter = short_keys();
  if (const auto known = shorter.find(key); known != shorter.end()) return known->second;
  const std::vector<std::string> keys = figure_keys();
  return std::find(keys.begin(), keys.end(), key) == keys.end() ? std::string() : key;
}

Diagnostic unknown_figure(const Override& change) {
  const std::vector<std::string> keys = figure_keys();
  std::vector<std::string> shorter;
  for (const auto& [key, meaning] : short_keys()) shorter.push_back(key);
  std::vector<std::string> near = nearest_names(change.key, shorter);
  for (std::string& key : nearest_names(change.key, keys)) near.push_back(std::move(key));
  const std::string help = did_you_mean(near);
  return {change.where, fmt::format("a device has no figure \"{}\"", shown(change.key)),
          help.empty() ? did_you_mean_or_list(change.key, keys, keys) : help};
}

json::Value what_if(const Override& change) {
  json::Value figure;
  figure.kind = json::Kind::object;
  figure.set("value", json::Value::of(change.value));
  figure.set("source", json::Value::of("set by " + change.where));
  return figure;
}

/// "the file says 3.35 TB/s", of a figure that is about to be replaced.
std::string sheet_value(const json::Value* figure) {
  const json::Value* value = figure == nullptr ? nullptr : figure->find("value");
  if (value == nullptr) return "the file has none";
  if (value->kind == json::Kind::boolean) {
    return fmt::format("the file says {}", value->boolean);
  }
  return fmt::format("the file says {}", shown(value->text));
}

/// Puts what-ifs into the text of a device before it is read.
class WhatIfs {
 public:
  WhatIfs(json::Value& root, Diagnostics& faults) : root_(&root), faults_(&faults) {}

  void apply(const Override& change) {
    const std::string key = full_key(change.key);
    if (key.empty()) {
      faults_->push_back(unknown_figure(change));
      return;
    }
    if (key == "pcie" && !is_pcie(change)) return;
    const std::size_t dot = key.find('.');
    const bool nested = dot != std::string::npos;
    json::Value* object = nested ? inner(key.substr(0, dot), change) : root_;
    if (object == nullptr) return;
    const std::string leaf = nested ? key.substr(dot + 1) : key;
    applied_.assumptions.push_back(fmt::format("{} set to {} ({})", key, shown(change.value),
                                               sheet_value(object->find(leaf))));
    object->set(leaf, what_if(change));
    applied_.replaced[key] = fmt::format("{} {}", change.where, change.key);
    if (key == "memory_capacity" && root_->find("reported_capacity") != nullptr) {
      root_->set("reported_capacity", json::Value{});
      applied_.assumptions.emplace_back("reported_capacity ignored, since memory_capacity was set");
    }
  }

  /// After the last what-if: a link that they made needs both of its figures.
  void finish() {
    const json::Value* link = root_->find("link");
    if (made_link_by_.empty() || link == nullptr) return;
    if (link->find("bandwidth_per_direction") != nullptr && link->find("domain") != nullptr) return;
    faults_->push_back({made_link_by_, "the device has no link to other devices",
                        "set both link_bandwidth and link_domain, such as 64GB/s and 2"});
    root_->set("link", json::Value{});
  }

  AppliedWhatIfs take() && { return std::move(applied_); }

 private:
  /// The object that a nested figure belongs to. A device without a link gets one.
  json::Value* inner(const std::string& key, const Override& change) {
    json::Value* object = root_->find(key);
    const bool absent = object == nullptr || object->kind == json::Kind::null;
    if (absent && key == "link") {
      json::Value link;
      link.kind = json::Kind::object;
      link.set("technology", json::Value::of("what-if link"));
      root_->set("link", std::move(link));
      made_link_by_ = fmt::format("{} {}", change.where, change.key);
      return root_->find(key);
    }
    if (object != nullptr && object->kind == json::Kind::object) return object;
    faults_->push_back({change.where, fmt::format("the device has no {} to set a figure of", key),
                        "add it to a device file of your own"});
    return nullptr;
  }

  bool is_pcie(const Override& change) {
    Device device;
    device.pcie = {change.value, {}, {}};
    if (pcie_bandwidth(device)) return true;
    faults_->push_back({fmt::format("{} {}", change.where, change.key),
                        fmt::format("\"{}\" is no PCI Express slot", shown(change.value)),
                        "give its revision and lanes, such as \"5.0 x16\""});
    return false;
  }

  json::Value* root_;
  Diagnostics* faults_;
  AppliedWhatIfs applied_;
  std::string made_link_by_;
};

}  // namespace

AppliedWhatIfs apply_what_ifs(const Overrides& overrides, json::Value& root, Diagnostics& faults) {
  WhatIfs what_ifs(root, faults);
  for (const Override& change : overrides) what_ifs.apply(change);
  what_ifs.finish();
  return std::move(what_ifs).take();
}

}  // namespace ridgepoint::hardware
