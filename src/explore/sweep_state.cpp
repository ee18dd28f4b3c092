// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/sweep_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "ridgepoint/core/json_reader.hpp"
#include "ridgepoint/core/text.hpp"
#include "ridgepoint/core/version.hpp"
#include "ridgepoint/explore/histogram.hpp"

namespace ridgepoint::explore {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kSchema = "ridgepoint/sweep-state/2";
constexpr std::int64_t kMost = std::int64_t{1} << 62;

Json to_json(const SweepCounts& counts) {
  return {{"points", counts.points},
          {"evaluated", counts.evaluated},
          {"fitting", counts.fitting},
          {"meeting", counts.meeting}};
}

/// Of a cell without a best point the three counts alone.
Json to_json(const std::vector<GridCell>& cells) {
  Json all = Json::array();
  for (const GridCell& cell : cells) {
    Json row = Json::array({cell.evaluated, cell.fitting, cell.meeting});
    if (cell.meeting > 0) {
      row.push_back(cell.best.key);
      row.push_back(cell.best.point);
    }
    all.push_back(std::move(row));
  }
  return all;
}

/// The bins that hold something: where each is, and how much it holds.
Json to_json(const std::vector<std::uint64_t>& histogram) {
  Json all = Json::array();
  for (std::size_t i = 0; i < histogram.size(); ++i) {
    if (histogram[i] > 0) all.push_back(Json::array({i, histogram[i]}));
  }
  return all;
}

/// A whole number that the program may have written.
std::optional<std::uint64_t> whole(const json::Value& value) {
  if (!value.integer || *value.integer < 0 || *value.integer > kMost) return std::nullopt;
  return static_cast<std::uint64_t>(*value.integer);
}

/// Reads a state object by object; what is wrong is kept.
class StateReader {
 public:
  StateReader(const json::Value& root, std::string source_name)
      : reader_(root, std::move(source_name), faults_) {}

  Result<SweepState> read() {
    SweepState state;
    check_schema();
    state.question = reader_.string("question").value_or("");
    state.words = reader_.strings("words");
    if (auto shard = reader_.object("shard")) {
      state.shard = {count(*shard, "number"), count(*shard, "of")};
      shard->refuse_unknown_keys();
    }
    if (state.shard.number < 1 || state.shard.number > state.shard.of) {
      reader_.fault("shard", "is none of its number", "a file that `sweep --shard` wrote is whole");
    }
    state.parts_done = count(reader_, "parts_done");
    if (auto counts = reader_.object("counts")) {
      state.counts = {count(*counts, "points"), count(*counts, "evaluated"),
                      count(*counts, "fitting"), count(*counts, "meeting")};
      counts->refuse_unknown_keys();
    }
    for (const Row& row : rows("best", 1)) state.best.push_back({row.keys[0], row.point});
    for (const Row& row : rows("front", FrontPoint::kMost)) {
      state.front.push_back({{}, row.point});
      std::copy_n(row.keys.begin(), FrontPoint::kMost, state.front.back().keys.begin());
    }
    read_grids(state);
    read_histogram(state);
    read_left_out(state);
    reader_.refuse_unknown_keys();
    if (!faults_.empty()) return fail(std::move(faults_));
    return state;
  }

 private:
  void check_schema() {
    const auto schema = reader_.string("schema");
    if (schema && *schema != kSchema) {
      reader_.fault("schema", fmt::format("expected \"{}\", got \"{}\"", kSchema, shown(*schema)),
                    "it is no state of a sweep, or one of another version");
    }
    const auto version = reader_.string("version");
    if (version && *version != kVersion) {
      reader_.fault("version", fmt::format("is of {}, this is {}", shown(*version), kVersion),
                    "sweep again: other versions have other numbers");
    }
  }

  std::uint64_t count(json::Reader& reader, const char* key) {
    const json::Value* value = reader.any(key);
    if (value == nullptr) return 0;
    const auto number = whole(*value);
    if (!number) {
      reader.fault(key, "expected a whole number from 0, got " + json::describe(*value),
                   "a file that `sweep` wrote is whole");
    }
    return number.value_or(0);
  }

  /// Finite numbers and the point that has them.
  struct Row {
    std::vector<double> keys;
    std::uint64_t point = 0;
  };

  std::vector<Row> rows(const char* key, std::size_t width) {
    std::vector<Row> all;
    const json::Value* list = reader_.any(key);
    if (list == nullptr) return all;
    for (const json::Value& item : list->items) {
      Row row;
      for (const json::Value& number : item.items) {
        if (number.kind == json::Kind::number && std::isfinite(number.number)) {
          row.keys.push_back(number.number);
        }
      }
      const std::int64_t point = item.items.empty() ? -1 : item.items.back().integer.value_or(-1);
      if (row.keys.size() != width + 1 || point < 0) {
        reader_.fault(key,
                      fmt::format("expected lists of {} numbers, the last one whole", width + 1),
                      "a file that `sweep` wrote is whole");
        break;
      }
      row.keys.pop_back();
      row.point = static_cast<std::uint64_t>(point);
      all.push_back(std::move(row));
    }
    return all;
  }

