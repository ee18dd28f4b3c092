// SPDX-License-Identifier: Apache-2.0
#include "report/answer_words.hpp"

#include <fmt/format.h>

#include "report/text.hpp"

namespace ridgepoint::report {

std::string device_title(const hardware::Device& device) {
  return device.title.empty() ? device.name : device.title;
}

std::string model_on_device(const model::Architecture& architecture,
                            const hardware::Device& device) {
  return fmt::format("{} on {}", architecture.name, device_title(device));
}

std::vector<std::string> escaped(const std::vector<std::string>& sentences) {
  std::vector<std::string> items;
  items.reserve(sentences.size());
  for (const std::string& sentence : sentences) items.push_back(escape_markdown(sentence));
  return items;
}

std::string markdown_section(std::string_view heading, const std::vector<std::string>& sentences) {
  if (sentences.empty()) return {};
  std::string out = fmt::format("\n## {}\n\n", heading);
  for (const std::string& item : escaped(sentences)) out += fmt::format("- {}\n", item);
  return out;
}

std::string markdown_answer(const std::string& headline, const std::vector<std::string>& items,
                            const std::vector<Table>& tables,
                            const std::vector<std::string>& assumptions) {
  std::string out = fmt::format("# {}\n\n", escape_markdown(headline));
  for (const std::string& item : items) out += fmt::format("- {}\n", item);
  for (const Table& table : tables) out += "\n" + to_markdown(table);
  out += "\n## Assumptions\n\n";
  for (const std::string& item : escaped(assumptions)) out += fmt::format("- {}\n", item);
  return out;
}

std::string markdown_answer(const std::string& headline, const std::vector<std::string>& items,
                            const Table& table, const std::vector<std::string>& assumptions) {
  return markdown_answer(headline, items, std::vector<Table>{table}, assumptions);
}

}  // namespace ridgepoint::report
