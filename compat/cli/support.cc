// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Includes nlohmann/json, like list_json.cc.
#include "compat/cli/support.h"

#include <sys/utsname.h>

#include <fstream>

#include <nlohmann/json.hpp>

#include "compat/cli/redact_text.h"
#include "compat/cli/version.h"
#include "engine/base/read_all.h"

namespace saker::cli {

namespace {

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return read_all(file);
}

nlohmann::json system_json() {
  utsname names{};
  if (::uname(&names) != 0) {
    return nullptr;
  }
  return {{"machine", names.machine},
          {"nodename", names.nodename},
          {"release", names.release},
          {"sysname", names.sysname},
          {"version", names.version}};
}

}  // namespace

Result<std::string> support_json(const std::string& config_path,
                                 const std::vector<std::string>& arguments, const Flags& flags,
                                 const config::Config& config) {
  std::string command;
  for (const std::string& argument : arguments) {
    // Each on its own, so that a secret with blanks is taken out whole.
    command += (command.empty() ? "" : " ") + without_secrets(argument);
  }
  nlohmann::json rules = nlohmann::json::array();
  for (const std::string& path : flags.rule_paths.empty() ? config.rules_files : flags.rule_paths) {
    rules.push_back({{"name", path}, {"content", read_text(path)}});
  }
  const nlohmann::json json = {{"version", kFalcoVersion},
                               {"system_info", system_json()},
                               {"cmdline", command},
                               {"engine_info", {{"engine_version", kEngineVersion}}},
                               {"config", without_secrets(read_text(config_path))},
                               {"rules_files", rules}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace saker::cli
