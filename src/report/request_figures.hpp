// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <vector>

#include "report/envelope.hpp"
#include "ridgepoint/predict/request.hpp"

namespace ridgepoint::report {

/// A figure of a request: how people and machines call it, and how it is shown.
struct RequestFigure {
  const char* words;
  const char* unit;
  const char* key;
  double predict::RequestTimes::* value;
  double scale;  ///< of what people see
};

inline constexpr std::array kRequestFigures{
    RequestFigure{"TTFT", "ms", "ttft_s", &predict::RequestTimes::ttft_s, 1e3},
    RequestFigure{"TPOT", "ms", "tpot_s", &predict::RequestTimes::tpot_s, 1e3},
    RequestFigure{"E2EL", "ms", "e2el_s", &predict::RequestTimes::e2el_s, 1e3},
    RequestFigure{"throughput", "tokens/s", "throughput_tokens_per_s",
                  &predict::RequestTimes::throughput_tokens_per_s, 1},
    RequestFigure{"per user", "tokens/s", "per_user_tokens_per_s",
                  &predict::RequestTimes::per_user_tokens_per_s, 1},
    RequestFigure{"per device", "tokens/s", "per_device_tokens_per_s",
                  &predict::RequestTimes::per_device_tokens_per_s, 1},
    RequestFigure{"MFU", "%", "mfu", &predict::RequestTimes::mfu, 100},
    RequestFigure{"MBU", "%", "mbu", &predict::RequestTimes::mbu, 100},
    RequestFigure{"energy", "J/token", "energy_j_per_token",
                  &predict::RequestTimes::energy_j_per_token, 1},
    RequestFigure{"cost", "$/M tokens", "cost_per_million_tokens",
                  &predict::RequestTimes::cost_per_million_tokens, 1}};

/// A part of a time: how people and machines call it.
struct TimePart {
  const char* words;
  const char* key;
  double roofline::TimeParts::* value;
};

inline constexpr std::array kTimeParts{
    TimePart{"compute", "compute_s", &roofline::TimeParts::compute_s},
    TimePart{"weights", "weights_s", &roofline::TimeParts::weights_s},
    TimePart{"the KV cache", "kv_cache_s", &roofline::TimeParts::kv_cache_s},
    TimePart{"state", "state_s", &roofline::TimeParts::state_s},
    TimePart{"activations", "activations_s", &roofline::TimeParts::activations_s},
    TimePart{"the network", "network_s", &roofline::TimeParts::network_s}};

/// "10.6–12.0" in the figure's unit; "–" where it is not known.
std::string figure_band(const RequestFigure& figure, const predict::ExpectedRequest& expected);

/// The static batch, or the two kinds of instances together.
const predict::RequestTimes& floor_of(const predict::Estimate& answer);
const predict::RequestTimes& bound_of(const predict::Estimate& answer);
/// Null without a calibration.
const predict::ExpectedRequest* expected_of(const predict::Estimate& answer);

Json times_json(const predict::RequestTimes& times);
/// The same of a server, with the edges of its band.
Json expected_json(const predict::ExpectedRequest& expected);
/// What the time of a step or a request is put together of.
Json expected_parts_json(const predict::ExpectedTime& time);
/// The kernels of expected times.
Json sources_json(const std::vector<predict::ExpectedSource>& sources);
Json parts_json(const roofline::TimeParts& parts);
Json limits_json(const predict::Estimate& answer);
/// What was asked, defaults included.
Json estimate_inputs(const predict::Estimate& answer);

/// "TPOT waits 71 % for weights, 24 % for the KV cache and 5 % for activations."
std::string parts_sentence(const char* what, const roofline::TimeParts& parts);

}  // namespace ridgepoint::report
