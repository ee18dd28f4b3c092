// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "report/scale.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/predict/expected.hpp"

namespace ridgepoint::report {

/// "10.6–12.0": both edges in one unit.
std::string band_words(double low, double high, const Scale& scale);
std::string band_words(const efficiency::Expected& time, const Scale& scale);
/// "11.2 ms (10.6–12.0)"
std::string with_band(const efficiency::Expected& time);

/// Where a step's or a request's expected time goes: "kernels 11.0 ms + sampling 0.21 ms; 4 % of
/// the kernels' time is of operators like which none was measured".
std::string composition_words(const predict::ExpectedTime& time, Charset charset = Charset::utf8);

/// "37 % of it rests on no measurement", where that is a tenth or more; else nothing.
std::string unmeasured_words(const predict::ExpectedTime& time);

}  // namespace ridgepoint::report
