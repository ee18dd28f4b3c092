// SPDX-License-Identifier: Apache-2.0
#include "symbolic/prove_witness.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <set>

#include "symbolic/fraction.hpp"
#include "symbolic/sign_interval.hpp"
#include "symbolic/solve_roots.hpp"

namespace ridgepoint::symbolic::detail {
namespace {

bool violates(Relation relation, const Interval& difference) {
  switch (relation) {
    case Relation::less:
      return difference.low >= 0;
    case Relation::less_equal:
      return difference.low > 0;
    case Relation::equal:
      return difference.low > 0 || difference.high < 0;
    case Relation::greater_equal:
      return difference.high < 0;
    case Relation::greater:
      return difference.high <= 0;
  }
  return false;
}

/// A quick opinion in double: worth an exact look. Near zero it always is.
bool may_violate(Relation relation, double difference, double tolerance) {
  if (std::isnan(difference)) return false;
  switch (relation) {
    case Relation::less:
    case Relation::less_equal:
      return difference >= -tolerance;
    case Relation::equal:
      return std::fabs(difference) > 0;
    case Relation::greater_equal:
    case Relation::greater:
      return difference <= tolerance;
  }
  return false;
}

class WitnessSearch {
 public:
  WitnessSearch(const Expr& left, Relation relation, const Expr& right, const Bounds& bounds)
      : left_(left),
        right_(right),
        difference_(left - right),
        relation_(relation),
        bounds_(bounds) {
    std::set<std::string> names;
    for (const Expr& e : {left, right}) {
      for (const std::string& name : symbols(e)) names.insert(name);
    }
    for (const auto& [name, bound] : bounds) {
      if (!bound.is_constant()) names.insert(name);
      for (const std::string& other : symbols(bound)) names.insert(other);
    }
    names_.assign(names.begin(), names.end());
    for (const std::string& name : names_) floors_.push_back(floor_of(name));
  }

  std::optional<Substitution> run() {
    if (difference_.is_undefined()) return std::nullopt;
    if (names_.empty()) return try_point({});
    const bool found = try_equal_sizes() || try_one_apart() || try_pairs() || try_scattered() ||
                       try_beside_roots();
    return found ? std::optional(found_) : std::nullopt;
  }

 private:
  using Values = std::vector<Rational>;

  /// The constant bound of a symbol, 0 where it has none.
  Rational floor_of(const std::string& name) const {
    const auto found = bounds_.find(name);
    if (found == bounds_.end() || !found->second.is_constant()) return 0;
    const Fraction& bound = found->second.fraction();
    if (bound.numerator().is_zero()) return 0;
    return std::max<Rational>(0, {bound.numerator().constant(), bound.denominator().constant()});
  }

  /// The i-th size to try for a symbol, never below its bound.
  Rational size(std::size_t symbol, std::size_t i) const {
    static const std::array<Rational, 12> sizes{1,
                                                2,
                                                3,
                                                Rational(1, 2),
                                                10,
                                                Rational(1, 10),
                                                100,
                                                Rational(1, 100),
                                                1000000,
                                                Rational(1, 1000000),
                                                Rational(3, 2),
                                                Rational(1000000000000)};
    const Rational& floor = floors_[symbol];
    if (floor.is_zero()) return sizes[i % sizes.size()];
    return i == 0 ? floor : floor + sizes[(i - 1) % sizes.size()];
  }
  static constexpr std::size_t kSizeCount = 12;
  static constexpr int kMaxCloseCalls = 40;  // exact looks at what is 0 within rounding

  std::optional<Substitution> try_point(const Values& values) {
    return check(values) ? std::optional(found_) : std::nullopt;
  }

  bool check(const Values& values) {
    DoublePoint approximate_point;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      approximate_point[names_[i]] = values[i].convert_to<double>();
    }
    const Approximation above = approximate(difference_.fraction().numerator(), approximate_point);
    const double below = approximate(difference_.fraction().denominator(), approximate_point).value;
    const double tolerance = above.magnitude * 1e-12 / std::fabs(below);
    const double difference = above.value / below;
    if (!may_violate(relation_, difference, tolerance)) return false;
    if (std::fabs(difference) <= tolerance && ++close_calls_ > kMaxCloseCalls) return false;
    return check_exactly(values);
  }

