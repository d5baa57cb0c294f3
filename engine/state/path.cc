// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/path.h"

#include <cstring>

namespace saker {

namespace {

[[nodiscard]] bool at_component_start(const std::string& out) {
  return out.empty() || out.back() == '/';
}

// Takes the last component off `out`, which ends in a slash or is empty; the root stays.
void remove_last_component(std::string& out) {
  if (out.size() <= 1) {
    return;
  }
  const std::size_t slash = out.rfind('/', out.size() - 2);
  out.resize(slash == std::string::npos ? 0 : slash + 1);
}

[[nodiscard]] std::size_t find_slash(std::string_view path, std::size_t from) {
  const void* found = std::memchr(path.data() + from, '/', path.size() - from);
  return found == nullptr ? path.size()
                          : static_cast<std::size_t>(static_cast<const char*>(found) - path.data());
}

}  // namespace

void join_path(std::string_view dir, std::string_view path, std::string& out) {
  if (dir.size() + path.size() + 1 > kMaxPathBytes) {
    out = kPathTooLong;
    return;
  }
  if (path.empty() || path.front() == '/') {
    out.clear();
  } else {
    out = dir;
  }
  std::size_t i = 0;
  while (i < path.size()) {
    if (path[i] == '/') {
      if (out.empty() || out.back() != '/') {
        out.push_back('/');
      }
      ++i;
      continue;
    }
    const std::size_t end = find_slash(path, i);
    const std::string_view component = path.substr(i, end - i);
    const bool is_dot = component == ".";
    if ((is_dot || component == "..") && at_component_start(out)) {
      if (!is_dot) {
        remove_last_component(out);
      }
      i = end + 1;  // with the slash, if one follows
      continue;
    }
    out.append(component);
    i = end;
  }
  if (out.size() > 1 && out.back() == '/') {
    out.pop_back();
  }
}

void remove_repeated_slashes(std::string_view path, std::string& out) {
  out.clear();
  std::size_t i = 0;
  while (i < path.size()) {
    std::size_t end = path.find("//", i);
    end = end == std::string_view::npos ? path.size() : end + 1;
    out.append(path.substr(i, end - i));
    i = end;
    while (i < path.size() && path[i] == '/' && end != 0 && path[end - 1] == '/') {
      ++i;
    }
  }
}

}  // namespace saker
