// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Unusual ways to open a file.
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <functional>
#include <vector>

#include "app/demo/actions.h"
#include "tests/live/evasion/means.h"

namespace saker::evasion {

using demo::failed;
using demo::OwnedFd;

Status open_with_openat2(const std::string& path) {
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC;
  const OwnedFd file(
      static_cast<int>(syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof(how))));
  return check_call(file.get(), "openat2");
}

Status open_by_handle(const std::string& path) {
  std::vector<char> room(sizeof(file_handle) + MAX_HANDLE_SZ);
  auto* handle = reinterpret_cast<file_handle*>(room.data());  // NOLINT: ends with an array
  handle->handle_bytes = MAX_HANDLE_SZ;
  int mount = 0;
  SAKER_RETURN_IF_ERROR(check_call(name_to_handle_at(AT_FDCWD, path.c_str(), handle, &mount, 0),
                                   "no handle of a file in a tmpfs"));
  const OwnedFd folder(open("/etc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const OwnedFd file(open_by_handle_at(folder.get(), handle, O_RDONLY | O_CLOEXEC));
  return check(file.get() >= 0, "cannot open by handle");
}

// One submission, without a library: both rings are in one mapping since 5.4.
Status open_with_ring(const std::string& path) {
  io_uring_params parameters{};
  const OwnedFd ring(static_cast<int>(syscall(SYS_io_uring_setup, 2, &parameters)));
  if (ring.get() < 0) {
    return lacking(std::string("io_uring: ") + std::strerror(errno));
  }
  const std::size_t ring_bytes = parameters.sq_off.array + parameters.sq_entries * sizeof(unsigned);
  const std::size_t all = std::max<std::size_t>(
      ring_bytes, parameters.cq_off.cqes + parameters.cq_entries * sizeof(io_uring_cqe));
  auto* base = static_cast<char*>(mmap(nullptr, all, PROT_READ | PROT_WRITE,
                                       MAP_SHARED | MAP_POPULATE, ring.get(), IORING_OFF_SQ_RING));
  auto* entry =
      static_cast<io_uring_sqe*>(mmap(nullptr, sizeof(io_uring_sqe) * 2, PROT_READ | PROT_WRITE,
                                      MAP_SHARED | MAP_POPULATE, ring.get(), IORING_OFF_SQES));
  if (base == MAP_FAILED || entry == MAP_FAILED) {
    return failed("cannot map the ring");
  }
  entry->opcode = IORING_OP_OPENAT;
  entry->fd = AT_FDCWD;
  entry->addr = reinterpret_cast<std::uintptr_t>(path.c_str());  // NOLINT: the call's interface
  entry->open_flags = O_RDONLY | O_CLOEXEC;
  const auto word = [base](std::uint32_t offset) {
    return std::atomic_ref<unsigned>(*reinterpret_cast<unsigned*>(base + offset));  // NOLINT
  };
  word(parameters.sq_off.array).store(0);
  word(parameters.sq_off.tail).store(word(parameters.sq_off.tail).load() + 1);
  SAKER_RETURN_IF_ERROR(
      check_call(syscall(SYS_io_uring_enter, ring.get(), 1, 1, IORING_ENTER_GETEVENTS, nullptr, 0),
                 "io_uring_enter"));
  const auto* done =
      reinterpret_cast<const io_uring_cqe*>(base + parameters.cq_off.cqes);  // NOLINT
  errno = done->res < 0 ? -done->res : 0;
  return check(done->res >= 0, "opening with io_uring");
}

namespace {

// A call of the 32-bit entry with three arguments, in a child; `make_arguments` gets a page that
// 32-bit pointers reach.
using Arguments32 = std::array<std::uint32_t, 3>;

Status call_compat(long number, const std::function<Arguments32(void* page)>& make_arguments) {
#ifdef __x86_64__
  void* low =
      mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
  if (low == MAP_FAILED) {
    return failed("cannot map low memory");
  }
  const Arguments32 arguments = make_arguments(low);
  // Where the kernel has no such entry, the instruction ends in a signal.
  return in_child([&]() -> Status {
    signal(SIGSEGV, [](int) { _exit(0); });
    long result = number;
    asm volatile("int $0x80"  // NOLINT
                 : "+a"(result)
                 : "b"(arguments[0]), "c"(arguments[1]), "d"(arguments[2])
                 : "memory", "r8", "r9", "r10", "r11");
    return check(result >= 0, "the 32-bit entry");
  })
             ? Status{}
             : lacking("no 32-bit system calls here");
#else
  static_cast<void>(number);
  static_cast<void>(make_arguments);
  return lacking("no 32-bit system calls here");
#endif
}

std::uint32_t low_pointer(const void* place) {
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(place));  // NOLINT
}

}  // namespace

// Numbers: arch/x86/entry/syscalls/syscall_32.tbl.
Status open_with_compat_call(const std::string& path) {
  constexpr long kOpen32 = 5;  // NOLINT(google-runtime-int): a register
  return call_compat(kOpen32, [&path](void* page) -> Arguments32 {
    std::memcpy(page, path.c_str(), path.size() + 1);
    return {low_pointer(page), O_RDONLY, 0};
  });
}

Status packet_socket_with_compat_call() {
  constexpr long kSocketcall32 = 102;  // NOLINT(google-runtime-int)
  constexpr std::uint32_t kSocket = 1;
  return call_compat(kSocketcall32, [](void* page) -> Arguments32 {
    const Arguments32 arguments = {AF_PACKET, SOCK_RAW, 0};
    std::memcpy(page, arguments.data(), sizeof(arguments));
    return {kSocket, low_pointer(page), 0};
  });
}

Status open_with_high_number(const std::string& path) {
  constexpr long kHigh = 1L << 32;  // NOLINT(google-runtime-int): syscall's type
  const OwnedFd file(static_cast<int>(
      syscall(kHigh | SYS_openat, AT_FDCWD, path.c_str(), O_RDONLY | O_CLOEXEC)));  // NOLINT
  return check_call(file.get(), "such numbers (before Linux 5.14)");
}

Status open_and_hide_argument(const std::string& path, const std::string& shown, bool is_absent) {
  constexpr std::size_t kBytes = 4096;
  auto* argument = static_cast<char*>(
      mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  if (argument == MAP_FAILED) {
    return failed("cannot map memory");
  }
  std::strcpy(argument, path.c_str());  // NOLINT: a page
  // Whoever opens the file waits until we, who hold the lease, have given it up.
  const OwnedFd leased(open(path.c_str(), O_PATH | O_CLOEXEC));
  std::array<int, 2> ends = {};
  if (pipe(ends.data()) != 0) {
    return failed("cannot make a pipe");
  }
  const pid_t holder = fork();
  if (holder == 0) {
    const int file = open(path.c_str(), O_WRONLY | O_CLOEXEC);  // not for reading: no alert of ours
    static std::atomic<bool> is_wanted{false};
    signal(SIGIO, [](int) { is_wanted = true; });
    const bool holds = fcntl(file, F_SETLEASE, F_WRLCK) == 0;
    static_cast<void>(!write(ends[1], holds ? "y" : "n", 1));
    while (holds && !is_wanted) {
      usleep(1000);
    }
    std::strcpy(argument, shown.c_str());  // NOLINT: a page
    fcntl(file, F_SETLEASE, F_UNLCK);
    _exit(0);
  }
  char answer = 'n';
  static_cast<void>(!read(ends[0], &answer, 1));
  Status status = answer == 'y' ? Status{} : lacking("no leases in a tmpfs");
  if (status && is_absent) {
    status = check(madvise(argument, kBytes, MADV_DONTNEED) == 0, "cannot unmap the page");
  }
  if (status) {
    const OwnedFd file(open(argument, O_RDONLY | O_CLOEXEC));
    status = check(file.get() >= 0, "cannot open " + path);
  }
  waitpid(holder, nullptr, 0);
  return status;
}

Status open_below_passed_folder(const std::string& folder, const std::string& name) {
  std::array<int, 2> pair = {};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) {
    return failed("cannot make a socket pair");
  }
  union {
    std::array<char, CMSG_SPACE(sizeof(int))> room;
    cmsghdr aligned;
  } control{};
  char byte = 'x';
  iovec piece{&byte, 1};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.room.data();
  message.msg_controllen = control.room.size();
  const pid_t helper = fork();
  if (helper == 0) {
    const int opened = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &opened, sizeof(opened));
    _exit(sendmsg(pair[1], &message, 0) == 1 ? 0 : 1);
  }
  int received = -1;
  if (recvmsg(pair[0], &message, MSG_CMSG_CLOEXEC) == 1 && CMSG_FIRSTHDR(&message) != nullptr) {
    std::memcpy(&received, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(received));
  }
  waitpid(helper, nullptr, 0);
  const OwnedFd parent(received);
  const OwnedFd file(openat(parent.get(), name.c_str(), O_RDONLY | O_CLOEXEC));
  return check(file.get() >= 0, "cannot open " + name + " below the passed folder");
}

}  // namespace saker::evasion
