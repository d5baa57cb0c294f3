// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/base/arguments.h"

#include <algorithm>

namespace saker::kit {

Arguments::Arguments(std::span<const std::string> rest, std::span<const OptionInfo> options) {
  for (std::size_t i = 0; i < rest.size() && error_.empty(); ++i) {
    const std::string& word = rest[i];
    if (word == "--") {
      words_.insert(words_.end(), rest.begin() + static_cast<std::ptrdiff_t>(i) + 1, rest.end());
      return;
    }
    if (!word.starts_with("--")) {
      words_.push_back(word);
      continue;
    }
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
    const auto info = std::ranges::find(options, std::string_view(name), &OptionInfo::name);
    if (info == options.end()) {
      error_ = "unknown option --" + name;
    } else if (!info->takes_value) {
      if (equals != std::string::npos) {
        error_ = "option --" + name + " takes no value";
      }
      values_.emplace(name, "");
    } else if (equals != std::string::npos) {
      values_.emplace(name, word.substr(equals + 1));
    } else if (i + 1 < rest.size()) {
      values_.emplace(name, rest[++i]);
    } else {
      error_ = "option --" + name + " needs a value";
    }
  }
}

bool Arguments::has(std::string_view name) const {
  return values_.find(name) != values_.end();
}

std::optional<std::string> Arguments::value(std::string_view name) const {
  const std::vector<std::string> all = values(name);
  return all.empty() ? std::nullopt : std::optional(all.back());
}

std::vector<std::string> Arguments::values(std::string_view name) const {
  std::vector<std::string> all;
  const auto [begin, end] = values_.equal_range(name);
  for (auto at = begin; at != end; ++at) {
    all.push_back(at->second);
  }
  return all;
}

}  // namespace saker::kit
