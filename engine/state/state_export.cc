// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/state_export.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace saker {

namespace {

// Ports that some process listens on, sorted.
[[nodiscard]] std::vector<std::uint16_t> listening_ports(const StateCore& core) {
  std::vector<std::uint16_t> ports;
  core.threads.for_each([&](const Thread& thread) {
    if (StateCore::lists_files(thread)) {
      thread.files->table->for_each([&](std::int64_t, const FdInfo& info) {
        if (info.is_ip_server()) {
          ports.push_back(info.tuple.destination_port);
        }
      });
    }
  });
  std::ranges::sort(ports);
  return ports;
}

[[nodiscard]] ThreadSnapshot export_thread(const Thread& thread) {
  const ExecImage& image = *thread.image;
  ThreadSnapshot out;
  out.tid = thread.tid;
  out.pid = thread.pid;
  out.ptid = thread.ptid;
  out.sid = thread.sid;
  out.vpgid = thread.vpgid;
  out.pgid = thread.pgid;
  out.vtid = thread.vtid;
  out.vpid = thread.vpid;
  out.comm = image.comm;
  out.exe = image.exe;
  out.exepath = image.exepath;
  out.args = image.args;
  out.env = thread.has_env ? image.env : std::string();
  out.cgroups = thread.cgroups ? thread.cgroups->text : std::string();
  if (thread.folders) {
    out.cwd = thread.folders->cwd;
    out.root = thread.folders->root;
  }
  out.fdlimit = static_cast<std::uint64_t>(thread.fdlimit);
  out.flags = thread.flags;
  out.uid = thread.uid;
  out.gid = thread.gid;
  out.loginuid = thread.loginuid;
  out.tty = thread.tty;
  out.vmsize_kb = thread.vmsize_kb;
  out.vmrss_kb = thread.vmrss_kb;
  out.vmswap_kb = thread.vmswap_kb;
  out.pfmajor = thread.pfmajor;
  out.pfminor = thread.pfminor;
  out.clone_ts_ns = thread.clone_ts_ns;
  out.pidns_init_start_ts_ns = thread.pidns_init_start_ts_ns;
  out.cap_inheritable = thread.cap_inheritable;
  out.cap_permitted = thread.cap_permitted;
  out.cap_effective = thread.cap_effective;
  out.is_exe_writable = image.is_writable;
  out.is_exe_upper_layer = image.is_upper_layer;
  out.is_exe_lower_layer = image.is_lower_layer;
  out.is_exe_from_memfd = image.is_from_memfd;
  out.exe_ino = image.ino;
  out.exe_ino_ctime_ns = image.ino_ctime_ns;
  out.exe_ino_mtime_ns = image.ino_mtime_ns;
  return out;
}

[[nodiscard]] FdSnapshot export_fd(std::int64_t number, const FdInfo& info,
                                   std::span<const std::uint16_t> server_ports) {
  FdSnapshot out;
  out.fd = number;
  out.type = info.type;
  out.inode = info.inode;
  out.open_flags = info.open_flags;
  out.device = info.device;
  out.unix_source = info.unix_source;
  out.unix_destination = info.unix_destination;
  if (!info.is_ip_socket()) {
    out.name = info.name;
    return out;
  }
  out.l4proto = info.l4proto;
  SocketTuple tuple = info.tuple;
  // Readers take the source for our own end and turn those around whose port somebody listens on.
  if (info.type == FdType::kIpv4Socket && info.role == SocketRole::kServer &&
      std::ranges::binary_search(server_ports, tuple.destination_port)) {
    std::swap(tuple.source, tuple.destination);
    std::swap(tuple.source_port, tuple.destination_port);
  }
  out.source_address = tuple.source.bytes;
  out.destination_address = tuple.destination.bytes;
  out.source_port = tuple.source_port;
  out.destination_port = tuple.destination_port;
  return out;
}

}  // namespace

Snapshot export_state(const StateCore& core) {
  Snapshot out;
  out.machine = core.machine;
  out.interfaces = core.interfaces.all();
  core.users.list_host(out.users, out.groups);
  const std::vector<std::uint16_t> server_ports = listening_ports(core);
  std::size_t fd_count = 0;  // files that processes share are listed for each
  core.threads.for_each([&](const Thread& thread) {
    // Of an invalid row only the tid is known; a reader makes one of its own when it needs it.
    if (thread.is_invalid) {
      return;
    }
    out.threads.push_back(export_thread(thread));
    if (StateCore::lists_files(thread)) {
      FdListSnapshot& list = out.fd_lists.emplace_back();
      list.tid = thread.tid;
      fd_count += thread.files->table->size();
      if (fd_count > core.limits.max_fds) {
        return;
      }
      thread.files->table->for_each([&](std::int64_t number, const FdInfo& info) {
        list.fds.push_back(export_fd(number, info, server_ports));
      });
    }
  });
  return out;
}

}  // namespace saker
