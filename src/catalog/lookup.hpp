// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/embedded.hpp"
#include "ridgepoint/core/result.hpp"

namespace ridgepoint::catalog {

/// One kind of thing in the catalogue, and the words for it.
struct Shelf {
  std::span<const EmbeddedFile> files;
  const char* aliases_key;    ///< where the files keep their aliases
  const char* noun;           ///< "device"
  const char* verb;           ///< that lists them: "devices"
  const char* file_it_takes;  ///< "a device file"
};

const Shelf& device_shelf();
const Shelf& model_shelf();

/// The file that a name or an alias means, case and punctuation forgiven; null when none.
const EmbeddedFile* find(const Shelf& shelf, std::string_view name);

/// The names of all files of a shelf.
std::vector<std::string> names(const Shelf& shelf);

/// The fault of an unknown name, with the nearest ones.
Diagnostics unknown(const Shelf& shelf, std::string_view name, std::string_view where);

/// True for what can only be meant as a path: "./x", "/x", "x.json", "x/".
bool is_written_as_path(std::string_view text);

}  // namespace ridgepoint::catalog
