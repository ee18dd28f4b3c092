// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/explore/sweep_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "ridgepoint/core/json_reader.hpp"
#include "ridgepoint/core/text.hpp"
#include "ridgepoint/core/version.hpp"

namespace ridgepoint::explore {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kSchema = "ridgepoint/sweep-state/1";
constexpr std::int64_t kMost = std::int64_t{1} << 62;

Json to_json(const SweepCounts& counts) {
  return {{"points", counts.points},
          {"evaluated", counts.evaluated},
          {"fitting", counts.fitting},
          {"meeting", counts.meeting}};
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
    if (!value->integer || *value->integer < 0 || *value->integer > kMost) {
      reader.fault(key, "expected a whole number from 0, got " + json::describe(*value),
                   "a file that `sweep` wrote is whole");
      return 0;
    }
    return static_cast<std::uint64_t>(*value->integer);
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
           {"left_out", Json::array()}};
  for (const KeyedPoint& each : state.best) {
    out["best"].push_back(Json::array({each.key, each.point}));
  }
  for (const FrontPoint& each : state.front) {
    Json row = each.keys;
    row.push_back(each.point);
    out["front"].push_back(std::move(row));
  }
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
