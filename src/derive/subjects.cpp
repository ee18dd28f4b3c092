// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "derive/kinds.hpp"
#include "derive/sections.hpp"
#include "derive/words.hpp"
#include "ridgepoint/core/names.hpp"
#include "ridgepoint/derive/derive.hpp"

namespace ridgepoint::derive {
namespace {

using Deriver = Result<Section> (*)(const Context&);

struct Row {
  Subject subject;
  Deriver derive;
};

constexpr std::array<Row, 23> kRows{{
    {{"matmul", "matmul", "a matrix multiplication"}, derive_matmul},
    {{"mlp", "mlp", "a gated MLP, prefill and generation"}, derive_mlp},
    {{"mlp_plain", "mlp", "a plain MLP with two matrices"}, derive_mlp_plain},
    {{"moe", "moe", "a mixture of experts"}, derive_moe},
    {{"attention", "attention", "attention: why batching buys nothing"}, derive_attention},
    {{"attention_causal", "attention", "the same with causal pairs only"}, derive_attention_causal},
    {{"attention_gqa", "attention", "grouped-query attention, K < N"}, derive_attention_gqa},
    {{"attention_latent", "attention", "multi-head latent attention"}, derive_attention_latent},
    {{"window", "window", "attention in a sliding window"}, derive_window},
    {{"chunked", "chunked", "attention inside chunks of the context"}, derive_chunked},
    {{"sparse", "sparse", "DeepSeek's sparse attention with its indexer"}, derive_sparse},
    {{"linear", "linear", "linear attention: a state instead of a cache"}, derive_linear},
    {{"linear_delta", "linear", "Gated DeltaNet, the delta rule"}, derive_linear_delta},
    {{"mamba2", "mamba2", "Mamba-2's state-space layer"}, derive_mamba2},
    {{"prefix", "prefix", "attention over a shared prefix"}, derive_prefix},
    {{"paged", "paged", "a KV cache in blocks against reserved lengths"}, derive_paged},
    {{"transformer", "transformer", "the whole model: memory, latency, throughput"},
     derive_transformer},
    {{"transformer_batch", "transformer", "what a larger batch buys, and costs"},
     derive_transformer_batch},
    {{"transformer_kv_heads", "transformer", "what fewer key/value heads buy"},
     derive_transformer_kv_heads},
    {{"transformer_copies", "transformer", "M copies of the model"}, derive_transformer_copies},
    {{"transformer_elasticities", "transformer", "what 1 % more changes"},
     derive_transformer_elasticities},
    {{"no_kv_cache", "transformer", "generating without a KV cache"}, derive_no_kv_cache},
    {{"kv_cache", "transformer", "generating with one"}, derive_kv_cache},
}};

constexpr auto subjects_of_rows() {
  std::array<Subject, kRows.size()> result{};
  for (std::size_t i = 0; i < kRows.size(); ++i) result[i] = kRows[i].subject;
  return result;
}
constexpr auto kSubjects = subjects_of_rows();

constexpr bool names_are_unique() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (kRows[i].subject.name == kRows[j].subject.name) return false;
    }
  }
  return true;
}
static_assert(names_are_unique());

/// Short names that people use.
std::string_view full_name(std::string_view request) {
  if (request == "gqa") return "attention_gqa";
  if (request == "mla") return "attention_latent";
  return request;
}

/// The rows that a request means: one, a group, all, or none.
std::vector<const Row*> rows_for(std::string_view short_or_full) {
  const std::string_view request = full_name(short_or_full);
  const auto is_group = [&](const Row& row) { return row.subject.group == request; };
  const bool group = std::any_of(kRows.begin(), kRows.end(), is_group);
  std::vector<const Row*> rows;
  for (const Row& row : kRows) {
    if (request == "all" || (group ? is_group(row) : row.subject.name == request)) {
      rows.push_back(&row);
    }
  }
  return rows;
}

std::vector<std::string> known_requests() {
  std::vector<std::string> names;
  for (const std::string_view group : groups()) names.emplace_back(group);
  for (const Subject& subject : kSubjects) {
    if (subject.name != subject.group) names.emplace_back(subject.name);
  }
  names.emplace_back("all");
  return names;
}

tl::unexpected<Diagnostics> unknown_subject(std::string_view request) {
  const std::vector<std::string> known = known_requests();
  std::string help = did_you_mean(request, known);
  if (help.empty()) help = fmt::format("one of {}", fmt::join(known, ", "));
  return fail("derive", fmt::format("no derivation of \"{}\"", request), help);
}

Result<DeviceFacts> device_facts(const hardware::Device& device, const Options& options) {
  const Result<hardware::PeakInUse> peak = hardware::dense_peak(device, options.compute_type);
  if (!peak) return fail(peak.error());
  return DeviceFacts{device.name,
                     device.title,
                     peak->used,
                     peak->value,
                     device.memory_bandwidth.value,
                     static_cast<double>(device.memory_capacity_bytes.value)};
}

constexpr const char* kOneMove =
    "Every tensor moves through device memory once; softmax, activation functions and norms take "
    "no FLOPs.";

std::vector<std::string> assumptions_of(const DeviceFacts& device, const Options& options) {
  using symbolic::Expr;
  const Expr size = cost::scalar<Expr>(options.element_size);
  return {
      "All symbols are positive.",
      fmt::format("{} bytes per element of weights, activations and KV cache.", to_text(size)),
      options.pairs == cost::Pairs::full
          ? "Attention counts all S*T query-key pairs, as the notes do."
          : "Attention counts the query-key pairs that a causal mask leaves; prefix and latent "
            "attention count all pairs.",
      kOneMove,
      fmt::format("The ridge point R is that of {}: {}, dense {} peak ÷ bandwidth.", device.name,
                  quotient_words(device), name(device.compute_type)),
  };
}

}  // namespace

std::span<const Subject> subjects() { return kSubjects; }

std::vector<std::string_view> groups() {
  std::vector<std::string_view> result;
  for (const Subject& subject : kSubjects) {
    if (std::find(result.begin(), result.end(), subject.group) == result.end()) {
      result.push_back(subject.group);
    }
  }
  return result;
}

Result<Derivation> derive(std::string_view subject, const hardware::Device& device,
                          const Options& options) {
  using symbolic::Expr;
  const std::vector<const Row*> rows = rows_for(subject);
  if (rows.empty()) return unknown_subject(subject);
  const Result<DeviceFacts> facts = device_facts(device, options);
  if (!facts) return fail(facts.error());
  const Context context{.symbols = {},
                        .device = *facts,
                        .options = options,
                        .element_size = cost::scalar<Expr>(options.element_size),
                        .ridge_value = Expr::from_double(facts->peak.value()) /
                                       Expr::from_double(facts->bandwidth.value())};
  Derivation result{std::string(subject), options, *facts, assumptions_of(*facts, options), {}};
  for (const Row* row : rows) {
    Result<Section> section = row->derive(context);
    if (!section) return fail(section.error());
    result.sections.push_back(*std::move(section));
  }
  return result;
}

std::vector<UnprovedClaim> unproved(const std::vector<Section>& sections) {
  std::vector<UnprovedClaim> result;
  for (const Section& section : sections) {
    for (const Claim& claim : section.claims) {
      if (claim.verdict != symbolic::Verdict::proved) result.push_back({&section, &claim});
    }
  }
  return result;
}

}  // namespace ridgepoint::derive
