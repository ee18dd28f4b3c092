// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

#include "ridgepoint/core/format.hpp"
#include "ridgepoint/core/json_reader.hpp"
#include "ridgepoint/core/names.hpp"
#include "ridgepoint/core/text.hpp"
#include "ridgepoint/core/units.hpp"
#include "ridgepoint/hardware/device.hpp"

namespace ridgepoint::hardware {
namespace {

/// The figures that what-ifs replaced, by their keys, with what their faults are to point to:
/// "link.domain" → "--set-device link_domain".
using Replaced = std::map<std::string, std::string>;

constexpr std::int64_t kLastYear = 2100;
constexpr std::array kTopologies{Topology::switched, Topology::mesh, Topology::torus,
                                 Topology::ring};

/// How the value of a figure is read, and what no real device exceeds.
enum class Unit { none, needed };
template <class Q>
struct Rule {
  Result<Q> (*parse)(std::string_view text, std::string_view where);
  double smallest;
  double largest;
  std::string (*show)(double value);
  Unit unit = Unit::needed;
};

double size_of(double value) { return value; }
double size_of(std::int64_t value) { return static_cast<double>(value); }
template <int F, int B, int S>
double size_of(Quantity<F, B, S> value) {
  return value.value();
}

Result<std::int64_t> parse_plain_count(std::string_view text, std::string_view where) {
  return parse_count(text, where);
}

std::string show_count(double value) { return format_number(value, 1); }
std::string show_compute_rate(double value) {
  return fmt::format("{} TFLOP/s", format_number(value / 1e12, 1));
}
std::string show_bandwidth(double value) {
  return fmt::format("{} GB/s", format_number(value / 1e9, 1));
}
std::string show_capacity(double value) {
  return fmt::format("{} GB", format_number(value / 1e9, 1));
}
std::string show_cache(double value) { return fmt::format("{} MB", format_number(value / 1e6, 1)); }
std::string show_clock(double value) {
  return fmt::format("{} GHz", format_number(value / 1e9, 1));
}
std::string show_power(double value) { return fmt::format("{} W", format_number(value, 1)); }
std::string show_price(double value) { return fmt::format("{} $/h", format_number(value, 1)); }

constexpr Rule<FlopsPerSecond> kPeakRule{parse_compute_rate, 1e9, 1e19, show_compute_rate};
constexpr Rule<BytesPerSecond> kBandwidthRule{parse_bandwidth, 1e8, 1e17, show_bandwidth};
constexpr Rule<std::int64_t> kCapacityRule{parse_byte_count, 1e6, 1e16, show_capacity};
constexpr Rule<std::int64_t> kCacheRule{parse_byte_count, 1e3, 1e13, show_cache};
constexpr Rule<std::int64_t> kCountRule{parse_plain_count, 1, 1e8, show_count, Unit::none};
constexpr Rule<PerSecond> kClockRule{parse_frequency, 1e6, 1e11, show_clock};
constexpr Rule<double> kPowerRule{parse_watts, 0.1, 1e6, show_power};
constexpr Rule<double> kPriceRule{parse_dollars_per_hour, 1e-4, 1e6, show_price};

void add(const Diagnostics& more, Diagnostics& faults) {
  faults.insert(faults.end(), more.begin(), more.end());
}

/// Reads figures of one object into a device, collecting faults.
class FigureReader {
 public:
  /// `prefix` leads to the object: "", "link." or "dense_peaks.".
  FigureReader(json::Reader& object, Diagnostics& faults, const Replaced& replaced,
               std::string prefix)
      : object_(&object), faults_(&faults), replaced_(&replaced), prefix_(std::move(prefix)) {}

  template <class Q>
  std::optional<Figure<Q>> optional(const char* key, const Rule<Q>& rule) {
    std::optional<json::Reader> figure = object_->optional_object(key);
    if (!figure) return std::nullopt;
    return read(*figure, key, rule);
  }

  template <class Q>
  Figure<Q> required(const char* key, const Rule<Q>& rule) {
    std::optional<json::Reader> figure = object_->object(key);
    return figure ? read(*figure, key, rule) : Figure<Q>{};
  }

  std::optional<Figure<std::string>> optional_text(const char* key) {
    std::optional<json::Reader> figure = object_->optional_object(key);
    if (!figure) return std::nullopt;
    Figure<std::string> result;
    result.value = figure->string("value").value_or("");
    provenance(*figure, result.source, result.note);
    return result;
  }

