// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The keys that an item of a rule file may have, by kind of item, as Falco warns of all others.
// Source: falco-compat.md, the rule file format.
#pragma once

#include <array>
#include <string_view>

namespace saker {

inline constexpr std::array<std::string_view, 15> kRuleKeys{"rule",
                                                            "desc",
                                                            "condition",
                                                            "output",
                                                            "priority",
                                                            "source",
                                                            "enabled",
                                                            "tags",
                                                            "exceptions",
                                                            "warn_evttypes",
                                                            "skip-if-unknown-filter",
                                                            "capture",
                                                            "capture_duration",
                                                            "append",
                                                            "override"};
inline constexpr std::array<std::string_view, 4> kMacroKeys{"macro", "condition", "append",
                                                            "override"};
inline constexpr std::array<std::string_view, 4> kListKeys{"list", "items", "append", "override"};
inline constexpr std::array<std::string_view, 1> kEngineVersionKeys{"required_engine_version"};
inline constexpr std::array<std::string_view, 1> kPluginVersionsKeys{"required_plugin_versions"};

}  // namespace saker
