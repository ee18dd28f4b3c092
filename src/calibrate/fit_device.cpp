// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/calibrate/fit_device.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <numeric>
#include <optional>
#include <thread>
#include <tuple>

namespace ridgepoint::calibrate {
namespace {

auto sort_key(const KernelRows& kernel) {
  return std::tie(kernel.kind, kernel.compute, kernel.cache, kernel.stack, kernel.kernel);
}

/// Places of the kernels, those with the most rows first: the last thread to finish has little
/// left.
std::vector<std::size_t> largest_first(std::span<const KernelRows> kernels) {
  std::vector<std::size_t> order(kernels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return kernels[a].rows.size() > kernels[b].rows.size();
  });
  return order;
}

/// Of the kernels that were fitted, in the order of their names.
void add_sources(const KernelRows& kernel, std::map<std::string, std::int64_t>& rows_of) {
  for (const Measurement* row : kernel.rows) ++rows_of[row->source];
}

}  // namespace

DeviceFit fit_device(std::span<const KernelRows> kernels, const hardware::Device& device,
                     std::size_t threads, const FitProgress& progress) {
  const std::vector<std::size_t> order = largest_first(kernels);
  std::vector<std::optional<Result<efficiency::KernelProfile>>> fits(kernels.size());
  std::atomic<std::size_t> next = 0;
  std::size_t done = 0;
  std::mutex reporting;
  const auto work = [&] {
    for (std::size_t i = next++; i < order.size(); i = next++) {
      fits[order[i]] = fit_kernel(kernels[order[i]], device);
      const std::lock_guard lock(reporting);
      if (++done, progress) progress(done, order.size());
    }
  };
  std::vector<std::jthread> helpers;
  for (std::size_t i = 1; i < std::min(threads, kernels.size()); ++i) helpers.emplace_back(work);
  work();
  helpers.clear();

  std::vector<std::size_t> sorted = order;
  std::sort(sorted.begin(), sorted.end(), [&](std::size_t a, std::size_t b) {
    return sort_key(kernels[a]) < sort_key(kernels[b]);
  });
  DeviceFit out;
  out.profile.device = device.name;
  std::map<std::string, std::int64_t> rows_of_sources;
  for (const std::size_t at : sorted) {
    auto& fit = *fits[at];
    if (fit) {
      out.profile.kernels.push_back(std::move(*fit));
      add_sources(kernels[at], rows_of_sources);
    } else {
      out.not_fitted.insert(out.not_fitted.end(), fit.error().begin(), fit.error().end());
    }
  }
  for (const auto& [name, rows] : rows_of_sources) {
    if (!name.empty()) out.profile.sources.push_back({name, "", rows});
  }
  return out;
}

}  // namespace ridgepoint::calibrate
