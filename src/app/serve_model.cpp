// SPDX-License-Identifier: Apache-2.0
#include "app/serve_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <map>
#include <string_view>
#include <system_error>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/core/names.hpp"

namespace ridgepoint::app {
namespace {

/// Ends of names on the hub: what weights they tell of; empty where it is the same architecture.
struct Ending {
  std::string_view text;
  std::string_view weights;
};
constexpr std::array<Ending, 20> kEndings{{{"-fp8-dynamic", "fp8"},
                                           {"-fp8-kv", "fp8"},
                                           {"-fp8", "fp8"},
                                           {"-awq-int4", "int4"},
                                           {"-awq", "int4"},
                                           {"-gptq-int4", "int4"},
                                           {"-gptq-int8", "int8"},
                                           {"-gptq", "int4"},
                                           {"-quantized.w4a16", "int4"},
                                           {"-quantized.w8a8", "int8"},
                                           {"-w4a16", "int4"},
                                           {"-w8a8", "int8"},
                                           {"-nvfp4", "nvfp4"},
                                           {"-fp4", "nvfp4"},
                                           {"-mxfp4", "mxfp4"},
                                           {"-instruct", ""},
                                           {"-chat", ""},
                                           {"-it", ""},
                                           {"-base", ""},
                                           {"-hf", ""}}};

std::string without_publisher(const std::string& name) { return name.substr(name.rfind('/') + 1); }

/// The catalogue's names by those on the hub without their publisher, and by their own.
std::map<std::string, std::string> names_without_publisher() {
  std::map<std::string, std::string> names;
  for (const catalog::ModelEntry& entry : catalog::models()) {
    names.emplace(normalized(entry.name), entry.name);
    for (const std::string& alias : entry.aliases) {
      names.emplace(normalized(without_publisher(alias)), entry.name);
    }
  }
  return names;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool is_known(const std::string& typed) {
  std::error_code error;
  return typed.find('/') == std::string::npos || std::filesystem::exists(typed, error) ||
         catalog::find_model_entry(typed).has_value();
}

}  // namespace

NamedModel known_model(const std::string& typed) {
  if (is_known(typed) || typed.starts_with('.') || typed.starts_with('/')) return {typed, {}, {}};
  const auto names = names_without_publisher();
  std::string rest = lower(without_publisher(typed));
  std::string weights;
  for (;;) {
    const auto found = names.find(normalized(rest));
    if (found != names.end()) {
      const std::string as = weights.empty() ? "" : fmt::format(" with {} weights", weights);
      return {found->second, weights,
              fmt::format("{} is taken for {}{}", typed, found->second, as)};
    }
    const auto ending = std::find_if(kEndings.begin(), kEndings.end(),
                                     [&](const Ending& row) { return rest.ends_with(row.text); });
    if (ending == kEndings.end()) return {typed, {}, {}};
    rest.resize(rest.size() - ending->text.size());
    if (weights.empty()) weights = ending->weights;
  }
}

}  // namespace ridgepoint::app
