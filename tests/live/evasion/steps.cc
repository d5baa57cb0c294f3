// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What processes under other names do.
#include <arpa/inet.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <thread>

#include "app/demo/actions.h"
#include "tests/live/evasion/evasion.h"
#include "tests/live/evasion/means.h"
#include "tests/live/official/roles.h"

namespace saker::evasion {

namespace {

constexpr const char* kMetadata = "169.254.169.254";
constexpr int kPort = 80;

Status run_shell() {
  return run({"/bin/sh", "sh", "-c", ":"});
}

// Something that answers at the metadata address; nothing leaves the namespace.
Result<int> serve_metadata() {
  SAKER_RETURN_IF_ERROR(official::enter_private_network({kMetadata}));
  const int server = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(kPort);
  if (bind(server, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 ||  // NOLINT
      listen(server, 4) != 0) {
    return tl::unexpected(lacking("no IPv6 here").error());
  }
  return server;
}

Status ask_mapped() {
  SAKER_ASSIGN_OR_RETURN(const int server, serve_metadata());
  const demo::OwnedFd owned(server);
  const demo::OwnedFd client(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(kPort);
  inet_pton(AF_INET6, "::ffff:169.254.169.254", &address.sin6_addr);
  return check(connect(client.get(), reinterpret_cast<sockaddr*>(&address),  // NOLINT
                       sizeof(address)) == 0,
               "cannot connect");
}

Status ask_fast() {
  SAKER_RETURN_IF_ERROR(official::enter_private_network({kMetadata}));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(kPort);
  inet_pton(AF_INET, kMetadata, &address.sin_addr);
  auto* generic = reinterpret_cast<sockaddr*>(&address);  // NOLINT: the interface of sockets
  const demo::OwnedFd server(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const demo::OwnedFd client(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (bind(server.get(), generic, sizeof(address)) != 0 || listen(server.get(), 1) != 0) {
    return demo::failed("cannot listen");
  }
  return check(sendto(client.get(), "x", 1, MSG_FASTOPEN, generic, sizeof(address)) == 1,
               "cannot send");
}

// The address is not in memory when the call begins, and another one when it ends: the server has
// no room for the connection at first, so the call waits.
Status ask_exchanged() {
  SAKER_RETURN_IF_ERROR(official::enter_private_network({kMetadata}));
  constexpr std::size_t kPage = 4096;
  void* page = mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) {
    return demo::failed("cannot map memory");
  }
  auto* address = static_cast<sockaddr_in*>(page);
  address->sin_family = AF_INET;
  address->sin_port = htons(kPort);
  inet_pton(AF_INET, kMetadata, &address->sin_addr);
  auto* generic = static_cast<sockaddr*>(page);
  const demo::OwnedFd server(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (bind(server.get(), generic, sizeof(*address)) != 0 || listen(server.get(), 0) != 0) {
    return demo::failed("cannot listen");
  }
  const demo::OwnedFd first(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (connect(first.get(), generic, sizeof(*address)) != 0) {
    return demo::failed("cannot connect");
  }
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    inet_pton(AF_INET, "127.0.0.1", &address->sin_addr);
    close(accept4(server.get(), nullptr, nullptr, SOCK_CLOEXEC));
  });
  const demo::OwnedFd client(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  madvise(page, kPage, MADV_DONTNEED);
  const bool is_connected = connect(client.get(), generic, sizeof(*address)) == 0;
  other.join();
  return check(is_connected, "cannot connect");
}

Status load_program() {
  bpf_insn code[2] = {};  // r0 = 0; exit
  code[0].code = BPF_ALU64 | BPF_MOV | BPF_K;
  code[1].code = BPF_JMP | BPF_EXIT;
  const char licence[] = "GPL";
  bpf_attr attributes = {};
  attributes.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
  attributes.insns = reinterpret_cast<std::uintptr_t>(code);       // NOLINT: the call's interface
  attributes.license = reinterpret_cast<std::uintptr_t>(licence);  // NOLINT
  attributes.insn_cnt = 2;
  const demo::OwnedFd program(
      static_cast<int>(syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes))));
  return check(program.get() >= 0, "cannot load a program");
}

struct Step {
  std::string_view name;
  Status (*run)();
};
constexpr std::array<Step, 10> kSteps = {{
    {"read-shadow", [] { return demo::read_file("/etc/shadow"); }},
    {"orphan-shell",
     []() -> Status {
       setsid();
       return in_orphan(false, run_shell);
     }},
    {"daemon-shell", [] { return in_orphan(true, run_shell); }},
    {"become-shell",
     [] {
       return in_orphan(true, []() -> Status {
         execl("/bin/sh", "sh", "-c", ":", nullptr);
         return demo::failed("cannot start a shell");
       });
     }},
    {"ask",
     []() -> Status {
       SAKER_RETURN_IF_ERROR(official::enter_private_network({kMetadata}));
       return official::connect_tcp(kMetadata, kPort);
     }},
    {"ask-mapped", ask_mapped},
    {"ask-renamed",
     []() -> Status {
       prctl(PR_SET_NAME, "agent");
       SAKER_RETURN_IF_ERROR(official::enter_private_network({kMetadata}));
       return official::connect_tcp(kMetadata, kPort);
     }},
    {"ask-fast", ask_fast},
    {"ask-exchanged", ask_exchanged},
    {"load-program", load_program},
}};

}  // namespace

Status run_step(std::string_view name) {
  for (const Step& step : kSteps) {
    if (step.name == name) {
      return step.run();
    }
  }
  return fail(ErrorCode::kInvalidArgument, "no such step");
}

std::vector<Evasion> all_tricks() {
  std::vector<Evasion> rows;
  for (auto&& part : {read_tricks(), change_tricks(), program_tricks(), stream_tricks(),
                      kernel_tricks(), container_tricks()}) {
    rows.insert(rows.end(), part.begin(), part.end());
  }
  return rows;
}

}  // namespace saker::evasion
