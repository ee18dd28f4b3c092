// SPDX-License-Identifier: Apache-2.0
#include "app/serve_words.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "app/words.hpp"

namespace ridgepoint::app {
namespace {

using report::Engine;

bool is_blank(const std::string& word) {
  return word.find_first_not_of(" \t\r\n\\") == std::string::npos;
}

std::string_view file_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace

Result<std::vector<std::string>> line_words(const std::vector<std::string>& words) {
  std::vector<std::string> all;
  for (const std::string& word : words) {
    const bool is_json = word.find('{') != std::string::npos;
    const bool is_whole = words.size() == 1 || (word.find('\n') != std::string::npos && !is_json);
    if (!is_whole) {
      if (!is_blank(word)) all.push_back(word);
      continue;
    }
    auto more = split_words(word, "--");
    if (!more) return more;
    for (std::string& one : *more) {
      if (!is_blank(one)) all.push_back(std::move(one));
    }
  }
  return all;
}

std::optional<EngineStart> find_engine(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view program = file_name(words[i]);
    const std::string next = i + 1 < words.size() ? words[i + 1] : "";
    if (program == "vllm" && next == "serve") return EngineStart{Engine::vllm, i + 2};
    if (program == "sglang" && next == "serve") return EngineStart{Engine::sglang, i + 2};
    if (program == "trtllm-serve") {
      return EngineStart{Engine::tensorrt_llm, i + (next == "serve" ? 2U : 1U)};
    }
    if (words[i] == "-m" && next.starts_with("vllm.")) return EngineStart{Engine::vllm, i + 2};
    if (words[i] == "-m" && next.starts_with("sglang.")) return EngineStart{Engine::sglang, i + 2};
    if (program.starts_with("vllm-openai")) return EngineStart{Engine::vllm, i + 1};
  }
  return std::nullopt;
}

bool ends_command(const std::string& word) {
  constexpr std::array<std::string_view, 5> kOperators{"&&", "||", ";", "|", "&"};
  return std::find(kOperators.begin(), kOperators.end(), word) != kOperators.end() ||
         word.starts_with('>') || word.starts_with("2>") || word.starts_with("&>") ||
         word.starts_with('#');
}

bool is_serve_flag(const std::string& word) {
  return word.size() > 1 && word[0] == '-' &&
         std::isdigit(static_cast<unsigned char>(word[1])) == 0;
}

}  // namespace ridgepoint::app
