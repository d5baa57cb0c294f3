// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A JSON object that grows by paths: set("process.parent.pid", 1). Keys are written in byte order.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace saker {

class JsonTree {
public:
  // A path that exists keeps its first value; a path through or above a value is ignored.
  void text(std::string_view path, std::string_view value);
  void number(std::string_view path, std::int64_t value);
  void texts(std::string_view path, const std::vector<std::string>& values);
  void object(std::string_view path, const JsonTree& value);
  void objects(std::string_view path, const std::vector<JsonTree>& values);
  void raw(std::string_view path, std::string json);

  [[nodiscard]] bool is_empty() const { return children_.empty(); }
  [[nodiscard]] bool has(std::string_view path) const;
  void write(std::string& out) const;

private:
  std::map<std::string, JsonTree, std::less<>> children_;
  std::string json_;  // of a leaf
};

}  // namespace saker
