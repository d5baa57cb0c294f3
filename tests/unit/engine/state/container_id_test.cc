// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/container_id.h"

#include <string>

#include <gtest/gtest.h>

namespace saker {
namespace {

const std::string kId = "3f1c0d9a7b5e4826a1d3c9f08e7b6a5d4c3b2a190817263544f5e6d7c8b9a0f1";
const std::string kOther = "b7e2a41059c8d6f3e0a1b2c3d4e5f60718293a4b5c6d7e8f9012a3b4c5d6e7f8";

struct Case {
  std::string path;
  std::string id;
  std::string runtime;
};

TEST(FindContainer, KnowsThePathsOfRuntimes) {
  const Case cases[] = {
      {"/docker/" + kId, kId, "docker"},
      {"/system.slice/docker-" + kId + ".scope", kId, "docker"},
      {"/kubepods/besteffort/pod1/" + kId, kId, "docker"},
      {"/kubepods.slice/cri-containerd-" + kId + ".scope", kId, "cri"},
      {"/kubepods.slice/crio-" + kId + ".scope", kId, "cri"},
      {"/kubepods.slice/crio-" + kId, kId, "cri"},
      {"/system.slice/containerd.service/kubepods-pod1:cri-containerd:" + kId, kId, "cri"},
      {"/machine.slice/libpod-" + kId + ".scope", kId, "podman"},
      {"/machine.slice/libpod-" + kId + ".scope/container", kId, "podman"},
      {"/lxc/web/init.scope", "web", "lxc"},
      {"/lxc.payload.web/x", "web", "lxc"},
      {"/machine.slice/machine-lxc\\x2dweb.scope", "web", "libvirt-lxc"},
      {"/", "", ""},
      {"", "", ""},
      {"/user.slice/session-1.scope", "", ""},
      {"/docker/" + kId.substr(1), "", ""},
      {"/docker/x" + kId, "", ""},
      {"/docker/" + kId.substr(0, 63) + "g", "", ""},
      // Groups below the container's.
      {"/docker/" + kId + "/init.scope", kId, "docker"},
      {"/docker/" + kId + "/x" + kOther, kId, "docker"},
      {"/system.slice/docker-" + kId + ".scope/init.scope", kId, "docker"},
      {"/kubepods.slice/cri-containerd-" + kId + ".scope/sub/system.slice/a.service", kId, "cri"},
      {"/kubepods.slice/crio-" + kId + ".scope/container", kId, "cri"},
      {"/machine.slice/libpod-" + kId + ".scope/container/init.scope", kId, "podman"},
      // The innermost of nested ones.
      {"/system.slice/docker-" + kOther + ".scope/docker/" + kId, kId, "docker"},
      {"/system.slice/docker-" + kOther + ".scope/docker/" + kId + "/sub", kId, "docker"},
      {"/docker/" + kOther + "/kubelet/kubepods/pod1/" + kId, kId, "docker"},
      {"/system.slice/docker-" + kOther + ".scope/a.slice/docker-" + kId + ".scope/b", kId,
       "docker"},
  };
  for (const Case& row : cases) {
    const std::string cgroups = std::string("cpuset=/") + '\0' + "memory=" + row.path + '\0';
    const ContainerMatch match = find_container(cgroups);
    EXPECT_EQ(match.id, row.id) << row.path;
    EXPECT_EQ(match.runtime, row.runtime) << row.path;
  }
}

TEST(FindContainer, TriesRuntimesInOrderOnAllPaths) {
  const std::string cgroups =
      "cpu=/docker/" + kId + '\0' + "io=/machine.slice/libpod-" + kOther + ".scope" + '\0';
  EXPECT_EQ(find_container(cgroups).id, kOther);
  EXPECT_EQ(find_container(cgroups).runtime, "podman");
}

TEST(FindContainer, SurvivesMalformedPieces) {
  EXPECT_TRUE(find_container(std::string("no equals sign")).id.empty());
  EXPECT_TRUE(find_container(std::string(3, '\0')).id.empty());
  EXPECT_EQ(find_container("cpu=/docker/" + kId).id, kId);  // the last NUL is missing
  EXPECT_TRUE(find_container("cpu=" + kId + kOther).id.empty());
  EXPECT_TRUE(find_container("cpu=" + std::string(70, '/')).id.empty());
}

}  // namespace
}  // namespace saker
