// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/cli/version.h"

#include <span>

#include "compat/cli/build_version.h"
#include "compat/cli/plugins.h"

namespace saker::cli {

namespace {

struct VersionRow {
  std::string_view key;    // in JSON
  std::string_view label;  // in text
  std::string_view value;
};

// Sorted by key. The driver versions are the oldest that the event formats here come from.
constexpr VersionRow kVersions[] = {
    {"default_driver_version", "  Default driver: ", "10.1.0+driver"},
    {"driver_api_version", "  API version:    ", "10.0.0"},
    {"driver_schema_version", "  Schema version: ", kDriverSchemaVersion},
    {"engine_version", "", kEngineVersion},
    {"engine_version_semver", "Engine:        ", kEngineVersionSemver},
    {"falco_version", "Falco version: ", kFalcoVersion},
    {"libs_version", "Libs version:  ", kBuildVersion},
    {"plugin_api_version", "Plugin API:    ", "3.12.0"},
    {"saker_version", "Saker version: ", kBuildVersion},
};

const VersionRow& row_of(std::string_view key) {
  for (const VersionRow& row : kVersions) {
    if (row.key == key) {
      return row;
    }
  }
  return kVersions[0];
}

}  // namespace

std::string_view saker_version() {
  return kBuildVersion;
}

std::string version_text() {
  std::string out;
  const auto line = [&](std::string_view key) {
    out += row_of(key).label;
    out += row_of(key).value;
    out += '\n';
  };
  line("falco_version");
  line("saker_version");
  line("libs_version");
  line("plugin_api_version");
  line("engine_version_semver");
  out += "Driver:\n";
  line("driver_api_version");
  line("driver_schema_version");
  line("default_driver_version");
  return out;
}

std::string version_json(PluginVersions plugins) {
  std::string out = "{";
  for (const VersionRow& row : kVersions) {
    out += out.size() > 1 ? ",\"" : "\"";
    out += row.key;
    out += "\":\"";
    out += row.value;
    out += '"';
    if (plugins == PluginVersions::kTold && row.key == "plugin_api_version") {
      out += ",\"plugin_versions\":{\"" + std::string(kContainerPlugin) + "\":\"" +
             std::string(kContainerPluginVersion) + "\"}";
    }
  }
  return out + "}";
}

}  // namespace saker::cli
