// SPDX-License-Identifier: Apache-2.0
// One process, as where there is no MPI.
#include <algorithm>
#include <thread>

#include "ridgepoint/distribute/counter.hpp"
#include "ridgepoint/distribute/ranks.hpp"

namespace ridgepoint::distribute {

Session::Session() = default;
Session::~Session() = default;

bool is_launched() { return false; }
int rank() { return 0; }
int ranks() { return 1; }
std::string rank_name() { return "this process"; }
std::size_t cores() { return std::max(1U, std::thread::hardware_concurrency()); }

Texts shared(Texts mine) { return mine; }
std::vector<Texts> gathered(Texts mine) { return {std::move(mine)}; }
void abandon(int) {}

struct Counter::Number {
  std::uint64_t value;
};

Counter::Counter(std::uint64_t first) : number_(std::make_unique<Number>(first)) {}
Counter::~Counter() = default;

std::uint64_t Counter::next() { return number_->value++; }
void Counter::raise(std::uint64_t least) { number_->value = std::max(number_->value, least); }
void Counter::serve() const {}

}  // namespace ridgepoint::distribute
