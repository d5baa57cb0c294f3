// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "containers/container_cache.h"

#include <vector>

#include <gtest/gtest.h>

namespace saker::containers {
namespace {

std::string id_of(int number) {
  std::string id = std::to_string(number);
  return std::string(64 - id.size(), '0') + id;
}

struct Cache : ::testing::Test {
  ContainerState note(const std::string& id, std::uint64_t now_ns = 0) {
    return cache.note({id, "docker", "cpu=/docker/" + id}, now_ns);
  }
  // As a process in a slice of the user's says it.
  ContainerState note_of_user(const std::string& id, const std::string& user) {
    return cache.note(
        {id, "podman", "cpu=/user.slice/user-" + user + ".slice/x/libpod-" + id + ".scope"}, 0);
  }

  Counters counters;
  std::vector<std::string> asked;
  bool has_room = true;
  ContainerCache cache{
      {.max_containers = 3, .unknown_ns = 100, .unavailable_ns = 10},
      counters,
      [this](std::string_view id, std::string_view hint, std::optional<std::uint32_t> owner) {
        asked.push_back(std::string(id) + " " + std::string(hint) +
                        (owner ? " " + std::to_string(*owner) : ""));
        return has_room;
      }};
};

TEST_F(Cache, AsksOnceAndKeepsTheAnswer) {
  EXPECT_EQ(note(id_of(1)), ContainerState::kPending);
  EXPECT_EQ(note(id_of(1), 1'000'000), ContainerState::kPending);
  EXPECT_EQ(cache.find(id_of(1)), nullptr);
  cache.set_known(id_of(1), std::make_shared<ContainerInfo>(ContainerInfo{.name = "web"}));
  EXPECT_EQ(note(id_of(1)), ContainerState::kKnown);
  EXPECT_EQ(cache.find(id_of(1))->name, "web");
  EXPECT_EQ(asked, std::vector<std::string>{id_of(1) + " docker"});
  EXPECT_EQ(counters.get(Counter::kContainerLookups), 1U);
  EXPECT_EQ(counters.get(Counter::kContainerLookupsFound), 1U);
}

TEST_F(Cache, DoesNotAskForNames) {
  EXPECT_EQ(note("my-lxc-container"), ContainerState::kUnknown);
  EXPECT_EQ(note(std::string(64, 'z')), ContainerState::kUnknown);
  EXPECT_TRUE(asked.empty());
}

TEST_F(Cache, RemembersFailuresForAWhile) {
  EXPECT_EQ(note(id_of(1)), ContainerState::kPending);
  cache.set_failed(id_of(1), ContainerState::kUnknown);
  EXPECT_EQ(note(id_of(1), 99), ContainerState::kUnknown);
  EXPECT_EQ(asked.size(), 1U);
  // The repeated look-up makes no alert wait.
  EXPECT_EQ(note(id_of(1), 100), ContainerState::kUnknown);
  EXPECT_EQ(asked.size(), 2U);
  EXPECT_EQ(note(id_of(1), 1000), ContainerState::kUnknown);
  EXPECT_EQ(asked.size(), 2U);
  cache.set_failed(id_of(1), ContainerState::kUnavailable);
  EXPECT_EQ(note(id_of(1), 1005), ContainerState::kUnavailable);
  EXPECT_EQ(note(id_of(1), 1010), ContainerState::kUnavailable);
  EXPECT_EQ(asked.size(), 3U);
  EXPECT_EQ(counters.get(Counter::kContainerLookupsNotFound), 1U);
  EXPECT_EQ(counters.get(Counter::kContainerLookupsUnavailable), 1U);
}

TEST_F(Cache, TellsWhoseSliceAContainerIsIn) {
  const std::string id = id_of(1);
  struct Case {
    std::string cgroups;
    std::optional<std::uint32_t> owner;
  };
  const std::string user = "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-";
  const Case cases[] = {
      {"=" + user + id + ".scope/container", 1000},
      {"=/../.." + user + id + ".scope", 1000},
      {std::string("cpu=/") + '\0' + "pids=" + user + id + '\0', 1000},
      {"=/machine.slice/libpod-" + id + ".scope", {}},
      {"=/system.slice/docker-" + id + ".scope", {}},
      {"=/x" + user + id, {}},  // somebody's folder of that name
      {"=/user.slice/user-1001.slice/x" + user + id, 1001},
      {"=/user.slice/user-.slice/libpod-" + id, {}},
      {"=/user.slice/user-1000x.slice/libpod-" + id, {}},
      {"=/user.slice/user-99999999999.slice/libpod-" + id, {}},
      {"=/user.slice/libpod-" + id, {}},
      {"cpu=" + user + id + '\0' + "pids=/docker/" + id, {}},
      {"cpu=" + user + id + '\0' + "pids=/user.slice/user-7.slice/" + id, {}},
      {user + id, {}},
      {"", {}},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(slice_owner(one.cgroups, id), one.owner) << one.cgroups;
  }
}

// A user's process takes on the id of a container of the machine's before the sensor sees that one.
TEST_F(Cache, AUsersWordDoesNotCountForOthers) {
  EXPECT_EQ(note_of_user(id_of(1), "1000"), ContainerState::kPending);
  cache.set_known(id_of(1), std::make_shared<ContainerInfo>(ContainerInfo{.name = "trusted"}),
                  1000);
  EXPECT_EQ(note_of_user(id_of(1), "1000"), ContainerState::kKnown);
  const std::uint64_t before = cache.generation();
  EXPECT_EQ(note(id_of(1)), ContainerState::kPending);
  EXPECT_EQ(cache.find(id_of(1)), nullptr);
  EXPECT_NE(cache.generation(), before);
  EXPECT_EQ(asked, (std::vector{id_of(1) + " podman 1000", id_of(1) + " docker"}));
  // An answer to the first question that comes only now.
  cache.set_known(id_of(1), std::make_shared<ContainerInfo>(), 1000);
  cache.set_failed(id_of(1), ContainerState::kUnknown, 1000);
  EXPECT_EQ(note(id_of(1)), ContainerState::kPending);
  cache.set_known(id_of(1), std::make_shared<ContainerInfo>(ContainerInfo{.name = "real"}));
  EXPECT_EQ(note_of_user(id_of(1), "1000"), ContainerState::kKnown);
  EXPECT_EQ(cache.find(id_of(1))->name, "real");
}

TEST_F(Cache, ForgetsTheLeastUsed) {
  for (int i = 1; i <= 3; ++i) {
    EXPECT_EQ(note(id_of(i)), ContainerState::kPending);
    cache.set_known(id_of(i), std::make_shared<ContainerInfo>());
  }
  EXPECT_EQ(note(id_of(1)), ContainerState::kKnown);
  EXPECT_EQ(note(id_of(4)), ContainerState::kPending);
  EXPECT_NE(cache.find(id_of(1)), nullptr);
  EXPECT_EQ(cache.find(id_of(2)), nullptr);
  EXPECT_EQ(counters.get(Counter::kContainersForgotten), 1U);
  cache.set_known(id_of(2), std::make_shared<ContainerInfo>());  // too late
  EXPECT_EQ(cache.find(id_of(2)), nullptr);
}

TEST_F(Cache, SaysWhenTheLookUpHasNoRoom) {
  has_room = false;
  EXPECT_EQ(note(id_of(1)), ContainerState::kUnavailable);
  EXPECT_EQ(counters.get(Counter::kContainerLookupsDroppedFull), 1U);
  has_room = true;
  EXPECT_EQ(note(id_of(1), 9), ContainerState::kUnavailable);
  EXPECT_EQ(asked.size(), 1U);
  EXPECT_EQ(note(id_of(1), 10), ContainerState::kUnavailable);
  EXPECT_EQ(asked.size(), 2U);
}

}  // namespace
}  // namespace saker::containers
