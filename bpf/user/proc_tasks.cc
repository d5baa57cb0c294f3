// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "bpf/user/proc_tasks.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "bpf/user/proc_text.h"

namespace saker::sensor {
namespace {

constexpr std::size_t kSmallFileBytes = 16384;
constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
constexpr std::string_view kDeleted = " (deleted)";
constexpr std::string_view kMemfdPrefix = "/memfd:";
constexpr unsigned kCapDacOverride = 1;

// Pieces of a NUL-separated text that starts with argv[0].
void split_command(std::string command, ThreadSnapshot& thread) {
  if (!command.empty() && command.back() != '\0') {
    command.push_back('\0');
  }
  const std::size_t end = std::min(command.find('\0'), command.size());
  thread.exe = command.substr(0, end);
  if (end + 1 < command.size()) {
    thread.args = command.substr(end + 1);
  }
}

// Fields of /proc/PID/stat after the name, which is in parentheses and may hold anything; none when
// there are too few. Source: man 5 proc; index 0 is field 3, the state.
std::vector<std::string_view> stat_fields(std::string_view stat) {
  constexpr std::size_t kLeast = 20;
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string_view::npos) {
    return {};
  }
  auto fields = split_blanks(stat.substr(name_end + 1));
  if (fields.size() < kLeast) {
    fields.clear();
  }
  return fields;
}

std::uint64_t start_ns_of(const std::vector<std::string_view>& fields) {
  const auto ticks_per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  return parse_unsigned(fields[19]) * (kNsPerSecond / ticks_per_second);
}

void read_stat(std::string_view stat, std::uint64_t boot_epoch_ns, ThreadSnapshot& thread) {
  const auto fields = stat_fields(stat);
  if (fields.empty()) {
    return;
  }
  thread.pgid = parse_number(fields[2]);
  thread.sid = parse_number(fields[3]);
  thread.tty = static_cast<std::uint32_t>(parse_number(fields[4]));
  thread.pfminor = parse_unsigned(fields[7]);
  thread.pfmajor = parse_unsigned(fields[9]);
  thread.clone_ts_ns = boot_epoch_ns + start_ns_of(fields);
}

std::uint32_t second_id(std::string_view ids) {
  const auto fields = split_blanks(ids);  // real, effective, saved, file system
  return fields.size() < 2 ? 0xffffffffU : static_cast<std::uint32_t>(parse_unsigned(fields[1]));
}

std::int64_t last_id(std::string_view ids, std::int64_t fallback) {
  const auto fields = split_blanks(ids);
  return fields.empty() ? fallback : parse_number(fields.back());
}

void read_status(std::string_view status, ThreadSnapshot& thread) {
  thread.pid = parse_number(line_value(status, "Tgid:"));
  thread.ptid = parse_number(line_value(status, "PPid:"));
  thread.uid = second_id(line_value(status, "Uid:"));
  thread.gid = second_id(line_value(status, "Gid:"));
  thread.vpid = last_id(line_value(status, "NStgid:"), thread.pid);
  thread.vtid = last_id(line_value(status, "NSpid:"), thread.tid);
  thread.vpgid = last_id(line_value(status, "NSpgid:"), thread.pgid);
  thread.cap_inheritable = parse_unsigned(line_value(status, "CapInh:"), 16);
  thread.cap_permitted = parse_unsigned(line_value(status, "CapPrm:"), 16);
  thread.cap_effective = parse_unsigned(line_value(status, "CapEff:"), 16);
  thread.vmsize_kb = static_cast<std::uint32_t>(parse_unsigned(line_value(status, "VmSize:")));
  thread.vmrss_kb = static_cast<std::uint32_t>(parse_unsigned(line_value(status, "VmRSS:")));
  thread.vmswap_kb = static_cast<std::uint32_t>(parse_unsigned(line_value(status, "VmSwap:")));
}

std::uint64_t time_ns(const timespec& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * kNsPerSecond +
         static_cast<std::uint64_t>(time.tv_nsec);
}

// As the kernel side decides for execve, without supplementary groups.
bool is_writable_by(const struct stat& file, const ThreadSnapshot& thread) {
  if ((thread.cap_effective & (1U << kCapDacOverride)) != 0) {
    return true;
  }
  if (file.st_uid == thread.uid) {
    return (file.st_mode & S_IWUSR) != 0;
  }
  return (file.st_mode & (file.st_gid == thread.gid ? S_IWGRP : S_IWOTH)) != 0;
}

void read_executable(const std::string& directory, ThreadSnapshot& thread) {
  const std::string link = directory + "/exe";
  std::string path = read_link(link);
  if (path.ends_with(kDeleted)) {
    path.resize(path.size() - kDeleted.size());
  }
  if (path.starts_with(kMemfdPrefix)) {
    thread.is_exe_from_memfd = true;
    path.erase(0, 1);  // the events have it without the slash
  }
  thread.exepath = std::move(path);
  struct stat file {};
  if (::stat(link.c_str(), &file) == 0) {
    thread.exe_ino = file.st_ino;
    thread.exe_ino_ctime_ns = time_ns(file.st_ctim);
    thread.exe_ino_mtime_ns = time_ns(file.st_mtim);
    thread.is_exe_writable = is_writable_by(file, thread);
  }
}

std::uint64_t soft_fd_limit(std::string_view limits) {
  const auto fields = split_blanks(line_value(limits, "Max open files"));
  return fields.empty() ? 0 : parse_unsigned(fields.front());
}

// Facts that every thread has of its own.
ThreadSnapshot read_thread(const std::string& directory, std::int64_t tid,
                           std::uint64_t boot_epoch_ns) {
  ThreadSnapshot thread;
  thread.tid = tid;
  const std::string status = read_file(directory + "/status", kSmallFileBytes);
  if (status.empty()) {
    return ThreadSnapshot{};
  }
  read_stat(read_file(directory + "/stat", kSmallFileBytes), boot_epoch_ns, thread);
  read_status(status, thread);
  thread.comm = read_file(directory + "/comm", kSmallFileBytes);
  if (!thread.comm.empty() && thread.comm.back() == '\n') {
    thread.comm.pop_back();
  }
  const std::string loginuid = read_file(directory + "/loginuid", kSmallFileBytes);
  if (!loginuid.empty()) {
    thread.loginuid = static_cast<std::uint32_t>(parse_unsigned(loginuid));
  }
  thread.cgroups = event_cgroups(read_file(directory + "/cgroup", kSmallFileBytes));
  thread.flags = thread_flag::kActive;
  if (thread.vtid != thread.tid) {
    thread.flags |= thread_flag::kChildInPidns;
  }
  return thread;
}

// Facts that the threads of a process share.
void read_process(const std::string& directory, ThreadSnapshot& thread) {
  split_command(read_file(directory + "/cmdline", kMaxVectorBytes), thread);
  thread.env = read_file(directory + "/environ", kMaxVectorBytes);
  if (!thread.env.empty()) {
    thread.env.back() = '\0';  // a cut piece is terminated
  }
  thread.cwd = read_link(directory + "/cwd");
  if (!thread.cwd.empty() && thread.cwd.back() != '/') {
    thread.cwd.push_back('/');
  }
  thread.root = read_link(directory + "/root");
  thread.fdlimit = soft_fd_limit(read_file(directory + "/limits", kSmallFileBytes));
  read_executable(directory, thread);
}

void copy_process(const ThreadSnapshot& from, ThreadSnapshot& to) {
  to.exe = from.exe;
  to.exepath = from.exepath;
  to.args = from.args;
  to.env = from.env;
  to.cwd = from.cwd;
  to.root = from.root;
  to.fdlimit = from.fdlimit;
  to.is_exe_writable = from.is_exe_writable;
  to.is_exe_from_memfd = from.is_exe_from_memfd;
  to.exe_ino = from.exe_ino;
  to.exe_ino_ctime_ns = from.exe_ino_ctime_ns;
  to.exe_ino_mtime_ns = from.exe_ino_mtime_ns;
}

}  // namespace

