// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The keys that the specification lists.
#pragma once

#include <istream>
#include <regex>
#include <set>
#include <string>

namespace saker::config {

// The rows of the specification's table begin with "| key |"; some name several keys of one parent:
// "engine.kmod.buf_size_preset, drop_failed_exit" or "metrics.{a,b}_enabled".
inline std::set<std::string> documented_keys(std::istream& spec) {
  std::set<std::string> keys;
  bool is_in_table = false;
  for (std::string line; std::getline(spec, line);) {
    if (line.starts_with("## 4.3")) {
      is_in_table = true;
    } else if (line.starts_with("## ")) {
      is_in_table = false;
    }
    if (!is_in_table || !line.starts_with("| ") || line.starts_with("| key")) {
      continue;
    }
    std::string cell = line.substr(2, line.find(" |", 2) - 2);
    std::string suffix;
    if (const std::size_t brace = cell.find('{'); brace != std::string::npos) {
      suffix = cell.substr(cell.find('}') + 1);
      cell = cell.substr(0, brace) + cell.substr(brace + 1, cell.find('}') - brace - 1);
    }
    std::string parent;
    for (std::smatch match; std::regex_search(cell, match, std::regex("[a-z0-9_.]+"));
         cell = match.suffix()) {
      std::string key = match.str();
      if (key.find('.') != std::string::npos) {
        parent = key.substr(0, key.rfind('.') + 1);
      } else {
        key.insert(0, parent);
      }
      keys.insert(key + suffix);
    }
  }
  return keys;
}

}  // namespace saker::config
