// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/state_core.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/state/path.h"
#include "engine/state/socket_text.h"

namespace saker {

StateCore::StateCore(const StateLimits& limits_in, Counters& counters_in, FactSource* facts_in)
    : limits(limits_in),
      counters(counters_in),
      facts(facts_in),
      fds(limits.max_fds_per_process, limits.max_fds, counters),
      threads(limits.max_threads, limits.max_ancestors, counters) {}

Thread* StateCore::find_or_ask(std::int64_t tid) {
  if (Thread* known = threads.find(tid)) {
    return known;
  }
  if (facts == nullptr || tid <= 0) {
    return nullptr;
  }
  ThreadSnapshot snapshot;
  FdListSnapshot fd_list;
  if (!facts->find_thread(tid, snapshot, fd_list)) {
    return nullptr;
  }
  Thread* thread = threads.add(tid);
  if (thread == nullptr) {
    return nullptr;
  }
  snapshot.tid = tid;
  assign(snapshot, *thread);
  thread->is_invalid = snapshot.pid < 0 || snapshot.ptid < 0;
  fd_list.tid = tid;
  assign_fds(fd_list);
  // The parent is not asked for: a chain of unknown ancestors would be walked in one event.
  link(*thread, threads.find(thread->ptid));
  return thread;
}

Thread* StateCore::obtain(std::int64_t tid) {
  if (Thread* known = find_or_ask(tid)) {
    return known;
  }
  Thread* thread = threads.add(tid);
  if (thread == nullptr) {
    return nullptr;
  }
  counters.add(Counter::kThreadsUnknown);
  thread->is_invalid = true;
  thread->image = images.unknown();
  give_files(*thread);
  return thread;
}

Ref<FdTable>* StateCore::fd_table(Thread& thread) {
  return thread.files ? &thread.files->table : nullptr;
}

const FdTable* StateCore::fd_table(const Thread& thread) const {
  return thread.files ? thread.files->table.get() : nullptr;
}

FdInfo* StateCore::find_fd(Thread& thread, std::int64_t fd) {
  Ref<FdTable>* table = fd < 0 ? nullptr : fd_table(thread);
  return table == nullptr ? nullptr : (*table)->find(fd);
}

FdInfo* StateCore::add_fd(std::int64_t fd, Ref<FdInfo> info) {
  Ref<FdTable>* table = fd_table(*current.thread);
  if (table == nullptr) {
    return nullptr;
  }
  current.fd_number = fd;
  current.fd = fds.add(*table, fd, std::move(info));
  current.is_fd_name_changed = current.fd != nullptr && !current.fd->name.empty();
  return current.fd;
}

FdInfo* StateCore::add_fd_copy(std::int64_t fd, Ref<FdInfo> copy) {
  FdInfo* added = add_fd(fd, std::move(copy));
  current.is_fd_name_changed = false;
  return added;
}

FdInfo& StateCore::edit_fd() {
  if (fds.is_unstored(current.fd)) {
    return *current.fd;  // nobody has seen it yet
  }
  FdInfo& info = fds.edit(*fd_table(*current.thread), current.fd_number);
  current.fd = &info;
  return info;
}

void StateCore::rename_fd() {
  if (current.fd->name != text) {
    current.fd->name = text;
    current.is_fd_name_changed = true;
  }
}

std::string_view StateCore::cwd(const Thread& thread) {
  return thread.folders ? std::string_view(thread.folders->cwd) : std::string_view("./");
}

void StateCore::change_cwd(const Thread& thread, std::string_view path_text) {
  if (!thread.folders) {
    return;
  }
  Folders& folders = *thread.folders;
  const bool starts_unknown = !is_absolute(path_text) && folders.cwd.starts_with(kUnknownDirectory);
  join_path(folders.cwd, path_text, path);
  if (starts_unknown && !path.starts_with(kUnknownDirectory)) {
    path = kUnknownDirectory;  // above it
  }
  if (path.empty() || path.back() != '/') {
    path.push_back('/');
  }
  set_cwd(folders);
}

void StateCore::forget_cwd(const Thread& thread) {
  if (thread.folders) {
    path = kUnknownDirectory;
    path.push_back('/');
    set_cwd(*thread.folders);
  }
}

void StateCore::set_cwd(Folders& folders) {
  folders.cwd = path;
  if (folders.is_of_processes) {
    threads.touch_all();
  }
}

Ref<Folders> StateCore::copy_folders(const Folders& folders) {
  Ref<Folders> copy = folders_pool.make();
  copy->cwd = folders.cwd;
  copy->root = folders.root;
  return copy;
}

void StateCore::detach_folders(Thread& thread) {
  if (thread.folders && thread.folders.is_shared()) {
    thread.folders = copy_folders(*thread.folders);
  }
}

void StateCore::give_files(Thread& thread) {
  if (thread.shares_files()) {
    thread.files.reset();
  } else if (!thread.files) {
    thread.files = fds.make_files();
  }
}

void StateCore::detach_files(Thread& thread) {
  if (thread.files && thread.files.is_shared()) {
    thread.files = fds.copy_files(*thread.files);
  }
  thread.flags &= ~thread_flag::kCloneFiles;
}

void StateCore::link(Thread& thread) {
  Thread* parent = thread.pid == 1 ? nullptr : find_or_ask(thread.ptid);
  link(thread, parent);
}

void StateCore::link(Thread& thread, Thread* parent) {
  threads.link(thread, parent);
  Thread* main = threads.main_of(thread);
  if (main == nullptr) {
    return;
  }
  if (main != &thread) {
    share_process(*main, thread);
    return;
  }
  if (!thread.folders) {
    thread.folders = folders_pool.make();
  }
  // Threads that came before their main thread.
  threads.for_each_in_group(*thread.group, [&](Thread& other) { share_process(thread, other); });
}

void StateCore::share_process(const Thread& main, Thread& thread) {
  if (!thread.files) {
    thread.files = main.files;
  }
  if (!thread.folders) {
    thread.folders = main.folders;
  }
}

void StateCore::remove(Thread& thread) {
  Thread* reaper = nullptr;
  if (thread.links.first_child != ThreadGroup::kNone && thread.reaper_tid > 0) {
    reaper = obtain(thread.reaper_tid);  // even if only its tid is known: rules see it then
  }
  if (current.thread == &thread) {
    current = {};
  }
  threads.remove(thread, reaper);
}

void StateCore::remove_stale(Thread& thread) {
  current = {};
  threads.remove_stale(thread);
}

void StateCore::purge(std::uint64_t now_ns) {
  const bool is_first = next_purge_ts_ns == 0;
  next_purge_ts_ns = now_ns + limits.purge_interval_ns;
  if (is_first) {
    return;
  }
  std::vector<std::int64_t> doomed;
  threads.for_each([&](const Thread& thread) {
    const bool is_quiet = now_ns > thread.last_event_ts_ns + limits.thread_timeout_ns;
    if (thread.is_invalid ||
        (is_quiet && !facts->is_alive(thread.pid, thread.tid,
                                      std::max(thread.last_event_ts_ns, thread.clone_ts_ns)))) {
      doomed.push_back(thread.tid);
    }
  });
  for (const std::int64_t tid : doomed) {
    if (Thread* thread = threads.find(tid)) {
      remove(*thread);
      counters.add(Counter::kThreadsPurged);
    }
  }
}

void StateCore::assign(const ThreadSnapshot& snapshot, Thread& thread) {
  thread.pid = snapshot.pid;
  thread.ptid = snapshot.ptid;
  thread.vtid = snapshot.vtid;
  thread.vpid = snapshot.vpid;
  thread.sid = snapshot.sid;
  thread.vpgid = snapshot.vpgid;
  thread.pgid = snapshot.pgid;
  thread.uid = snapshot.uid;
  thread.gid = snapshot.gid;
  thread.loginuid = snapshot.loginuid;
  thread.tty = snapshot.tty;
  thread.flags = snapshot.flags;
  thread.vmsize_kb = snapshot.vmsize_kb;
  thread.vmrss_kb = snapshot.vmrss_kb;
  thread.vmswap_kb = snapshot.vmswap_kb;
  thread.pfmajor = snapshot.pfmajor;
  thread.pfminor = snapshot.pfminor;
  thread.fdlimit = static_cast<std::int64_t>(snapshot.fdlimit);
  thread.cap_inheritable = snapshot.cap_inheritable;
  thread.cap_permitted = snapshot.cap_permitted;
  thread.cap_effective = snapshot.cap_effective;
  thread.clone_ts_ns = snapshot.clone_ts_ns;
  thread.pidns_init_start_ts_ns = snapshot.pidns_init_start_ts_ns;
  assign_folders(snapshot, thread);
  thread.has_env = true;
  Ref<ExecImage> image = images.make();
  image->comm = snapshot.comm;
  image->exe = snapshot.exe;
  image->exepath = snapshot.exepath;
  // One empty piece alone means that there are none, as Falco reads it.
  if (snapshot.args != std::string_view("\0", 1)) {
    assign_pieces(snapshot.args, image->args);
  }
  assign_pieces(snapshot.env, image->env);
  image->build_cmdline();
  image->ino = snapshot.exe_ino;
  image->ino_ctime_ns = snapshot.exe_ino_ctime_ns;
  image->ino_mtime_ns = snapshot.exe_ino_mtime_ns;
  image->set_process_start(snapshot.clone_ts_ns);
  image->is_writable = snapshot.is_exe_writable;
  image->is_upper_layer = snapshot.is_exe_upper_layer;
  image->is_lower_layer = snapshot.is_exe_lower_layer;
  image->is_from_memfd = snapshot.is_exe_from_memfd;
  thread.image = std::move(image);
  const Thread* main = threads.find(snapshot.pid);
  thread.cgroups =
      images.cgroups(snapshot.cgroups, main == nullptr ? Ref<Cgroups>() : main->cgroups);
  give_files(thread);
}

// A thread's are its process'.
void StateCore::assign_folders(const ThreadSnapshot& snapshot, Thread& thread) {
  thread.folders.reset();
  if (!thread.is_main()) {
    return;
  }
  thread.folders = folders_pool.make();
  thread.folders->root = snapshot.root;
  std::string& cwd = thread.folders->cwd;
  cwd = snapshot.cwd;
  if (cwd.empty() || cwd.back() != '/') {
    cwd.push_back('/');
  }
}

void StateCore::assign_fds(const FdListSnapshot& list) {
  Thread* thread = threads.find(list.tid);
  Ref<FdTable>* table = thread == nullptr ? nullptr : fd_table(*thread);
  if (table == nullptr) {
    return;
  }
  for (const FdSnapshot& snapshot : list.fds) {
    Ref<FdInfo> info = fds.make(snapshot.type);
    assign_from_snapshot(snapshot, interfaces, *info);
    static_cast<void>(fds.add(*table, snapshot.fd, std::move(info)));
  }
}

void StateCore::load(const Snapshot& snapshot) {
  for (const ThreadSnapshot& row : snapshot.threads) {
    Thread* thread = threads.find(row.tid);
    thread = thread != nullptr ? thread : threads.add(row.tid);
    if (thread != nullptr) {
      assign(row, *thread);
    }
  }
  for (const FdListSnapshot& list : snapshot.fd_lists) {
    assign_fds(list);
  }
  threads.for_each([&](Thread& thread) { link(thread, threads.find(thread.ptid)); });
  guess_roles();
  fds.forget_unstored();
}

void StateCore::guess_roles() {
  std::vector<std::uint16_t> server_ports;
  const auto for_each_fd = [&](auto&& visit) {
    threads.for_each([&](Thread& thread) {
      if (lists_files(thread)) {
        thread.files->table->for_each([&](std::int64_t, FdInfo& info) { visit(info); });
      }
    });
  };
  for_each_fd([&](const FdInfo& info) {
    if (info.is_ip_server()) {
      server_ports.push_back(info.tuple.destination_port);
    }
  });
  std::ranges::sort(server_ports);
  for_each_fd([&](FdInfo& info) {
    if (info.type != FdType::kIpv4Socket) {
      return;
    }
    const bool is_server = std::ranges::binary_search(server_ports, info.tuple.source_port);
    info.role = is_server ? SocketRole::kServer : SocketRole::kClient;
    if (is_server) {
      std::swap(info.tuple.source, info.tuple.destination);
      std::swap(info.tuple.source_port, info.tuple.destination_port);
      assign_socket_name(info, info.name);
    }
  });
}

}  // namespace saker
