// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <nlohmann/json.hpp>

#include "engine/base/json_depth.h"
#include "kit/base/files.h"
#include "kit/test/rule_bench.h"

namespace saker::kit {

namespace {

using nlohmann::json;

std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

GivenFields fields_of(const json& object) {
  GivenFields fields;
  for (const auto& [name, value] : object.items()) {
    GivenField& field = fields.emplace_back();
    field.name = name;
    field.is_missing = value.is_null();
    if (value.is_array()) {
      for (const json& item : value) {
        field.texts.push_back(text_of(item));
      }
    } else if (!value.is_null()) {
      field.texts.push_back(text_of(value));
    }
  }
  return fields;
}

}  // namespace

Result<std::vector<GivenFields>> read_json_events(const std::string& path) {
  SAKER_ASSIGN_OR_RETURN(const std::string text, read_file(path));
  std::vector<GivenFields> events;
  std::size_t line_number = 0;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    ++line_number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) {
      continue;
    }
    const json object = is_nested_deeper(line) ? json() : json::parse(line, nullptr, false);
    if (!object.is_object()) {
      return fail(ErrorCode::kCorruptInput,
                  path + ":" + std::to_string(line_number) + ": no JSON object");
    }
    const auto inner = object.find("output_fields");
    events.push_back(fields_of(inner != object.end() && inner->is_object() ? *inner : object));
  }
  return events;
}

}  // namespace saker::kit
