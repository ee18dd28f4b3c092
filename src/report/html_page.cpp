// SPDX-License-Identifier: Apache-2.0
#include "report/html_page.hpp"

#include "report/theme.hpp"
#include "report/version.hpp"
#include "report/xml.hpp"

namespace ridgepoint::report {

std::string html_page(std::string_view title, std::string_view body) {
  return html_page(
      title, body,
      "Floor: the compulsory work at full peak, perfectly overlapped. Bound: the sum over "
      "operators of the larger of compute and memory time. Both are limits, not measurements.");
}

std::string html_page(std::string_view title, std::string_view body, std::string_view note) {
  XmlWriter out;
  out.open("html", {{"lang", "en"}}).open("head");
  out.empty("meta", {{"charset", "utf-8"}});
  out.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  out.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  out.element("title", {}, title);
  out.open("style").raw(picture_css()).raw(page_css()).close().close();
  out.open("body").open("main").raw(body);
  out.open("footer").text("Made by Ridgepoint ").text(version()).text(". ").text(note);
  out.close().close().close().close();
  return "<!DOCTYPE html>\n" + std::move(out).take() + "\n";
}

}  // namespace ridgepoint::report
