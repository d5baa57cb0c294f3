// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/config/env_expand.h"

#include <cstdlib>

namespace saker::config {

std::string process_env(std::string_view name) {
  constexpr std::string_view kPrefix = "env:";  // ${env:NAME}, as the keys for secrets write it
  name.remove_prefix(name.starts_with(kPrefix) ? kPrefix.size() : 0);
  const char* value = std::getenv(std::string(name).c_str());
  return value == nullptr ? std::string{} : std::string(value);
}

std::string expand_env(std::string_view text, const EnvLookup& lookup) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find("${");
    const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) {
      break;
    }
    const bool is_escaped = open > 0 && text[open - 1] == '$';
    if (is_escaped) {
      out += text.substr(0, open - 1);
      out += text.substr(open, close + 1 - open);
    } else {
      out += text.substr(0, open);
      out += lookup(text.substr(open + 2, close - open - 2));
    }
    text.remove_prefix(close + 1);
  }
  out += text;
  return out;
}

}  // namespace saker::config
