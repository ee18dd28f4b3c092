// SPDX-License-Identifier: Apache-2.0
#include "predict/disaggregation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "predict/fit_reader.hpp"
#include "predict/request_times.hpp"
#include "predict/stage_memory.hpp"
#include "ridgepoint/core/format.hpp"
#include "ridgepoint/roofline/collectives.hpp"

namespace ridgepoint::predict {
namespace {

double number(std::int64_t value) { return static_cast<double>(value); }

/// Prompts that one prefill step holds.
std::int64_t prompts_together(const RequestQuestion& question) {
  return std::max<std::int64_t>(
      1, question.max_num_batched_tokens / (question.input - question.cached_input()));
}

/// The cache of a prompt, as a transfer finds it.
struct PromptCache {
  Count bytes;                  ///< of all stages
  double bytes_per_device = 0;  ///< of the stage that has most of it
};

/// Each stage's cache once, however many devices keep a copy of it.
PromptCache prompt_cache(const model::Architecture& architecture, const RequestQuestion& question) {
  const Parallelism& split = question.execution.parallelism;
  const ByteSize element = byte_size(question.execution.precision.kv_cache);
  constexpr std::int64_t kNoBlocks = 1;
  PromptCache cache;
  for (const DeviceShare& share : device_shares(architecture, {1, split.pipeline, 1, 1})) {
    const Count bytes = KeptBytes(share.model, element).of_sequence({question.input, 0}, kNoBlocks);
    cache.bytes += bytes;
    cache.bytes_per_device =
        std::max(cache.bytes_per_device, bytes.to_double() / number(split.tensor));
  }
  return cache;
}

/// A way from a prefill to a decode device.
struct Way {
  TransferRoute route = TransferRoute::network;
  double seconds_per_byte = 0;
};

/// The faster of the links inside a domain, if all devices stand in one, and the network.
Result<Way> fastest_way(const hardware::Device& device, std::int64_t devices) {
  const auto seconds = [&](std::int64_t span) {
    return roofline::seconds_per_payload_byte(cost::CollectiveKind::send, span, device);
  };
  const std::int64_t domain = hardware::local_devices(device);
  const Result<double> network = seconds(domain + 1);
  if (devices <= domain) {
    const Result<double> link = seconds(2);
    if (link && (!network || *link <= *network)) return Way{TransferRoute::link, *link};
  }
  if (!network) {
    return fail({{device.name,
                  fmt::format("{} devices of prefill and decode, in domains of {}: its network "
                              "bandwidth is not known",
                              devices, domain),
                  "give it: --set-device network_bandwidth=50GB/s"}});
  }
  return Way{TransferRoute::network, *network};
}

/// What memory of one replica holds: `sequences` of `length` tokens, `tokens` new ones in a step.
InstanceMemory memory_of(const Estimate& answer, std::int64_t sequences, std::int64_t length,
                         std::int64_t tokens) {
  const Execution& execution = answer.question.execution;
  FitQuestion question = memory_question(answer.architecture, answer.question);
  question.max_model_len = question.mean_length = length;
  question.max_num_batched_tokens = tokens;
  question.max_num_seqs = sequences;
  InstanceMemory memory;
  memory.sequences = number(sequences);
  const MemoryFit held = read_fit(answer.architecture, answer.device, question);
  memory.most = std::floor(held.sequences_at_max_length / number(execution.parallelism.data));
  memory.fits = memory.most >= memory.sequences;
  return memory;
}

/// Makes the figures of both readings.
class DisaggregationReader {
 public:
  DisaggregationReader(const Estimate& answer, const InstanceSteps& steps, Disaggregated& out)
      : answer_(answer), question_(answer.question), out_(out) {
    const double most = out.decode_memory.most;
    batch_ = most >= 1 ? std::min(number(question_.batch), most) : number(question_.batch);
    decode_ = steps.decode.round(batch_, number(answer.decode_context));
    first_ = steps.prefill.through(prompt_chunks(question_, 1));
    together_ = prompts_together(question_);
    pace_ = steps.prefill.pace(prompt_chunks(question_, together_));
  }

  void read() {
    const double transfer_s = out_.kv_transfer_s;
    out_.floor = reading({first_.floor_s, pace_.floor_s, decode_.floor_s},
                         std::max(first_.floor_s, transfer_s));
    out_.bound =
        reading({first_.bound_s, pace_.bound_s, decode_.bound_s}, first_.bound_s + transfer_s);
    if (question_.execution.calibration) out_.expected = expected();
    out_.ttft_limit = limit_of(first_);
    out_.ttft_parts = first_.bound_parts();
  }

 private:
  struct Times {
    double first_s;   ///< a prompt alone
    double pace_s;    ///< from one full prefill step to the next
    double decode_s;  ///< a step of the batch
  };