  std::optional<Figure<Topology>> optional_topology(const char* key) {
    std::optional<json::Reader> figure = object_->optional_object(key);
    if (!figure) return std::nullopt;
    Figure<Topology> result;
    const std::string text = figure->string("value").value_or(std::string(name(result.value)));
    std::vector<std::string> known;
    bool found = false;
    for (const Topology topology : kTopologies) {
      known.emplace_back(name(topology));
      if (text != known.back()) continue;
      result.value = topology;
      found = true;
    }
    if (!found) {
      faults_->push_back({place(*figure, key), fmt::format("\"{}\" is not a topology", shown(text)),
                          did_you_mean_or_list(text, known, known)});
    }
    provenance(*figure, result.source, result.note);
    return result;
  }

  std::optional<Figure<bool>> optional_answer(const char* key) {
    std::optional<json::Reader> figure = object_->optional_object(key);
    if (!figure) return std::nullopt;
    Figure<bool> result;
    if (const json::Value* value = figure->any("value")) {
      const bool is_word = value->kind == json::Kind::string;  // as what-ifs are
      const bool is_boolean = value->kind == json::Kind::boolean;
      if (!is_boolean && !(is_word && (value->text == "true" || value->text == "false"))) {
        faults_->push_back({place(*figure, key),
                            fmt::format("expected true or false, got {}", json::describe(*value)),
                            "write true or false, or leave the figure out if it is unknown"});
      }
      result.value = is_word ? value->text == "true" : value->boolean;
    }
    provenance(*figure, result.source, result.note);
    return result;
  }

 private:
  /// Where a figure's value was written: in the file, or on the command line.
  std::string place(const json::Reader& figure, const char* key) const {
    const auto option = replaced_->find(prefix_ + key);
    return option == replaced_->end() ? figure.where("value") : option->second;
  }

  template <class Q>
  Figure<Q> read(json::Reader& figure, const char* key, const Rule<Q>& rule) {
    Figure<Q> result;
    if (const json::Value* value = figure.any("value")) {
      result.value = parse(*value, place(figure, key), rule).value_or(Q{});
    }
    provenance(figure, result.source, result.note);
    return result;
  }

  template <class Q>
  std::optional<Q> parse(const json::Value& value, const std::string& where, const Rule<Q>& rule) {
    const bool is_count = rule.unit == Unit::none;
    if (value.kind != json::Kind::string && !(is_count && value.kind == json::Kind::number)) {
      faults_->push_back({where,
                          fmt::format("expected {}, got {}",
                                      is_count ? "a positive integer" : "a string with a unit",
                                      json::describe(value)),
                          is_count ? "write a whole number, 1 or more, without quotes"
                                   : "write the number and its unit in double quotes"});
      return std::nullopt;
    }
    const Result<Q> parsed = rule.parse(value.text, where);
    if (!parsed) {
      add(parsed.error(), *faults_);
      return std::nullopt;
    }
    const double size = size_of(*parsed);
    if (size >= rule.smallest && size <= rule.largest) return *parsed;
    faults_->push_back(
        {where, fmt::format("{} is absurd for a device", shown(value.text)),
         fmt::format("give {} to {}", rule.show(rule.smallest), rule.show(rule.largest))});
    return std::nullopt;
  }

  static void provenance(json::Reader& figure, std::string& source, std::string& note) {
    source = figure.string("source").value_or("");
    note = figure.optional_string("note").value_or("");
    figure.refuse_unknown_keys();
  }

