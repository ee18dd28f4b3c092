// SPDX-License-Identifier: Apache-2.0
#include "report/envelope.hpp"

namespace ridgepoint::report {

std::string_view version() { return RIDGEPOINT_VERSION; }

Json envelope(std::string_view verb, Json inputs, const std::vector<std::string>& assumptions) {
  Json document;
  document["schema"] = "ridgepoint/" + std::string(verb) + "/1";
  document["version"] = version();
  document["inputs"] = std::move(inputs);
  document["assumptions"] = assumptions;
  return document;
}

Json json_number(const Count& count) {
  if (const auto integer = count.to_integer()) return *integer;
  return count.to_double();
}

std::string dump(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace ridgepoint::report
