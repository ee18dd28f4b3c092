// SPDX-License-Identifier: Apache-2.0
#include "distribute/packed_texts.hpp"

#include <charconv>

namespace ridgepoint::distribute {

std::string packed(const Texts& texts) {
  std::string bytes;
  for (const std::string& text : texts) bytes += std::to_string(text.size()) + ':' + text;
  return bytes;
}

Texts unpacked(std::string_view bytes) {
  Texts texts;
  while (!bytes.empty()) {
    std::size_t size = 0;
    const char* const colon = std::from_chars(bytes.data(), bytes.data() + bytes.size(), size).ptr;
    bytes.remove_prefix(static_cast<std::size_t>(colon - bytes.data()) + 1);
    texts.emplace_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return texts;
}

}  // namespace ridgepoint::distribute
