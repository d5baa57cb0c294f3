// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/config_file.h"

#include <filesystem>

#include "app/embedded.h"
#include "engine/base/check.h"
#include "engine/event/catalogue.h"

namespace saker::app {

namespace {

constexpr std::string_view kDefaultPath = "/etc/falco/falco.yaml";
constexpr std::string_view kBuiltInPlugin = "container";

}  // namespace

ConfigFile find_config_file(const cli::Flags& flags) {
  std::error_code ignored;
  const std::string path = flags.config_path.value_or(std::string(kDefaultPath));
  return {path, flags.config_path.has_value() || std::filesystem::exists(path, ignored)};
}

config::LoadConfigOptions config_request(const ConfigFile& file, const cli::Flags& flags) {
  return {.path = file.exists ? file.path : "",
          .fallback_text = std::string(default_config()),
          .options = flags.options};
}

LogOptions log_options(const config::Config& config) {
  Priority level = Priority::kInformational;
  const bool is_known = parse_priority(config.log_level, level);
  SAKER_CHECK(is_known);  // the configuration's table lists the same words
  return {.to_stderr = config.log_stderr,
          .to_syslog = config.log_syslog,
          .iso_time = config.time_format_iso_8601,
          .level = level};
}

std::vector<std::string> settings_without_effect(const config::Config& config) {
  std::vector<std::string> texts;
  if (config.engine.kind == "kmod") {
    texts.emplace_back("engine.kind kmod: there is no kernel module, BPF programs are used");
  }
  if (config.metrics.enabled && config.metrics.jemalloc_stats) {
    texts.emplace_back("metrics.jemalloc_stats_enabled: jemalloc is not used");
  }
  for (std::string_view name : config.base_syscalls.custom_set) {
    name.remove_prefix(name.starts_with('!') ? 1 : 0);
    if (syscall_by_name(name) == nullptr) {
      texts.push_back("base_syscalls.custom_set: there is no system call '" + std::string(name) +
                      "'");
    }
  }
  for (const config::PluginEntry& plugin : config.plugins) {
    if (plugin.name != kBuiltInPlugin) {
      texts.push_back("plugins: " + plugin.name + " is not run");
    }
  }
  return texts;
}

}  // namespace saker::app
