// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "report/version.hpp"
#include "ridgepoint/core/count.hpp"

namespace ridgepoint::report {

using Json = nlohmann::ordered_json;

/// What every JSON answer begins with: schema, version, inputs, assumptions.
Json envelope(std::string_view verb, Json inputs, const std::vector<std::string>& assumptions);

/// An exact count: an integer, or a decimal number where it is a fraction.
Json json_number(const Count& count);

/// The document: indented by two, valid UTF-8 whatever the names hold, a line feed at the end.
std::string dump(const Json& document);

}  // namespace ridgepoint::report
