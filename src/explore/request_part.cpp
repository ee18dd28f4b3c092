// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/request_part.hpp"

namespace ridgepoint::explore {

RequestPart part_of_request(Metric metric) {
  if (metric == Metric::ttft) return RequestPart::prefill;
  const bool is_decode = metric == Metric::tpot || metric == Metric::throughput_per_user;
  return is_decode ? RequestPart::decode : RequestPart::whole;
}

roofline::TimeParts waits_of(const predict::Estimate& estimate, Metric metric) {
  switch (part_of_request(metric)) {
    case RequestPart::prefill:
      return estimate.ttft_parts;
    case RequestPart::decode:
      return estimate.tpot_parts;
    case RequestPart::whole:
      break;
  }
  roofline::TimeParts parts =
      estimate.tpot_parts.scaled(static_cast<double>(estimate.question.output - 1));
  return parts += estimate.ttft_parts;
}

}  // namespace ridgepoint::explore
