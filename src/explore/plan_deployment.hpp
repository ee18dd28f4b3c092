// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "explore/planned_load.hpp"
#include "ridgepoint/explore/plan.hpp"

namespace ridgepoint::explore {

/// Whose memory it is.
enum class Room {
  own,
  more  ///< of a device with a tenth more
};

/// One deployment of a space with the batches that it may work on. The space must outlive it.
class PlanDeployment {
 public:
  /// Errors: why no engine runs it, or it cannot be judged by what the question asks.
  static Result<PlanDeployment> build(const Space& space, std::uint64_t number,
                                      const PlanQuestion& question);

  const Candidate& candidate() const { return candidate_; }
  const LoadedDeployment& load() const { return load_; }
  std::size_t batches() const { return evaluated_.size(); }
  double sequences(std::size_t batch) const;
  std::uint64_t point(std::size_t batch) const;
  /// Whether memory holds as many sequences.
  bool holds(std::size_t batch, Room room) const;

  /// By floors: what no reading is better than while the question's limits on TPOT are kept.
  LoadedPoint floor(std::size_t batch, const PlanQuestion& question) const;
  /// By floors, whatever the limits.
  LoadedPoint floor(std::size_t batch) const;
  /// In full; kept once it is known.
  LoadedPoint evaluated(std::size_t batch);

 private:
  struct Readings {
    predict::ContinuousBatching floors;
    predict::ContinuousBatching figures;
  };

  PlanDeployment(const Space& space, std::uint64_t number, Candidate candidate, Readings readings);

  LoadedPoint floor_of(std::size_t batch, double most_decodes) const;

  const Space* space_;
  std::uint64_t number_;
  Candidate candidate_;
  LoadedDeployment load_;
  double room_;
  double more_room_;
  Readings readings_;
  std::vector<std::optional<predict::LoopFigures>> evaluated_;
  mutable std::optional<std::pair<double, double>> most_decodes_;  ///< at a TPOT, the last one
};

/// The smallest upper limit on TPOT that the subject sets; infinite where it sets none.
double tpot_limit(const Subject& subject);

/// One more at least.
std::int64_t with_a_tenth_more(std::int64_t devices);

/// Whether they differ by how they are split and nothing else.
bool is_of_kind(const Candidate& a, const Candidate& b);

/// Those of a space that can be judged, each once, in their order, of a tenth more devices than are
/// allowed.
struct PlanDeployments {
  std::vector<PlanDeployment> all;
  std::vector<LeftOut> left_out;
};
PlanDeployments plan_deployments(const Space& space, const PlanQuestion& question);

}  // namespace ridgepoint::explore
