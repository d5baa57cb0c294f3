// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

#include "containers/container_options.h"
#include "engine/base/json_depth.h"

namespace saker::containers {

namespace {

using Json = nlohmann::json;

auto wrong_type(const std::string& key, const std::string& expected) {
  return fail(ErrorCode::kInvalidArgument,
              "init_config of the plugin container: " + key + " must be " + expected);
}

// YAML scalars arrive as texts, so "true" and "100" count too.
std::optional<bool> to_bool(const Json& value) {
  if (value.is_boolean()) {
    return value.get<bool>();
  }
  const std::string text = value.is_string() ? value.get<std::string>() : "";
  if (text == "true" || text == "false") {
    return text == "true";
  }
  return {};
}

std::optional<std::uint64_t> to_number(const Json& value) {
  if (value.is_number_unsigned()) {
    return value.get<std::uint64_t>();
  }
  const std::string text = value.is_string() ? value.get<std::string>() : "";
  if (text.empty() || text.size() > 9 ||
      !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
    return {};
  }
  return std::stoull(text);
}

Result<std::vector<RuntimeSocket>> sockets_of(RuntimeKind kind, const Json& engine,
                                              const std::string& host_root) {
  const std::string key = "engines." + std::string(to_text(kind));
  std::vector<RuntimeSocket> sockets;
  if (const auto enabled = engine.find("enabled"); enabled != engine.end()) {
    const std::optional<bool> is_enabled = to_bool(*enabled);
    if (!is_enabled) {
      return wrong_type(key + ".enabled", "true or false");
    }
    if (!*is_enabled) {
      return sockets;
    }
  }
  const auto list = engine.find("sockets");
  if (list != engine.end() && !list->is_array()) {
    return wrong_type(key + ".sockets", "a list of paths");
  }
  if (list == engine.end() || list->empty()) {
    sockets = default_sockets(host_root);
    std::erase_if(sockets, [&](const RuntimeSocket& socket) { return socket.kind != kind; });
    return sockets;
  }
  for (const Json& path : *list) {
    if (!path.is_string()) {
      return wrong_type(key + ".sockets", "a list of paths");
    }
    std::string full = host_root + path.get<std::string>();
    const auto owner = socket_owner(full, host_root);
    sockets.push_back({kind, std::move(full), owner});
  }
  return sockets;
}

}  // namespace

Result<ContainerOptions> read_init_config(const std::string& json, const std::string& host_root) {
  ContainerOptions options;
  if (json.empty()) {
    options.sockets = default_sockets(host_root);
    return options;
  }
  const Json config = is_nested_deeper(json) ? Json() : Json::parse(json, nullptr, false);
  if (!config.is_object()) {
    return wrong_type("it", "a mapping");
  }
  if (const auto length = config.find("label_max_len"); length != config.end()) {
    const std::optional<std::uint64_t> number = to_number(*length);
    if (!number) {
      return wrong_type("label_max_len", "a number");
    }
    options.label_max_bytes = *number;
  }
  const Json engines = config.value("engines", Json::object());
  if (!engines.is_object()) {
    return wrong_type("engines", "a mapping");
  }
  for (const RuntimeKind kind :
       {RuntimeKind::kDocker, RuntimeKind::kPodman, RuntimeKind::kCri, RuntimeKind::kContainerd}) {
    const Json engine = engines.value(std::string(to_text(kind)), Json::object());
    if (!engine.is_object()) {
      return wrong_type("engines." + std::string(to_text(kind)), "a mapping");
    }
    SAKER_ASSIGN_OR_RETURN(const auto sockets, sockets_of(kind, engine, host_root));
    options.sockets.insert(options.sockets.end(), sockets.begin(), sockets.end());
  }
  return options;
}

}  // namespace saker::containers
