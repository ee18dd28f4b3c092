// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "ridgepoint/core/quantity.hpp"

namespace ridgepoint {

/// Numbers as people read them: never in scientific notation, commas between thousands, the same
/// in every locale.

/// `digits` significant digits, and never fewer than the integer part has: 8.02, 0.00802, 127,
/// 26,870. Not a number and infinities print as "nan" and "inf".
std::string format_number(double value, int digits = 3);

/// 13,015,864,320
std::string format_integer(std::int64_t value);

/// 512 B, 25.0 GiB: the largest binary unit that leaves at least 1.
std::string format_bytes(double bytes, int digits = 3);

/// What a terminal can show: µ or u, × or x.
enum class Charset { utf8, ascii };

/// 8.02 ms, 41.3 µs, 1.25 s: the largest unit that leaves at least 1, ns to s.
std::string format_time(Seconds time, int digits = 3, Charset charset = Charset::utf8);

std::string format_compute_rate(FlopsPerSecond rate, int digits = 3);  ///< 989 TFLOP/s
std::string format_bandwidth(BytesPerSecond rate, int digits = 3);     ///< 3.35 TB/s

/// The shortest decimal that reads back as the same double, without an exponent within
/// [1e-7, 1e17): for JSON and CSV, where full precision counts.
std::string format_exact(double value);

}  // namespace ridgepoint