  bool check_exactly(const Values& values) {
    Point point;
    for (std::size_t i = 0; i < names_.size(); ++i) point[names_[i]] = values[i];
    const std::optional<Interval> difference = enclose(difference_, point);
    if (!difference || !violates(relation_, *difference) || !is_within_bounds(point)) return false;
    if (!enclose(left_, point) || !enclose(right_, point)) return false;
    for (const auto& [name, value] : point) found_[name] = to_expr(value);
    return true;
  }

  bool is_within_bounds(const Point& point) const {
    return std::all_of(bounds_.begin(), bounds_.end(), [&point](const auto& bound) {
      const auto value = point.find(bound.first);
      if (value == point.end()) return true;
      const std::optional<Interval> least = enclose(bound.second, point);
      return least && least->high <= value->second;
    });
  }

  bool try_equal_sizes() {
    for (std::size_t i = 0; i < kSizeCount; ++i) {
      Values values;
      for (std::size_t s = 0; s < names_.size(); ++s) values.push_back(size(s, i));
      if (check(values)) return true;
    }
    return false;
  }

  Values base() const {
    Values values;
    for (std::size_t s = 0; s < names_.size(); ++s) values.push_back(size(s, 0));
    return values;
  }

  bool try_one_apart() {
    for (std::size_t s = 0; s < names_.size(); ++s) {
      Values values = base();
      for (std::size_t i = 1; i < kSizeCount; ++i) {
        values[s] = size(s, i);
        if (check(values)) return true;
      }
    }
    return false;
  }

  bool try_pairs() {
    for (std::size_t a = 0; a < names_.size(); ++a) {
      for (std::size_t b = a + 1; b < names_.size(); ++b) {
        Values values = base();
        for (std::size_t i = 1; i < kSizeCount * kSizeCount; ++i) {
          values[a] = size(a, i / kSizeCount);
          values[b] = size(b, i % kSizeCount);
          if (check(values)) return true;
        }
        if (a + b > 6) return false;  // enough of them
      }
    }
    return false;
  }

  bool try_scattered() {
    std::uint64_t state = 1;
    for (int round = 0; round < 200; ++round) {
      Values values;
      for (std::size_t s = 0; s < names_.size(); ++s) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        values.push_back(size(s, (state >> 33U) % kSizeCount));
      }
      if (check(values)) return true;
    }
    return false;
  }

  /// Along each symbol, the others at a few sizes: the sign can change only at a root.
  bool try_beside_roots() {
    for (std::size_t s = 0; s < names_.size(); ++s) {
      for (const std::size_t others : {0U, 1U, 4U}) {
        Values values;
        for (std::size_t k = 0; k < names_.size(); ++k) values.push_back(size(k, others));
        if (try_along(s, values)) return true;
      }
    }
    return false;
  }

  bool try_along(std::size_t s, Values& values) {
    Substitution others;
    for (std::size_t k = 0; k < names_.size(); ++k) {
      if (k != s) others[names_[k]] = to_expr(values[k]);
    }
    const Expr slice = substitute(difference_, others);
    if (slice.is_undefined() || slice.is_constant()) return false;
    const Polynomial& p = slice.fraction().numerator();
    if (p.variables().size() != 1 || p.variables().front()->kind != AtomKind::symbol) return false;
    const Univariate coefficients = to_univariate(p);
    if (coefficients.size() > kMaxSturmSize) return false;
    const std::vector<RootInterval> roots = positive_roots(coefficients);
    std::vector<Rational> points = points_between_roots(roots);
    for (const RootInterval& root : roots) points.push_back(root.low);
    for (const Rational& point : points) {
      values[s] = std::max(point, floors_[s]);
      if (check(values)) return true;
    }
    return false;
  }

  const Expr& left_;
  const Expr& right_;
  Expr difference_;
  Relation relation_;
  const Bounds& bounds_;
  std::vector<std::string> names_;
  std::vector<Rational> floors_;
  Substitution found_;
  int close_calls_ = 0;
};

}  // namespace

std::optional<Substitution> find_witness(const Expr& left, Relation relation, const Expr& right,
                                         const Bounds& bounds) {
  return WitnessSearch(left, relation, right, bounds).run();
}

}  // namespace ridgepoint::symbolic::detail
