// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "bpf/user/users.h"

#include <algorithm>
#include <string>

#include "bpf/user/proc_text.h"

namespace saker::sensor {
namespace {

std::vector<std::string_view> split_colons(std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t end = std::min(line.find(':'), line.size());
    fields.push_back(line.substr(0, end));
    if (end == line.size()) {
      return fields;
    }
    line.remove_prefix(end + 1);
  }
}

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::vector<UserSnapshot> parse_passwd(std::string_view text) {
  std::vector<UserSnapshot> users;
  std::string_view line;
  while (next_line(text, line)) {
    const auto fields = split_colons(line);  // name, password, uid, gid, comment, home, shell
    if (fields.size() < 7 || !is_number(fields[2]) || !is_number(fields[3])) {
      continue;
    }
    UserSnapshot user;
    user.name = std::string(fields[0]);
    user.uid = static_cast<std::uint32_t>(parse_unsigned(fields[2]));
    user.gid = static_cast<std::uint32_t>(parse_unsigned(fields[3]));
    user.home = std::string(fields[5]);
    user.shell = std::string(fields[6]);
    users.push_back(std::move(user));
  }
  return users;
}

std::vector<GroupSnapshot> parse_group(std::string_view text) {
  std::vector<GroupSnapshot> groups;
  std::string_view line;
  while (next_line(text, line)) {
    const auto fields = split_colons(line);  // name, password, gid, members
    if (fields.size() < 3 || !is_number(fields[2])) {
      continue;
    }
    GroupSnapshot group;
    group.name = std::string(fields[0]);
    group.gid = static_cast<std::uint32_t>(parse_unsigned(fields[2]));
    groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace saker::sensor
