// SPDX-License-Identifier: Apache-2.0
// Any bytes to the readers of quantities, number lists and overrides on the command line.
#include <cmath>
#include <cstdint>
#include <string_view>

#include "fuzz/require.hpp"
#include "ridgepoint/core/numbers.hpp"
#include "ridgepoint/core/override.hpp"
#include "ridgepoint/core/units.hpp"

namespace {

using ridgepoint::require;

template <class T>
void check(const ridgepoint::Result<T>& result) {
  if (result) return;
  require(!result.error().empty(), "a failure has a fault");
  for (const ridgepoint::Diagnostic& fault : result.error()) {
    require(!fault.help.empty(), "a fault says what to do");
    require(ridgepoint::first_stray_byte(fault.what) == std::string_view::npos,
            "a fault is valid UTF-8");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ridgepoint;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Result<BytesPerSecond> bandwidth = parse_bandwidth(text, "x");
  check(bandwidth);
  require(!bandwidth || (std::isfinite(bandwidth->value()) && bandwidth->value() > 0),
          "a bandwidth is positive");
  const Result<std::int64_t> bytes = parse_byte_count(text, "x");
  check(bytes);
  require(!bytes || *bytes > 0, "a size is positive");
  check(parse_compute_rate(text, "x"));
  check(parse_time(text, "x"));
  check(parse_override(text, "x"));
  const Result<std::vector<std::int64_t>> counts = parse_counts(text, "x", {1, 1000});
  check(counts);
  for (const std::int64_t count : counts.value_or(std::vector<std::int64_t>{})) {
    require(count >= 1 && count <= 1000, "a count is within its bounds");
  }
  return 0;
}
