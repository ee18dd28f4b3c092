// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <nlohmann/json.hpp>

#include "ridgepoint/efficiency/profile.hpp"

namespace ridgepoint::efficiency {
namespace {

using Json = nlohmann::ordered_json;

/// Without what has no words: readers refuse empty texts.
Json without_empty_texts(const Json& object) {
  Json out = Json::object();
  for (const auto& [key, value] : object.items()) {
    if (value != "") out[key] = value;
  }
  return out;
}

Json numbers_by_name(std::span<const CoefficientFacts> facts, const std::vector<double>& values) {
  Json out = Json::object();
  for (std::size_t i = 0; i < facts.size(); ++i) out[std::string(facts[i].name)] = values[i];
  return out;
}

Json to_json(const Correction& correction) {
  Json out{{"axes", Json::array()}, {"values", correction.values}};
  for (const Axis& axis : correction.axes) {
    out["axes"].push_back({{"first", axis.first}, {"step", axis.step}, {"knots", axis.knots}});
  }
  if (!correction.features.empty()) out["features"] = correction.features;
  if (correction.factor) out["factor"] = *correction.factor;
  if (!correction.algorithms.empty()) out["algorithms"] = correction.algorithms;
  return out;
}

Json to_json(const Band& band) {
  Json out = Json::array();
  for (const Band::Class& each : band.classes) {
    out.push_back({{"below_s", each.below_s}, {"low", each.low}, {"high", each.high}});
  }
  return out;
}

Json to_json(const Evidence& evidence) {
  return without_empty_texts({{"sources", evidence.sources},
                              {"rows", evidence.rows},
                              {"groups", evidence.groups},
                              {"left_out_mdape", evidence.left_out_mdape},
                              {"transferred_from", evidence.transferred_from}});
}

Json to_json(const KernelProfile& kernel) {
  const auto facts = form(kernel.kind).coefficients;
  Json out{{"class", name(kernel.kind)},
           {"stack", kernel.stack},
           {"kernel", kernel.kernel},
           {"compute", kernel.compute},
           {"cache", kernel.cache},
           {"coefficients", numbers_by_name(facts, kernel.coefficients)},
           {"spread", numbers_by_name(facts, kernel.spread)},
           {"band", to_json(kernel.band)},
           {"evidence", to_json(kernel.evidence)}};
  if (!kernel.corrections.empty()) out["corrections"] = Json::array();
  for (const Correction& each : kernel.corrections) out["corrections"].push_back(to_json(each));
  return without_empty_texts(out);
}

Json to_json(const ProfileSource& source) {
  return without_empty_texts(
      {{"name", source.name}, {"about", source.about}, {"rows", source.rows}});
}

/// Of an item of a list (without a key) or of an object.
std::string key_text(const Json& parent, const std::string& key) {
  return parent.is_object() ? Json(key).dump() + ": " : "";
}

std::string on_one_line(const Json& value) {
  if (!value.is_structured()) return value.dump();
  std::string text;
  for (const auto& [key, item] : value.items()) {
    text += (text.empty() ? "" : ", ") + key_text(value, key) + on_one_line(item);
  }
  return value.is_array() ? "[" + text + "]" : "{" + text + "}";
}

/// Text whose lines have a hundred columns: what fits on one stands there, and numbers fill theirs.
class Layout {
 public:
  std::string of(const Json& document) {
    put(document, 0);
    return std::move(text_) + "\n";
  }

 private:
  static constexpr std::size_t kColumns = 100;

  void put(const Json& value, std::size_t indent) {
    const std::string whole = on_one_line(value);
    const bool is_leaf = !value.is_structured() || value.empty();
    if (is_leaf || column_ + whole.size() < kColumns) {
      add(whole);
    } else {
      put_items(value, indent);
    }
  }

  void put_items(const Json& value, std::size_t indent) {
    const bool fills_lines =
        std::none_of(value.begin(), value.end(), [](const Json& i) { return i.is_structured(); });
    add(value.is_array() ? "[" : "{");
    bool is_first = true;
    for (const auto& [key, item] : value.items()) {
      const std::string name = key_text(value, key);
      if (!is_first) add(",");
      const bool fits =
          !is_first && fills_lines && column_ + name.size() + item.dump().size() + 2 < kColumns;
      if (fits) {
        add(" ");
      } else {
        break_line(indent + 1);
      }
      is_first = false;
      add(name);
      put(item, indent + 1);
    }
    break_line(indent);
    add(value.is_array() ? "]" : "}");
  }

  void add(std::string_view part) {
    text_ += part;
    column_ += part.size();
  }
  void break_line(std::size_t indent) {
    text_ += '\n';
    text_.append(indent, ' ');
    column_ = indent;
  }

  std::string text_;
  std::size_t column_ = 0;
};

}  // namespace

std::string write_profile(const Profile& profile) {
  Json document{{"schema", kProfileSchema}, {"device", profile.device}};
  for (const ProfileSource& source : profile.sources) {
    document["sources"].push_back(to_json(source));
  }
  document["kernels"] = Json::array();
  for (const KernelProfile& kernel : profile.kernels) {
    document["kernels"].push_back(to_json(kernel));
  }
  return Layout().of(document);
}

}  // namespace ridgepoint::efficiency
