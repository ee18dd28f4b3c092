// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "hardware/what_if.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/core/json_reader.hpp"
#include "ridgepoint/core/names.hpp"
#include "ridgepoint/core/text.hpp"
#include "ridgepoint/core/units.hpp"
#include "ridgepoint/hardware/device.hpp"

namespace ridgepoint::hardware {
namespace {

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
  FigureReader(json::Reader& object, Diagnostics& faults, const ReplacedFigures& replaced,
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
  const ReplacedFigures* replaced_;
  std::string prefix_;
};

void read_peaks(json::Reader& file, Diagnostics& faults, const ReplacedFigures& replaced,
                Device& device) {
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

void read_link(json::Reader& file, Diagnostics& faults, const ReplacedFigures& replaced,
               Device& device) {
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
  AppliedWhatIfs applied = apply_what_ifs(overrides, *root, faults);
  const ReplacedFigures& replaced = applied.replaced;
  device.assumptions = std::move(applied.assumptions);

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
  return device;
}

}  // namespace ridgepoint::hardware
