// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A snapshot as text, one line per entry with every value, to compare two and see where they
// differ.
#pragma once

#include <sstream>
#include <string>

#include "engine/event/snapshot.h"

namespace saker::scap {

inline std::string to_text(const ThreadSnapshot& thread) {
  std::ostringstream out;
  out << "thread " << thread.tid << ' ' << thread.pid << ' ' << thread.ptid << ' ' << thread.sid
      << ' ' << thread.vpgid << ' ' << thread.pgid << ' ' << thread.vtid << ' ' << thread.vpid
      << " comm=" << thread.comm << " exe=" << thread.exe << " exepath=" << thread.exepath
      << " args=" << thread.args << " env=" << thread.env << " cgroups=" << thread.cgroups
      << " cwd=" << thread.cwd << " root=" << thread.root << ' ' << thread.fdlimit << ' '
      << thread.flags << ' ' << thread.uid << ' ' << thread.gid << ' ' << thread.loginuid << ' '
      << thread.tty << ' ' << thread.vmsize_kb << ' ' << thread.vmrss_kb << ' ' << thread.vmswap_kb
      << ' ' << thread.pfmajor << ' ' << thread.pfminor << ' ' << thread.clone_ts_ns << ' '
      << thread.pidns_init_start_ts_ns << ' ' << thread.cap_inheritable << ' '
      << thread.cap_permitted << ' ' << thread.cap_effective << ' ' << thread.is_exe_writable
      << thread.is_exe_upper_layer << thread.is_exe_lower_layer << thread.is_exe_from_memfd << ' '
      << thread.exe_ino << ' ' << thread.exe_ino_ctime_ns << ' ' << thread.exe_ino_mtime_ns << '\n';
  return out.str();
}

inline std::string to_text(const FdSnapshot& fd) {
  std::ostringstream out;
  out << "  fd " << fd.fd << " type " << static_cast<int>(fd.type) << ' ' << fd.inode << ' '
      << fd.open_flags << ' ' << fd.device << ' ' << fd.name << ' ' << fd.source_port << ' '
      << fd.destination_port << ' ' << static_cast<int>(fd.l4proto) << ' ' << fd.unix_source << ' '
      << fd.unix_destination;
  for (const auto* address : {&fd.source_address, &fd.destination_address}) {
    for (const std::uint8_t byte : *address) {
      out << ' ' << int{byte};
    }
  }
  out << '\n';
  return out.str();
}

inline std::string to_text(const InterfaceSnapshot& interface) {
  std::ostringstream out;
  out << "interface " << interface.name << ' ' << interface.is_ipv6;
  for (const auto* address : {&interface.address, &interface.netmask, &interface.broadcast}) {
    for (const std::uint8_t byte : *address) {
      out << ' ' << int{byte};
    }
  }
  out << '\n';
  return out.str();
}

inline std::string to_text(const Snapshot& snapshot) {
  std::ostringstream out;
  const MachineSnapshot& machine = snapshot.machine;
  out << "machine " << machine.cpu_count << ' ' << machine.memory_bytes << ' ' << machine.boot_ts_ns
      << ' ' << machine.hostname << '\n';
  for (const ThreadSnapshot& thread : snapshot.threads) {
    out << to_text(thread);
  }
  for (const FdListSnapshot& list : snapshot.fd_lists) {
    out << "fds of " << list.tid << '\n';
    for (const FdSnapshot& fd : list.fds) {
      out << to_text(fd);
    }
  }
  for (const UserSnapshot& user : snapshot.users) {
    out << "user " << user.uid << ' ' << user.gid << ' ' << user.name << ' ' << user.home << ' '
        << user.shell << ' ' << user.container_id << '\n';
  }
  for (const GroupSnapshot& group : snapshot.groups) {
    out << "group " << group.gid << ' ' << group.name << ' ' << group.container_id << '\n';
  }
  for (const InterfaceSnapshot& interface : snapshot.interfaces) {
    out << to_text(interface);
  }
  return out.str();
}

}  // namespace saker::scap
