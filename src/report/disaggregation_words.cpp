// SPDX-License-Identifier: Apache-2.0
#include "report/disaggregation_words.hpp"

#include <fmt/format.h>

#include <cmath>

#include "report/request_figures.hpp"

namespace ridgepoint::report {
namespace {

using predict::DisaggregatedReading;
using predict::Estimate;
using predict::InstanceMemory;

double balance(const Estimate& estimate) {
  return balanced_decode_instances_per_prefill(estimate.disaggregated->bound,
                                               *estimate.question.disaggregation);
}

std::string rate_sentence(const Estimate& estimate) {
  const DisaggregatedReading& bound = estimate.disaggregated->bound;
  const double rate = bound.requests_per_s();
  return fmt::format(
      "{} requests/s, {}-limited: prefill is busy {:.0f} % of the time, decode {:.0f} %, the "
      "transfer {:.0f} %; balanced at 1p : {}d.",
      format_number(rate), name(bound.limited_by()), 100 * rate / bound.prefill_per_s,
      100 * rate / bound.decode_per_s, 100 * rate / bound.transfer_per_s,
      format_number(balance(estimate), 2));
}

std::string expected_rate_sentence(const DisaggregatedReading& expected) {
  return fmt::format("Expected: {} requests/s, {}-limited.",
                     format_number(expected.requests_per_s()), name(expected.limited_by()));
}

std::string way_words(const Estimate& estimate) {
  const hardware::Device& device = estimate.device;
  if (estimate.disaggregated->transfer_over == predict::TransferRoute::network) {
    return fmt::format("the network, {} a device",
                       format_bandwidth(device.network_bandwidth->value));
  }
  const bool has_link = device.link && device.link->domain.value > 1;
  return fmt::format("{} inside one domain", has_link ? device.link->technology : "PCI Express");
}

std::string transfer_sentence(const Estimate& estimate) {
  const auto& apart = *estimate.disaggregated;
  return fmt::format("The KV cache of a prompt, {}, takes {} over {}, before its second token.",
                     format_bytes(apart.kv_transfer_bytes.to_double()),
                     format_time(Seconds(apart.kv_transfer_s)), way_words(estimate));
}

std::string memory_sentence(const char* what, const char* sequence, const InstanceMemory& memory) {
  return fmt::format("A {} replica {} its {} {}{}: memory holds {}.", what,
                     memory.fits ? "holds" : "does not hold",
                     format_integer(std::llround(memory.sequences)), sequence,
                     memory.sequences == 1 ? "" : "s", format_integer(std::llround(memory.most)));
}

Json reading_json(const DisaggregatedReading& reading) {
  Json out = times_json(reading.times);
  out["requests_per_s"] = reading.requests_per_s();
  out["prefill_requests_per_s"] = reading.prefill_per_s;
  out["decode_requests_per_s"] = reading.decode_per_s;
  out["transfer_requests_per_s"] = reading.transfer_per_s;
  out["limited_by"] = name(reading.limited_by());
  return out;
}

}  // namespace

std::string instances_words(const Estimate& estimate) {
  const auto& counts = *estimate.question.disaggregation;
  const auto& split = estimate.question.execution.parallelism;
  const std::string of_one = split.devices() == 1
                                 ? "1 device"
                                 : fmt::format("{} devices ({})", split.devices(), describe(split));
  return fmt::format("{} prefill and {} decode {} of {}, {} devices in all",
                     format_integer(counts.prefill_instances),
                     format_integer(counts.decode_instances),
                     counts.decode_instances == 1 ? "instance" : "instances", of_one,
                     format_integer(estimate.disaggregated->devices));
}

std::vector<std::string> disaggregation_sentences(const Estimate& estimate) {
  const auto& apart = *estimate.disaggregated;
  std::string rate = rate_sentence(estimate);
  if (apart.expected) rate += " " + expected_rate_sentence(apart.expected->reading);
  return {rate, transfer_sentence(estimate),
          memory_sentence("prefill", "prompt", apart.prefill_memory),
          memory_sentence("decode", "sequence", apart.decode_memory)};
}

std::vector<std::string> disaggregation_formulas(const Estimate& estimate, Charset charset) {
  const auto& apart = *estimate.disaggregated;
  const auto& bound = apart.bound;
  const auto& question = estimate.question;
  const auto time = [&](double seconds) { return format_time(Seconds(seconds), 4, charset); };
  return {
      fmt::format("TTFT = prefill of one prompt = {}", time(bound.times.ttft_s)),
      fmt::format("TPOT = a decode step of {} at {} tokens = {}", format_integer(question.batch),
                  format_integer(estimate.decode_context), time(bound.times.tpot_s)),
      fmt::format("E2EL = TTFT + transfer + (output − 1)·TPOT = {} + {} + {}·{} = {}",
                  time(bound.times.ttft_s), time(apart.kv_transfer_s), question.output - 1,
                  time(bound.times.tpot_s), time(bound.times.e2el_s)),
      fmt::format("requests/s = min(prefill {}, decode {}, transfer {}) = {}",
                  format_number(bound.prefill_per_s), format_number(bound.decode_per_s),
                  format_number(bound.transfer_per_s), format_number(bound.requests_per_s())),
      "decode = replicas · batch / ((output − 1)·TPOT); prefill = replicas · prompts of a step "
      "/ its time; transfer = replicas of the fewer instances / transfer time",
      fmt::format("throughput = requests/s · output = {} · {} = {} tokens/s",
                  format_number(bound.requests_per_s()), question.output,
                  format_number(bound.times.throughput_tokens_per_s)),
      "MFU = Σ(FLOPs / peak) / time; MBU = compulsory bytes / (time · bandwidth), of all "
      "devices"};
}

Json disaggregated_json(const Estimate& estimate) {
  const auto& apart = *estimate.disaggregated;
  const auto& counts = *estimate.question.disaggregation;
  Json out{{"prefill_instances", counts.prefill_instances},
           {"decode_instances", counts.decode_instances},
           {"devices", apart.devices},
           {"floor", reading_json(apart.floor)},
           {"bound", reading_json(apart.bound)},
           {"parts", {{"ttft", parts_json(apart.ttft_parts)}}},
           {"kv_transfer_bytes", json_number(apart.kv_transfer_bytes)},
           {"kv_transfer_s", apart.kv_transfer_s},
           {"transfer_over", name(apart.transfer_over)},
           {"limited_by", name(apart.bound.limited_by())},
           {"requests_per_s", apart.bound.requests_per_s()},
           {"balanced_decode_instances_per_prefill", balance(estimate)},
           {"prefill_fits", apart.prefill_memory.fits},
           {"decode_fits", apart.decode_memory.fits},
           {"prompts_in_a_step", apart.prefill_memory.sequences},
           {"most_prompts", apart.prefill_memory.most},
           {"most_sequences", apart.decode_memory.most}};
  if (apart.expected) {
    out["expected"] = reading_json(apart.expected->reading);
    out["expected"].update(expected_json(apart.expected->request));
  }
  return out;
}

}  // namespace ridgepoint::report
