// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Versions as --version, /versions and --support tell them. Source: falco-compat.md 3.7.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace saker::cli {

// The Falco whose behaviour this build follows, and its rule engine: what rule files' requirements
// are checked against and what tools that read these values expect.
inline constexpr std::string_view kFalcoVersion = "0.45.0";
inline constexpr std::string_view kEngineVersion = "63";
inline constexpr std::string_view kEngineVersionSemver = "0.63.0";
// Oldest layout of events that is understood.
inline constexpr std::string_view kDriverSchemaVersion = "4.3.0";

// Ours.
[[nodiscard]] std::string_view saker_version();

[[nodiscard]] std::string version_text();
// Whether plugin_versions, with what is built in, is told too: a running Falco tells the plugins
// that it has loaded, --version has loaded none.
enum class PluginVersions : std::uint8_t { kLeftOut, kTold };
// One line of JSON, keys sorted.
[[nodiscard]] std::string version_json(PluginVersions plugins = PluginVersions::kLeftOut);

}  // namespace saker::cli