  /// `start_s`: until a decode instance can make the second token.
  DisaggregatedReading reading(const Times& times, double start_s) const {
    const Disaggregation& split = *question_.disaggregation;
    const double replicas = number(question_.execution.parallelism.data);
    const double prefill = replicas * number(split.prefill_instances);
    const double decode = replicas * number(split.decode_instances);
    const double steps = number(question_.output - 1);
    DisaggregatedReading reading;
    reading.prefill_per_s = prefill * number(together_) / times.pace_s;
    reading.decode_per_s = decode * batch_ / (steps * times.decode_s);
    reading.transfer_per_s = std::min(prefill, decode) / out_.kv_transfer_s;
    const double rate = reading.requests_per_s();
    reading.times = request_times(running_cost(answer_.device),
                                  {times.first_s, times.decode_s, start_s + steps * times.decode_s,
                                   rate * number(question_.output), number(out_.devices)});
    const auto busy = [&](double of_prompts, double of_step) {
      return rate / (prefill + decode) *
             (of_prompts / number(together_) + steps * of_step / batch_);
    };
    reading.times.mfu = busy(pace_.compute_s, decode_.compute_s);
    reading.times.mbu = busy(pace_.compulsory_memory_s, decode_.compulsory_memory_s);
    return reading;
  }

  ExpectedDisaggregation expected() const {
    const auto read = [&](double efficiency::Expected::* edge) {
      const double first_s = first_.expected.whole.*edge;
      return reading({first_s, pace_.expected.whole.*edge, decode_.expected.whole.*edge},
                     first_s + out_.kv_transfer_s);
    };
    using efficiency::Expected;
    const DisaggregatedReading middle = read(&Expected::seconds);
    return {middle,
            {middle.times, read(&Expected::low).times, read(&Expected::high).times, first_.expected,
             decode_.expected}};
  }

  const Estimate& answer_;
  const RequestQuestion& question_;
  Disaggregated& out_;
  double batch_ = 1;  ///< of a decode replica, as far as memory holds it
  SpanTime decode_;
  SpanTime first_;
  SpanTime pace_;
  std::int64_t together_ = 1;
};

}  // namespace

double DisaggregatedReading::requests_per_s() const {
  return std::min({prefill_per_s, decode_per_s, transfer_per_s});
}

DisaggregationLimit DisaggregatedReading::limited_by() const {
  const double rate = requests_per_s();
  if (prefill_per_s == rate) return DisaggregationLimit::prefill;
  return decode_per_s == rate ? DisaggregationLimit::decode : DisaggregationLimit::transfer;
}

double balanced_decode_instances_per_prefill(const DisaggregatedReading& reading,
                                             const Disaggregation& split) {
  const double prompts = reading.prefill_per_s / number(split.prefill_instances);
  const double answers = reading.decode_per_s / number(split.decode_instances);
  return prompts / answers;
}

Diagnostics disaggregation_faults(const model::Architecture& architecture,
                                  const RequestQuestion& question) {
  if (!question.disaggregation) return {};
  Diagnostics faults;
  const Disaggregation& split = *question.disaggregation;
  for (const std::int64_t instances : {split.prefill_instances, split.decode_instances}) {
    if (instances >= 1 && instances <= kMostInstances) continue;
    faults.push_back({"--disaggregate", fmt::format("{} instances of one kind", instances),
                      fmt::format("1 to {}", format_integer(kMostInstances))});
  }
  if (has_stack(architecture, model::Stack::encoder)) {
    faults.push_back({"--disaggregate",
                      fmt::format("the prefill of {} is its encoder's pass, which gives no token",
                                  architecture.name),
                      "leave --disaggregate out"});
  }
  if (question.output < 2) {
    faults.push_back({"--output", "prefill gives the one token: nothing is left to decode",
                      "give at least 2 with --disaggregate"});
  }
  return faults;
}

Result<Disaggregated> disaggregate(const Estimate& answer, const InstanceSteps& steps) {
  const RequestQuestion& question = answer.question;
  const Disaggregation& split = *question.disaggregation;
  Disaggregated out;
  out.devices =
      question.execution.parallelism.devices() * (split.prefill_instances + split.decode_instances);
  const PromptCache cache = prompt_cache(answer.architecture, question);
  if (!cache.bytes.is_valid() || !ceil(cache.bytes).to_integer()) {
    return fail({{"--input", "the cache of a prompt is more than 2^63 − 1 bytes", "ask for less"}});
  }
  const Result<Way> way = fastest_way(answer.device, out.devices);
  if (!way) return fail(way.error());
  out.kv_transfer_bytes = cache.bytes;
  out.kv_transfer_s = cache.bytes_per_device * way->seconds_per_byte;
  out.transfer_over = way->route;
  const std::int64_t together = prompts_together(question);
  out.prefill_memory = memory_of(answer, together, question.input, question.max_num_batched_tokens);
  out.decode_memory =
      memory_of(answer, question.batch, question.input + question.output, question.batch);
  DisaggregationReader(answer, steps, out).read();
  return out;
}

std::vector<std::string> disaggregation_assumptions(const Estimate& answer) {
  const RequestQuestion& question = answer.question;
  const std::int64_t together = prompts_together(question);
  std::vector<std::string> sentences{
      fmt::format("disaggregated: TTFT is the prefill of a prompt by itself, which gives the first "
                  "token; the rate of prefill is that of {}",
                  together == 1 ? "one prompt after the other"
                                : fmt::format("steps of {} prompts", format_integer(together))),
      "disaggregated: the KV cache of the prompt moves before the second token: after prefill in "
      "the bound, layer by layer beside it in the floor",
      "disaggregated: each device sends its part of the cache to the one that has its place on a "
      "decode instance; what tensor-parallel devices hold in copies is sent once, in equal parts",
      "disaggregated: decode steps are those of a full batch, as far as memory holds it, and do "
      "nothing else; `floor`, `bound` "
      "and `continuous` are of one instance that does both"};
  return sentences;
}

}  // namespace ridgepoint::predict