std::uint64_t start_since_boot_ns(std::string_view stat) {
  const auto fields = stat_fields(stat);
  return fields.empty() ? 0 : start_ns_of(fields);
}

std::string event_cgroups(std::string_view proc_cgroup) {
  struct Controller {
    std::string_view name;
    std::string_view path;
  };
  std::array<Controller, 5> controllers = {
      {{"cpuset", {}}, {"cpu", {}}, {"cpuacct", {}}, {"blkio", {}}, {"memory", {}}}};
  std::string_view unified;
  std::string_view line;
  while (next_line(proc_cgroup, line)) {
    // hierarchy:controller[,controller]:path
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos) {
      continue;
    }
    std::string_view names = line.substr(first + 1, second - first - 1);
    const std::string_view path = line.substr(second + 1);
    if (names.empty()) {
      unified = path;
    }
    while (!names.empty()) {
      const std::size_t end = std::min(names.find(','), names.size());
      for (Controller& controller : controllers) {
        if (controller.name == names.substr(0, end)) {
          controller.path = path;
        }
      }
      names.remove_prefix(std::min(end + 1, names.size()));
    }
  }
  std::string result;
  for (const Controller& controller : controllers) {
    const std::string_view path = controller.path.empty() ? unified : controller.path;
    if (!path.empty()) {
      result.append(controller.name).append("=").append(path).push_back('\0');
    }
  }
  return result;
}

