// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// HTTP requests over a unix socket, with bounds on time and size: the other side may be slow, huge
// or hostile.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace saker::containers {

enum class HttpFault : std::uint8_t {
  kNoServer,  // nobody listens, or we may not connect
  kTimeout,
  kTooLarge,
  kBroken,  // not HTTP, or it ended early
  kStopped,
};

struct HttpReply {
  int status = 0;
  std::string body;
  std::string grpc_status;  // of the trailer; empty: none
};

struct HttpBounds {
  std::chrono::milliseconds timeout{1000};  // of the whole request
  std::size_t max_body_bytes = 1U << 20;
  std::optional<std::uint32_t> peer_user =
      std::nullopt;  // who may answer beside root; none: anyone
};

class UnixHttp {
public:
  // `stop` becomes true when requests shall end; it outlives the object.
  UnixHttp(std::string socket_path, HttpBounds bounds, const std::atomic<bool>& stop);
  UnixHttp(UnixHttp&&) noexcept;
  ~UnixHttp();

  // No request lasts longer than this; after it, each is a kTimeout at once.
  void set_deadline(std::chrono::steady_clock::time_point deadline);
  // `path` begins with a slash and is sent as it is.
  [[nodiscard]] tl::expected<HttpReply, HttpFault> get(const std::string& path);
  // HTTP/2 with prior knowledge, as gRPC over unix sockets has it.
  [[nodiscard]] tl::expected<HttpReply, HttpFault> post_grpc(const std::string& path,
                                                             std::string_view body);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace saker::containers
