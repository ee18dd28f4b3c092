// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/calibrate/measurements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "ridgepoint/core/csv.hpp"
#include "ridgepoint/core/text.hpp"

namespace ridgepoint::calibrate {
namespace {

using namespace efficiency;  // NOLINT(google-build-using-namespace): its shapes, all of them

struct OpRow {
  std::string_view op;
  OperatorClass kind;
};
constexpr std::array kOps{OpRow{"gemm", OperatorClass::gemm},
                          OpRow{"attention_prefill", OperatorClass::prefill_attention},
                          OpRow{"attention_decode", OperatorClass::decode_attention},
                          OpRow{"mla_prefill", OperatorClass::latent_prefill},
                          OpRow{"mla_decode", OperatorClass::latent_decode},
                          OpRow{"grouped_gemm", OperatorClass::experts},
                          OpRow{"all_reduce", OperatorClass::collective},
                          OpRow{"all_gather", OperatorClass::collective},
                          OpRow{"reduce_scatter", OperatorClass::collective},
                          OpRow{"all_to_all", OperatorClass::collective},
                          OpRow{"send_recv", OperatorClass::collective},
                          OpRow{"rmsnorm", OperatorClass::elementwise},
                          OpRow{"layernorm", OperatorClass::elementwise},
                          OpRow{"rope", OperatorClass::elementwise},
                          OpRow{"activation", OperatorClass::elementwise},
                          OpRow{"add", OperatorClass::elementwise},
                          OpRow{"softmax", OperatorClass::elementwise},
                          OpRow{"embedding", OperatorClass::elementwise}};

/// "bfloat16" and "half" are bf16 and fp16 here.
std::string type_name(std::string_view text) {
  if (text == "bfloat16") return "bf16";
  if (text == "half" || text == "float16") return "fp16";
  return std::string(text);
}

class RowReader : public csv::RowReader {
 public:
  using csv::RowReader::RowReader;

