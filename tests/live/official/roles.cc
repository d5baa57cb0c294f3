// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/live/official/roles.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstring>

#include "app/demo/actions.h"

namespace saker::official {

using demo::failed;
using demo::OwnedFd;

namespace {

sockaddr_in address_of(const char* address, int port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(static_cast<std::uint16_t>(port));
  inet_pton(AF_INET, address, &out.sin_addr);
  return out;
}

sockaddr* generic(sockaddr_in& address) {
  return reinterpret_cast<sockaddr*>(&address);  // NOLINT: the interface of sockets
}

Status set_interface(int socket, unsigned long request, const std::string& name,
                     const char* address) {
  ifreq query{};
  std::strncpy(query.ifr_name, name.c_str(), IFNAMSIZ - 1);
  if (address != nullptr) {
    const sockaddr_in value = address_of(address, 0);
    std::memcpy(&query.ifr_addr, &value, sizeof(value));  // NOLINT: the system's union
  } else {
    query.ifr_flags = IFF_UP | IFF_RUNNING;  // NOLINT: the system's union
  }
  return ioctl(socket, request, &query) == 0 ? Status{} : failed("cannot set up " + name);
}

Status wait_for(pid_t child) {
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) {
    return failed("cannot run a child process");
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0
             ? Status{}
             : fail(ErrorCode::kIo, "a child process failed");
}

}  // namespace

Status run_self_as(const std::string& name, const std::string& step) {
  std::array<char, PATH_MAX> own = {};
  if (readlink("/proc/self/exe", own.data(), own.size() - 1) <= 0) {
    return failed("cannot find this program");
  }
  const std::string path = "/mnt/" + name;
  if (symlink(own.data(), path.c_str()) != 0 && errno != EEXIST) {
    return failed("cannot link " + path);
  }
  return demo::run_program(path, {path, "--step", step});
}

Status run_below(const std::string& name, const std::string& command) {
  const std::string path = "/mnt/" + name;
  if (symlink("/bin/sh", path.c_str()) != 0) {
    return failed("cannot link " + path);
  }
  // The second command keeps the shell from becoming the first.
  return demo::run_program(path, {name, "-c", command + "; :"});
}

Status in_child(const std::function<Status()>& action) {
  const pid_t child = fork();
  if (child == 0) {
    _exit(action() ? 0 : 1);
  }
  return wait_for(child);
}

Status with_terminal(const std::function<void()>& action) {
  const OwnedFd master(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  std::array<char, 64> name = {};
  if (master.get() < 0 || grantpt(master.get()) != 0 || unlockpt(master.get()) != 0 ||
      ptsname_r(master.get(), name.data(), name.size()) != 0) {
    return failed("cannot make a terminal");
  }
  return in_child([&]() -> Status {
    setsid();
    const int terminal = open(name.data(), O_RDWR | O_CLOEXEC);
    if (terminal < 0 || ioctl(terminal, TIOCSCTTY, 0) != 0) {
      return failed("cannot take the terminal");
    }
    action();
    return {};
  });
}

Status enter_private_network(std::initializer_list<const char*> addresses) {
  if (unshare(CLONE_NEWNET) != 0) {
    return failed("cannot make a network namespace");
  }
  const OwnedFd control(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  SAKER_RETURN_IF_ERROR(set_interface(control.get(), SIOCSIFFLAGS, "lo", nullptr));
  char number = '1';
  for (const char* address : addresses) {
    SAKER_RETURN_IF_ERROR(
        set_interface(control.get(), SIOCSIFADDR, std::string("lo:") + number++, address));
  }
  return {};
}

Status connect_tcp(const char* address, int port) {
  sockaddr_in server = address_of(address, port);
  const OwnedFd listening(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int yes = 1;
  setsockopt(listening.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  if (bind(listening.get(), generic(server), sizeof(server)) != 0 ||
      listen(listening.get(), 1) != 0) {
    return failed("cannot listen");
  }
  const OwnedFd client(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (connect(client.get(), generic(server), sizeof(server)) != 0) {
    return failed("cannot connect");
  }
  const OwnedFd accepted(accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC));
  return accepted.get() >= 0 ? Status{} : failed("cannot accept");
}

Status exchange_udp(const char* address, int port, const std::string& data) {
  sockaddr_in server = address_of(address, port);
  const OwnedFd receiver(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (bind(receiver.get(), generic(server), sizeof(server)) != 0) {
    return failed("cannot bind");
  }
  const OwnedFd sender(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (connect(sender.get(), generic(server), sizeof(server)) != 0 ||
      send(sender.get(), data.data(), data.size(), 0) != static_cast<ssize_t>(data.size())) {
    return failed("cannot send");
  }
  std::array<char, 256> buffer = {};
  sockaddr_in from{};
  socklen_t length = sizeof(from);
  return recvfrom(receiver.get(), buffer.data(), buffer.size(), 0, generic(from), &length) > 0
             ? Status{}
             : failed("cannot receive");
}

}  // namespace saker::official
