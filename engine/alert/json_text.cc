// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The one file of engine/alert that includes nlohmann/json: Falco writes with the same library, so
// escapes, replacement of invalid UTF-8 and the text of doubles agree with it.
#include "engine/alert/json_text.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace saker {

namespace {

bool needs_no_escape(char byte) {
  return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

}  // namespace

void append_json_escaped(std::string& out, std::string_view text) {
  if (std::ranges::all_of(text, needs_no_escape)) {
    out += text;
    return;
  }
  const std::string quoted =
      nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  out.append(quoted, 1, quoted.size() - 2);
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  append_json_escaped(out, text);
  out += '"';
}

void append_json_number(std::string& out, double value) {
  out += nlohmann::json(value).dump();
}

}  // namespace saker
