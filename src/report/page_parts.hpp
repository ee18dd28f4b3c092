// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/roofline_words.hpp"
#include "report/xml.hpp"
#include "ridgepoint/hardware/device.hpp"
#include "ridgepoint/report/table.hpp"

namespace ridgepoint::report {

// What the pages of deployments are put together from.

struct PageHead {
  std::string verb;
  std::string title;
  std::string setting;
  std::vector<std::string> lead;  ///< the answer in sentences
};
void write_head(XmlWriter& out, const PageHead& head);

/// A figure to see at once: "TPOT", "7.95", "ms".
struct Fact {
  std::string name;
  std::string figure;
  std::string unit;
};
void write_facts(XmlWriter& out, const std::vector<Fact>& facts);

/// A picture for wide screens and one for phones.
struct Drawing {
  std::string wide;
  std::string narrow;
};
void write_figure(XmlWriter& out, const Drawing& drawing, std::string_view caption);
void write_section(XmlWriter& out, std::string_view heading, const Drawing& drawing,
                   std::string_view caption);

void write_table(XmlWriter& out, const Table& table, const char* css_class = "scroll");
/// A heading and a list; nothing when there are no sentences.
void write_list(XmlWriter& out, std::string_view heading,
                const std::vector<std::string>& sentences);
void write_sources(XmlWriter& out, const std::vector<SourcedFigure>& figures);

/// "GiB" figures with where they were read: what the driver reports, or the sheet says.
SourcedFigure capacity_source(const hardware::Device& device);
/// Of the rates too that times follow from: every peak, bandwidth, links.
std::vector<SourcedFigure> device_sources(const hardware::Device& device);

}  // namespace ridgepoint::report
