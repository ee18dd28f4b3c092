// SPDX-License-Identifier: Apache-2.0
#include "model/choose_family.hpp"

#include <fmt/format.h>

#include <string>

#include "model/mixers.hpp"

namespace ridgepoint::model {
namespace {

using json::Keys;
using json::Kind;
using json::Reader;
using json::Value;

/// Keys without which no geometry can be read.
Diagnostics unreadable(const Reader& reader, const std::string& type) {
  std::string missing;
  const auto need = [&](const Keys& keys) {
    if (reader.has(keys)) return;
    missing += fmt::format("{}{}", missing.empty() ? "" : ", ", keys.spellings().front());
  };
  need(hidden_keys());
  need(layer_keys());
  need(vocabulary_keys());
  need(head_keys());
  if (missing.empty() || type.empty()) return {};
  return {
      {reader.where("model_type"),
       fmt::format("\"{}\" is unknown, and its geometry cannot be read: missing {}", type, missing),
       "a config.json of an unknown family needs these keys, or their usual other spellings"}};
}

}  // namespace

const Family* choose_family(const Value& root, Reader& reader, Diagnostics& faults,
                            Architecture& out) {
  std::string type = reader.optional_string("model_type").value_or("");
  if (const std::string_view reason = reason_uncovered(type); !reason.empty()) {
    faults.push_back({reader.where("model_type"),
                      fmt::format("\"{}\" cannot be counted: {}", type, reason),
                      "`ridgepoint models` lists models of families that can be"});
    return nullptr;
  }
  // The files of state-spaces/mamba name no type, but the keys of their mixer.
  if (type.empty() && root.find("ssm_cfg") != nullptr) type = "mamba_ssm";
  const Value* classes = root.find("architectures");
  const bool has_class = classes != nullptr && classes->kind == Kind::list &&
                         !classes->items.empty() && classes->items[0].kind == Kind::string;
  const std::string class_name = has_class ? classes->items[0].text : "";
  const Family* row = find_family(type);
  const Value* outer = root.find("model_type");  // of a wrapper whose inner part has no row
  if (row == nullptr && outer != nullptr) row = find_family(outer->text);
  out.family = type.empty() ? "llama" : type;
  if (row != nullptr) return row;
  row = family_of_class(class_name);
  if (row != nullptr) {
    out.assumptions.push_back(fmt::format("model_type {}: read as {}, the family of {}",
                                          type.empty() ? "absent" : type + " unknown", row->name,
                                          class_name));
    out.family = type.empty() ? std::string(row->name) : type;
    return row;
  }
  if (Diagnostics missing = unreadable(reader, type); !missing.empty()) {
    faults = std::move(missing);
    return nullptr;
  }
  out.assumptions.push_back(
      type.empty() ? "model_type absent: read by its geometry, as llama"
                   : fmt::format("model_type {} unknown: read by its geometry, as llama with the "
                                 "parts that its keys name",
                                 type));
  return &geometry_family();
}

}  // namespace ridgepoint::model
