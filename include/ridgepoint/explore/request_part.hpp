// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ridgepoint/explore/metric.hpp"
#include "ridgepoint/predict/request.hpp"

namespace ridgepoint::explore {

/// The part of a request whose time a metric is made of.
enum class RequestPart { prefill, decode, whole };
RequestPart part_of_request(Metric metric);

/// For what that part of a static batch waits, by the bound.
roofline::TimeParts waits_of(const predict::Estimate& estimate, Metric metric);

}  // namespace ridgepoint::explore
