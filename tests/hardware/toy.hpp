// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace ridgepoint::testing {

/// A small device file with a figure of every kind.
inline constexpr std::string_view kToy = R"({
  "name": "toy",
  "title": "Toy 1",
  "aliases": ["t1"],
  "vendor": "Us",
  "dense_peaks": {
    "bf16": {"value": "100 TFLOP/s", "source": "sheet"},
    "int8": {"value": "200 TOP/s", "source": "sheet", "note": "halved"}
  },
  "memory_bandwidth": {"value": "2 TB/s", "source": "sheet"},
  "memory_capacity": {"value": "80 GB", "source": "sheet"},
  "reported_capacity": {"value": "79 GiB", "source": "driver"},
  "compute_units": {"value": 100, "source": "sheet"},
  "boost_clock": {"value": "1.5 GHz", "source": "sheet"},
  "link": {
    "technology": "wire",
    "bandwidth_per_direction": {"value": "50 GB/s", "source": "sheet"},
    "domain": {"value": 8, "source": "sheet"},
    "topology": {"value": "mesh", "source": "sheet"},
    "in_switch_reduction": {"value": false, "source": "sheet"}
  },
  "network_bandwidth": {"value": "12.5 GB/s", "source": "sheet", "note": "of one system"},
  "pcie": {"value": "5.0 x16", "source": "sheet"},
  "power": {"value": "300 W", "source": "sheet"},
  "price": {"value": "1.5 $/h", "source": "a page"},
  "conflicts": ["none"]
})";

}  // namespace ridgepoint::testing
