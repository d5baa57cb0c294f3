// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What a container runtime may answer. The first byte says who asks and how; parts of the rest, cut
// at "#PART\n", are the answers in their order:
//   0 to 5   the readers of docker's JSON and of CRI's protobuf and JSON, without a connection
//   6, 7     a docker and a CRI client at a socket, which gets the bytes as they are (HTTP
//   included) 8        a docker client whose answers get a head 9        init_config
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "containers/cri_client.h"
#include "containers/cri_messages.h"
#include "containers/docker_client.h"
#include "containers/docker_json.h"
#include "engine/base/check.h"
#include "tests/support/temp_dir.h"

namespace {

using namespace saker::containers;
using saker::ContainerInfo;

constexpr std::size_t kMostParts = 4;
constexpr auto kNoDeadline = std::chrono::steady_clock::time_point::max();

std::vector<std::string> split(std::string_view input) {
  constexpr std::string_view kSeparator = "#PART\n";
  std::vector<std::string> parts;
  while (parts.size() + 1 < kMostParts && input.find(kSeparator) != std::string_view::npos) {
    parts.emplace_back(input.substr(0, input.find(kSeparator)));
    input.remove_prefix(parts.back().size() + kSeparator.size());
  }
  parts.emplace_back(input);
  return parts;
}

ContainerOptions small_bounds() {
  ContainerOptions options;
  options.max_answer_bytes = 16384;
  options.max_text_bytes = 64;
  options.max_labels = 4;
  options.max_mounts = 4;
  options.label_max_bytes = 32;
  options.request_timeout = std::chrono::milliseconds(1000);
  return options;
}

void check_info(const ContainerInfo& info, const ContainerOptions& options) {
  for (const std::string* text :
       {&info.name, &info.image_id, &info.ip, &info.cni_json, &info.pod_full_sandbox_id,
        &info.pod_ip, &info.image_tag, &info.runtime}) {
    SAKER_CHECK(text->size() <= std::max<std::size_t>(options.max_text_bytes, 64));
  }
  SAKER_CHECK(info.mounts.size() <= options.max_mounts);
  SAKER_CHECK(info.cni_json.empty() || nlohmann::json::accept(info.cni_json));
  for (const saker::Labels* labels : {&info.labels, &info.pod_labels}) {
    SAKER_CHECK(labels->size() <= options.max_labels && std::ranges::is_sorted(*labels));
    for (const auto& [name, value] : *labels) {
      SAKER_CHECK(name.size() <= options.max_text_bytes && value.size() <= options.label_max_bytes);
    }
  }
}

// Answers each connection with the next of the texts it was given, then hangs up.
class Answers {
public:
  Answers() : path_(folder_.file("socket")) {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    SAKER_CHECK(path_.size() < sizeof(address.sun_path));
    std::memcpy(address.sun_path, path_.data(), path_.size());
    SAKER_CHECK(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 &&
                ::listen(listener_, 16) == 0);
    thread_ = std::thread([this] { run(); });
  }
  ~Answers() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  Answers(const Answers&) = delete;
  Answers& operator=(const Answers&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  void set(std::vector<std::string> texts) {
    const std::lock_guard lock(mutex_);
    texts_ = std::move(texts);
    next_ = 0;
  }

private:
  void run() {
    while (true) {
      const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) {
        return;
      }
      std::string text;
      {
        const std::lock_guard lock(mutex_);
        text = next_ < texts_.size() ? texts_[next_++] : std::string();
      }
      char request[4096];
      static_cast<void>(::recv(connection, request, sizeof(request), 0));
      static_cast<void>(::send(connection, text.data(), text.size(), MSG_NOSIGNAL));
      ::shutdown(connection, SHUT_WR);
      while (::recv(connection, request, sizeof(request), 0) > 0) {
      }
      ::close(connection);
    }
  }

  const saker::testing::TempDir folder_;
  std::string path_;
  int listener_ = -1;
  std::mutex mutex_;
  std::vector<std::string> texts_;
  std::size_t next_ = 0;
  std::thread thread_;
};

void ask_docker(Answers& answers, std::vector<std::string> texts, bool adds_head) {
  static const std::atomic<bool> kNever{false};
  const ContainerOptions options = small_bounds();
  for (std::string& text : texts) {
    if (adds_head) {
      text =
          "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text;
    }
  }
  answers.set(std::move(texts));
  DockerClient client({RuntimeKind::kDocker, answers.path()}, options, kNever);
  if (const auto info = client.inspect(std::string(64, 'a'), kNoDeadline)) {
    check_info(*info, options);
  }
}

void ask_cri(Answers& answers, std::vector<std::string> texts) {
  static const std::atomic<bool> kNever{false};
  const ContainerOptions options = small_bounds();
  answers.set(std::move(texts));
  CriClient client({RuntimeKind::kCri, answers.path()}, options, kNever);
  if (const auto info = client.inspect(std::string(64, 'a'), kNoDeadline)) {
    check_info(*info, options);
  }
}

void read_answer(unsigned reader, const std::vector<std::string>& parts) {
  const ContainerOptions options = small_bounds();
  ContainerInfo info;
  if (reader == 0) {
    if (auto container = read_docker_container(parts[0], options)) {
      const auto image = read_docker_image(parts.back());
      complete_image(container->info, image ? &*image : nullptr);
      check_info(container->info, options);
    }
  } else if (reader == 1) {
    if (const auto container = read_cri_container(parts[0], options)) {
      check_info(container->info, options);
    }
  } else if (reader == 2) {
    static_cast<void>(read_cri_pod(parts[0], options, parts.size() > 1, info));
    check_info(info, options);
  } else if (reader == 3) {
    if (const auto message = grpc_message(parts[0])) {
      static_cast<void>(read_cri_version(*message));
      SAKER_CHECK(grpc_frame(*message) == parts[0]);
    }
  } else if (reader == 4) {
    CriContainer container;
    read_cri_container_json(parts[0], container);
    SAKER_CHECK(container.sandbox_id.size() <= 64);
  } else {
    read_cri_pod_json(parts[0], options.max_text_bytes, info);
    check_info(info, options);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Answers answers;
  constexpr unsigned kForms = 10;
  if (size == 0) {
    return 0;
  }
  const std::string text(data + 1, data + size);
  const std::vector<std::string> parts = split(text);
  const unsigned form = data[0] % kForms;
  if (form == 6 || form == 8) {
    ask_docker(answers, parts, form == 8);
  } else if (form == 7) {
    ask_cri(answers, parts);
  } else if (form == 9) {
    static_cast<void>(read_init_config(text, "/host"));
  } else {
    read_answer(form, parts);
  }
  return 0;
}