  json::Reader* object_;
  Diagnostics* faults_;
  const Replaced* replaced_;
  std::string prefix_;
};

void read_peaks(json::Reader& file, Diagnostics& faults, const Replaced& replaced, Device& device) {
  std::optional<json::Reader> peaks = file.object("dense_peaks");
  if (!peaks) return;
  FigureReader figures(*peaks, faults, replaced, "dense_peaks.");
  for (const DataTypeFacts& row : kDataTypes) {
    const std::string key(row.name);
    if (const auto figure = figures.optional(key.c_str(), kPeakRule)) {
      device.dense_peaks.push_back({row.type, *figure});
    }
  }
  peaks->refuse_unknown_keys();
  if (device.dense_peaks.empty())
    peaks->fault("", "names no dense peak", "add one, for example bf16");
}

void read_link(json::Reader& file, Diagnostics& faults, const Replaced& replaced, Device& device) {
  std::optional<json::Reader> link = file.optional_object("link");
  if (!link) return;
  FigureReader figures(*link, faults, replaced, "link.");
  Link result;
  result.technology = link->string("technology").value_or("");
  result.bandwidth_per_direction = figures.required("bandwidth_per_direction", kBandwidthRule);
  result.domain = figures.required("domain", kCountRule);
  result.topology = figures.optional_topology("topology");
  result.in_switch_reduction = figures.optional_answer("in_switch_reduction");
  link->refuse_unknown_keys();
  device.link = std::move(result);
}

void read_memory(FigureReader& figures, Device& device) {
  device.memory_bandwidth = figures.required("memory_bandwidth", kBandwidthRule);
  device.memory_capacity_bytes = figures.required("memory_capacity", kCapacityRule);
  device.reported_capacity_bytes = figures.optional("reported_capacity", kCapacityRule);
  device.last_level_cache_bytes = figures.optional("last_level_cache", kCacheRule);
}

void read_rest(FigureReader& figures, Device& device) {
  device.compute_units = figures.optional("compute_units", kCountRule);
  device.fma_lanes_per_unit = figures.optional("fma_lanes_per_unit", kCountRule);
  device.boost_clock = figures.optional("boost_clock", kClockRule);
  device.network_bandwidth = figures.optional("network_bandwidth", kBandwidthRule);
  device.pcie = figures.optional_text("pcie");
  device.power_watts = figures.optional("power", kPowerRule);
  device.price_dollars_per_hour = figures.optional("price", kPriceRule);
}

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
  std::vector<std::string> candidates = keys;
  for (const auto& [key, meaning] : short_keys()) {
    if (key.find('_') != std::string::npos) candidates.push_back(key);
  }
  return {change.where, fmt::format("a device has no figure \"{}\"", shown(change.key)),
          did_you_mean_or_list(change.key, candidates, keys)};
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
    assumptions_.push_back(fmt::format("{} set to {} ({})", key, shown(change.value),
                                       sheet_value(object->find(leaf))));
    object->set(leaf, what_if(change));
    replaced_[key] = fmt::format("{} {}", change.where, change.key);
    if (key == "memory_capacity" && root_->find("reported_capacity") != nullptr) {
      root_->set("reported_capacity", json::Value{});
      assumptions_.emplace_back("reported_capacity ignored, since memory_capacity was set");
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

  const Replaced& replaced() const { return replaced_; }
  std::vector<std::string> assumptions() && { return std::move(assumptions_); }

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
  Replaced replaced_;
  std::vector<std::string> assumptions_;
  std::string made_link_by_;
};

}  // namespace

Result<Device> read_device(std::string_view text, std::string_view source_name,
                           const Overrides& overrides) {
  Result<json::Value> root = json::parse(text, source_name);
  if (!root) return fail(root.error());
  if (root->kind != json::Kind::object) {
    return fail(std::string(source_name),
                fmt::format("expected a device as an object, got {}", json::describe(*root)),
                "write {\"name\": …, \"dense_peaks\": {…}, …} as `ridgepoint devices` shows them");
  }
  Device device;
  Diagnostics faults;
  WhatIfs what_ifs(*root, faults);
  for (const Override& change : overrides) what_ifs.apply(change);
  what_ifs.finish();
  const Replaced& replaced = what_ifs.replaced();

  json::Reader file(*root, std::string(source_name), faults);
  device.origin = source_name;
  file.optional_string("schema");
  device.name = printable(file.string("name").value_or(""));
  device.title = printable(file.optional_string("title").value_or(device.name));
  device.aliases = file.strings("aliases");
  device.vendor = file.optional_string("vendor").value_or("");
  device.release_year = file.optional_size("release_year", kLastYear);
  read_peaks(file, faults, replaced, device);
  FigureReader figures(file, faults, replaced, "");
  read_memory(figures, device);
  read_rest(figures, device);
  read_link(file, faults, replaced, device);
  device.conflicts = file.strings("conflicts");
  file.refuse_unknown_keys();
  if (!faults.empty()) return fail(std::move(faults));
  device.assumptions = std::move(what_ifs).assumptions();
  return device;
}

}  // namespace ridgepoint::hardware
