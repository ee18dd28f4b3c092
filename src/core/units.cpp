// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/core/units.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ridgepoint/core/decimal.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/core/names.hpp"
#include "ridgepoint/core/text.hpp"

namespace ridgepoint {
namespace {

struct Prefix {
  std::string_view text;
  int powers_of_ten;
  std::int64_t binary;  ///< 1 for a decimal prefix
};

constexpr std::array kNoPrefix{Prefix{"", 0, 1}};
constexpr std::array kDecimalPrefixes{Prefix{"", 0, 1},   Prefix{"k", 3, 1}, Prefix{"K", 3, 1},
                                      Prefix{"M", 6, 1},  Prefix{"G", 9, 1}, Prefix{"T", 12, 1},
                                      Prefix{"P", 15, 1}, Prefix{"E", 18, 1}};
constexpr std::array kBytePrefixes{Prefix{"", 0, 1},
                                   Prefix{"k", 3, 1},
                                   Prefix{"K", 3, 1},
                                   Prefix{"M", 6, 1},
                                   Prefix{"G", 9, 1},
                                   Prefix{"T", 12, 1},
                                   Prefix{"P", 15, 1},
                                   Prefix{"E", 18, 1},
                                   Prefix{"Ki", 0, std::int64_t{1} << 10},
                                   Prefix{"Mi", 0, std::int64_t{1} << 20},
                                   Prefix{"Gi", 0, std::int64_t{1} << 30},
                                   Prefix{"Ti", 0, std::int64_t{1} << 40},
                                   Prefix{"Pi", 0, std::int64_t{1} << 50}};
constexpr std::array kTimePrefixes{Prefix{"", 0, 1},   Prefix{"m", -3, 1}, Prefix{"u", -6, 1},
                                   Prefix{"µ", -6, 1}, Prefix{"μ", -6, 1}, Prefix{"n", -9, 1}};
constexpr std::array kPowerPrefixes{Prefix{"", 0, 1}, Prefix{"m", -3, 1}, Prefix{"k", 3, 1},
                                    Prefix{"M", 6, 1}};

constexpr std::array<std::string_view, 6> kComputeUnits{"FLOP/s", "FLOPs/s", "FLOPS",
                                                        "OP/s",   "OPs/s",   "OPS"};
constexpr std::array<std::string_view, 2> kBandwidthUnits{"B/s", "Bps"};
constexpr std::array<std::string_view, 1> kByteUnits{"B"};
constexpr std::array<std::string_view, 1> kTimeUnits{"s"};
constexpr std::array<std::string_view, 1> kFrequencyUnits{"Hz"};
constexpr std::array<std::string_view, 1> kPowerUnits{"W"};
constexpr std::array<std::string_view, 5> kPriceUnits{"$/h", "$/hour", "USD/h", "USD/hour", "$/hr"};
// The limits of an objective: a plain number will do.
constexpr std::array<std::string_view, 4> kTokenRateUnits{"tokens/s", "token/s", "tok/s", ""};
constexpr std::array<std::string_view, 5> kTokenPriceUnits{"$/Mtok", "$/M tokens", "$/M", "$", ""};
constexpr std::array<std::string_view, 4> kTokenEnergyUnits{"J/token", "J/tok", "J", ""};

constexpr std::array<std::string_view, 5> kRequestRateUnits{"requests/s", "request/s", "req/s",
                                                            "/s", ""};

struct Dimension {
  std::string_view description;
  std::string_view example;
  std::span<const std::string_view> units;
  std::span<const Prefix> prefixes;
};

constexpr Dimension kComputeRate{"a compute rate", "989.4 TFLOP/s", kComputeUnits,
                                 kDecimalPrefixes};
constexpr Dimension kBandwidth{"a bandwidth", "3.35 TB/s", kBandwidthUnits, kBytePrefixes};
constexpr Dimension kBytes{"a size in bytes", "80 GB", kByteUnits, kBytePrefixes};
constexpr Dimension kTime{"a time", "40 ms", kTimeUnits, kTimePrefixes};
constexpr Dimension kFrequency{"a frequency", "1.83 GHz", kFrequencyUnits, kDecimalPrefixes};
constexpr Dimension kPower{"a power", "700 W", kPowerUnits, kPowerPrefixes};
constexpr Dimension kPrice{"a price", "4.29 $/h", kPriceUnits, kNoPrefix};
constexpr Dimension kTokenRate{"a token rate", "1000 tokens/s", kTokenRateUnits, kDecimalPrefixes};
constexpr Dimension kTokenPrice{"a price of a million tokens", "0.5 $/Mtok", kTokenPriceUnits,
                                kNoPrefix};
constexpr Dimension kTokenEnergy{"an energy", "2 J/token", kTokenEnergyUnits, kPowerPrefixes};
constexpr Dimension kRequestRate{"a request rate", "20 requests/s", kRequestRateUnits,
                                 kDecimalPrefixes};
constexpr std::array<const Dimension*, 7> kDimensions{&kComputeRate, &kBandwidth, &kBytes, &kTime,
                                                      &kFrequency,   &kPower,     &kPrice};

constexpr const char* kOverlong = "has more than 19 digits";

/// Whether a text that `take_decimal` refuses is a number all the same.
bool is_overlong(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text.starts_with('.')) text.remove_prefix(1);
  return !text.empty() && text[0] >= '0' && text[0] <= '9';
}

/// The prefix under which `unit` is one of the dimension's.
std::optional<Prefix> prefix_of(std::string_view unit, const Dimension& dimension) {
  for (const std::string_view base : dimension.units) {
    if (!unit.ends_with(base)) continue;
    const std::string_view front = unit.substr(0, unit.size() - base.size());
    for (const Prefix& prefix : dimension.prefixes) {
      if (prefix.text == front) return prefix;
    }
  }
  return std::nullopt;
}

std::string expectation(const Dimension& dimension) {
  return fmt::format("expected {}, such as {}", dimension.description, dimension.example);
}

std::string nearest_unit(std::string_view unit, const Dimension& dimension) {
  const std::string wanted = normalized(unit);
  for (const std::string_view base : dimension.units) {
    for (const Prefix& prefix : dimension.prefixes) {
      const std::string spelling = fmt::format("{}{}", prefix.text, base);
      if (!wanted.empty() && normalized(spelling) == wanted) return spelling;
    }
  }
  return {};
}

tl::unexpected<Diagnostics> unknown_unit(std::string_view where, std::string_view text,
                                         std::string_view unit, const Dimension& dimension) {
  if (unit.empty()) {
    return fail(std::string(where), fmt::format("\"{}\" has no unit", shown(text)),
                expectation(dimension));
  }
  for (const Dimension* other : kDimensions) {
    if (other != &dimension && prefix_of(unit, *other)) {
      return fail(std::string(where), fmt::format("\"{}\" is {}", shown(text), other->description),
                  expectation(dimension));
    }
  }
  const std::string near = nearest_unit(unit, dimension);
  const bool bits = unit.find('b') != std::string_view::npos && near.find('B') != std::string::npos;
  return fail(std::string(where),
              fmt::format("unknown unit \"{}\" in \"{}\"", shown(unit), shown(text)),
              near.empty() ? expectation(dimension)
                           : fmt::format("did you mean {}?{}", near, bits ? " (b is bits)" : ""));
}

/// A number and its unit's prefix.
struct Measured {
  Decimal number;
  Prefix prefix;
};

Result<Measured> parse(std::string_view raw, std::string_view where, const Dimension& dimension) {
  const std::string_view text = trimmed(raw);
  std::string_view rest = text;
  const std::optional<Decimal> number = take_decimal(rest);
  if (!number) {
    return fail(std::string(where),
                fmt::format("\"{}\" {}", shown(text),
                            is_overlong(text) ? kOverlong : "does not begin with a number"),
                expectation(dimension));
  }
  const std::string_view unit = trimmed(rest);
  const std::optional<Prefix> prefix = prefix_of(unit, dimension);
  if (!prefix) return unknown_unit(where, text, unit, dimension);
  if (number->negative || number->mantissa == 0) {
    return fail(std::string(where), fmt::format("\"{}\" is not positive", shown(text)),
                expectation(dimension));
  }
  return Measured{*number, *prefix};
}

Result<double> parse_value(std::string_view text, std::string_view where,
                           const Dimension& dimension) {
  const Result<Measured> measured = parse(text, where, dimension);
  if (!measured) return fail(measured.error());
  const double value = measured->number.scaled(measured->prefix.powers_of_ten).to_double() *
                       static_cast<double>(measured->prefix.binary);
  if (!std::isfinite(value) || value <= 0) {
    return fail(std::string(where), fmt::format("\"{}\" is out of range", shown(trimmed(text))),
                expectation(dimension));
  }
  return value;
}

template <class Q>
Result<Q> parse_as(std::string_view text, std::string_view where, const Dimension& dimension) {
  return parse_value(text, where, dimension).map([](double value) { return Q(value); });
}

/// The factor of a count's suffix; nothing for a suffix that is none.
std::optional<std::int64_t> count_factor(std::string_view suffix) {
  struct Suffix {
    std::string_view text;
    std::int64_t factor;
  };
  constexpr std::array kSuffixes{Suffix{"", 1},
                                 Suffix{"k", 1'000},
                                 Suffix{"K", 1'024},
                                 Suffix{"m", 1'000'000},
                                 Suffix{"M", 1'048'576},
                                 Suffix{"g", 1'000'000'000},
                                 Suffix{"G", 1'073'741'824}};
  for (const Suffix& row : kSuffixes) {
    if (row.text == suffix) return row.factor;
  }
  return std::nullopt;
}

std::string bounds_text(CountBounds bounds) {
  return fmt::format("expected a whole number from {} to {}", format_integer(bounds.minimum),
                     format_integer(bounds.maximum));
}

}  // namespace

Result<FlopsPerSecond> parse_compute_rate(std::string_view text, std::string_view where) {
  return parse_as<FlopsPerSecond>(text, where, kComputeRate);
}

Result<BytesPerSecond> parse_bandwidth(std::string_view text, std::string_view where) {
  return parse_as<BytesPerSecond>(text, where, kBandwidth);
}

Result<PerSecond> parse_frequency(std::string_view text, std::string_view where) {
  return parse_as<PerSecond>(text, where, kFrequency);
}

Result<Seconds> parse_time(std::string_view text, std::string_view where) {
  return parse_as<Seconds>(text, where, kTime);
}

Result<double> parse_watts(std::string_view text, std::string_view where) {
  return parse_value(text, where, kPower);
}

Result<double> parse_dollars_per_hour(std::string_view text, std::string_view where) {
  return parse_value(text, where, kPrice);
}

Result<double> parse_token_rate(std::string_view text, std::string_view where) {
  return parse_value(text, where, kTokenRate);
}

Result<double> parse_token_price(std::string_view text, std::string_view where) {
  return parse_value(text, where, kTokenPrice);
}

Result<double> parse_token_energy(std::string_view text, std::string_view where) {
  return parse_value(text, where, kTokenEnergy);
}

Result<double> parse_request_rate(std::string_view text, std::string_view where) {
  return parse_value(text, where, kRequestRate);
}

Result<std::int64_t> parse_byte_count(std::string_view text, std::string_view where) {
  const Result<Measured> measured = parse(text, where, kBytes);
  if (!measured) return fail(measured.error());
  const Decimal scaled = measured->number.scaled(measured->prefix.powers_of_ten);
  if (const auto bytes = scaled.times(measured->prefix.binary)) return *bytes;
  const double about = scaled.to_double() * static_cast<double>(measured->prefix.binary);
  constexpr double kEnd = 9223372036854775808.0;  // 2^63
  const bool plain = measured->prefix.text.empty();
  if (!plain && about >= 1 && about < kEnd) return static_cast<std::int64_t>(about);
  return fail(
      std::string(where),
      fmt::format("\"{}\" is {}", shown(trimmed(text)),
                  about < kEnd ? "not a whole number of bytes" : "more than 2^63 - 1 bytes"),
      expectation(kBytes));
}

Result<std::int64_t> parse_count(std::string_view raw, std::string_view where, CountBounds bounds) {
  const std::string_view text = trimmed(raw);
  std::string_view rest = text;
  const std::optional<Decimal> number = take_decimal(rest);
  const std::optional<std::int64_t> factor = count_factor(rest);
  if (!number && is_overlong(text)) {
    const bool fractional = text.find('.') != std::string_view::npos;
    return fail(std::string(where),
                fmt::format("{} {}", shown(text), fractional ? kOverlong : "is out of range"),
                bounds_text(bounds));
  }
  if (!number || !factor) {
    return fail(std::string(where), fmt::format("\"{}\" is not a number", shown(text)),
                bounds_text(bounds) + "; suffixes are k = 1000 and K = 1024, m/M and g/G likewise");
  }
  const std::optional<std::int64_t> value = number->times(*factor);
  if (!value) {
    const double about = number->to_double() * static_cast<double>(*factor);
    const bool fractional = std::fabs(about) < 9.2e18;
    return fail(
        std::string(where),
        fmt::format("{} is {}", shown(text), fractional ? "not a whole number" : "out of range"),
        bounds_text(bounds));
  }
  if (*value < bounds.minimum || *value > bounds.maximum) {
    return fail(std::string(where), fmt::format("{} is out of range", shown(text)),
                bounds_text(bounds));
  }
  return *value;
}

Result<Count> parse_ratio(std::string_view text, std::string_view where, std::int64_t least) {
  constexpr std::int64_t kMillion = 1'000'000;
  constexpr std::int64_t kLargest = 1000;
  std::string_view rest = trimmed(text);
  const std::optional<Decimal> number = take_decimal(rest);
  const auto millionths = number && rest.empty() ? number->times(kMillion) : std::nullopt;
  if (!millionths || *millionths < least * kMillion || *millionths > kLargest * kMillion) {
    return fail(
        std::string(where), fmt::format("\"{}\" is not such a ratio", shown(text)),
        fmt::format("expected a number from {} to {} with at most six decimals", least, kLargest));
  }
  return Count(*millionths, kMillion);
}

}  // namespace ridgepoint
