// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/verb.hpp"
#include "ridgepoint/core/override.hpp"
#include "ridgepoint/hardware/device.hpp"
#include "ridgepoint/model/architecture.hpp"
#include "ridgepoint/report/table.hpp"

namespace ridgepoint::app {

// Rows that several verbs share.
inline constexpr Positional kModelArgument{
    "MODEL", "a catalogue name, a Hugging Face config.json, or the folder that holds one"};
inline constexpr Option kDeviceOption{"-d,--device", "DEVICE", "a catalogue name or a device file",
                                      "h100-sxm"};
inline constexpr Option kSetOption{
    "--set", "KEY=VALUE", "what if the model's config said this; may be repeated", "", true};
inline constexpr Option kSetDeviceOption{
    "--set-device", "KEY=VALUE", "what if the device had this figure; may be repeated", "", true};
inline constexpr Option kExplainOption{
    "--explain", "", "the formulas with the numbers put in, and every source", ""};
inline constexpr Option kJsonOption{"--json", "", "short for --format json", ""};
inline constexpr Option kOutOption{"--out", "FILE", "write the answer to FILE, whole or not at all",
                                   ""};
inline constexpr Option kColorOption{"--color", "auto|always|never", "colour in tables", "auto"};

/// The model, with every --set applied; its faults are kept.
std::optional<model::Architecture> read_model(const Arguments& arguments, Faults& faults,
                                              std::string_view positional = "MODEL");
/// The device, with every --set-device applied.
std::optional<hardware::Device> read_device(const Arguments& arguments, Faults& faults);
/// One size of at least 1.
std::optional<std::int64_t> read_size(const Arguments& arguments, std::string_view option,
                                      Faults& faults);

/// The value of --format (or --json), which must be one of `formats` ("table|json|csv").
std::string read_format(const Arguments& arguments, std::string_view formats, Faults& faults);

/// How tables look where the answer goes: colour, characters and width of the terminal.
report::Terminal read_terminal(const Arguments& arguments, Faults& faults);

/// The value of an option that must be one of `choices` ("prefill|decode|both").
std::string read_choice(const Arguments& arguments, std::string_view option,
                        std::string_view choices, Faults& faults);

/// What every verb that answers about a model ends with: what-ifs, --explain, form and place.
std::vector<Option> answer_options(std::string_view formats);

/// The row of --format; `formats` is what the help shows and read_format takes.
Option format_option(std::string_view formats);

/// A remark when a context is longer than the model was made for.
std::vector<std::string> context_warnings(const model::Architecture& architecture,
                                          std::int64_t context);

}  // namespace ridgepoint::app
