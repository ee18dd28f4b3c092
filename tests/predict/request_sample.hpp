// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "ridgepoint/catalog/catalog.hpp"
#include "ridgepoint/predict/request.hpp"

namespace ridgepoint::predict::test {

inline hardware::Device device_named(const char* name) {
  return catalog::find_device(name).value();
}
inline model::Architecture model_named(const char* name) {
  return catalog::find_model(name).value();
}

/// In the model's own types.
inline RequestQuestion question_of(const model::Architecture& model, std::int64_t input,
                                   std::int64_t output, std::int64_t batch) {
  RequestQuestion question;
  question.input = input;
  question.output = output;
  question.batch = batch;
  question.execution.precision = native_precision(model);
  return question;
}

}  // namespace ridgepoint::predict::test
