// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/cli/plugins.h"

#include <algorithm>

namespace saker::cli {

namespace {

std::string describe_container_plugin() {
  return "Name: " + std::string(kContainerPlugin) +
         "\nDescription: Container metadata (built in)\nVersion: " +
         std::string(kContainerPluginVersion) + "\nCapabilities:\n  - Field Extraction\n";
}

bool is_defined(const config::Config& config, std::string_view name) {
  return std::ranges::find(config.plugins, name, &config::PluginEntry::name) !=
         config.plugins.end();
}

}  // namespace

bool is_plugin_loaded(const config::Config& config, std::string_view name) {
  return config.load_plugins.has_value() ? std::ranges::count(*config.load_plugins, name) > 0
                                         : is_defined(config, name);
}

Status check_plugins(const config::Config& config) {
  if (config.load_plugins.has_value()) {
    for (const std::string& name : *config.load_plugins) {
      if (name != kContainerPlugin && !is_defined(config, name)) {
        return fail(ErrorCode::kInvalidArgument,
                    "Cannot load plugin '" + name + "': plugin config not found for given name");
      }
    }
  }
  for (const config::PluginEntry& plugin : config.plugins) {
    if (plugin.name != kContainerPlugin && is_plugin_loaded(config, plugin.name)) {
      return fail(ErrorCode::kUnsupported, "Cannot load plugin '" + plugin.name +
                                               "': plugins are not supported, only '" +
                                               std::string(kContainerPlugin) + "' is built in");
    }
  }
  return {};
}

std::string list_plugins() {
  return "1 Plugins Loaded:\n\n" + describe_container_plugin() + "\n";
}

Result<std::string> plugin_info(std::string_view name) {
  if (name != kContainerPlugin) {
    return fail(ErrorCode::kNotFound, "can't find plugin and print its info: " + std::string(name));
  }
  return describe_container_plugin();
}

}  // namespace saker::cli