  void read_grids(SweepState& state) {
    const json::Value* list = reader_.any("grids");
    if (list == nullptr) return;
    for (const json::Value& grid : list->items) {
      std::vector<GridCell>& cells = state.grids.emplace_back();
      for (const json::Value& item : grid.items) {
        const auto cell = cell_of(item);
        if (!cell) {
          reader_.fault("grids", "expected lists of three counts, with the best point where it is",
                        "a file that `sweep` wrote is whole");
          return;
        }
        cells.push_back(*cell);
      }
    }
  }
  static std::optional<GridCell> cell_of(const json::Value& item) {
    constexpr std::size_t kCounts = 3;
    if (item.items.size() < kCounts) return std::nullopt;
    const auto evaluated = whole(item.items[0]);
    const auto fitting = whole(item.items[1]);
    const auto meeting = whole(item.items[2]);
    if (!evaluated || !fitting || !meeting) return std::nullopt;
    GridCell cell{*evaluated, *fitting, *meeting, GridCell{}.best};
    if (item.items.size() != (*meeting > 0 ? kCounts + 2 : kCounts)) return std::nullopt;
    if (*meeting == 0) return cell;
    const json::Value& key = item.items[kCounts];
    const auto point = whole(item.items[kCounts + 1]);
    if (key.kind != json::Kind::number || !std::isfinite(key.number) || !point) return std::nullopt;
    cell.best = {key.number, *point};
    return cell;
  }

  void read_histogram(SweepState& state) {
    const json::Value* list = reader_.any("histogram");
    if (list == nullptr || list->items.empty()) return;
    state.histogram.resize(kBins);
    for (const json::Value& item : list->items) {
      const auto bin = item.items.size() == 2 ? whole(item.items[0]) : std::nullopt;
      const auto count = item.items.size() == 2 ? whole(item.items[1]) : std::nullopt;
      if (!bin || *bin >= kBins || !count) {
        reader_.fault("histogram", "expected pairs of a bin and a count",
                      "a file that `sweep` wrote is whole");
        return;
      }
      state.histogram[*bin] += *count;
    }
  }

  void read_left_out(SweepState& state) {
    const json::Value* list = reader_.any("left_out");
    if (list == nullptr) return;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      json::Reader one(list->items[i], reader_.source_name(), faults_,
                       fmt::format("/left_out/{}", i));
      const Diagnostic reason{one.string("where").value_or(""), one.string("what").value_or(""),
                              one.string("help").value_or("")};
      state.left_out.push_back({reason, count(one, "deployments")});
      one.refuse_unknown_keys();
    }
  }

  Diagnostics faults_;
  json::Reader reader_;
};

}  // namespace

Result<Shard> parse_shard(std::string_view text, std::string_view where) {
  Shard shard;
  const std::string_view all = trimmed(text);
  const char* const end = all.data() + all.size();
  const auto number = std::from_chars(all.data(), end, shard.number);
  const bool has_slash = number.ec == std::errc() && number.ptr != end && *number.ptr == '/';
  const auto of = has_slash ? std::from_chars(number.ptr + 1, end, shard.of) : number;
  constexpr std::uint64_t kMostShards = 1'000'000;
  if (!has_slash || of.ec != std::errc() || of.ptr != end || shard.number < 1 ||
      shard.number > shard.of || shard.of > kMostShards) {
    return fail(std::string(where), fmt::format("\"{}\" is no shard", shown(text)),
                "write 2/8 for the second of eight");
  }
  return shard;
}

GridCell& GridCell::operator+=(const GridCell& other) {
  evaluated += other.evaluated;
  fitting += other.fitting;
  meeting += other.meeting;
  best = std::min(best, other.best);
  return *this;
}

SweepCounts& SweepCounts::operator+=(const SweepCounts& other) {
  points += other.points;
  evaluated += other.evaluated;
  fitting += other.fitting;
  meeting += other.meeting;
  return *this;
}

std::string write_state(const SweepState& state) {
  Json out{{"schema", kSchema},
           {"version", kVersion},
           {"question", state.question},
           {"words", state.words},
           {"shard", {{"number", state.shard.number}, {"of", state.shard.of}}},
           {"parts_done", state.parts_done},
           {"counts", to_json(state.counts)},
           {"best", Json::array()},
           {"front", Json::array()},
           {"grids", Json::array()},
           {"histogram", to_json(state.histogram)},
           {"left_out", Json::array()}};
  for (const KeyedPoint& each : state.best) {
    out["best"].push_back(Json::array({each.key, each.point}));
  }
  for (const FrontPoint& each : state.front) {
    Json row = each.keys;
    row.push_back(each.point);
    out["front"].push_back(std::move(row));
  }
  for (const std::vector<GridCell>& cells : state.grids) out["grids"].push_back(to_json(cells));
  for (const LeftOut& each : state.left_out) {
    out["left_out"].push_back({{"where", each.reason.where},
                               {"what", each.reason.what},
                               {"help", each.reason.help},
                               {"deployments", each.deployments}});
  }
  return out.dump(1) + "\n";
}

Result<SweepState> read_state(std::string_view text, std::string_view source_name) {
  const auto root = json::parse(text, source_name);
  if (!root) return fail(root.error());
  if (root->kind != json::Kind::object) {
    return fail(std::string(source_name), "expected an object, got " + json::describe(*root),
                "give a file that `sweep --shard` or `sweep --resume` wrote");
  }
  return StateReader(*root, std::string(source_name)).read();
}

}  // namespace ridgepoint::explore
