// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The docker API's client against a server that answers as docker and podman do, and against
// servers that mean no good.
#include "containers/docker_client.h"

#include <unistd.h>

#include <chrono>
#include <filesystem>

#include <gtest/gtest.h>

#include "containers/docker_json.h"
#include "tests/support/temp_dir.h"
#include "tests/support/unix_test_server.h"

namespace saker::containers {
namespace {

using namespace std::chrono_literals;
using testing::http_reply;
using testing::RawReply;
using testing::UnixTestServer;

const std::string kId(64, '1');
const std::string kImageId(64, '2');

const std::string kContainer = R"({"Id": ")" + kId + R"(", "Name": "/web",
  "Image": "sha256:)" + kImageId +
                               R"(",
  "Config": {"Image": "registry:5000/team/app:v2",
             "Labels": {"b": "2", "a": "1", "long": "0123456789x", "odd": 7}},
  "HostConfig": {"Privileged": true, "PidMode": "host", "IpcMode": "private", "NetworkMode": "host"},
  "Mounts": [{"Type": "bind", "Source": "/etc", "Destination": "/host/etc", "Mode": "ro",
              "RW": false, "Propagation": "rprivate"}, 3],
  "NetworkSettings": {"IPAddress": "", "Networks": {"x": {"IPAddress": "10.1.2.3"}}}})";

const std::string kImage = R"({"RepoTags": ["other:v1"],
  "RepoDigests": ["other@sha256:aa", "registry:5000/team/app@sha256:bb"]})";

class DockerApi : public ::testing::Test {
protected:
  Inspected inspect(const UnixTestServer::Handler& handler) {
    const UnixTestServer server(dir_.file("api.sock"), handler);
    return ask();
  }
  Inspected ask() {
    return DockerClient({RuntimeKind::kDocker, dir_.file("api.sock"), owner}, options, stop)
        .inspect(kId, deadline);
  }
  LookupFault fault_with(const RawReply& reply) {
    const Inspected inspected = inspect([&](const std::string&) { return reply; });
    std::filesystem::remove(dir_.file("api.sock"));
    return inspected ? LookupFault::kStopped : inspected.error();
  }

  testing::TempDir dir_;
  std::atomic<bool> stop{false};
  std::optional<std::uint32_t> owner;
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  ContainerOptions options{
      .label_max_bytes = 10, .max_answer_bytes = 100'000, .request_timeout = 200ms};
};

TEST_F(DockerApi, TellsEverything) {
  const Inspected inspected = inspect([](const std::string& request) {
    return request.starts_with("GET /containers/" + kId + "/json ")    ? http_reply(200, kContainer)
           : request.starts_with("GET /images/" + kImageId + "/json ") ? http_reply(200, kImage)
                                                                       : http_reply(404, "{}");
  });
  ASSERT_TRUE(inspected.has_value());
  EXPECT_EQ(inspected->runtime, "docker");
  EXPECT_EQ(inspected->name, "web");
  EXPECT_EQ(inspected->image, "registry:5000/team/app:v2");
  EXPECT_EQ(inspected->image_id, kImageId);
  EXPECT_EQ(inspected->image_repository, "registry:5000/team/app");
  EXPECT_EQ(inspected->image_tag, "v2");
  EXPECT_EQ(inspected->image_digest, "sha256:bb");
  EXPECT_EQ(inspected->ip, "10.1.2.3");
  EXPECT_TRUE(inspected->is_privileged);
  EXPECT_TRUE(inspected->has_host_pid);
  EXPECT_TRUE(inspected->has_host_network);
  EXPECT_FALSE(inspected->has_host_ipc);
  EXPECT_EQ(inspected->labels, (Labels{{"a", "1"}, {"b", "2"}}));
  ASSERT_EQ(inspected->mounts.size(), 2U);
  EXPECT_EQ(inspected->mounts[0].source, "/etc");
  EXPECT_EQ(inspected->mounts[0].destination, "/host/etc");
  EXPECT_EQ(inspected->mounts[0].mode, "ro");
  EXPECT_EQ(inspected->mounts[0].propagation, "rprivate");
  EXPECT_FALSE(inspected->mounts[0].is_writable);
}

TEST_F(DockerApi, AContainerIsKnownWithoutItsImage) {
  const Inspected inspected = inspect([](const std::string& request) {
    return request.starts_with("GET /containers/") ? http_reply(200, kContainer)
                                                   : RawReply{.hangs = true};
  });
  ASSERT_TRUE(inspected.has_value());
  EXPECT_EQ(inspected->name, "web");
  EXPECT_EQ(inspected->image_tag, "v2");
}

TEST_F(DockerApi, AsksTheContainerWhoseNetworkIsShared) {
  const Inspected inspected = inspect([](const std::string& request) {
    return request.starts_with("GET /containers/" + kId)
               ? http_reply(200, R"({"Id": ")" + kId +
                                     R"(", "HostConfig": {"NetworkMode": "container:base"}})")
           : request.starts_with("GET /containers/base/json")
               ? http_reply(200, R"({"Id": "2", "NetworkSettings": {"IPAddress": "10.0.0.9"}})")
               : http_reply(404, "{}");
  });
  ASSERT_TRUE(inspected.has_value());
  EXPECT_EQ(inspected->ip, "10.0.0.9");
}

