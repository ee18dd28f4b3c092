// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <cstdlib>
#include <string>

#include "ridgepoint/core/format.hpp"
#include "ridgepoint/core/json.hpp"
#include "ridgepoint/core/names.hpp"
#include "ridgepoint/core/numbers.hpp"
#include "ridgepoint/core/units.hpp"

namespace ridgepoint {
namespace {

RC_GTEST_PROP(FormatExact, ReadsBackAsTheSameDouble, ()) {
  const double value = *rc::gen::arbitrary<double>();
  RC_ASSERT(std::strtod(format_exact(value).c_str(), nullptr) == value);
}

RC_GTEST_PROP(FormatNumber, IsWithinHalfAUnitOfItsLastDigit, ()) {
  const double value = *rc::gen::arbitrary<double>();
  RC_PRE(value != 0);
  std::string text = format_number(value);
  std::erase(text, ',');
  const double error = std::fabs(std::strtod(text.c_str(), nullptr) - value);
  RC_ASSERT(error <= 0.00501 * std::fabs(value));  // half of the third digit of 1.00
}

RC_GTEST_PROP(ParseBandwidth, IsTheNearestDoubleToWhatIsWritten, ()) {
  // Up to 15 digits and small powers of ten: strtod, which rounds correctly, is the judge.
  const auto mantissa = *rc::gen::inRange<std::int64_t>(1, 1'000'000'000'000'000);
  const auto places = *rc::gen::inRange(0, 15);
  const std::string digits = std::to_string(mantissa) + "e-" + std::to_string(places);
  const std::string scaled = std::to_string(mantissa) + "e" + std::to_string(12 - places);
  RC_ASSERT(parse_bandwidth(digits + " TB/s", "x").value().value() ==
            std::strtod(scaled.c_str(), nullptr));
}

RC_GTEST_PROP(ParseCounts, ReadsBackAnyListOfPositiveNumbers, ()) {
  const auto numbers = *rc::gen::nonEmpty(
      rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(1, 1LL << 40)));
  std::string text;
  for (const std::int64_t number : numbers) {
    text += (text.empty() ? "" : ",") + std::to_string(number);
  }
  RC_ASSERT(parse_counts(text, "x").value() == numbers);
}

RC_GTEST_PROP(ParseCounts, StaysWithinItsBounds, ()) {
  const auto text =
      *rc::gen::container<std::string>(rc::gen::elementOf(std::string("0123.:+xkKe,-")));
  const Result<std::vector<std::int64_t>> numbers = parse_counts(text, "x", {1, 50'000});
  if (!numbers) {
    RC_ASSERT(!numbers.error().empty());
    return;
  }
  for (const std::int64_t number : *numbers) RC_ASSERT(number >= 1 && number <= 50'000);
}

RC_GTEST_PROP(JsonParse, OfAnyBytesIsAValueOrAFault, ()) {
  const auto text = *rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("{}[]\",:0123.eE-+NaInfity\\utrlsx \n\x7f\xc3\x01")));
  const Result<json::Value> value = json::parse(text, "x");
  if (!value) RC_ASSERT(!value.error().empty());
}

RC_GTEST_PROP(EditDistance, IsSymmetricAndZeroOnlyForEqualStrings, ()) {
  const auto letters = rc::gen::container<std::string>(rc::gen::elementOf(std::string("abc")));
  const std::string a = *letters;
  const std::string b = *letters;
  RC_ASSERT(edit_distance(a, b) == edit_distance(b, a));
  RC_ASSERT((edit_distance(a, b) == 0) == (a == b));
  RC_ASSERT(edit_distance(a, b) <= std::max(a.size(), b.size()));
}

}  // namespace
}  // namespace ridgepoint
