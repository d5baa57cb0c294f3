// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/scap/byte_output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace saker::scap {

namespace {

constexpr std::size_t kBufferBytes = std::size_t{256} << 10;

class FileOutput : public ByteOutput {
public:
  FileOutput(int fd, std::string path) : fd_(fd), path_(std::move(path)) {
    buffer_.reserve(kBufferBytes);
  }
  FileOutput(const FileOutput&) = delete;
  FileOutput& operator=(const FileOutput&) = delete;
  ~FileOutput() override {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }

  Status write(Bytes bytes) override {
    if (buffer_.size() + bytes.size() > kBufferBytes) {
      SAKER_RETURN_IF_ERROR(flush());
    }
    if (bytes.size() >= kBufferBytes) {
      return write_through(bytes);
    }
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    return {};
  }

  Status close() override {
    Status status = flush();
    // Some file systems report a full disk only here. Source: man 2 close.
    if (::close(std::exchange(fd_, -1)) != 0 && status) {
      status = fail_errno("closing " + path_, errno);
    }
    return status;
  }

private:
  Status flush() {
    Status status = write_through(buffer_);
    buffer_.clear();
    return status;
  }

  Status write_through(Bytes bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
      if (written > 0) {
        bytes = bytes.subspan(static_cast<std::size_t>(written));
      } else if (written == 0 || errno != EINTR) {
        return fail_errno("writing " + path_, written == 0 ? ENOSPC : errno);
      }
    }
    return {};
  }

  int fd_;
  std::string path_;
  std::vector<std::byte> buffer_;
};

class MemoryOutput : public ByteOutput {
public:
  explicit MemoryOutput(std::vector<std::byte>& bytes) : bytes_(bytes) {}

  Status write(Bytes bytes) override {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return {};
  }
  Status close() override { return {}; }

private:
  std::vector<std::byte>& bytes_;
};

// A file that was there keeps its mode and its owner, who could give it any mode again. Devices and
// pipes are what the user makes of them.
Status make_private(int fd, const std::string& path) {
  struct stat file {};
  if (::fstat(fd, &file) != 0) {
    return fail_errno("cannot look at " + path, errno);
  }
  if (!S_ISREG(file.st_mode)) {
    return {};
  }
  if (file.st_uid != ::geteuid()) {
    return fail(ErrorCode::kPermission, "cannot write " + path + ": the file belongs to user " +
                                            std::to_string(file.st_uid) +
                                            ", who could read the capture");
  }
  constexpr mode_t kPrivate = S_IRUSR | S_IWUSR;
  if ((file.st_mode & ALLPERMS) != kPrivate && ::fchmod(fd, kPrivate) != 0) {
    return fail_errno("cannot make " + path + " private", errno);
  }
  // Emptied only now: a file that is refused stays as it is.
  return ::ftruncate(fd, 0) == 0 ? Status() : fail_errno("cannot empty " + path, errno);
}

}  // namespace

Result<std::unique_ptr<ByteOutput>> create_file_output(const std::string& path,
                                                       FileCreation creation) {
  const int how = creation == FileCreation::kNew ? O_EXCL : 0;
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, S_IRUSR | S_IWUSR);
  if (fd < 0) {
    return fail_errno("cannot create " + path, errno);
  }
  if (Status status = make_private(fd, path); !status) {
    ::close(fd);
    return tl::unexpected(std::move(status).error());
  }
  return std::make_unique<FileOutput>(fd, path);
}

std::unique_ptr<ByteOutput> make_memory_output(std::vector<std::byte>& bytes) {
  return std::make_unique<MemoryOutput>(bytes);
}

}  // namespace saker::scap
