// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/doctor/system_checks.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "bpf/user/probe.h"

namespace saker::app {

namespace {

std::string first_word(const std::string& path) {
  std::ifstream file(path);
  std::string word;
  file >> word;
  return word;
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

struct NeededCapability {
  int number;  // linux/capability.h
  const char* name;
  const char* need;
  bool is_essential;
};

constexpr NeededCapability kCapabilities[] = {
    {39, "CAP_BPF", "load the kernel programs", true},
    {38, "CAP_PERFMON", "attach them to tracepoints", true},
    {19, "CAP_SYS_PTRACE", "read the facts of other users' processes at the start", false},
    {24, "CAP_SYS_RESOURCE", "lift the memory limit of old kernels", false},
    {2, "CAP_DAC_READ_SEARCH", "read /proc entries of all users", false},
};
constexpr int kSysAdmin = 21;  // stands for CAP_BPF and CAP_PERFMON

std::uint64_t effective_capabilities(const std::string& root) {
  std::ifstream file(root + "/proc/self/status");
  std::string line;
  constexpr std::string_view kKey = "CapEff:";
  while (std::getline(file, line)) {
    if (line.starts_with(kKey)) {
      return std::strtoull(line.c_str() + kKey.size(), nullptr, 16);
    }
  }
  return 0;
}

bool has_bit(std::uint64_t set, int bit) {
  return (set >> static_cast<unsigned>(bit) & 1U) != 0;
}

// Whether somebody answers on a Unix socket.
bool is_served(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return false;
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool is_connected =
      ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;  // NOLINT
  ::close(fd);
  return is_connected;
}

std::string megabytes(rlim_t bytes) {
  return bytes == RLIM_INFINITY ? "unlimited" : std::to_string(bytes >> 20U) + " MiB";
}

}  // namespace

std::vector<Finding> check_kernel(const std::string& root) {
  std::vector<Finding> findings;
  utsname names{};
  ::uname(&names);
  unsigned major = 0;
  unsigned minor = 0;
  const int parts = std::sscanf(names.release, "%u.%u", &major, &minor);  // NOLINT(cert-err34-c)
  const bool is_new_enough = parts == 2 && (major > 5 || (major == 5 && minor >= 8));
  findings.push_back({"kernel.version", is_new_enough ? Health::kFine : Health::kFailure,
                      std::string("Linux ") + names.release + " on " + names.machine,
                      is_new_enough ? "" : "the sensor needs Linux 5.8 or newer"});
  if (std::string_view(names.machine) != "x86_64") {
    findings.push_back({"kernel.machine", Health::kFailure, "the sensor knows x86_64 only",
                        "replays work; to watch this machine is not possible yet"});
  }
  const bool has_btf = exists(root + "/sys/kernel/btf/vmlinux");
  findings.push_back(
      {"kernel.btf", has_btf ? Health::kFine : Health::kFailure,
       has_btf ? "the kernel describes its types (BTF)" : "there is no /sys/kernel/btf/vmlinux",
       has_btf ? "" : "use a kernel with CONFIG_DEBUG_INFO_BTF=y"});
  const sensor::Capabilities probed = sensor::probe();
  for (const std::string& missing : probed.missing) {
    findings.push_back(
        {"kernel.bpf", probed.is_sufficient() ? Health::kNote : Health::kFailure, missing, ""});
  }
  if (probed.missing.empty()) {
    findings.push_back(
        {"kernel.bpf", Health::kFine, "every kernel feature of the sensor works", ""});
  }
  const bool has_stats = first_word(root + "/proc/sys/kernel/bpf_stats_enabled") == "1";
  findings.push_back(
      {"kernel.bpf_stats", has_stats ? Health::kFine : Health::kNote,
       has_stats ? "the cost of kernel programs is measured"
                 : "the cost of kernel programs is not measured",
       has_stats ? "" : "sysctl kernel.bpf_stats_enabled=1, if you want those metrics"});
  return findings;
}

std::vector<Finding> check_privileges(const std::string& root) {
  const std::uint64_t set = effective_capabilities(root);
  std::vector<Finding> findings;
  for (const NeededCapability& needed : kCapabilities) {
    const bool is_covered = needed.is_essential && has_bit(set, kSysAdmin);
    if (has_bit(set, needed.number) || is_covered) {
      continue;
    }
    findings.push_back({"privileges", needed.is_essential ? Health::kFailure : Health::kWarning,
                        std::string(needed.name) + " is missing: cannot " + needed.need,
                        "run as root, or give it with AmbientCapabilities= in the unit"});
  }
  if (findings.empty()) {
    findings.push_back({"privileges", Health::kFine, "every needed capability is there", ""});
  }
  return findings;
}

std::vector<Finding> check_limits() {
  constexpr rlim_t kFewFiles = 1024;
  std::vector<Finding> findings;
  rlimit limit{};
  ::getrlimit(RLIMIT_MEMLOCK, &limit);
  findings.push_back(
      {"limits.memlock", Health::kFine,
       "locked memory: " + megabytes(limit.rlim_cur) + " (only old kernels count it)", ""});
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const bool is_low = limit.rlim_cur < kFewFiles;
  findings.push_back({"limits.nofile", is_low ? Health::kWarning : Health::kFine,
                      "open files: " + std::to_string(limit.rlim_cur),
                      is_low ? "raise LimitNOFILE= in the unit to 1024 at least" : ""});
  ::getrlimit(RLIMIT_AS, &limit);
  if (limit.rlim_cur != RLIM_INFINITY) {
    findings.push_back({"limits.address_space", Health::kWarning,
                        "address space is limited to " + megabytes(limit.rlim_cur),
                        "remove the limit; bound memory with MemoryMax= of the unit"});
  }
  return findings;
}

std::vector<Finding> check_runtimes(const std::string& root) {
  struct Runtime {
    const char* name;
    const char* socket;
  };
  constexpr Runtime kRuntimes[] = {{"containerd", "/run/containerd/containerd.sock"},
                                   {"containerd of k3s", "/run/k3s/containerd/containerd.sock"},
                                   {"CRI-O", "/run/crio/crio.sock"},
                                   {"Docker", "/run/docker.sock"},
                                   {"Podman", "/run/podman/podman.sock"}};
  std::vector<Finding> findings;
  for (const Runtime& runtime : kRuntimes) {
    const std::string path = root + runtime.socket;
    if (!exists(path)) {
      continue;
    }
    const bool answers = is_served(path);
    findings.push_back(
        {"runtimes", answers ? Health::kFine : Health::kWarning,
         std::string(runtime.name) + " at " + runtime.socket +
             (answers ? "" : " does not answer: container names and images are empty"),
         answers ? "" : "start it, or give the sensor the right to connect"});
  }
  if (findings.empty()) {
    findings.push_back({"runtimes", Health::kNote,
                        "no container runtime found: container names and images stay empty",
                        "in a container, mount the runtime's socket at its usual path"});
  }
  return findings;
}

std::vector<Finding> check_clock(const std::string& root) {
  constexpr time_t kYear2024 = 1'704'067'200;
  std::vector<Finding> findings;
  const time_t now = ::time(nullptr);
  const bool is_sane = now > kYear2024;
  findings.push_back({"clock.date", is_sane ? Health::kFine : Health::kFailure,
                      is_sane ? "the date is plausible" : "the clock is years behind",
                      is_sane ? "" : "set the date; alerts carry it"});
  timex state{};
  const bool is_synchronised = ::adjtimex(&state) != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
  findings.push_back(
      {"clock.synchronised", is_synchronised ? Health::kFine : Health::kNote,
       is_synchronised ? "the clock is synchronised"
                       : "the kernel does not know of a synchronised clock",
       is_synchronised ? "" : "run an NTP client, so that alerts of machines compare"});
  const std::string source =
      first_word(root + "/sys/devices/system/clocksource/clocksource0/current_clocksource");
  const bool is_slow = source == "hpet" || source == "acpi_pm";
  if (!source.empty()) {
    findings.push_back({"clock.source", is_slow ? Health::kWarning : Health::kFine,
                        "clock source " + source + (is_slow ? " makes every event dearer" : ""),
                        is_slow ? "find out why the kernel gave up tsc (dmesg)" : ""});
  }
  return findings;
}

}  // namespace saker::app