std::vector<ThreadSnapshot> scan_threads(const std::string& proc_root,
                                         std::uint64_t boot_epoch_ns) {
  std::vector<ThreadSnapshot> threads;
  std::map<std::string, std::uint64_t> namespace_starts;  // of pid namespaces, by their link
  std::vector<std::pair<std::size_t, std::string>> members;
  for (const std::int64_t pid : numeric_entries(proc_root)) {
    const std::string directory = proc_root + "/" + std::to_string(pid);
    ThreadSnapshot main =
        read_thread(directory + "/task/" + std::to_string(pid), pid, boot_epoch_ns);
    if (main.tid < 0) {
      continue;  // ended meanwhile
    }
    main.flags |= thread_flag::kIsMainThread;
    read_process(directory, main);
    // The initial namespace has no name here: its links are not always readable.
    const std::string pid_namespace =
        main.vpid == main.pid ? std::string() : read_link(directory + "/ns/pid");
    if (main.vpid == 1) {
      namespace_starts[pid_namespace] = main.clone_ts_ns;
    }
    const std::size_t main_index = threads.size();
    members.emplace_back(main_index, pid_namespace);
    threads.push_back(std::move(main));
    for (const std::int64_t tid : numeric_entries(directory + "/task")) {
      if (tid == pid) {
        continue;
      }
      ThreadSnapshot thread =
          read_thread(directory + "/task/" + std::to_string(tid), tid, boot_epoch_ns);
      if (thread.tid < 0) {
        continue;
      }
      thread.flags |= thread_flag::kCloneThread | thread_flag::kCloneFiles;
      copy_process(threads[main_index], thread);
      members.emplace_back(threads.size(), pid_namespace);
      threads.push_back(std::move(thread));
    }
  }
  for (const auto& [index, pid_namespace] : members) {
    const auto start = namespace_starts.find(pid_namespace);
    if (start != namespace_starts.end()) {
      threads[index].pidns_init_start_ts_ns = start->second;
    }
  }
  return threads;
}

bool scan_thread(const std::string& proc_root, std::int64_t tid, std::uint64_t boot_epoch_ns,
                 ThreadSnapshot& thread) {
  // Not listed there, but every thread has a folder of its own.
  thread = read_thread(proc_root + "/" + std::to_string(tid), tid, boot_epoch_ns);
  if (thread.tid < 0 || thread.pid < 0) {
    return false;
  }
  thread.flags |= thread.tid == thread.pid ? thread_flag::kIsMainThread
                                           : thread_flag::kCloneThread | thread_flag::kCloneFiles;
  read_process(proc_root + "/" + std::to_string(thread.pid), thread);
  return true;
}

}  // namespace saker::sensor
