// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ridgepoint/hardware/device.hpp"
#include "ridgepoint/model/architecture.hpp"
#include "ridgepoint/report/table.hpp"

namespace ridgepoint::report {

std::string device_title(const hardware::Device& device);  ///< "NVIDIA H100 SXM", or its name
/// "llama-2-13b on NVIDIA H100 SXM"
std::string model_on_device(const model::Architecture& architecture,
                            const hardware::Device& device);

std::vector<std::string> escaped(const std::vector<std::string>& sentences);  ///< for Markdown

/// A section of Markdown with a list of sentences; nothing where there are none.
std::string markdown_section(std::string_view heading, const std::vector<std::string>& sentences);

/// An answer in Markdown: a heading, a list of items (Markdown themselves), tables, and what was
/// assumed.
std::string markdown_answer(const std::string& headline, const std::vector<std::string>& items,
                            const std::vector<Table>& tables,
                            const std::vector<std::string>& assumptions);
std::string markdown_answer(const std::string& headline, const std::vector<std::string>& items,
                            const Table& table, const std::vector<std::string>& assumptions);

}  // namespace ridgepoint::report
