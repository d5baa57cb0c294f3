// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Plugins: none can be loaded, but what the container plugin does is built in, so configurations
// that name it are fine.
#pragma once

#include <string>
#include <string_view>

#include "compat/config/config.h"
#include "engine/base/result.h"

namespace saker::cli {

inline constexpr std::string_view kSyscallSource = "syscall";
inline constexpr std::string_view kContainerPlugin = "container";
inline constexpr std::string_view kContainerPluginVersion = "0.7.1";

// Whether the configuration loads the plugin `name`.
[[nodiscard]] bool is_plugin_loaded(const config::Config& config, std::string_view name);

// Fails when the configuration loads a plugin that is not built in, or one that it does not define.
[[nodiscard]] Status check_plugins(const config::Config& config);

// --list-plugins and --plugin-info.
[[nodiscard]] std::string list_plugins();
[[nodiscard]] Result<std::string> plugin_info(std::string_view name);

}  // namespace saker::cli
