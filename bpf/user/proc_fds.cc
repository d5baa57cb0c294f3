// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "bpf/user/proc_fds.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <string_view>
#include <utility>

#include "bpf/user/proc_text.h"

namespace saker::sensor {
namespace {

constexpr std::size_t kFdinfoBytes = 1024;
constexpr std::string_view kDeleted = " (deleted)";
constexpr std::string_view kMemfdPrefix = "/memfd:";
constexpr std::string_view kAnonPrefix = "anon_inode:";

struct FlagPair {
  std::uint32_t call;
  std::uint32_t event;
};
// Source: the flag table file_flags and man 2 open. Any bit counts, as on the kernel side.
constexpr FlagPair kOpenFlags[] = {
    {O_CREAT, 1U << 2},      {O_APPEND, 1U << 3}, {O_DSYNC, 1U << 4},    {O_EXCL, 1U << 5},
    {O_NONBLOCK, 1U << 6},   {O_SYNC, 1U << 7},   {O_TRUNC, 1U << 8},    {O_DIRECT, 1U << 9},
    {O_DIRECTORY, 1U << 10}, {0100000, 1U << 11}, {O_CLOEXEC, 1U << 12}, {O_TMPFILE, 1U << 13},
};

struct AnonymousKind {
  std::string_view link;  // after "anon_inode:"
  FdType type;
};
constexpr AnonymousKind kAnonymousKinds[] = {
    {"[eventfd]", FdType::kEvent},    {"[eventpoll]", FdType::kEventpoll},
    {"inotify", FdType::kInotify},    {"[signalfd]", FdType::kSignal},
    {"[timerfd]", FdType::kTimerfd},  {"[userfaultfd]", FdType::kUserfaultfd},
    {"[io_uring]", FdType::kIoUring}, {"[pidfd]", FdType::kPidfd},
    {"bpf-map", FdType::kBpf},        {"bpf-prog", FdType::kBpf},
    {"bpf_link", FdType::kBpf},       {"[perf_event]", FdType::kUnsupported},
};

FdType anonymous_type(std::string_view kind) {
  for (const AnonymousKind& known : kAnonymousKinds) {
    if (kind == known.link) {
      return known.type;
    }
  }
  return FdType::kUnsupported;
}

FdType file_type(mode_t mode) {
  if (S_ISDIR(mode)) {
    return FdType::kDirectory;
  }
  return S_ISFIFO(mode) ? FdType::kFifo : FdType::kFile;
}

void read_path(std::string link, std::uint32_t flags, const struct stat& file, FdSnapshot& fd) {
  if (link.ends_with(kDeleted)) {
    link.resize(link.size() - kDeleted.size());
  }
  if (link.starts_with(kMemfdPrefix)) {
    fd.type = FdType::kMemfd;
    fd.name = link.substr(kMemfdPrefix.size());
    return;
  }
  fd.type = file_type(file.st_mode);
  fd.name = std::move(link);
  if (fd.type != FdType::kFifo) {
    fd.open_flags = event_open_flags(flags);
    fd.device = static_cast<std::uint32_t>(file.st_dev);
  }
}

}  // namespace

std::uint32_t event_open_flags(std::uint32_t flags) {
  const std::uint32_t mode = flags & O_ACCMODE;
  std::uint32_t result = mode == O_ACCMODE ? 1U : mode + 1;
  for (const FlagPair& pair : kOpenFlags) {
    if ((flags & pair.call) != 0) {
      result |= pair.event;
    }
  }
  return result;
}

const SocketTable& FdScanner::sockets_of(const std::string& directory) {
  const std::string name = read_link(directory + "/ns/net");
  const auto known = namespaces_.find(name);
  if (known != namespaces_.end()) {
    return known->second;
  }
  if (namespaces_.size() >= kMaxNetworkNamespaces) {
    return no_sockets_;
  }
  return namespaces_.emplace(name, read_sockets(directory + "/net")).first->second;
}

FdListSnapshot FdScanner::scan(std::int64_t pid) {
  FdListSnapshot list;
  list.tid = pid;
  const std::string directory = proc_root_ + "/" + std::to_string(pid);
  for (const std::int64_t number : numeric_entries(directory + "/fd")) {
    if (list.fds.size() >= kMaxFdsPerProcess) {
      break;
    }
    const std::string path = directory + "/fd/" + std::to_string(number);
    std::string link = read_link(path);
    struct stat file {};
    if (link.empty() || ::stat(path.c_str(), &file) != 0) {
      continue;  // closed meanwhile
    }
    FdSnapshot fd;
    fd.inode = file.st_ino;
    if (S_ISSOCK(file.st_mode) && link.starts_with("socket:")) {
      const SocketTable& sockets = sockets_of(directory);
      const auto socket = sockets.find(fd.inode);
      if (socket != sockets.end()) {
        fd = socket->second;
      } else {
        fd.type = FdType::kUnsupported;
      }
    } else if (link.starts_with("pipe:")) {
      fd.type = FdType::kFifo;
    } else if (link.starts_with(kAnonPrefix)) {
      fd.type = anonymous_type(std::string_view(link).substr(kAnonPrefix.size()));
    } else if (link.starts_with("/")) {
      const std::string info =
          read_file(directory + "/fdinfo/" + std::to_string(number), kFdinfoBytes);
      const auto flags = static_cast<std::uint32_t>(parse_unsigned(line_value(info, "flags:"), 8));
      read_path(std::move(link), flags, file, fd);
    } else {
      fd.type = link.starts_with("pidfd:") ? FdType::kPidfd : FdType::kUnsupported;
    }
    fd.fd = number;
    list.fds.push_back(std::move(fd));
  }
  return list;
}

}  // namespace saker::sensor
