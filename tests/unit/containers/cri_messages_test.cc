// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "containers/cri_messages.h"

#include <random>

#include <gtest/gtest.h>

#include "containers/protobuf.h"

namespace saker::containers {
namespace {

std::string message(std::initializer_list<std::pair<std::uint32_t, std::string>> texts) {
  ProtoWriter writer;
  for (const auto& [field, text] : texts) {
    writer.text(field, text);
  }
  return writer.bytes();
}

std::string with_number(std::string bytes, std::uint32_t field, std::uint64_t number) {
  ProtoWriter writer;
  writer.number(field, number);
  return bytes + writer.bytes();
}

const std::string kDigits(64, 'a');

std::string container_answer() {
  const std::string mount =
      with_number(with_number(message({{1, "/data"}, {2, "/var/lib/x"}}), 3, 1), 5, 2);
  const std::string status = message({{1, "id"},
                                      {2, message({{1, "web"}})},
                                      {8, message({{1, "registry:5000/app:v1"}})},
                                      {9, "registry:5000/app@sha256:" + kDigits},
                                      {12, message({{1, "b"}, {2, "2"}})},
                                      {12, message({{1, "a"}, {2, "1"}})},
                                      {12, message({{1, "long"}, {2, std::string(200, 'x')}})},
                                      {14, mount},
                                      {14, message({{1, "/rw"}, {2, "/src"}})}});
  return message({{1, status}, {2, message({{1, "info"}, {2, R"({"sandboxID": "box", "config":
                     {"linux": {"security_context": {"privileged": true}}}})"}})}});
}

std::string pod_answer() {
  ProtoWriter modes;
  modes.number(1, 2);  // network: node
  modes.number(2, 1);  // pid: container
  const std::string status = message({{1, "box-id"},
                                      {2, message({{1, "web-0"}, {2, "uid"}, {3, "prod"}})},
                                      {5, message({{1, "10.0.0.7"}})},
                                      {6, message({{1, message({{2, modes.bytes()}})}})},
                                      {7, message({{1, "app"}, {2, "web"}})}});
  return message(
      {{1, status}, {2, message({{1, "info"}, {2, R"({"cniResult": {"Interfaces": {}}})"}})}});
}

TEST(CriMessages, Container) {
  const auto container = read_cri_container(container_answer(), {});
  ASSERT_TRUE(container.has_value());
  const ContainerInfo& info = container->info;
  EXPECT_EQ(container->sandbox_id, "box");
  EXPECT_EQ(info.name, "web");
  EXPECT_EQ(info.image, "registry:5000/app:v1");
  EXPECT_EQ(info.image_repository, "registry:5000/app");
  EXPECT_EQ(info.image_tag, "v1");
  EXPECT_EQ(info.image_digest, "sha256:" + kDigits);
  EXPECT_TRUE(info.is_privileged);
  EXPECT_EQ(info.labels, (Labels{{"a", "1"}, {"b", "2"}}));
  ASSERT_EQ(info.mounts.size(), 2U);
  EXPECT_EQ(info.mounts[0].source, "/var/lib/x");
  EXPECT_EQ(info.mounts[0].destination, "/data");
  EXPECT_EQ(info.mounts[0].propagation, "rshared");
  EXPECT_FALSE(info.mounts[0].is_writable);
  EXPECT_TRUE(info.mounts[1].is_writable);
  EXPECT_EQ(info.mounts[1].propagation, "private");
}

TEST(CriMessages, PodOfAContainer) {
  ContainerInfo info{.name = "web", .labels = {{"own", "1"}}};
  ASSERT_TRUE(read_cri_pod(pod_answer(), {}, false, info));
  EXPECT_EQ(info.name, "web");
  EXPECT_EQ(info.pod_full_sandbox_id, "box-id");
  EXPECT_EQ(info.pod_ip, "10.0.0.7");
  EXPECT_EQ(info.ip, "10.0.0.7");
  EXPECT_TRUE(info.has_host_network);
  EXPECT_FALSE(info.has_host_pid);
  EXPECT_EQ(info.pod_labels, (Labels{{"app", "web"}}));
  EXPECT_EQ(info.labels, (Labels{{"own", "1"}}));
  EXPECT_EQ(info.cni_json, R"({"Interfaces":{}})");
}

TEST(CriMessages, SandboxItself) {
  ContainerInfo info;
  ASSERT_TRUE(read_cri_pod(pod_answer(), {}, true, info));
  EXPECT_EQ(info.name, "web-0");
  EXPECT_EQ(info.labels, (Labels{{"app", "web"}}));
}

TEST(CriMessages, ImageGivenByItsId) {
  const std::string status =
      message({{8, message({{1, "sha256:" + kDigits}})}, {9, "quay.io/app@sha256:bb"}});
  const auto container = read_cri_container(message({{1, status}}), {});
  ASSERT_TRUE(container.has_value());
  EXPECT_EQ(container->info.image_id, kDigits);
  EXPECT_EQ(container->info.image_repository, "quay.io/app");
  EXPECT_EQ(container->info.image_digest, "sha256:bb");
}

TEST(CriMessages, Version) {
  EXPECT_EQ(read_cri_version(message({{1, "0.1.0"}, {2, "containerd"}})), "containerd");
  EXPECT_EQ(read_cri_version(""), std::nullopt);
}

TEST(CriMessages, Frames) {
  EXPECT_EQ(grpc_message(grpc_frame("abc")), "abc");
  EXPECT_EQ(grpc_message(grpc_frame("")), "");
  EXPECT_EQ(grpc_message(""), std::nullopt);
  EXPECT_EQ(grpc_message(grpc_frame("abc") + "x"), std::nullopt);
  EXPECT_EQ(grpc_message(grpc_frame("abc").substr(0, 7)), std::nullopt);
  EXPECT_EQ(grpc_message(std::string("\1\0\0\0\0", 5)), std::nullopt);  // compressed
}

TEST(CriMessages, NothingIsNoContainer) {
  ContainerInfo info;
  EXPECT_FALSE(read_cri_container("", {}).has_value());
  EXPECT_FALSE(read_cri_pod("", {}, false, info));
  EXPECT_FALSE(read_cri_container("\xff\xff\xff", {}).has_value());
}

// Every cut and many random changes: no crash, no endless loop, no text beyond the bounds.
TEST(CriMessages, HostileBytes) {
  std::mt19937 random(20261121);
  const ContainerOptions options{.max_text_bytes = 64, .max_labels = 2, .max_mounts = 1};
  for (const std::string& whole : {container_answer(), pod_answer()}) {
    for (std::size_t length = 0; length <= whole.size(); ++length) {
      static_cast<void>(read_cri_container(whole.substr(0, length), options));
    }
    for (int round = 0; round < 20'000; ++round) {
      std::string bytes = whole;
      for (int i = 0; i < 3; ++i) {
        bytes[random() % bytes.size()] = static_cast<char>(random());
      }
      ContainerInfo info;
      static_cast<void>(read_cri_pod(bytes, options, (round & 1) != 0, info));
      EXPECT_LE(info.name.size(), 64U);
      if (const auto container = read_cri_container(bytes, options)) {
        EXPECT_LE(container->info.labels.size(), 2U);
        EXPECT_LE(container->info.mounts.size(), 1U);
        EXPECT_LE(container->info.image.size(), 64U);
      }
    }
  }
}

TEST(Protobuf, ReadsWhatIsWritten) {
  ProtoWriter writer;
  writer.number(1, 0);
  writer.number(2, ~std::uint64_t{0});
  writer.text(300, "text");
  ProtoReader reader(writer.bytes());
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.field(), 1U);
  EXPECT_EQ(reader.number(), 0U);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.number(), ~std::uint64_t{0});
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.field(), 300U);
  EXPECT_EQ(reader.text(), "text");
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.is_broken());
}

TEST(Protobuf, BrokenFields) {
  const std::string cases[] = {
      std::string("\x08", 1),  // a number without bytes
      std::string("\x0a\x05"
                  "ab",
                  4),                                               // a text that is too short
      std::string("\x0b", 1),                                       // a group
      std::string("\x0d\x01\x02", 3),                               // a cut 32-bit field
      std::string(11, '\xff'),                                      // an endless number
      std::string("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 10),  // a huge length
  };
  for (const std::string& bytes : cases) {
    ProtoReader reader(bytes);
    EXPECT_FALSE(reader.next());
    EXPECT_TRUE(reader.is_broken());
    EXPECT_FALSE(reader.next());
  }
}

// Printing what is nested takes a stack frame per level.
TEST(CriMessages, DeepJsonIsLeftAlone) {
  const std::string nested = std::string(1'000'000, '[') + std::string(1'000'000, ']');
  ContainerInfo info;
  read_cri_pod_json(R"({"cniResult": {"x": )" + nested + "}}", 8U << 20, info);
  EXPECT_EQ(info.cni_json, "");
  CriContainer container;
  read_cri_container_json(R"({"sandboxID": "box", "x": )" + nested + "}", container);
  EXPECT_EQ(container.sandbox_id, "");
}

}  // namespace
}  // namespace saker::containers
