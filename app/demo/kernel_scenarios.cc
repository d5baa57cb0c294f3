// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Reaching into other processes, the kernel and the network of this machine.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "app/demo/actions.h"
#include "app/demo/scenario.h"

namespace saker::demo {
namespace {

Status open_own_memory() {
  const OwnedFd memory(open("/proc/self/mem", O_RDWR | O_CLOEXEC));
  return memory.get() >= 0 ? Status{} : failed("cannot open the memory file");
}

Status read_own_maps() {
  return read_file("/proc/self/maps");
}

Status attach_to_child() {
  const pid_t child = fork();
  if (child < 0) {
    return failed("cannot fork");
  }
  if (child == 0) {
    pause();
    _exit(0);
  }
  const long attached = ptrace(PTRACE_SEIZE, child, nullptr, nullptr);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  return attached == 0 ? Status{} : failed("cannot attach");
}

// A connected pair of TCP sockets on the loopback interface.
Result<OwnedFd> connect_to_self() {
  const OwnedFd listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof(address);
  if (bind(listener.get(), generic, size) != 0 || listen(listener.get(), 1) != 0 ||
      getsockname(listener.get(), generic, &size) != 0) {
    return tl::unexpected(failed("cannot listen").error());
  }
  OwnedFd connection(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (connect(connection.get(), generic, size) != 0) {
    return tl::unexpected(failed("cannot connect").error());
  }
  return connection;
}

Status join_input_to_connection() {
  SAKER_ASSIGN_OR_RETURN(const OwnedFd connection, connect_to_self());
  return dup2(connection.get(), STDIN_FILENO) == STDIN_FILENO ? Status{} : failed("cannot dup2");
}

Status duplicate_connection() {
  SAKER_ASSIGN_OR_RETURN(const OwnedFd connection, connect_to_self());
  const OwnedFd copy(dup(connection.get()));
  return copy.get() > STDERR_FILENO ? Status{} : failed("cannot dup");
}

Status join_input_to_null() {
  const OwnedFd null_device(open("/dev/null", O_RDONLY | O_CLOEXEC));
  return dup2(null_device.get(), STDIN_FILENO) == STDIN_FILENO ? Status{} : failed("cannot dup2");
}

Status cover_system_folder() {
  SAKER_RETURN_IF_ERROR(make_folders("/etc/demo"));
  if (mount("tmpfs", "/etc/demo", "tmpfs", MS_NOEXEC, nullptr) != 0) {
    return failed("cannot mount");
  }
  return {};
}

Status capture_packets() {
  const OwnedFd packets(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  return packets.get() >= 0 ? Status{} : failed("cannot open a packet socket");
}

}  // namespace

std::vector<Scenario> kernel_scenarios() {
  return {
      {.name = "open-process-memory",
       .what = "a process's memory is opened for writing (its own)",
       .expected = {"Code injected into another process"},
       .run = open_own_memory},
      {.name = "read-process-maps", .what = "a process's memory map is read", .run = read_own_maps},
      {.name = "attach-to-child",
       .what = "a process attaches to another one as a debugger would",
       .expected = {"Code injected into another process"},
       .run = attach_to_child},
      {.name = "join-input-to-connection",
       .what = "a network connection becomes standard input",
       .expected = {"Standard stream joined to a network connection"},
       .run = join_input_to_connection},
      {.name = "duplicate-connection",
       .what = "a network connection is duplicated elsewhere",
       .run = duplicate_connection},
      {.name = "join-input-to-null",
       .what = "standard input becomes /dev/null",
       .run = join_input_to_null},
      {.name = "cover-system-folder",
       .what = "a folder below /etc is covered by a mount",
       .expected = {"System path covered by a mount"},
       .private_folders = {"/etc"},
       .run = cover_system_folder},
      {.name = "capture-packets",
       .what = "a socket that sees every packet is opened",
       .expected = {"Packet capture started"},
       .run = capture_packets},
  };
}

}  // namespace saker::demo
