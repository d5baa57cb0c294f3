// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <string>
#include <utility>

#include "engine/state/handlers/handlers.h"

namespace saker {

namespace {

constexpr std::size_t kUserContainer = 5;
constexpr std::size_t kGroupContainer = 2;

[[nodiscard]] std::string container_of(const EventView& event, std::size_t param) {
  return event.is_missing(param) ? std::string() : std::string(event.text(param));
}

}  // namespace

void on_user_added(StateCore& core, const EventView& event) {
  UserSnapshot user;
  user.uid = event.get<std::uint32_t>(0);
  user.gid = event.get<std::uint32_t>(1);
  user.name = event.text(2);
  user.home = event.text(3);
  user.shell = event.text(4);
  user.container_id = container_of(event, kUserContainer);
  core.users.add(std::move(user));
}

void on_user_deleted(StateCore& core, const EventView& event) {
  core.users.remove_user(container_of(event, kUserContainer), event.get<std::uint32_t>(0));
}

void on_group_added(StateCore& core, const EventView& event) {
  GroupSnapshot group;
  group.gid = event.get<std::uint32_t>(0);
  group.name = event.text(1);
  group.container_id = container_of(event, kGroupContainer);
  core.users.add(std::move(group));
}

void on_group_deleted(StateCore& core, const EventView& event) {
  core.users.remove_group(container_of(event, kGroupContainer), event.get<std::uint32_t>(0));
}

}  // namespace saker
