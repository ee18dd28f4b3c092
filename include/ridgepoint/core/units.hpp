// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "ridgepoint/core/count.hpp"
#include "ridgepoint/core/quantity.hpp"
#include "ridgepoint/core/result.hpp"

namespace ridgepoint {

/// Readers of quantities with a unit: "3.35 TB/s", "80GiB", "989.4 TFLOP/s", "4.29 $/h". Prefixes
/// are decimal (k, M, G, T, P, E; K too) or, for bytes, binary (Ki … Pi). The value is the double
/// nearest to what is written: 3.35 TB/s is 3350000000000 exactly. Values must be positive and
/// finite. `where` is the place for diagnostics.
Result<FlopsPerSecond> parse_compute_rate(std::string_view text, std::string_view where);
Result<BytesPerSecond> parse_bandwidth(std::string_view text, std::string_view where);
Result<PerSecond> parse_frequency(std::string_view text, std::string_view where);
Result<Seconds> parse_time(std::string_view text, std::string_view where);
Result<double> parse_watts(std::string_view text, std::string_view where);
Result<double> parse_dollars_per_hour(std::string_view text, std::string_view where);

/// What answers cost, in limits: "1.2k tokens/s", "0.5 $/Mtok" (dollars for a million tokens),
/// "2 J/token"; a number without a unit is in these.
Result<double> parse_token_rate(std::string_view text, std::string_view where);
Result<double> parse_token_price(std::string_view text, std::string_view where);
Result<double> parse_token_energy(std::string_view text, std::string_view where);
/// What comes to a server: "20", "20 requests/s", "1.2k req/s".
Result<double> parse_request_rate(std::string_view text, std::string_view where);

/// "80 GB" is 80000000000, "80 GiB" 85899345920. A part of a byte that a prefix leaves ("79.65
/// GiB") is cut off.
Result<std::int64_t> parse_byte_count(std::string_view text, std::string_view where);

/// A plain count: "4096", "8k" (8000), "8K" (8192), m and M, g and G likewise; "0.5k" is 500.
/// An error when it is not a whole number or not within [minimum, maximum].
struct CountBounds {
  std::int64_t minimum = 1;
  std::int64_t maximum = std::int64_t{1} << 40;
};
Result<std::int64_t> parse_count(std::string_view text, std::string_view where,
                                 CountBounds bounds = {});

/// A plain decimal number from `least` to 1000 with at most six decimals, exactly ("1.25").
Result<Count> parse_ratio(std::string_view text, std::string_view where, std::int64_t least);

}  // namespace ridgepoint
