// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/conformance/fields/recorded_value.h"

#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

#include "engine/alert/field_utf8.h"
#include "engine/field/render.h"

namespace saker::testing {

namespace {

using Json = nlohmann::json;

bool is_json_string(const std::string& text, std::string_view token) {
  if (token.size() < 2 || token.front() != '"') {
    return false;
  }
  const std::string_view inside = token.substr(1, token.size() - 2);
  if (inside == text) {
    return true;
  }
  const bool is_plain = inside.find('\\') == std::string_view::npos &&
                        std::all_of(text.begin(), text.end(), [](char c) { return c >= ' '; });
  if (is_plain) {
    return false;
  }
  std::string repaired;
  append_field_utf8(repaired, text);
  return Json::parse(token).get<std::string>() == repaired;
}

void append_double(std::string& out, double value) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof(text), value).ptr;
  out.assign(text, end);
  if (out.find_first_of(".e") == std::string::npos) {
    out += ".0";
  }
}

bool is_recorded_list(const Value& value, std::string_view token) {
  if (token.empty() || token.front() != '[') {
    return false;
  }
  auto wanted = Json::parse(token).get<std::vector<std::string>>();
  std::vector<std::string> found;
  for (const Value& element : value.as_list()) {
    found.emplace_back(element.as_text());
  }
  std::sort(wanted.begin(), wanted.end());
  std::sort(found.begin(), found.end());
  return wanted == found;
}

}  // namespace

bool is_recorded_value(const FieldContext& context, const BoundField& field, const Value& value,
                       std::string_view token) {
  static thread_local std::string text;
  text.clear();
  if (!value.has_value()) {
    return token == "null";
  }
  if (field.info->has(field_flag::kJsonEventTime)) {
    return token == std::to_string(context.event.ts_ns());
  }
  if (field.info->has(field_flag::kJsonZero)) {
    return token == "0";
  }
  const ParamType type = value.type() == ParamType::kNone ? field.type : value.type();
  const ParamFormat format = value.type() == ParamType::kNone ? field.format : value.format();
  switch (value.kind()) {
    case ValueKind::kBool:
      return token == (value.as_bool() ? "true" : "false");
    case ValueKind::kDouble:
      append_double(text, value.as_double());
      return token == text;
    case ValueKind::kList:
      return is_recorded_list(value, token);
    case ValueKind::kInt:
    case ValueKind::kUint:
      if (is_json_number(type, format)) {
        // JSON numbers have no padding.
        render_value(text, value, type, ParamFormat::kDec);
        return token == text;
      }
      break;
    default:
      break;
  }
  render_value(text, value, field.type, field.format);
  return is_json_string(text, token);
}

std::string as_json(const FieldContext& context, const BoundField& field, const Value& value) {
  if (!value.has_value()) {
    return "null";
  }
  if (field.info->has(field_flag::kJsonEventTime)) {
    return std::to_string(context.event.ts_ns());
  }
  std::string text;
  render_value(text, value, field.type, field.format);
  return value.kind() == ValueKind::kText
             ? Json(text).dump(-1, ' ', false, Json::error_handler_t::replace)
             : text;
}

}  // namespace saker::testing
