// SPDX-License-Identifier: Apache-2.0
#include "report/html_page.hpp"

#include "report/theme.hpp"
#include "report/version.hpp"
#include "report/xml.hpp"

namespace ridgepoint::report {

std::string html_page(std::string_view title, std::string_view body) {
  XmlWriter out;
  out.open("html", {{"lang", "en"}}).open("head");
  out.empty("meta", {{"charset", "utf-8"}});
  out.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  out.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  out.element("title", {}, title);
  out.open("style").raw(picture_css()).raw(page_css()).close().close();
  out.open("body").open("main").raw(body);
  out.open("footer")
      .text("Made by Ridgepoint ")
      .text(version())
      .text(
          ". Floor: the compulsory work at full peak, perfectly overlapped. Bound: the sum over "
          "operators of the larger of compute and memory time. Both are limits, not measurements.");
  out.close().close().close().close();
  return "<!DOCTYPE html>\n" + std::move(out).take() + "\n";
}

}  // namespace ridgepoint::report
