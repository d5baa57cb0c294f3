// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/alert/json_tree.h"

#include <utility>

#include "engine/alert/json_text.h"

namespace saker {

namespace {

std::pair<std::string_view, std::string_view> split(std::string_view path) {
  const std::size_t dot = path.find('.');
  return dot == std::string_view::npos ? std::pair(path, std::string_view())
                                       : std::pair(path.substr(0, dot), path.substr(dot + 1));
}

}  // namespace

void JsonTree::raw(std::string_view path, std::string json) {
  const auto [name, rest] = split(path);
  const auto [child, is_new] = children_.try_emplace(std::string(name));
  if (!rest.empty()) {
    if (child->second.json_.empty()) {
      child->second.raw(rest, std::move(json));
    }
  } else if (is_new) {
    child->second.json_ = std::move(json);
  }
}

void JsonTree::text(std::string_view path, std::string_view value) {
  std::string json;
  append_json_string(json, value);
  raw(path, std::move(json));
}

void JsonTree::number(std::string_view path, std::int64_t value) {
  raw(path, std::to_string(value));
}

void JsonTree::texts(std::string_view path, const std::vector<std::string>& values) {
  std::string json = "[";
  for (const std::string& value : values) {
    json += json.size() > 1 ? "," : "";
    append_json_string(json, value);
  }
  raw(path, json + "]");
}

void JsonTree::object(std::string_view path, const JsonTree& value) {
  std::string json;
  value.write(json);
  raw(path, std::move(json));
}

void JsonTree::objects(std::string_view path, const std::vector<JsonTree>& values) {
  std::string json = "[";
  for (const JsonTree& value : values) {
    json += json.size() > 1 ? "," : "";
    value.write(json);
  }
  raw(path, json + "]");
}

bool JsonTree::has(std::string_view path) const {
  const auto [name, rest] = split(path);
  const auto child = children_.find(name);
  return child != children_.end() && (rest.empty() || child->second.has(rest));
}

void JsonTree::write(std::string& out) const {
  if (!json_.empty()) {
    out += json_;
    return;
  }
  out += '{';
  bool is_first = true;
  for (const auto& [name, child] : children_) {
    out += is_first ? "" : ",";
    is_first = false;
    append_json_string(out, name);
    out += ':';
    child.write(out);
  }
  out += '}';
}

}  // namespace saker
