// SPDX-License-Identifier: Apache-2.0
#include "report/page_parts.hpp"

#include <fmt/format.h>

#include "ridgepoint/core/format.hpp"

namespace ridgepoint::report {
namespace {

template <class T>
SourcedFigure sourced(std::string name, std::string value, const hardware::Figure<T>& figure) {
  const std::string note = figure.note.empty() ? "" : fmt::format(" ({})", figure.note);
  return {std::move(name), std::move(value), figure.source + note};
}

}  // namespace

void write_head(XmlWriter& out, const PageHead& head) {
  out.open("header");
  out.element("p", {{"class", "eyebrow"}}, head.verb);
  out.element("h1", {}, head.title);
  out.element("p", {{"class", "setting"}}, head.setting);
  out.open("div", {{"class", "lead"}});
  for (const std::string& sentence : head.lead) out.element("p", {}, sentence);
  out.close().close();
}

void write_facts(XmlWriter& out, const std::vector<Fact>& facts) {
  out.open("dl", {{"class", "facts"}});
  for (const Fact& fact : facts) {
    out.open("div").element("dt", {}, fact.name).open("dd").text(fact.figure + " ");
    if (!fact.unit.empty()) out.element("small", {}, fact.unit);
    out.close().close();
  }
  out.close();
}

void write_figure(XmlWriter& out, const Drawing& drawing, std::string_view caption) {
  if (drawing.wide.empty()) return;
  out.open("figure").raw(drawing.wide).raw(drawing.narrow);
  out.element("figcaption", {}, caption).close();
}

void write_section(XmlWriter& out, std::string_view heading, const Drawing& drawing,
                   std::string_view caption) {
  if (drawing.wide.empty()) return;
  out.open("section").element("h2", {}, heading);
  write_figure(out, drawing, caption);
  out.close();
}

void write_table(XmlWriter& out, const Table& table, const char* css_class) {
  out.open("div", {{"class", css_class}}).raw(to_html(table)).close();
}

void write_list(XmlWriter& out, std::string_view heading,
                const std::vector<std::string>& sentences) {
  if (sentences.empty()) return;
  out.element("h2", {}, heading).open("ul");
  for (const std::string& sentence : sentences) out.element("li", {}, sentence);
  out.close();
}

void write_sources(XmlWriter& out, const std::vector<SourcedFigure>& figures) {
  out.element("h2", {}, "Sources");
  Table table{{{"figure", "", Align::left, 0},
               {"value", "", Align::left, 0},
               {"source", "", Align::left, 0}},
              {},
              {}};
  for (const SourcedFigure& figure : figures) {
    table.rows.push_back({figure.name, figure.value, figure.source});
  }
  write_table(out, table, "scroll sources");
}

SourcedFigure capacity_source(const hardware::Device& device) {
  const auto& figure = device.reported_capacity_bytes ? *device.reported_capacity_bytes
                                                      : device.memory_capacity_bytes;
  return sourced(device.reported_capacity_bytes ? "memory that the driver reports" : "memory",
                 fmt::format("{} ({} bytes)", format_bytes(static_cast<double>(figure.value)),
                             format_integer(figure.value)),
                 figure);
}

std::vector<SourcedFigure> device_sources(const hardware::Device& device) {
  std::vector<SourcedFigure> figures;
  for (const hardware::DensePeak& peak : device.dense_peaks) {
    figures.push_back(
        sourced(fmt::format("dense {} peak", name(peak.type)), peak_words(peak), peak.figure));
  }
  figures.push_back(sourced("memory bandwidth", format_bandwidth(device.memory_bandwidth.value),
                            device.memory_bandwidth));
  figures.push_back(capacity_source(device));
  if (device.link) {
    const auto& rate = device.link->bandwidth_per_direction;
    figures.push_back(
        sourced(device.link->technology + " per direction", format_bandwidth(rate.value), rate));
  }
  if (device.network_bandwidth) {
    figures.push_back(sourced("network bandwidth",
                              format_bandwidth(device.network_bandwidth->value),
                              *device.network_bandwidth));
  }
  if (device.power_watts) {
    figures.push_back(sourced("power limit",
                              fmt::format("{} W", format_number(device.power_watts->value)),
                              *device.power_watts));
  }
  if (device.price_dollars_per_hour) {
    figures.push_back(sourced(
        "price", fmt::format("${} an hour", format_number(device.price_dollars_per_hour->value)),
        *device.price_dollars_per_hour));
  }
  return figures;
}

}  // namespace ridgepoint::report
