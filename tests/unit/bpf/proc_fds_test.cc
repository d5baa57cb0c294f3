// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "bpf/user/proc_fds.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>

#include <gtest/gtest.h>

namespace saker::sensor {
namespace {

const FdSnapshot* find(const FdListSnapshot& list, int fd) {
  const auto found = std::find_if(list.fds.begin(), list.fds.end(),
                                  [fd](const FdSnapshot& entry) { return entry.fd == fd; });
  return found == list.fds.end() ? nullptr : &*found;
}

// Our own descriptors: /proc/self needs no privileges.
TEST(ProcFds, NamesEveryKindOfDescriptor) {
  int pipe_ends[2];
  ASSERT_EQ(::pipe(pipe_ends), 0);
  const int file = ::open("/etc/passwd", O_RDONLY | O_CLOEXEC);
  const int directory = ::open("/etc", O_RDONLY | O_DIRECTORY);
  const int memory = ::memfd_create("thing", 0);
  struct Row {
    int fd;
    FdType type;
    const char* name;
  };
  const Row rows[] = {
      {file, FdType::kFile, "/etc/passwd"},
      {directory, FdType::kDirectory, "/etc"},
      {pipe_ends[0], FdType::kFifo, ""},
      {memory, FdType::kMemfd, "thing"},
      {::eventfd(0, 0), FdType::kEvent, ""},
      {::epoll_create1(0), FdType::kEventpoll, ""},
      {::inotify_init1(0), FdType::kInotify, ""},
      {::timerfd_create(CLOCK_MONOTONIC, 0), FdType::kTimerfd, ""},
      {::socket(AF_UNIX, SOCK_STREAM, 0), FdType::kUnixSocket, ""},
  };
  FdScanner scanner("/proc");
  const FdListSnapshot list = scanner.scan(::getpid());
  EXPECT_EQ(list.tid, ::getpid());
  for (const Row& row : rows) {
    const FdSnapshot* fd = find(list, row.fd);
    ASSERT_NE(fd, nullptr) << row.fd;
    EXPECT_EQ(fd->type, row.type) << row.fd;
    EXPECT_EQ(fd->name, row.name) << row.fd;
    EXPECT_NE(fd->inode, 0U) << row.fd;
    ::close(row.fd);
  }
  ::close(pipe_ends[1]);
}

TEST(ProcFds, TranslatesOpenFlags) {
  EXPECT_EQ(event_open_flags(O_RDONLY), 1U);
  EXPECT_EQ(event_open_flags(O_WRONLY), 2U);
  EXPECT_EQ(event_open_flags(O_RDWR | O_CREAT | O_CLOEXEC), 0x1007U);
  EXPECT_EQ(event_open_flags(O_RDONLY | O_DIRECTORY), 0x2401U);
  EXPECT_EQ(event_open_flags(0xffffffff), 0x3ffdU);
}

TEST(ProcFds, GivesNothingOfProcessesThatEnded) {
  FdScanner scanner("/proc");
  EXPECT_TRUE(scanner.scan(4'000'000).fds.empty());
}

}  // namespace
}  // namespace saker::sensor