  /// A positive, finite number; `fallback` where the table has no such column or nothing in it.
  double number(std::string_view column, std::optional<double> fallback = std::nullopt) {
    const std::string field = text(column);
    if (field.empty() && fallback) return *fallback;
    const auto value = csv::to_number(field);
    if (!value || *value < 0 || (*value == 0 && !fallback)) {
      complain(fmt::format("{} is \"{}\"", column, shown(field)), "expected a number above 0");
      return 1;
    }
    constexpr double kLeast = 1e-6;
    constexpr double kMost = 1e18;
    if (*value != 0 && (*value < kLeast || *value > kMost)) {
      complain(fmt::format("{} is {:g}, which is absurd", column, *value),
               fmt::format("expected a number from {:g} to {:g}", kLeast, kMost));
      return 1;
    }
    return *value;
  }
};

AttentionShape read_attention(RowReader& row) {
  return {row.number("batch"),    row.number("q_len", 1), row.number("kv_len"),
          row.number("heads"),    row.number("kv_heads"), row.number("head_dim"),
          row.number("window", 0)};
}

LatentAttentionShape read_latent(RowReader& row) {
  return {row.number("batch"), row.number("q_len", 1), row.number("kv_len"), row.number("heads")};
}

/// "power_law_1.2" → 1.2; balanced → 0.
double skew_of(RowReader& row) {
  const std::string text = row.text("distribution");
  constexpr std::string_view kPrefix = "power_law_";
  if (text == "balanced" || text.empty()) return 0;
  if (text.starts_with(kPrefix)) {
    const auto value = csv::to_number(std::string_view(text).substr(kPrefix.size()));
    constexpr double kMost = 10;
    if (value && *value > 0 && *value <= kMost) return *value;
  }
  row.complain(fmt::format("distribution is \"{}\"", shown(text)),
               "balanced or power_law_ and its exponent, up to 10");
  return 0;
}

/// Nemotron 3's experts have no gate, and tables do not say so. The collectors for vLLM 0.14 and
/// SGLang timed gated ones of the same sizes.
bool is_ungated(const ExpertsShape& shape, std::string_view stack) {
  if (stack.starts_with("sglang") || stack.starts_with("vllm-0.14")) return false;
  constexpr double kChoicesOfSuper = 22;  // of Nemotron 3 Super, and of no other model
  const bool is_nano = shape.hidden == 2688 && shape.intermediate == 1856;
  return is_nano || shape.experts_per_token == kChoicesOfSuper;
}

ExpertsShape read_experts(RowReader& row) {
  ExpertsShape shape{.tokens = row.number("m"),
                     .hidden = row.number("k"),
                     .intermediate = row.number("n"),
                     .experts_per_token = row.number("topk"),
                     .experts = row.number("experts"),
                     .tensor_parallel = row.number("moe_tp", 1),
                     .expert_parallel = row.number("moe_ep", 1),
                     .skew = skew_of(row)};
  shape.routing = shape.skew > 0 ? ExpertRouting::power_law : ExpertRouting::balanced;
  if (is_ungated(shape, row.text("stack"))) shape.matrices_up = 1;
  shape.remote_rows_on_first = row.text("stack").starts_with("sglang") && shape.expert_parallel > 1;
  if (shape.experts < std::max(shape.experts_per_token, shape.expert_parallel)) {
    row.complain(fmt::format("{} experts", shape.experts), "no fewer than topk and than moe_ep");
  }
  return shape;
}

CollectiveShape read_collective(RowReader& row, std::string_view op) {
  CollectiveShape shape;
  if (op == "all_gather") shape.kind = CollectiveKind::all_gather;
  if (op == "reduce_scatter") shape.kind = CollectiveKind::reduce_scatter;
  if (op == "all_to_all") shape.kind = CollectiveKind::all_to_all;
  if (op == "send_recv") shape.kind = CollectiveKind::send;
  shape.ranks = row.number("ranks");
  shape.bytes = row.number("msg_bytes");
  const std::string sub = row.text("sub");
  constexpr std::string_view kPerNode = "per_node=";
  if (sub.starts_with(kPerNode)) {
    const auto per_node = csv::to_number(std::string_view(sub).substr(kPerNode.size()));
    shape.per_node = per_node.value_or(0);
    if (!(shape.per_node >= 1 && shape.per_node <= shape.ranks)) {
      row.complain(fmt::format("sub is \"{}\"", shown(sub)),
                   "per_node= and 1 or more of the ranks");
    }
  }
  return shape;
}

/// Vidur calls its LayerNorm "rmsnorm"; its activation has no gate, and attention and MLP, which
/// run side by side, are added up by two kernels.
bool is_of_phi_2(const RowReader& row) { return row.text("model").ends_with("phi-2"); }

ElementwiseShape read_elementwise(RowReader& row, std::string_view op) {
  ElementwiseShape shape;
  if (op == "rope") shape.kind = ElementwiseKind::rotary;
  if (op == "activation") shape.kind = ElementwiseKind::activation;
  if (op == "add") shape.kind = ElementwiseKind::residual;
  if (op == "softmax") shape.kind = ElementwiseKind::softmax;
  if (op == "embedding") shape.kind = ElementwiseKind::embedding;
  shape.rows = row.number("m");
  if (shape.kind == ElementwiseKind::rotary) {
    shape.width = (row.number("heads") + row.number("kv_heads")) * row.number("head_dim");
  } else {
    shape.width = row.number(row.text("k").empty() ? "n" : "k");
  }
  if (shape.kind == ElementwiseKind::residual) {
    shape.kernels = is_of_phi_2(row) ? 2 : 1;
    shape.bytes_per_element = 6 * shape.kernels;
  } else if (shape.kind == ElementwiseKind::activation) {
    const bool is_plain = is_of_phi_2(row) || row.text("sub") == "gelu";
    shape.bytes_per_element = is_plain ? 4 : 6;
  }
  return shape;
}

/// For tables that do not name their kernels: which operator it is. Each of NCCL's has coefficients
/// of its own, and so has one that leaves the node.
std::string kernel_of(const RowReader& row, const OpRow& op, const Shape& shape) {
  const std::string kernel = row.text("kernel");
  if (op.kind == OperatorClass::collective && (kernel.empty() || kernel == "nccl")) {
    const auto& s = std::get<CollectiveShape>(shape);
    const bool leaves_node = s.per_node > 0 && s.per_node < s.ranks;
    return fmt::format("nccl_{}{}", op.op, leaves_node ? "_network" : "");
  }
  if (op.kind != OperatorClass::elementwise || !kernel.empty()) return kernel;
  const auto& s = std::get<ElementwiseShape>(shape);
  if (s.kind == ElementwiseKind::norm && is_of_phi_2(row)) return "layernorm";
  const bool is_gated = s.kind == ElementwiseKind::activation && s.bytes_per_element > 4;
  return is_gated ? "gated_activation" : std::string(op.op);
}

Shape read_shape(RowReader& row, const OpRow& op) {
  switch (op.kind) {
    case OperatorClass::gemm:
      return GemmShape{row.number("m"), row.number("n"), row.number("k"), true};
    case OperatorClass::prefill_attention:
    case OperatorClass::decode_attention:
      return read_attention(row);
    case OperatorClass::latent_prefill:
    case OperatorClass::latent_decode:
      return read_latent(row);
    case OperatorClass::experts:
      return read_experts(row);
    case OperatorClass::collective:
      return read_collective(row, op.op);
    case OperatorClass::elementwise:
      break;
  }
  return read_elementwise(row, op.op);
}

/// Where a table has few configurations, a check leaves out sizes instead: of collectives, whose
/// tables mostly have two numbers of ranks, and of element-wise kernels of one model alone.
std::string octave_of(double size) { return fmt::format("2^{:.0f}", std::round(std::log2(size))); }

/// What a check leaves out together: all rows of one configuration, whatever their tokens; of
/// experts all rows of one model.
std::string group_of(const RowReader& row, OperatorClass kind, const Shape& shape) {
  const auto joined = [&](std::initializer_list<std::string_view> columns) {
    std::string key;
    for (const std::string_view column : columns) key += row.text(column) + "/";
    return key;
  };
  switch (kind) {
    case OperatorClass::gemm:
      return joined({"n", "k"});
    case OperatorClass::prefill_attention:
    case OperatorClass::decode_attention:
      return joined({"heads", "kv_heads", "head_dim"});
    case OperatorClass::latent_prefill:
    case OperatorClass::latent_decode:
      return joined({"heads"});
    case OperatorClass::experts:
      return joined({"k", "n", "topk", "experts"});
    case OperatorClass::collective:
      return octave_of(std::get<CollectiveShape>(shape).bytes);
    case OperatorClass::elementwise:
      break;
  }
  const bool is_one_model = row.text("model").empty() || is_of_phi_2(row);
  return joined({"model", "tp", "n"}) +
         (is_one_model ? octave_of(std::get<ElementwiseShape>(shape).rows) : "");
}

Measurement read_row(RowReader& row, const OpRow& op) {
  Measurement out;
  out.where = row.where();
  out.source = row.text("source");
  out.device = row.text("device");
  out.stack = row.text("stack");
  out.compute = type_name(row.text("dtype"));
  out.cache = type_name(row.text("kv_dtype"));
  out.kind = op.kind;
  out.op = op.op;
  out.shape = read_shape(row, op);
  out.kernel = kernel_of(row, op, out.shape);
  constexpr double kMicroseconds = 1e6;
  out.seconds = row.number("measured_us") / kMicroseconds;
  out.is_in_cache = !row.text("flag").empty();
  out.group = group_of(row, op.kind, out.shape);
  return out;
}

/// What a check leaves out instead where a kernel was timed on one configuration alone: splits of
/// its experts, lengths of its attention; elsewhere nothing.
std::string part_of(const Shape& shape) {
  if (const auto* experts = std::get_if<ExpertsShape>(&shape)) {
    return fmt::format("{}/{}/", experts->tensor_parallel, experts->expert_parallel);
  }
  if (const auto* attention = std::get_if<AttentionShape>(&shape)) {
    return fmt::format("{}/{}/", attention->new_tokens, attention->context);
  }
  return "";
}

void tell_parts_apart(std::vector<Measurement>& rows) {
  using Kernel = std::tuple<OperatorClass, std::string_view, std::string_view, std::string_view,
                            std::string_view, std::string_view>;
  const auto timed_kernel = [](const Measurement& row) {
    return Kernel{row.kind, row.device, row.stack, row.kernel, row.compute, row.cache};
  };
  std::map<Kernel, std::set<std::string_view>> configurations;
  for (const Measurement& row : rows) configurations[timed_kernel(row)].insert(row.group);
  std::vector<Measurement*> of_one;
  for (Measurement& row : rows) {
    if (configurations[timed_kernel(row)].size() == 1) of_one.push_back(&row);
  }
  for (Measurement* row : of_one) row->group += part_of(row->shape);
}

Diagnostics missing_columns(const csv::Table& table) {
  Diagnostics faults;
  for (const char* column : {"device", "op", "dtype", "measured_us"}) {
    if (table.has(column)) continue;
    faults.push_back({table.source, fmt::format("has no column {}", column),
                      "tables of measurements have device, op, dtype, measured_us and the shape"});
  }
  return faults;
}

}  // namespace

Result<Measurements> read_measurements(std::string_view text, std::string_view source) {
  const auto table = csv::read(text, source);
  if (!table) return fail(table.error());
  if (Diagnostics faults = missing_columns(*table); !faults.empty()) return fail(std::move(faults));
  Measurements out;
  out.bad_rows = table->bad_rows;
  out.rows.reserve(table->rows.size());
  for (const csv::Row& line : table->rows) {
    RowReader row(*table, line);
    const std::string op = row.text("op");
    const auto* known =
        std::find_if(kOps.begin(), kOps.end(), [&](const OpRow& each) { return each.op == op; });
    if (known == kOps.end()) {
      out.bad_rows.push_back({row.where(), fmt::format("\"{}\" is no operator", shown(op)),
                              "gemm, attention_prefill, attention_decode, all_reduce, …"});
      continue;
    }
    Measurement measurement = read_row(row, *known);
    if (row.fault()) {
      out.bad_rows.push_back(*row.fault());
    } else {
      out.rows.push_back(std::move(measurement));
    }
  }
  tell_parts_apart(out.rows);
  return out;
}

}  // namespace ridgepoint::calibrate
