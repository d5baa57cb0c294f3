// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <nlohmann/json.hpp>

#include "engine/base/json_depth.h"
#include "kit/base/files.h"
#include "kit/suggest/suggest.h"

namespace saker::kit {

Result<std::vector<PastAlert>> read_alerts(const std::string& path) {
  using nlohmann::json;
  SAKER_ASSIGN_OR_RETURN(const std::string text, read_file(path));
  std::vector<PastAlert> alerts;
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    ++number;
    // Falco and Saker write other lines among the alerts, such as the summary at the end.
    if (!line.starts_with('{')) {
      continue;
    }
    const json object = is_nested_deeper(line) ? json() : json::parse(line, nullptr, false);
    const bool is_alert = object.is_object() && object.contains("rule") &&
                          object["rule"].is_string() && object.contains("output_fields") &&
                          object["output_fields"].is_object();
    if (!is_alert) {
      return fail(ErrorCode::kCorruptInput,
                  path + ":" + std::to_string(number) + ": no alert as JSON");
    }
    PastAlert& alert = alerts.emplace_back();
    alert.rule = object["rule"].get<std::string>();
    for (const auto& [name, value] : object["output_fields"].items()) {
      if (!value.is_null()) {
        alert.fields[name] = value.is_string() ? value.get<std::string>() : value.dump();
      }
    }
  }
  return alerts;
}

}  // namespace saker::kit
