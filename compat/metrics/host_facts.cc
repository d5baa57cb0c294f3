// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/metrics/host_facts.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "engine/base/read_all.h"

namespace saker::metrics {

namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

// The number behind `key` in a file of "key number" lines; 0 if there is none.
std::uint64_t number_after(const std::string& path, const std::string& key) {
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    if (line.starts_with(key)) {
      return std::strtoull(line.c_str() + key.size(), nullptr, 10);
    }
  }
  return 0;
}

std::uint64_t first_number(const std::string& path) {
  std::ifstream file(path);
  std::uint64_t number = 0;
  file >> number;
  return file ? number : 0;
}

double with_one_decimal(double value) {
  return std::round(value * 10) / 10;
}

// Share of one CPU that this process used since it started.
double own_cpu_percent(const std::string& proc_root) {
  std::ifstream file(proc_root + "/self/stat");
  const std::string text = read_all(file);
  const std::size_t behind_name = text.rfind(')');
  if (behind_name == std::string::npos) {
    return 0;
  }
  // Fields 14, 15 (user and system time) and 22 (start) of proc(5); field 3 follows the name.
  std::istringstream fields(text.substr(behind_name + 1));
  std::string word;
  double used = 0;
  double start = 0;
  for (int field = 3; field <= 22 && fields >> word; ++field) {
    used += field == 14 || field == 15 ? std::strtod(word.c_str(), nullptr) : 0;
    start = std::strtod(word.c_str(), nullptr);
  }
  std::ifstream uptime_file(proc_root + "/uptime");
  double uptime_s = 0;
  uptime_file >> uptime_s;
  const double elapsed = uptime_s * static_cast<double>(::sysconf(_SC_CLK_TCK)) - start;
  return elapsed <= 0 ? 0 : with_one_decimal(100.0 * used / elapsed);
}

// Share of all CPUs that was not idle since boot.
double host_cpu_percent(const std::string& proc_root) {
  std::ifstream file(proc_root + "/stat");
  std::string name;
  file >> name;
  double sum = 0;
  double idle = 0;
  double value = 0;
  for (int column = 0; column < 8 && file >> value; ++column) {
    sum += value;
    idle += column == 3 || column == 4 ? value : 0;  // idle and iowait
  }
  return sum <= 0 ? 0 : with_one_decimal(100.0 * (sum - idle) / sum);
}

std::uint64_t container_memory_bytes() {
  if (const char* path = std::getenv("FALCO_CGROUP_MEM_PATH"); path != nullptr) {
    return first_number(path);
  }
  const std::uint64_t old = first_number("/sys/fs/cgroup/memory/memory.usage_in_bytes");
  return old != 0 ? old : first_number("/sys/fs/cgroup/memory.current");
}

std::string address_text(const sockaddr& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.sa_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);  // NOLINT
    ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
  } else if (address.sa_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);  // NOLINT
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
  }
  return text;
}

}  // namespace

std::string kernel_release() {
  utsname names{};
  return ::uname(&names) == 0 ? names.release : "";
}

std::uint64_t boot_time_ns() {
  return number_after("/proc/stat", "btime ") * kNsPerSecond;
}

std::uint64_t cpu_count() {
  const long count = ::sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? static_cast<std::uint64_t>(count) : 1;
}

std::vector<InterfaceAddresses> interface_addresses() {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) {
    return {};
  }
  std::map<std::string, InterfaceAddresses> by_name;
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr || (entry->ifa_flags & IFF_LOOPBACK) != 0) {
      continue;
    }
    const std::string text = address_text(*entry->ifa_addr);
    if (text.empty()) {
      continue;
    }
    InterfaceAddresses& interface = by_name[entry->ifa_name];
    interface.name = entry->ifa_name;
    std::string& addresses =
        entry->ifa_addr->sa_family == AF_INET ? interface.ipv4 : interface.ipv6;
    addresses += addresses.empty() ? text : "," + text;
  }
  ::freeifaddrs(list);
  std::vector<InterfaceAddresses> interfaces;
  for (auto& [name, interface] : by_name) {
    interfaces.push_back(std::move(interface));
  }
  return interfaces;
}

ResourceUsage resource_usage(const std::string& proc_root) {
  ResourceUsage usage;
  usage.cpu_perc = own_cpu_percent(proc_root);
  usage.rss_kb = number_after(proc_root + "/self/status", "VmRSS:");
  usage.vsz_kb = number_after(proc_root + "/self/status", "VmSize:");
  usage.pss_kb = number_after(proc_root + "/self/smaps_rollup", "Pss:");
  usage.container_memory_bytes = container_memory_bytes();
  usage.host_cpu_perc = host_cpu_percent(proc_root);
  const std::string meminfo = proc_root + "/meminfo";
  const std::uint64_t free = number_after(meminfo, "MemFree:") + number_after(meminfo, "Buffers:") +
                             number_after(meminfo, "Cached:");
  const std::uint64_t total = number_after(meminfo, "MemTotal:");
  usage.host_memory_kb = total > free ? total - free : 0;
  usage.host_procs_running = number_after(proc_root + "/stat", "procs_running ");
  usage.host_open_fds = first_number(proc_root + "/sys/fs/file-nr");
  return usage;
}

}  // namespace saker::metrics
