// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <algorithm>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "containers/container_options.h"
#include "tests/support/temp_dir.h"

namespace saker::containers {
namespace {

std::string shown(const std::vector<RuntimeSocket>& sockets) {
  std::string text;
  for (const RuntimeSocket& socket : sockets) {
    text += std::string(to_text(socket.kind)) + "=" + socket.path + " ";
  }
  return text;
}

std::string sockets_for(const std::string& json) {
  const auto options = read_init_config(json, "/nowhere");
  return options ? shown(options->sockets) : "error: " + options.error().message;
}

TEST(InitConfig, NothingMeansTheDefaults) {
  const std::string expected =
      "docker=/nowhere/var/run/docker.sock podman=/nowhere/run/podman/podman.sock "
      "cri=/nowhere/run/containerd/containerd.sock cri=/nowhere/run/crio/crio.sock "
      "cri=/nowhere/run/k3s/containerd/containerd.sock "
      "cri=/nowhere/run/host-containerd/containerd.sock "
      "containerd=/nowhere/run/host-containerd/containerd.sock ";
  EXPECT_EQ(sockets_for(""), expected);
  EXPECT_EQ(sockets_for("{}"), expected);
  EXPECT_EQ(sockets_for(R"({"with_size": false, "hooks": [1], "engines": {"lxc": {}}})"), expected);
}

TEST(InitConfig, ChoosesEnginesAndSockets) {
  EXPECT_EQ(sockets_for(R"({"engines": {"docker": {"enabled": "false"},
      "podman": {"enabled": true, "sockets": ["/a", "/b"]}, "cri": {"enabled": false},
      "containerd": {"enabled": false}}})"),
            "podman=/nowhere/a podman=/nowhere/b ");
}

TEST(InitConfig, LabelLength) {
  EXPECT_EQ(read_init_config("", "")->label_max_bytes, 100U);
  EXPECT_EQ(read_init_config(R"({"label_max_len": "7"})", "")->label_max_bytes, 7U);
  EXPECT_EQ(read_init_config(R"({"label_max_len": 8})", "")->label_max_bytes, 8U);
}

TEST(InitConfig, WrongTypesAreErrors) {
  const std::string begin = "error: init_config of the plugin container: ";
  EXPECT_EQ(sockets_for("[]"), begin + "it must be a mapping");
  EXPECT_EQ(sockets_for("{"), begin + "it must be a mapping");
  EXPECT_EQ(sockets_for(R"({"label_max_len": -1})"), begin + "label_max_len must be a number");
  EXPECT_EQ(sockets_for(R"({"engines": 1})"), begin + "engines must be a mapping");
  EXPECT_EQ(sockets_for(R"({"engines": {"cri": 1}})"), begin + "engines.cri must be a mapping");
  EXPECT_EQ(sockets_for(R"({"engines": {"cri": {"enabled": 3}}})"),
            begin + "engines.cri.enabled must be true or false");
  EXPECT_EQ(sockets_for(R"({"engines": {"cri": {"sockets": [3]}}})"),
            begin + "engines.cri.sockets must be a list of paths");
}

TEST(InitConfig, FindsTheSocketsOfUsers) {
  const testing::TempDir root;
  for (const char* user : {"1000", "1001", "1002"}) {
    std::filesystem::create_directories(root.path() / "run/user" / user / "podman");
  }
  std::filesystem::create_directories(root.path() / "run/user/1001/podman/podman.sock");
  const auto sockets = default_sockets(root.path());
  EXPECT_EQ(std::ranges::count(sockets, RuntimeKind::kPodman, &RuntimeSocket::kind), 2);
  EXPECT_EQ(sockets.back().path, root.path().string() + "/run/user/1001/podman/podman.sock");
  EXPECT_EQ(sockets.back().owner, 1001U);
  EXPECT_EQ(std::ranges::count_if(
                sockets, [](const RuntimeSocket& socket) { return socket.owner.has_value(); }),
            1);
}

TEST(InitConfig, KnowsWhoseASocketIs) {
  EXPECT_EQ(socket_owner("/run/user/1000/podman/podman.sock", ""), 1000U);
  EXPECT_EQ(socket_owner("/host/var/run/user/7/docker.sock", "/host"), 7U);
  for (const char* path : {"/run/podman/podman.sock", "/run/user/0/podman/podman.sock",
                           "/run/user/x/a.sock", "/run/user/1000", "/run/user/1000x/a.sock", ""}) {
    EXPECT_EQ(socket_owner(path, ""), std::nullopt) << path;
  }
  const auto options =
      read_init_config(R"({"engines": {"podman": {"sockets": ["/run/user/9/a"]}}})", "/host");
  ASSERT_TRUE(options.has_value());
  EXPECT_EQ(
      std::ranges::count(options->sockets, std::optional<std::uint32_t>(9), &RuntimeSocket::owner),
      1);
}

}  // namespace
}  // namespace saker::containers
