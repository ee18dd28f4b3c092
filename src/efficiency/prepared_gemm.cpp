// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "efficiency/gemm_terms.hpp"
#include "efficiency/prepared_times.hpp"
#include "ridgepoint/efficiency/form.hpp"

namespace ridgepoint::efficiency {
namespace {

/// The tables of all tiles on the result's size, of three knots each.
struct TileTables {
  struct Tile {
    TileTerms terms;
    double first = 0;  ///< at the first knot; then what each half adds
    double lower = 0;
    double upper = 0;
  };
  KnotLine axis;
  std::array<Tile, kTableTiles.size()> tiles{};
};

struct FeatureBody {
  const double* m;
  double* log2_m;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const { log2_m[i] = log2(m[i]); }
};

struct SecondsBody {
  GemmTerms terms;
  const double* m;
  double* seconds;
  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    const GemmParts parts = terms.at(m[i]);
    seconds[i] = parts.start + parts.both + parts.quantise;
  }
};

/// The same, and each tile's table as far as arithmetic takes the time.
struct SecondsAndTilesBody {
  GemmTerms terms;
  TileTables tables;
  const double* m;
  const double* log2_m;
  double* seconds;
  double* correction;

  RIDGEPOINT_INLINE void operator()(std::size_t i) const {
    const double rows = m[i];
    const double of_m = 1 / rows;
    const auto log2_tiles = quantisation(rows, of_m, kAllTiles);
    const GemmParts parts =
        terms.at(rows, of_m, {log2_tiles[kFirst], log2_tiles[kFirst + 1], log2_tiles[kFirst + 2]});
    seconds[i] = parts.start + parts.both + parts.quantise;
    const double at = tables.axis.at(log2_m[i]);
    const double lower = smaller(at, 1);
    const double upper = larger(at - 1, 0);
    const double sum = sum_of_tiles(log2_tiles, lower, upper, kAllTiles);
    const double all = parts.compute + parts.memory + parts.start + parts.quantise;
    correction[i] = smaller(2 * parts.compute / all, 1) * sum;
  }

 private:
  static constexpr auto kAllTiles = std::make_index_sequence<kTableTiles.size()>();

  using OfTiles = std::array<double, kTableTiles.size()>;
  /// The form's own three stand together.
  static constexpr std::size_t kFirst = 3;
  static_assert(kTableTiles[kFirst].columns == 128 && kTableTiles[kFirst + 1].columns == 256 &&
                kTableTiles[kFirst + 2].rows == 256);

  // Without loops, which would keep the one over points from being vectorised.
  template <std::size_t... kTile>
  RIDGEPOINT_INLINE OfTiles quantisation(double rows, double of_m,
                                         std::index_sequence<kTile...> /*all*/) const {
    return {tables.tiles[kTile].terms.log2_quantisation(rows, of_m, terms.units)...};
  }
  template <std::size_t... kTile>
  RIDGEPOINT_INLINE double sum_of_tiles(const OfTiles& log2_tiles, double lower, double upper,
                                        std::index_sequence<kTile...> /*all*/) const {
    return (... +
            (log2_tiles[kTile] * (tables.tiles[kTile].first + tables.tiles[kTile].lower * lower +
                                  tables.tiles[kTile].upper * upper)));
  }
};

class GemmTimes final : public FormTimes {
 public:
  GemmTimes(const KernelProfile& kernel, const DeviceFacts& device, const GemmShape& like)
      : terms_(GemmTerms::of(kernel.coefficients, device, kernel.types(), like)) {
    floor_ = {terms_.floor_row, terms_.floor_weights};
    for (const Blended& part : kernel.blend) {
      parts_.push_back(
          {part.share, GemmTerms::of(part.coefficients, device, kernel.types(), like)});
    }
  }

  bool prepare_tables(const KernelProfile& kernel, const GemmShape& like) {
    TableSetting setting;
    setting.log2_features = form(OperatorClass::gemm).features(like);
    setting.log2_features[kSize] -= setting.log2_features[kRows];  // of one row
    setting.varying = {{kRows, 0}, {kSize, 0, setting.log2_features[kSize]}};
    for (const Correction& table : kernel.corrections) {
      if (!table.factor) continue;
      if (*table.factor < kTableTiles.size()) {
        if (!add_tile(table, like, setting)) return false;
      } else {
        const double columns = kTableWidths.at(*table.factor - kTableTiles.size());
        if (!tables_.add(table, log2_padding(like.n, columns), setting)) return false;
      }
    }
    if (!prepare(kernel, setting, like)) return false;
    tables_.finish();
    return true;
  }

 private:
  // Of the form's features.
  static constexpr std::size_t kRows = 0;
  static constexpr std::size_t kSize = 3;

  bool add_tile(const Correction& table, const GemmShape& like, const TableSetting& setting) {
    constexpr std::size_t kKnots = 3;
    if (table.features != std::vector<std::size_t>{kSize} || table.axes[0].knots != kKnots) {
      return false;
    }
    const KnotLine axis = KnotLine::of(table.axes[0], setting.log2_features[kSize]);
    if (has_tiles_ && !(axis == tiles_.axis)) return false;
    if (!has_tiles_) {
      for (std::size_t i = 0; i < kTableTiles.size(); ++i) {
        tiles_.tiles[i].terms = TileTerms::of(like.n, kTableTiles[i]);
      }
    }
    has_tiles_ = true;
    tiles_.axis = axis;
    TileTables::Tile& tile = tiles_.tiles[*table.factor];
    tile.first += table.values[0];
    tile.lower += table.values[1] - table.values[0];
    tile.upper += table.values[2] - table.values[1];
    return true;
  }

  void set_features(Chunk& chunk) const override {
    for_each_point(FeatureBody{chunk.size, chunk.log2_features[0].data()}, chunk.n, chunk.set);
  }
  void set_seconds(Chunk& chunk) const override {
    if (has_tiles_) {
      for_each_point(SecondsAndTilesBody{terms_, tiles_, chunk.size, chunk.log2_features[0].data(),
                                         chunk.seconds.data(), chunk.correction.data()},
                     chunk.n, chunk.set);
    }
    if (!parts_.empty()) {
      run_blend(parts_, chunk, run);
    } else if (!has_tiles_) {
      run(terms_, chunk);
    }
  }
  static void run(const GemmTerms& terms, Chunk& chunk) {
    for_each_point(SecondsBody{terms, chunk.size, chunk.seconds.data()}, chunk.n, chunk.set);
  }

  GemmTerms terms_;
  std::vector<BlendedTerms<GemmTerms>> parts_;
  bool has_tiles_ = false;
  TileTables tiles_;
};

}  // namespace

PreparedTimes prepared_gemm(const KernelProfile& kernel, const DeviceFacts& device,
                            const Shape& like) {
  const auto& shape = std::get<GemmShape>(like);
  auto made = std::make_shared<GemmTimes>(kernel, device, shape);
  return made->prepare_tables(kernel, shape) ? made : nullptr;
}

}  // namespace ridgepoint::efficiency
