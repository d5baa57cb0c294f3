// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/path.h"

#include <cstring>

namespace saker {

namespace {

// What has been written of a joined path. Never longer than directory and path together.
struct Joined {
  char* data;
  std::size_t size = 0;

  void append(std::string_view text) {
    if (text.empty()) {
      return;  // perhaps without a pointer
    }
    std::memcpy(data + size, text.data(), text.size());
    size += text.size();
  }
  [[nodiscard]] bool ends_in_slash() const { return size > 0 && data[size - 1] == '/'; }
  [[nodiscard]] bool is_at_component_start() const { return size == 0 || ends_in_slash(); }

  // Takes the last component off a text that ends in a slash or is empty; the root stays.
  void remove_last_component() {
    if (size <= 1) {
      return;
    }
    const std::size_t slash = std::string_view(data, size - 1).rfind('/');
    size = slash == std::string_view::npos ? 0 : slash + 1;
  }
};

[[nodiscard]] std::size_t find_slash(std::string_view path, std::size_t from) {
  const void* found = std::memchr(path.data() + from, '/', path.size() - from);
  return found == nullptr ? path.size()
                          : static_cast<std::size_t>(static_cast<const char*>(found) - path.data());
}

}  // namespace

std::size_t join_path(std::string_view dir, std::string_view path,
                      std::span<char, kMaxPathBytes> buffer) {
  Joined out{buffer.data()};
  if (dir.size() + path.size() + 1 > kMaxPathBytes) {
    out.append(kPathTooLong);
    return out.size;
  }
  if (!path.empty() && path.front() != '/' && !dir.empty()) {
    out.append(dir);
  }
  std::size_t i = 0;
  while (i < path.size()) {
    if (path[i] == '/') {
      if (!out.ends_in_slash()) {
        out.append("/");
      }
      ++i;
      continue;
    }
    const std::size_t end = find_slash(path, i);
    const std::string_view component = path.substr(i, end - i);
    const bool is_dot = component == ".";
    if ((is_dot || component == "..") && out.is_at_component_start()) {
      if (!is_dot) {
        out.remove_last_component();
      }
      i = end + 1;  // with the slash, if one follows
      continue;
    }
    out.append(component);
    i = end;
  }
  if (out.size > 1 && out.ends_in_slash()) {
    --out.size;
  }
  return out.size;
}

void join_path(std::string_view dir, std::string_view path, std::string& out) {
  char buffer[kMaxPathBytes];
  out.assign(buffer, join_path(dir, path, buffer));
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
