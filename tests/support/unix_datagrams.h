// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A datagram socket at a path, as a syslog daemon has it, read only when the test says so.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <string>
#include <vector>

#include "engine/base/check.h"
#include "outputs/unique_fd.h"

namespace saker::testing {

class UnixDatagrams {
public:
  explicit UnixDatagrams(const std::string& path)
      : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the socket interface
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    SAKER_CHECK(::bind(socket_.get(), generic, sizeof address) == 0);
  }

  // What has come since the last call.
  [[nodiscard]] std::vector<std::string> read_all() const {
    std::vector<std::string> texts;
    char text[65536];
    for (ssize_t size = 0; (size = ::recv(socket_.get(), text, sizeof text, 0)) >= 0;) {
      texts.emplace_back(text, static_cast<std::size_t>(size));
    }
    return texts;
  }

private:
  UniqueFd socket_;
};

}  // namespace saker::testing
