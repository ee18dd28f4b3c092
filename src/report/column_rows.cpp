// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <cassert>
#include <map>

#include "report/row_columns.hpp"
#include "ridgepoint/report/row_files.hpp"

namespace ridgepoint::report {
namespace {

constexpr std::size_t kWord = 8;  // bytes of a number

/// The lowest byte first, whatever the machine does.
template <class T>
void append_little_endian(T number, std::string& out) {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    out.push_back(static_cast<char>(number >> (8 * i) & 0xFFU));
  }
}
void append_word(std::uint64_t number, std::string& out) { append_little_endian(number, out); }
void append_word(double number, std::string& out) {
  append_word(std::bit_cast<std::uint64_t>(number), out);
}

/// The numbers that stand for names, for each axis of names.
using Dictionary = std::map<std::string, std::uint64_t>;

/// What an axis of deployments is called anywhere: it hangs on the model and on one axis at most.
Dictionary names_of(const explore::Space& space, const SweepAxis& axis) {
  constexpr std::array kAlone{explore::Axis::device, explore::Axis::weights,
                              explore::Axis::activations, explore::Axis::kv_cache};
  Dictionary names;
  const std::uint64_t of_model = space.stride(explore::Axis::model);
  for (std::uint64_t model = 0; model < space.size(explore::Axis::model); ++model) {
    for (const explore::Axis other : kAlone) {
      for (std::uint64_t i = 0; i < space.size(other); ++i) {
        const std::uint64_t point = model * of_model + i * space.stride(other);
        const auto name = axis.json(space.deployment(point / space.loads())).get<std::string>();
        names.emplace(name, names.size());
      }
    }
  }
  return names;
}

const char* unit_of(std::string_view key) {
  if (key.ends_with("tokens_per_s")) return "tokens/s";
  if (key.ends_with("_s")) return "s";
  if (key == "energy_j_per_token") return "J/token";
  return "$/million tokens";
}

class ColumnRows : public RowFile {
 public:
  explicit ColumnRows(const explore::Space& space) : space_(space), columns_(space) {
    for (const SweepAxis& axis : columns_.deployment) {
      names_.push_back(axis.is_number ? Dictionary() : names_of(space, axis));
    }
  }

  std::string head() const override {
    std::string words = description().dump();
    const std::size_t before = kColumnsMagic.size() + 2 * sizeof(std::uint32_t);
    words.resize((before + words.size() + kWord - 1) / kWord * kWord - before, ' ');
    std::string out(kColumnsMagic);
    append_little_endian(kColumnsVersion, out);
    append_little_endian(static_cast<std::uint32_t>(words.size()), out);
    return out + words;
  }

  /// Row by row; add() turns them into columns.
  std::string encode(const std::vector<explore::KeptPoint>& points) const override {
    explore::Candidate candidate = space_.point(points.front().point);
    const std::string deployment = deployment_of(candidate);
    std::string out;
    out.reserve(points.size() * columns_.count() * kWord);
    for (const explore::KeptPoint& point : points) {
      space_.set_load(point.point, candidate.question);
      out += deployment;
      for (const SweepAxis& axis : columns_.load) {
        append_word(axis.json(candidate).get<std::uint64_t>(), out);
      }
      append_word(std::uint64_t{fits(candidate, point)}, out);
      append_word(point.room, out);
      for (const RequestFigure& figure : columns_.figures) {
        append_word(point.times.*figure.value, out);
      }
    }
    return out;
  }

  std::string add(std::string_view rows) override {
    waiting_ += rows;
    const std::size_t of_group = kRowsOfGroup * columns_.count() * kWord;
    std::string out;
    std::size_t taken = 0;
    for (; waiting_.size() - taken >= of_group; taken += of_group) {
      append_group(std::string_view(waiting_).substr(taken, of_group), out);
    }
    waiting_.erase(0, taken);
    return out;
  }

  std::string tail() override {
    std::string out;
    if (!waiting_.empty()) append_group(waiting_, out);
    waiting_.clear();
    append_word(std::uint64_t{0}, out);
    append_word(written_, out);
    return out;
  }

 private:
  Json description() const {
    Json columns = Json::array();
    for (std::size_t i = 0; i < columns_.deployment.size(); ++i) {
      Json column{{"name", columns_.deployment[i].key}, {"type", "int64"}};
      if (!columns_.deployment[i].is_number) column["values"] = in_order(names_[i]);
      columns.push_back(std::move(column));
    }
    for (const SweepAxis& axis : columns_.load) {
      columns.push_back({{"name", axis.key}, {"type", "int64"}});
    }
    columns.push_back({{"name", RowColumns::kOfRoom[0]}, {"type", "int64"}});
    columns.push_back({{"name", RowColumns::kOfRoom[1]}, {"type", "float64"}});
    for (const RequestFigure& figure : columns_.figures) {
      columns.push_back({{"name", figure.key}, {"type", "float64"}, {"unit", unit_of(figure.key)}});
    }
    return {{"schema", "ridgepoint/sweep-rows/1"}, {"columns", std::move(columns)}};
  }

  static Json in_order(const Dictionary& names) {
    std::vector<std::string> all(names.size());
    for (const auto& [name, number] : names) all[number] = name;
    return all;
  }

  std::string deployment_of(const explore::Candidate& candidate) const {
    std::string out;
    for (std::size_t i = 0; i < columns_.deployment.size(); ++i) {
      const Json value = columns_.deployment[i].json(candidate);
      append_word(
          value.is_string() ? names_[i].at(value.get<std::string>()) : value.get<std::uint64_t>(),
          out);
    }
    return out;
  }

  void append_group(std::string_view rows, std::string& out) {
    const std::size_t width = columns_.count() * kWord;
    const std::size_t count = rows.size() / width;
    assert(count * width == rows.size());
    append_word(std::uint64_t{count}, out);
    for (std::size_t column = 0; column < width; column += kWord) {
      for (std::size_t row = 0; row < count; ++row) {
        out.append(rows.substr(row * width + column, kWord));
      }
    }
    written_ += count;
  }

  const explore::Space& space_;
  RowColumns columns_;
  std::vector<Dictionary> names_;  ///< of each axis of deployments; empty for numbers
  std::string waiting_;            ///< rows of a group that is not full yet
  std::uint64_t written_ = 0;
};

}  // namespace

std::unique_ptr<RowFile> column_rows(const explore::Space& space) {
  return std::make_unique<ColumnRows>(space);
}

}  // namespace ridgepoint::report
