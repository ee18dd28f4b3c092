// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

namespace ridgepoint::symbolic::detail {

/// The exponents of a term, one for each variable of its polynomial. Up to eight lie inside the
/// object: the terms of a typical formula then need no memory of their own.
class Exponents {
 public:
  Exponents() = default;
  explicit Exponents(std::size_t size, std::uint32_t value = 0) : size_(size) {
    if (size > kInline)
      far_.assign(size, value);
    else
      std::fill_n(near_, size, value);
  }
  Exponents(std::initializer_list<std::uint32_t> values) : Exponents(values.size()) {
    std::copy(values.begin(), values.end(), begin());
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::uint32_t* begin() { return size_ > kInline ? far_.data() : near_; }
  std::uint32_t* end() { return begin() + size_; }
  const std::uint32_t* begin() const { return size_ > kInline ? far_.data() : near_; }
  const std::uint32_t* end() const { return begin() + size_; }
  std::uint32_t& operator[](std::size_t i) { return begin()[i]; }
  const std::uint32_t& operator[](std::size_t i) const { return begin()[i]; }
  const std::uint32_t& front() const { return *begin(); }

  /// Keeps the first `size` exponents. REQUIRES: size <= size().
  void truncate(std::size_t size) {
    if (size_ > kInline) {
      if (size > kInline)
        far_.resize(size);
      else
        std::copy_n(std::exchange(far_, {}).begin(), size, near_);
    }
    size_ = size;
  }

  friend bool operator==(const Exponents& a, const Exponents& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  static constexpr std::size_t kInline = 8;

  std::size_t size_ = 0;
  std::uint32_t near_[kInline] = {};
  std::vector<std::uint32_t> far_;
};

}  // namespace ridgepoint::symbolic::detail
