// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// User and group databases, per container ("" is the host).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/event/snapshot.h"

namespace saker {

class Users {
public:
  void clear();
  void add(UserSnapshot user);
  void add(GroupSnapshot group);
  void remove_user(std::string_view container_id, std::uint32_t uid);
  void remove_group(std::string_view container_id, std::uint32_t gid);

  // Null when unknown. Borrowed until the next change.
  [[nodiscard]] const UserSnapshot* find_user(std::string_view container_id,
                                              std::uint32_t uid) const;
  [[nodiscard]] const GroupSnapshot* find_group(std::string_view container_id,
                                                std::uint32_t gid) const;

  // Adds those of the host (no container), sorted by number.
  void list_host(std::vector<UserSnapshot>& users, std::vector<GroupSnapshot>& groups) const;

private:
  struct Database {
    std::unordered_map<std::uint32_t, UserSnapshot> users;
    std::unordered_map<std::uint32_t, GroupSnapshot> groups;
  };
  std::map<std::string, Database, std::less<>> databases_;
};

}  // namespace saker
