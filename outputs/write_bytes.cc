// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "outputs/write_bytes.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

namespace saker {

namespace {

// How often a waiting write looks at the stop signal.
constexpr int kPollMs = 100;

}  // namespace

Status write_bytes(int fd, std::string_view& bytes, const StopSignal& stop,
                   const std::string& name) {
  while (!bytes.empty()) {
    pollfd entry{.fd = fd, .events = POLLOUT, .revents = 0};
    const int ready = ::poll(&entry, 1, kPollMs);
    if (ready == 0 || (ready < 0 && errno == EINTR)) {
      if (stop.is_set()) {
        return fail(ErrorCode::kIo, "writing to " + name + " did not end in time");
      }
      continue;
    }
    // A blocking pipe that poll() calls writable takes PIPE_BUF bytes (4096) without waiting.
    // Source: man 7 pipe. Regular files take everything.
    constexpr std::size_t kChunkBytes = 4096;
    const bool is_pipe_like = ::lseek(fd, 0, SEEK_CUR) < 0;
    const std::size_t size = is_pipe_like ? std::min(bytes.size(), kChunkBytes) : bytes.size();
    const ssize_t written = ::write(fd, bytes.data(), size);
    if (written < 0) {
      if (errno == EINTR || (errno == EAGAIN && !stop.is_set())) {
        continue;
      }
      return fail_errno("cannot write to " + name, errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace saker
