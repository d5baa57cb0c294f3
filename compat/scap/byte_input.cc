// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/scap/byte_input.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace saker::scap {

namespace {

class FileInput : public ByteInput {
public:
  FileInput(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  FileInput(const FileInput&) = delete;
  FileInput& operator=(const FileInput&) = delete;
  ~FileInput() override { ::close(fd_); }

  Result<std::size_t> read(std::span<std::byte> into) override {
    while (true) {
      const ssize_t got = ::read(fd_, into.data(), into.size());
      if (got >= 0) {
        return static_cast<std::size_t>(got);
      }
      if (errno != EINTR) {
        return fail_errno("reading " + path_, errno);
      }
    }
  }

private:
  int fd_;
  std::string path_;
};

// Opened without blocking, so that a pipe without a writer opens too: poll() reports its end only
// after a writer was there.
class StreamInput : public ByteInput {
public:
  StreamInput(int fd, std::string path, const std::atomic<bool>& stop)
      : fd_(fd), path_(std::move(path)), stop_(stop) {}
  StreamInput(const StreamInput&) = delete;
  StreamInput& operator=(const StreamInput&) = delete;
  ~StreamInput() override { ::close(fd_); }

  Result<std::size_t> read(std::span<std::byte> into) override {
    constexpr int kLookAtStopMs = 50;
    while (!stop_.load(std::memory_order_relaxed)) {
      pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
      const int ready = ::poll(&waiting, 1, kLookAtStopMs);
      if (ready == 0 || (ready < 0 && errno == EINTR)) {
        continue;
      }
      const ssize_t got = ready < 0 ? -1 : ::read(fd_, into.data(), into.size());
      if (got >= 0) {
        return static_cast<std::size_t>(got);
      }
      if (errno != EINTR && errno != EAGAIN) {
        return fail_errno("reading " + path_, errno);
      }
    }
    return 0;
  }

private:
  int fd_;
  std::string path_;
  const std::atomic<bool>& stop_;
};

class MemoryInput : public ByteInput {
public:
  explicit MemoryInput(Bytes bytes) : bytes_(bytes) {}

  Result<std::size_t> read(std::span<std::byte> into) override {
    const std::size_t count = std::min(into.size(), bytes_.size());
    std::copy_n(bytes_.begin(), count, into.begin());
    bytes_ = bytes_.subspan(count);
    return count;
  }

private:
  Bytes bytes_;
};

class PrefixedInput : public ByteInput {
public:
  PrefixedInput(std::vector<std::byte> head, std::unique_ptr<ByteInput> rest)
      : head_(std::move(head)), rest_(std::move(rest)) {}

  Result<std::size_t> read(std::span<std::byte> into) override {
    if (given_ == head_.size()) {
      return rest_->read(into);
    }
    const Bytes left = Bytes(head_).subspan(given_);
    const std::size_t count = std::min(into.size(), left.size());
    std::copy_n(left.begin(), count, into.begin());
    given_ += count;
    return count;
  }

private:
  std::vector<std::byte> head_;
  std::unique_ptr<ByteInput> rest_;
  std::size_t given_ = 0;
};

}  // namespace

Result<std::unique_ptr<ByteInput>> open_file_input(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return fail_errno("cannot open " + path, errno);
  }
  // A hint only; pipes refuse it.
  static_cast<void>(::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL));
  return std::make_unique<FileInput>(fd, path);
}

Result<std::unique_ptr<ByteInput>> open_stream_input(const std::string& path,
                                                     const std::atomic<bool>& stop) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    return fail_errno("cannot open " + path, errno);
  }
  return std::make_unique<StreamInput>(fd, path, stop);
}

std::unique_ptr<ByteInput> make_memory_input(Bytes bytes) {
  return std::make_unique<MemoryInput>(bytes);
}

std::unique_ptr<ByteInput> make_prefixed_input(std::vector<std::byte> head,
                                               std::unique_ptr<ByteInput> rest) {
  return std::make_unique<PrefixedInput>(std::move(head), std::move(rest));
}

}  // namespace saker::scap