TEST_F(DockerApi, NamesWithBlanksDoNotReachTheRequest) {
  std::vector<std::string> requests;
  {
    UnixTestServer server(dir_.file("api.sock"), [](const std::string&) {
      return http_reply(200, R"({"Id": ")" + kId + R"(", "Image": "sha256:../../x",
          "HostConfig": {"NetworkMode": "container:a/json HTTP/1.1\r\nX: y"}})");
    });
    EXPECT_TRUE(ask().has_value());
    requests = server.requests();
  }
  EXPECT_EQ(requests.size(), 1U);
}

TEST_F(DockerApi, Faults) {
  struct Case {
    const char* what;
    RawReply reply;
    LookupFault fault;
  };
  const std::string nested(90'000, '[');
  const Case cases[] = {
      {"unknown", http_reply(404, R"({"message": "no such container"})"), LookupFault::kNotFound},
      {"server error", http_reply(500, "{}"), LookupFault::kUnavailable},
      {"redirect",
       {.bytes = "HTTP/1.1 302 X\r\nLocation: http://localhost/x\r\nContent-Length: 0\r\n\r\n"},
       LookupFault::kUnavailable},
      {"not JSON", http_reply(200, "<html>"), LookupFault::kUnavailable},
      {"other JSON", http_reply(200, "[1, 2]"), LookupFault::kUnavailable},
      {"no container", http_reply(200, "{}"), LookupFault::kUnavailable},
      {"another container",
       http_reply(200, R"({"Id": ")" + std::string(64, '3') + R"(", "Name": "/trusted"})"),
       LookupFault::kUnavailable},
      {"part of the id", http_reply(200, R"({"Id": "1", "Name": "/trusted"})"),
       LookupFault::kUnavailable},
      {"deeply nested", http_reply(200, nested), LookupFault::kUnavailable},
      {"nested object", http_reply(200, R"({"Id":)" + nested), LookupFault::kUnavailable},
      {"cut",
       {.bytes = "HTTP/1.1 200 X\r\nContent-Length: 5000\r\n\r\n{\"Id\""},
       LookupFault::kUnavailable},
      {"not HTTP", {.bytes = "hello"}, LookupFault::kUnavailable},
      {"nothing", {}, LookupFault::kUnavailable},
      {"hangs", {.hangs = true}, LookupFault::kUnavailable},
      {"hangs in the answer",
       {.bytes = "HTTP/1.1 200 X\r\nContent-Length: 5000\r\n\r\n{\"Id\"", .hangs = true},
       LookupFault::kUnavailable},
      {"too large", http_reply(200, std::string(200'000, ' ')), LookupFault::kUnavailable},
      {"endless chunks",
       {.bytes = "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n0123456789abcdef\r\n",
        .is_endless = true},
       LookupFault::kUnavailable},
      {"endless headers",
       {.bytes = "HTTP/1.1 200 X\r\nX: 1\r\n", .is_endless = true},
       LookupFault::kUnavailable},
  };
  for (const Case& one : cases) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(fault_with(one.reply), one.fault) << one.what;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s) << one.what;
  }
}

// By their size, not by the time: within a minute a fast server sends gigabytes of them.
TEST_F(DockerApi, HeadersWithoutEndAreCutOff) {
  options.request_timeout = 60s;
  std::string many = "HTTP/1.1 200 X\r\n";
  for (int i = 0; i < 1000; ++i) {
    many += "X-" + std::to_string(i) + ": " + std::string(100, 'x') + "\r\n";
  }
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(fault_with({.bytes = many, .is_endless = true}), LookupFault::kUnavailable);
  EXPECT_EQ(fault_with({.bytes = many, .hangs = true}), LookupFault::kUnavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 30s);
}

TEST_F(DockerApi, ReturnsByTheDeadline) {
  options.request_timeout = 60s;
  const auto begin = std::chrono::steady_clock::now();
  deadline = begin + 100ms;
  EXPECT_EQ(fault_with({.hangs = true}), LookupFault::kUnavailable);
  EXPECT_EQ(fault_with(http_reply(200, kContainer)), LookupFault::kUnavailable);  // it is over
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 30s);
}

TEST_F(DockerApi, AnotherUserMayNotAnswerForTheOwner) {
  // What counts is who called listen(); root may answer for anybody, so it must not be root.
  const uid_t self = ::geteuid();
  const uid_t listener = self == 0 ? 12345 : self;
  std::filesystem::permissions(dir_.path(), std::filesystem::perms::all);
  ASSERT_EQ(::seteuid(listener), 0);
  UnixTestServer server(dir_.file("api.sock"),
                        [](const std::string&) { return http_reply(404, "{}"); });
  ASSERT_EQ(::seteuid(self), 0);
  owner = listener + 1;
  EXPECT_EQ(ask().error(), LookupFault::kUnavailable);
  EXPECT_TRUE(server.requests().empty());
  owner = listener;
  EXPECT_EQ(ask().error(), LookupFault::kNotFound);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(DockerApi, NobodyListens) {
  EXPECT_EQ(ask().error(), LookupFault::kNoRuntime);
}

TEST_F(DockerApi, StopsInTheMiddle) {
  options.request_timeout = 60s;
  const UnixTestServer server(dir_.file("api.sock"), [this](const std::string&) {
    stop = true;
    return RawReply{.hangs = true};
  });
  EXPECT_EQ(ask().error(), LookupFault::kStopped);
}

TEST(CompleteImage, FindsNameTagAndDigest) {
  struct Case {
    const char* image;
    DockerImage known;
    const char* shown;  // image|repository|tag|digest
  };
  const std::string digits(64, 'a');
  const Case cases[] = {
      {"nginx", {}, "nginx|nginx|latest|"},
      {"nginx:1", {{"nginx:1"}, {"nginx@sha256:1"}}, "nginx:1|nginx|1|sha256:1"},
      {"nginx@sha256:2", {}, "nginx@sha256:2|nginx||sha256:2"},
      {"nginx", {{"nginx:stable"}, {}}, "nginx|nginx|stable|"},
      {"nginx", {{}, {"docker.io/library/nginx@sha256:3"}}, "nginx|nginx|latest|sha256:3"},
      {digits.c_str(), {{"app:v1"}, {"app@sha256:4"}}, "app:v1|app|v1|sha256:4"},
  };
  for (const Case& one : cases) {
    ContainerInfo info{.image = one.image};
    complete_image(info, &one.known);
    EXPECT_EQ(
        info.image + "|" + info.image_repository + "|" + info.image_tag + "|" + info.image_digest,
        one.shown);
  }
}

}  // namespace
}  // namespace saker::containers
