// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "report/envelope.hpp"
#include "report/roofline_words.hpp"
#include "report/text.hpp"
#include "ridgepoint/report/catalog_report.hpp"

namespace ridgepoint::report {
namespace {

using hardware::Device;

/// One figure of a device as every format shows it.
struct DeviceFigure {
  std::string key;    ///< in JSON and CSV: base units, the unit in the name
  std::string title;  ///< "dense bf16 peak"
  Json value;         ///< in base units
  std::string words;  ///< "989.4 TFLOP/s"
  std::string source;
  std::string note;
};

/// Collects the figures that a device has, in the order in which people ask for them.
class FigureList {
 public:
  template <class Q>
  void add(std::string key, std::string title, const hardware::Figure<Q>& figure, Json value,
           std::string words) {
    figures_.push_back({std::move(key), std::move(title), std::move(value), std::move(words),
                        figure.source, figure.note});
  }
  template <class Q, class Words>
  void add(std::string key, std::string title, const std::optional<hardware::Figure<Q>>& figure,
           Words words) {
    if (figure) add(std::move(key), std::move(title), *figure, figure->value, words(figure->value));
  }
  std::vector<DeviceFigure> take() && { return std::move(figures_); }

 private:
  std::vector<DeviceFigure> figures_;
};

std::string bytes_words(std::int64_t bytes) {
  return fmt::format("{} ({} B)", format_bytes(static_cast<double>(bytes)), format_integer(bytes));
}

void add_link(FigureList& list, const hardware::Link& link) {
  const auto& bandwidth = link.bandwidth_per_direction;
  list.add("link_bandwidth_per_direction_bytes_per_s", link.technology + " per direction",
           bandwidth, bandwidth.value.value(), format_bandwidth(bandwidth.value));
  list.add("link_domain", link.technology + " domain", link.domain, link.domain.value,
           fmt::format("{} devices", format_integer(link.domain.value)));
  if (const auto& topology = link.topology) {
    const std::string word(name(topology->value));
    list.add("link_topology", link.technology + " topology", *topology, word, word);
  }
  list.add("link_in_switch_reduction", link.technology + " reduction in the switches",
           link.in_switch_reduction, [](bool yes) { return yes ? "yes" : "no"; });
}

/// What leaves the domain, or a card without links.
void add_network(FigureList& list, const Device& device) {
  if (const auto& network = device.network_bandwidth) {
    list.add("network_bandwidth_bytes_per_s", "network per direction, to other domains", *network,
             network->value.value(), format_bandwidth(network->value));
  }
  list.add("pcie", "PCIe", device.pcie, [&](const std::string& text) {
    const auto bandwidth = hardware::pcie_bandwidth(device);
    return bandwidth ? fmt::format("{} ({} per direction)", text, format_bandwidth(*bandwidth))
                     : text;
  });
}

std::vector<DeviceFigure> figures(const Device& device) {
  FigureList list;
  for (const hardware::DensePeak& peak : device.dense_peaks) {
    list.add(fmt::format("dense_peak_{}_flops_per_s", name(peak.type)),
             fmt::format("dense {} peak", name(peak.type)), peak.figure, peak.figure.value.value(),
             peak_words(peak));
  }
  const auto& bandwidth = device.memory_bandwidth;
  list.add("memory_bandwidth_bytes_per_s", "memory bandwidth", bandwidth, bandwidth.value.value(),
           format_bandwidth(bandwidth.value, 4));
  const auto& capacity = device.memory_capacity_bytes;
  list.add("memory_capacity_bytes", "memory capacity", capacity, capacity.value,
           bytes_words(capacity.value));
  list.add("reported_capacity_bytes", "capacity as the driver reports it",
           device.reported_capacity_bytes, bytes_words);
  list.add("last_level_cache_bytes", "last-level cache", device.last_level_cache_bytes,
           bytes_words);
  list.add("compute_units", "compute units", device.compute_units, format_integer);
  list.add("fma_lanes_per_unit", "FMA lanes per unit at 16 bits", device.fma_lanes_per_unit,
           format_integer);
  if (const auto& clock = device.boost_clock) {
    list.add("boost_clock_hz", "boost clock", *clock, clock->value.value(),
             format_number(clock->value.value() / 1e9) + " GHz");
  }
  if (device.link) add_link(list, *device.link);
  add_network(list, device);
  list.add("power_watts", "power", device.power_watts,
           [](double watts) { return format_number(watts) + " W"; });
  list.add("price_dollars_per_hour", "price", device.price_dollars_per_hour,
           [](double dollars) { return format_number(dollars) + " $/h"; });
  return std::move(list).take();
}

/// The figures that at least one device has, each where its first owner has it.
std::vector<std::string> keys_of_any(const std::vector<Device>& devices) {
  std::vector<std::string> keys;
  for (const Device& device : devices) {
    auto next = keys.begin();
    for (const DeviceFigure& figure : figures(device)) {
      const auto known = std::find(keys.begin(), keys.end(), figure.key);
      next = (known == keys.end() ? keys.insert(next, figure.key) : known) + 1;
    }
  }
  return keys;
}

/// bf16, or fp16 where that is all a device has (V100, T4).
DataType half_type(const Device& device) {
  const auto has = [&](DataType type) {
    return std::any_of(device.dense_peaks.begin(), device.dense_peaks.end(),
                       [&](const hardware::DensePeak& peak) { return peak.type == type; });
  };
  return !has(DataType::bf16) && has(DataType::fp16) ? DataType::fp16 : DataType::bf16;
}

/// The ridge point at a type, where the device has a peak of that very type.
double ridge(const Device& device, DataType type) {
  for (const hardware::DensePeak& peak : device.dense_peaks) {
    if (peak.type == type) return (peak.figure.value / device.memory_bandwidth.value).value();
  }
  return 0;
}

double peak_tflops(const Device& device, DataType type) {
  for (const hardware::DensePeak& peak : device.dense_peaks) {
    if (peak.type == type) return peak.figure.value.value() / 1e12;
  }
  return 0;
}

double gigabytes(BytesPerSecond bandwidth) { return bandwidth.value() / 1e9; }

Table overview(const std::vector<Device>& devices) {
  Table table{{{"device", "", Align::left, 0},
               {"name", "", Align::left, 3},
               {"16 bit", "TFLOP/s", Align::point, 0},
               {"fp8", "TFLOP/s", Align::point, 2},
               {"bandwidth", "TB/s", Align::point, 0},
               {"memory", "GiB", Align::point, 1},
               {"ridge 16 bit", "FLOP/B", Align::point, 0},
               {"link", "GB/s", Align::point, 4},
               {"domain", "devices", Align::right, 5},
               {"network", "GB/s", Align::point, 6}},
              {},
              {}};
  const auto figure = [](double value) {
    return value == 0 ? Cell("–", Tone::faint) : Cell(format_number(value));
  };
  for (const Device& device : devices) {
    const auto capacity = static_cast<double>(device.memory_capacity_bytes.value);
    const DataType half = half_type(device);
    const auto& link = device.link;
    const auto& network = device.network_bandwidth;
    table.rows.push_back({device.name, device.title, figure(peak_tflops(device, half)),
                          figure(peak_tflops(device, DataType::fp8)),
                          format_number(device.memory_bandwidth.value.value() / 1e12),
                          format_number(capacity / (1024.0 * 1024.0 * 1024.0)),
                          figure(ridge(device, half)),
                          figure(link ? gigabytes(link->bandwidth_per_direction.value) : 0),
                          link ? Cell(format_integer(link->domain.value)) : Cell("–", Tone::faint),
                          figure(network ? gigabytes(network->value) : 0)});
  }
  return table;
}

Table sheet(const Device& device) {
  Table table{{{"figure", "", Align::left, 0},
               {"value", "", Align::left, 0},
               {"source", "", Align::left, 0}},
              {},
              {}};
  for (const DeviceFigure& figure : figures(device)) {
    const std::string note = figure.note.empty() ? "" : fmt::format(" ({})", figure.note);
    table.rows.push_back({figure.title, figure.words, figure.source + note});
  }
  return table;
}

std::string csv_value(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return format_exact(value.get<double>());
  return value.dump();
}

std::string title_of(const Device& device) {
  return device.title.empty() ? device.name : fmt::format("{} ({})", device.title, device.name);
}

Json to_object(const Device& device) {
  Json object{{"name", device.name},           {"title", device.title},
              {"vendor", device.vendor},       {"aliases", device.aliases},
              {"origin", device.origin},       {"figures", Json::object()},
              {"ridge_point", Json::object()}, {"conflicts", device.conflicts}};
  for (const DeviceFigure& figure : figures(device)) {
    object["figures"][figure.key] = {
        {"value", figure.value}, {"source", figure.source}, {"note", figure.note}};
  }
  for (const hardware::DensePeak& peak : device.dense_peaks) {
    object["ridge_point"][std::string(name(peak.type))] = ridge(device, peak.type);
  }
  return object;
}

}  // namespace

std::string to_text(const std::vector<Device>& devices, const Terminal& terminal) {
  return to_text(overview(devices), terminal);
}

std::string to_markdown(const std::vector<Device>& devices) {
  return to_markdown(overview(devices));
}

std::string to_json(const std::vector<Device>& devices) {
  Json document = envelope("devices", Json::object(), {});
  document["devices"] = Json::array();
  for (const Device& device : devices) document["devices"].push_back(to_object(device));
  return dump(document);
}

std::string to_csv(const std::vector<Device>& devices) {
  Table table;
  for (const char* key : {"name", "title", "vendor"}) {
    table.columns.push_back({key, "", Align::left, 0});
  }
  const std::vector<std::string> keys = keys_of_any(devices);
  for (const std::string& key : keys) table.columns.push_back({key, "", Align::left, 0});
  for (const Device& device : devices) {
    std::vector<Cell> row{device.name, device.title, device.vendor};
    const std::vector<DeviceFigure> own = figures(device);
    for (const std::string& key : keys) {
      const auto figure = std::find_if(own.begin(), own.end(),
                                       [&](const DeviceFigure& one) { return one.key == key; });
      row.emplace_back(figure == own.end() ? "" : csv_value(figure->value));
    }
    table.rows.push_back(std::move(row));
  }
  return to_csv(table);
}

std::string to_text(const Device& device, const Terminal& terminal) {
  std::string out = bold(wrapped(title_of(device), terminal), terminal);
  const DataType half = half_type(device);
  if (const double at_half = ridge(device, half); at_half > 0) {
    out +=
        wrapped(fmt::format("Ridge point at {}: {} FLOP/byte.", name(half), format_number(at_half)),
                terminal);
  }
  out += "\n";
  for (const DeviceFigure& figure : figures(device)) {
    const std::string note = figure.note.empty() ? "" : fmt::format("; {}", figure.note);
    out += bold(wrapped(fmt::format("{}: {}", figure.title, figure.words), terminal), terminal);
    out += "  " + wrapped(fmt::format("{}{}", figure.source, note), terminal, 2);
  }
  if (!device.conflicts.empty())
    out += "\n" + listed("Where sources disagree", device.conflicts, terminal);
  if (!device.assumptions.empty())
    out += "\n" + listed("Assumptions", device.assumptions, terminal);
  return out + "\n" + wrapped("Also called " + joined(device.aliases) + ".", terminal);
}

std::string to_markdown(const Device& device) {
  std::string out = fmt::format("# {}\n\n", escape_markdown(title_of(device)));
  out += to_markdown(sheet(device));
  for (const std::string& sentence : device.conflicts) {
    out += fmt::format("\n- {}", escape_markdown(sentence));
  }
  return device.conflicts.empty() ? out : out + "\n";
}

std::string to_json(const Device& device) {
  Json document = envelope("devices", {{"device", device.name}, {"device_origin", device.origin}},
                           device.assumptions);
  document.update(to_object(device));
  return dump(document);
}

std::string to_csv(const Device& device) {
  Table table;
  for (const char* key : {"device", "figure", "value", "source", "note"}) {
    table.columns.push_back({key, "", Align::left, 0});
  }
  for (const DeviceFigure& figure : figures(device)) {
    table.rows.push_back(
        {device.name, figure.key, csv_value(figure.value), figure.source, figure.note});
  }
  return to_csv(table);
}

}  // namespace ridgepoint::report
