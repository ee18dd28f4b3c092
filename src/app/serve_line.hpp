// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/verb.hpp"
#include "ridgepoint/report/serving_commands.hpp"

namespace ridgepoint::app {

/// What a line that starts an engine says, in the options of a verb.
struct ServeLine {
  report::Engine engine = report::Engine::vllm;
  std::vector<std::pair<std::string, std::string>> settings;  ///< option (or MODEL) and value
  std::optional<std::string> memory_fraction;  ///< as SGLang or TensorRT-LLM define theirs
  std::vector<std::string> not_understood;     ///< flags
  std::vector<std::string> not_counted;        ///< flags that matter, which we cannot express
  std::vector<std::string> remarks;
};

/// Whether a verb is about a deployment: then "-- vllm serve …" describes it.
bool takes_serve_line(const Verb& verb);

/// Reads "vllm serve MODEL -tp 4 …", "python -m sglang.launch_server --model-path MODEL …",
/// "trtllm-serve MODEL …", with whatever stands in front (assignments, uv run, mpirun, docker run),
/// as words or all in one word. All faults at once.
Result<ServeLine> read_serve_line(const std::vector<std::string>& words);

/// Puts into `arguments` what they do not say themselves: the line's settings, then what its
/// engine would choose. Returns remarks on all that is not as the line says.
std::vector<std::string> take_serve_line(const Verb& verb, const ServeLine& line,
                                         Arguments& arguments);

/// Once the defaults are in: the share of the memory that the line's own fraction comes to.
void settle_memory_fraction(const ServeLine& line, Arguments& arguments);

}  // namespace ridgepoint::app
