// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "ridgepoint/core/result.hpp"
#include "ridgepoint/report/serving_commands.hpp"

namespace ridgepoint::app {

/// The words of a line that was pasted whole, or in pieces that still hold its line ends.
Result<std::vector<std::string>> line_words(const std::vector<std::string>& words);

struct EngineStart {
  report::Engine engine = report::Engine::vllm;
  std::size_t next = 0;  ///< the first word of its own
};

/// Where an engine is started, whatever stands in front of it.
std::optional<EngineStart> find_engine(const std::vector<std::string>& words);

/// Where a shell begins another command or turns a stream elsewhere.
bool ends_command(const std::string& word);

/// Whether a word of a line is a flag: "-3" is a number.
bool is_serve_flag(const std::string& word);

}  // namespace ridgepoint::app
