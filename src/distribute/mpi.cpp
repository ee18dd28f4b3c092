// SPDX-License-Identifier: Apache-2.0
// The ranks of an MPI launcher. Whoever was not started by one takes no part in MPI: so that one
// program serves both, and starts as fast as without.
#include <mpi.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <thread>

#include "distribute/packed_texts.hpp"
#include "ridgepoint/distribute/ranks.hpp"

namespace ridgepoint::distribute {
namespace {

/// What is known of this process from its Session on.
struct Place {
  bool is_launched = false;
  int rank = 0;
  int ranks = 1;
  std::string name = "this process";
  std::size_t cores = 1;
};

Place& place() {
  static Place here;
  return here;
}

/// Whether PMIx (mpirun, srun --mpi=pmix) or PMI (MPICH and its relatives) tells a rank.
bool has_launcher() {
  constexpr std::array kNames{"PMIX_RANK", "OMPI_COMM_WORLD_RANK", "PMI_RANK"};
  return std::any_of(kNames.begin(), kNames.end(),
                     [](const char* name) { return std::getenv(name) != nullptr; });
}

/// Cores that this thread may use; none where the system does not say.
cpu_set_t allowed_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (::sched_getaffinity(0, sizeof cores, &cores) != 0) CPU_ZERO(&cores);
  return cores;
}

/// Launchers bind ranks to cores of their own, or let all of a machine use all of it.
std::size_t count_cores() {
  MPI_Comm machine = MPI_COMM_NULL;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
  int ranks = 0;
  MPI_Comm_size(machine, &ranks);
  const cpu_set_t mine = allowed_cores();
  std::vector<cpu_set_t> all(static_cast<std::size_t>(ranks));
  MPI_Allgather(&mine, sizeof mine, MPI_BYTE, all.data(), sizeof mine, MPI_BYTE, machine);
  MPI_Comm_free(&machine);
  const auto sharing = std::count_if(
      all.begin(), all.end(), [&](const cpu_set_t& each) { return CPU_EQUAL(&each, &mine) != 0; });
  const int allowed = CPU_COUNT(&mine);
  const std::size_t cores = allowed > 0 ? static_cast<std::size_t>(allowed)
                                        : std::size_t{std::thread::hardware_concurrency()};
  return std::max<std::size_t>(1, cores / static_cast<std::size_t>(sharing));
}

std::string machine_name() {
  std::array<char, MPI_MAX_PROCESSOR_NAME> name{};
  int size = 0;
  MPI_Get_processor_name(name.data(), &size);
  return {name.data(), static_cast<std::size_t>(size)};
}

/// How many bytes each rank gives; at the first rank.
std::vector<int> gathered_sizes(std::size_t mine) {
  const std::uint64_t size = mine;
  std::vector<std::uint64_t> sizes(static_cast<std::size_t>(ranks()));
  MPI_Gather(&size, 1, MPI_UINT64_T, sizes.data(), 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
  if (std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0}) >
      std::uint64_t{std::numeric_limits<int>::max()}) {
    throw std::length_error("what the ranks have found is more than MPI gathers at once");
  }
  return {sizes.begin(), sizes.end()};
}

}  // namespace

Session::Session() {
  if (!has_launcher()) {
    place().cores = std::max(1U, std::thread::hardware_concurrency());
    return;
  }
  int provided = MPI_THREAD_SINGLE;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided);
  place().is_launched = true;
  if (provided < MPI_THREAD_SERIALIZED) {
    throw std::runtime_error("this MPI allows calls of one thread only");
  }
  MPI_Comm_rank(MPI_COMM_WORLD, &place().rank);
  MPI_Comm_size(MPI_COMM_WORLD, &place().ranks);
  place().name = "rank " + std::to_string(place().rank) + " on " + machine_name();
  place().cores = count_cores();
}

Session::~Session() {
  if (is_launched() && std::uncaught_exceptions() == 0) MPI_Finalize();
}

bool is_launched() { return place().is_launched; }
int rank() { return place().rank; }
int ranks() { return place().ranks; }
std::string rank_name() { return place().name; }
std::size_t cores() { return place().cores; }

Texts shared(Texts mine) {
  if (!is_launched()) return mine;
  std::string bytes = packed(mine);
  std::uint64_t size = bytes.size();
  MPI_Bcast(&size, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
  bytes.resize(size);
  MPI_Bcast(bytes.data(), static_cast<int>(size), MPI_BYTE, 0, MPI_COMM_WORLD);
  return unpacked(bytes);
}

std::vector<Texts> gathered(Texts mine) {
  if (!is_launched()) return {std::move(mine)};
  const std::string bytes = packed(mine);
  const std::vector<int> sizes = gathered_sizes(bytes.size());
  std::vector<int> starts(sizes.size());
  std::exclusive_scan(sizes.begin(), sizes.end(), starts.begin(), 0);
  std::string all(rank() == 0 ? static_cast<std::size_t>(starts.back() + sizes.back()) : 0, '\0');
  MPI_Gatherv(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, all.data(), sizes.data(),
              starts.data(), MPI_BYTE, 0, MPI_COMM_WORLD);
  if (rank() != 0) return {};
  std::vector<Texts> texts;
  texts.reserve(sizes.size());
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    texts.push_back(unpacked(std::string_view(all).substr(static_cast<std::size_t>(starts[i]),
                                                          static_cast<std::size_t>(sizes[i]))));
  }
  return texts;
}

void abandon(int exit_code) {
  if (is_launched()) MPI_Abort(MPI_COMM_WORLD, exit_code);
}

}  // namespace ridgepoint::distribute
