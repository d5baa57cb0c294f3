// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Careful reading of runtimes' JSON: whatever is missing or of another type reads as empty. Only
// for the .cc files of this folder.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "containers/container_options.h"
#include "engine/base/json_depth.h"
#include "engine/field/container_metadata.h"

namespace saker::containers::json {

using Json = nlohmann::json;

// The document, or null when the text is none or is nested too deep: copying and printing it would
// take the stack of a thread.
[[nodiscard]] inline Json parse(const std::string& text) {
  Json document;
  if (!is_nested_deeper(text)) {
    document = Json::parse(text, nullptr, false);
  }
  return document.is_discarded() ? Json() : document;
}

// The member, or null when `object` is no object or has none.
[[nodiscard]] inline const Json& member(const Json& object, const char* key) {
  static const Json kNull;
  if (!object.is_object()) {
    return kNull;
  }
  const auto found = object.find(key);
  return found == object.end() ? kNull : *found;
}

[[nodiscard]] inline std::string text(const Json& object, const char* key, std::size_t max_bytes) {
  const Json& value = member(object, key);
  return value.is_string() ? value.get_ref<const std::string&>().substr(0, max_bytes)
                           : std::string();
}

[[nodiscard]] inline bool flag(const Json& object, const char* key) {
  const Json& value = member(object, key);
  return value.is_boolean() && value.get<bool>();
}

// Labels sorted by name; those that are too long are left out, as Falco does.
[[nodiscard]] inline Labels labels(const Json& object, const ContainerOptions& options) {
  Labels result;
  if (!object.is_object()) {
    return result;
  }
  for (const auto& [name, value] : object.items()) {
    if (result.size() == options.max_labels) {
      break;
    }
    if (value.is_string() && name.size() <= options.max_text_bytes &&
        value.get_ref<const std::string&>().size() <= options.label_max_bytes) {
      result.emplace_back(name, value.get<std::string>());
    }
  }
  return result;
}

}  // namespace saker::containers::json
