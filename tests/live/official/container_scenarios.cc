// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Official rules about containers.
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

#include "app/demo/actions.h"
#include "tests/live/official/official_scenarios.h"
#include "tests/live/official/roles.h"
#include "tests/live/official/scenario_list.h"

namespace saker::official {

namespace {

using demo::failed;
using demo::OwnedFd;
using demo::run_true_as;
using demo::Scenario;
using demo::write_file;

Status load_no_module() {
  static_cast<void>(syscall(SYS_init_module, nullptr, 0UL, ""));  // refused: not a module
  return {};
}

Status redirect_input() {
  return in_child([]() -> Status {
    const OwnedFd connection(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in peer{};
    peer.sin_family = AF_INET;
    peer.sin_port = htons(9999);
    peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // NOLINTNEXTLINE: the interface of sockets
    if (connect(connection.get(), reinterpret_cast<sockaddr*>(&peer), sizeof(peer)) != 0 ||
        dup2(connection.get(), STDIN_FILENO) != STDIN_FILENO) {
      return failed("cannot redirect");
    }
    return {};
  });
}

Status connect_privately(const char* address, int port) {
  SAKER_RETURN_IF_ERROR(enter_private_network({address}));
  return connect_tcp(address, port);
}

Status run_dropped_program() {
  SAKER_RETURN_IF_ERROR(demo::copy_program("/bin/true", "/tmp/dropped"));
  return demo::run_program("/tmp/dropped", {"dropped"});
}

Status write_own_program() {
  const OwnedFd file(open("/mnt/file", O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  const std::string path = "/proc/self/fd/" + std::to_string(file.get());
  const OwnedFd again(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return again.get() >= 0 ? Status{} : failed("cannot open " + path);
}

// What a process may do is told when it starts a program, so it has to start one without rights.
Status unshare_as_nobody() {
  SAKER_RETURN_IF_ERROR(demo::become_nobody());
  return demo::run_program("/proc/self/exe", {"worker", "--step", "unshare"});
}

}  // namespace

std::vector<std::string_view> container_start_rules() {
  return {"Launch Excessively Capable Container", "Launch Sensitive Mount Container",
          "Container Run as Root User"};
}

std::vector<Scenario> container_scenarios() {
  ScenarioList rows;
  rows.add("c-terminal", "Terminal shell in container", {}, {},
           [] { return run_self_as("conmon", "terminal-shell"); });
  rows.add("c-netcat", "Netcat Remote Code Execution in Container", {}, {}, [] {
    return run_true_as("nc", {"-e", "/bin/sh"});
  });
  rows.add("c-packet", "Packet socket created in container", {}, {}, [] {
    const OwnedFd packets(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    return Status{};
  });
  rows.add("c-redirect", "Redirect STDOUT/STDIN to Network Connection in Container", {}, {},
           redirect_input);
  rows.add("c-module", "Linux Kernel Module Injection Detected", {}, {}, load_no_module);
  rows.add("c-release", "Detect release_agent File Container Escapes", {}, {},
           [] { return write_file("/mnt/release_agent"); });
  rows.add("c-drop", "Drop and execute new binary in container", {}, {}, run_dropped_program);
  rows.add("c-unshare", "Change namespace privileges via unshare", {}, {}, unshare_as_nobody);
  rows.add("c-ec2", "Contact EC2 Instance Metadata Service From Container", {}, {},
           [] { return connect_privately("169.254.169.254", 80); });
  rows.add("c-cloud", "Contact cloud metadata service from container", {}, {},
           [] { return connect_privately("169.254.169.254", 80); });
  rows.add("c-packages", "Launch Package Management Process in Container", {}, {},
           [] { return run_true_as("apk", {"info"}); });
  rows.add("c-nmap", "Launch Suspicious Network Tool in Container", {}, {},
           [] { return run_true_as("nmap", {"-v"}); });
  rows.add("c-copy", "Launch Remote File Copy Tools in Container", {}, {},
           [] { return run_true_as("scp", {"x"}); });
  rows.add("c-wget", "Launch Ingress Remote File Copy Tools in Container", {}, {},
           [] { return run_true_as("wget", {"x"}); });
  rows.add("c-environ", "Read environment variable from /proc files", {}, {},
           [] { return demo::read_file("/proc/1/environ"); });
  rows.add("c-tar", "Exfiltrating Artifacts via Kubernetes Control Plane", {}, {"/mnt/data"},
           [] { return run_self_as("conmon", "tar-child"); });
  rows.add("c-nodeport", "Unexpected K8s NodePort Connection", {}, {},
           [] { return connect_privately("192.0.2.1", 30001); });
  rows.add("c-kubectl", "Kubernetes Client Tool Launched in Container", {}, {},
           [] { return run_true_as("kubectl", {"get"}); });
  rows.add("c-chmod", "Container Drift Detected (chmod)", {}, {"/mnt/program"}, [] {
    return chmod("/mnt/program", 0755) == 0 ? Status{} : Status(failed("cannot chmod"));
  });
  rows.add("c-create", "Container Drift Detected (open+create)", {}, {},
           [] { return write_file("/mnt/program", 0755); });
  rows.add("c-proc-fd", "Modify Container Entrypoint", {}, {}, write_own_program);
  rows.add("c-base64", "Decoding Payload in Container", {}, {},
           [] { return run_true_as("base64", {"-d"}); });
  rows.add("c-npm", "Network Tool Executed During NPM Package Install", {}, {},
           [] { return run_self_as("npm", "nmap-child"); });
  rows.add("c-device", "Privileged Container Device Access", {"/dev"}, {},
           [] { return write_file("/dev/sdx"); });
  rows.add("c-host", "Container Access to Host Sensitive Paths", {}, {},
           [] { return write_file("/host/file"); });
  return std::move(rows).take();
}

std::vector<Scenario> all_scenarios() {
  std::vector<Scenario> all = host_scenarios();
  for (auto part : {host_network_scenarios(), container_scenarios()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace saker::official
