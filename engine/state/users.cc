// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/users.h"

#include <algorithm>
#include <utility>

namespace saker {

void Users::clear() {
  databases_.clear();
}

void Users::add(UserSnapshot user) {
  Database& database = databases_[user.container_id];
  const std::uint32_t uid = user.uid;
  database.users.insert_or_assign(uid, std::move(user));
}

void Users::add(GroupSnapshot group) {
  Database& database = databases_[group.container_id];
  const std::uint32_t gid = group.gid;
  database.groups.insert_or_assign(gid, std::move(group));
}

void Users::remove_user(std::string_view container_id, std::uint32_t uid) {
  if (const auto found = databases_.find(container_id); found != databases_.end()) {
    found->second.users.erase(uid);
  }
}

void Users::remove_group(std::string_view container_id, std::uint32_t gid) {
  if (const auto found = databases_.find(container_id); found != databases_.end()) {
    found->second.groups.erase(gid);
  }
}

const UserSnapshot* Users::find_user(std::string_view container_id, std::uint32_t uid) const {
  const auto database = databases_.find(container_id);
  if (database == databases_.end()) {
    return nullptr;
  }
  const auto found = database->second.users.find(uid);
  return found == database->second.users.end() ? nullptr : &found->second;
}

const GroupSnapshot* Users::find_group(std::string_view container_id, std::uint32_t gid) const {
  const auto database = databases_.find(container_id);
  if (database == databases_.end()) {
    return nullptr;
  }
  const auto found = database->second.groups.find(gid);
  return found == database->second.groups.end() ? nullptr : &found->second;
}

void Users::list_host(std::vector<UserSnapshot>& users, std::vector<GroupSnapshot>& groups) const {
  const auto database = databases_.find(std::string_view());
  if (database == databases_.end()) {
    return;
  }
  for (const auto& [uid, user] : database->second.users) {
    users.push_back(user);
  }
  for (const auto& [gid, group] : database->second.groups) {
    groups.push_back(group);
  }
  std::ranges::sort(users, {}, &UserSnapshot::uid);
  std::ranges::sort(groups, {}, &GroupSnapshot::gid);
}

}  // namespace saker
