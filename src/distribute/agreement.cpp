// SPDX-License-Identifier: Apache-2.0
#include "ridgepoint/distribute/agreement.hpp"

#include <algorithm>

#include "ridgepoint/distribute/ranks.hpp"

namespace ridgepoint::distribute {
namespace {

void append(Texts& texts, const Diagnostics& faults) {
  for (const Diagnostic& fault : faults) {
    texts.insert(texts.end(), {fault.where, fault.what, fault.help});
  }
}

Diagnostics faults_in(const Texts& texts, std::size_t from) {
  Diagnostics faults;
  for (std::size_t i = from; i + 2 < texts.size(); i += 3) {
    faults.push_back({texts[i], texts[i + 1], texts[i + 2]});
  }
  return faults;
}

/// What a rank says: its name, what it was given to read, its faults.
constexpr std::size_t kName = 0;
constexpr std::size_t kInputs = 1;
constexpr std::size_t kFaults = 2;

/// Each fault once, by the first rank that has it.
Diagnostics all_faults(const std::vector<Texts>& said) {
  Diagnostics known;
  Diagnostics told;
  for (std::size_t i = 0; i < said.size(); ++i) {
    for (const Diagnostic& fault : faults_in(said[i], kFaults)) {
      if (std::find(known.begin(), known.end(), fault) != known.end()) continue;
      known.push_back(fault);
      const std::string by = i == 0 ? "" : said[i][kName] + ": ";
      told.push_back({by + fault.where, fault.what, fault.help});
    }
  }
  return told;
}

Diagnostics strangers(const std::vector<Texts>& said) {
  Diagnostics faults;
  for (const Texts& each : said) {
    if (each[kInputs] == said.front()[kInputs]) continue;
    faults.push_back({each[kName], "reads other files than the first rank",
                      "give all machines the same models, devices and profiles"});
  }
  return faults;
}

}  // namespace

Diagnostics agreed(const Diagnostics& mine, const std::string& inputs) {
  Texts texts{rank_name(), inputs};
  append(texts, mine);
  const std::vector<Texts> said = gathered(std::move(texts));
  Diagnostics faults = all_faults(said);
  if (faults.empty()) faults = strangers(said);
  Texts verdict;
  append(verdict, faults);
  return faults_in(shared(std::move(verdict)), 0);
}

}  // namespace ridgepoint::distribute
