// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "tests/conformance/state_fields.h"

#include <algorithm>
#include <set>
#include <string>

#include "engine/state/socket_text.h"

namespace saker::testing {

namespace {

using Json = nlohmann::json;

// Pieces that end in NUL, joined by blanks.
std::string joined(std::string_view pieces) {
  std::string text(pieces.substr(0, pieces.empty() ? 0 : pieces.size() - 1));
  std::ranges::replace(text, '\0', ' ');
  return text;
}

template <typename Read>
Json of_thread(const StateSample& s, Read&& read) {
  return s.applied.thread == nullptr ? Json() : Json(read(*s.applied.thread));
}

template <typename Read>
Json of_image(const StateSample& s, Read&& read) {
  return s.applied.thread == nullptr ? Json() : Json(read(*s.applied.thread->image));
}

template <typename Read>
Json of_fd(const StateSample& s, Read&& read) {
  return s.applied.fd == nullptr ? Json() : Json(read(*s.applied.fd));
}

Json positive(std::uint64_t value) {
  return value == 0 ? Json() : Json(value);
}

const Thread* ancestor(const StateSample& s, int steps) {
  const Thread* thread = s.applied.thread;
  if (thread != nullptr) {
    const Thread* main = s.state.main_thread(*thread);
    thread = main == nullptr && steps == 0 ? thread : main;
  }
  for (int i = 0; i < steps && thread != nullptr; ++i) {
    thread = s.state.parent_process(*thread);
  }
  return thread;
}

template <int kSteps>
Json ancestor_name(const StateSample& s) {
  const Thread* thread = ancestor(s, kSteps);
  return thread == nullptr ? Json() : Json(thread->image->comm);
}

template <int kSteps>
Json ancestor_pid(const StateSample& s) {
  const Thread* thread = ancestor(s, kSteps);
  return thread == nullptr ? Json() : Json(thread->pid);
}

Json address(const IpAddress& ip) {
  std::string text;
  append_address(ip, text);
  return text;
}

Json end_of(const StateSample& s, bool is_client, bool is_port) {
  const FdInfo* fd = s.applied.fd;
  if (fd == nullptr || !fd->is_ip_socket() || fd->role == SocketRole::kUnknown ||
      (is_client && fd->is_ip_server())) {
    return {};
  }
  if (is_port) {
    return is_client ? fd->tuple.source_port : fd->tuple.destination_port;
  }
  return address(is_client ? fd->tuple.source : fd->tuple.destination);
}

Json l4proto(const FdInfo& fd) {
  switch (fd.visible_l4proto()) {
    case L4Proto::kTcp:
      return "tcp";
    case L4Proto::kUdp:
      return "udp";
    case L4Proto::kIcmp:
      return "icmp";
    case L4Proto::kRaw:
      return "raw";
    default:
      return "<NA>";
  }
}

Json fd_types(const StateSample& s) {
  if (s.applied.thread == nullptr) {
    return {};
  }
  std::set<std::string_view> types;
  if (const FdTable* fds = s.state.fds(*s.applied.thread)) {
    fds->for_each([&](std::int64_t, const FdInfo& fd) { types.insert(type_name(fd.type)); });
  }
  return types;
}

Json standard_fd_name(const StateSample& s, std::int64_t number) {
  const FdTable* fds = s.applied.thread == nullptr ? nullptr : s.state.fds(*s.applied.thread);
  const FdInfo* fd = fds == nullptr ? nullptr : fds->find(number);
  return fd == nullptr ? Json() : Json(fd->name);
}

Json open_count(const StateSample& s) {
  if (s.applied.thread == nullptr) {
    return {};
  }
  const Thread* main = s.state.main_thread(*s.applied.thread);
  return main == nullptr ? 0 : s.state.fds(*main)->size();
}

Json fd_limit(const StateSample& s) {
  if (s.applied.thread == nullptr) {
    return {};
  }
  const Thread* main = s.state.main_thread(*s.applied.thread);
  return main == nullptr ? 0 : main->fdlimit;
}

Json not_main_count(const Thread& thread) {
  const ThreadGroup& group = *thread.group;
  return group.live_count;
}

constexpr std::uint64_t kHighestCapability = 41;

Json capability_count(const StateSample& s, std::uint64_t set) {
  return s.applied.thread == nullptr
             ? Json()
             : Json(std::popcount(set & ((1ULL << kHighestCapability) - 1)));
}

using S = const StateSample&;
using T = const Thread&;
using I = const ExecImage&;
using F = const FdInfo&;

const StateField kFields[] = {
    {"proc.name", [](S s) { return of_image(s, [](I i) { return i.comm; }); }},
    {"proc.exe", [](S s) { return of_image(s, [](I i) { return i.exe; }); }},
    {"proc.exepath", [](S s) { return of_image(s, [](I i) { return i.exepath; }); }},
    {"proc.cmdline", [](S s) { return of_image(s, [](I i) { return i.cmdline; }); }},
    {"proc.args", [](S s) { return of_image(s, [](I i) { return joined(i.args); }); }},
    {"proc.env", [](S s) { return of_thread(s, [&](T t) { return joined(s.state.env(t)); }); }},
    {"proc.cwd",
     [](S s) { return of_thread(s, [&](T t) { return std::string(s.state.cwd(t)); }); }},
    {"proc.pid", [](S s) { return of_thread(s, [](T t) { return t.pid; }); }},
    {"proc.vpid", [](S s) { return of_thread(s, [](T t) { return t.vpid; }); }},
    {"thread.tid", [](S s) { return Json(s.event.tid()); }},
    {"thread.vtid", [](S s) { return of_thread(s, [](T t) { return t.vtid; }); }},
    {"thread.ismain", [](S s) { return of_thread(s, [](T t) { return t.is_main(); }); }},
    {"proc.sid", [](S s) { return of_thread(s, [](T t) { return t.sid; }); }},
    {"proc.pgid", [](S s) { return of_thread(s, [](T t) { return t.pgid; }); }},
    {"proc.vpgid", [](S s) { return of_thread(s, [](T t) { return t.vpgid; }); }},
    {"proc.tty", [](S s) { return of_thread(s, [](T t) { return t.tty; }); }},
    {"proc.aname[0]", ancestor_name<0>},
    {"proc.aname[1]", ancestor_name<1>},
    {"proc.aname[2]", ancestor_name<2>},
    {"proc.aname[3]", ancestor_name<3>},
    {"proc.aname[4]", ancestor_name<4>},
    {"proc.pname", ancestor_name<1>},
    {"proc.ppid", ancestor_pid<1>},
    {"proc.apid[2]", ancestor_pid<2>},
    {"proc.apid[3]", ancestor_pid<3>},
    {"proc.fdopencount", open_count},
    {"proc.fdlimit", fd_limit},
    {"proc.nthreads", [](S s) { return of_thread(s, [](T t) { return not_main_count(t); }); }},
    {"proc.pid.ts", [](S s) { return of_thread(s, [](T t) { return positive(t.clone_ts_ns); }); }},
    {"proc.exe_ino", [](S s) { return of_image(s, [](I i) { return positive(i.ino); }); }},
    {"proc.exe_ino.ctime",
     [](S s) { return of_image(s, [](I i) { return positive(i.ino_ctime_ns); }); }},
    {"proc.exe_ino.mtime",
     [](S s) { return of_image(s, [](I i) { return positive(i.ino_mtime_ns); }); }},
    {"proc.exe_ino.ctime_duration_proc_start",
     [](S s) { return of_image(s, [](I i) { return positive(i.ctime_to_process_start_ns); }); }},
    {"proc.exe_ino.ctime_duration_pidns_start",
     [](S s) { return of_thread(s, [](T t) { return positive(t.pidns_start_to_exe_ctime_ns); }); }},
    {"proc.is_exe_writable", [](S s) { return of_image(s, [](I i) { return i.is_writable; }); }},
    {"proc.is_exe_upper_layer",
     [](S s) { return of_image(s, [](I i) { return i.is_upper_layer; }); }},
    {"proc.is_exe_lower_layer",
     [](S s) { return of_image(s, [](I i) { return i.is_lower_layer; }); }},
    {"proc.is_exe_from_memfd",
     [](S s) { return of_image(s, [](I i) { return i.is_from_memfd; }); }},
    {"proc.pidns_init_start_ts",
     [](S s) { return of_thread(s, [](T t) { return positive(t.pidns_init_start_ts_ns); }); }},
    {"proc.vmsize", [](S s) { return of_thread(s, [](T t) { return t.vmsize_kb; }); }},
    {"proc.vmrss", [](S s) { return of_thread(s, [](T t) { return t.vmrss_kb; }); }},
    {"proc.vmswap", [](S s) { return of_thread(s, [](T t) { return t.vmswap_kb; }); }},
    {"thread.pfmajor", [](S s) { return of_thread(s, [](T t) { return t.pfmajor; }); }},
    {"thread.pfminor", [](S s) { return of_thread(s, [](T t) { return t.pfminor; }); }},
    {"thread.cgroups",
     [](S s) {
       return of_thread(s, [](T t) { return t.cgroups ? joined(t.cgroups->text) : std::string(); });
     }},
    {"thread.cap_permitted#",
     [](S s) {
       return capability_count(s,
                               s.applied.thread == nullptr ? 0 : s.applied.thread->cap_permitted);
     }},
    {"thread.cap_effective#",
     [](S s) {
       return capability_count(s,
                               s.applied.thread == nullptr ? 0 : s.applied.thread->cap_effective);
     }},
    {"thread.cap_inheritable#",
     [](S s) {
       return capability_count(s,
                               s.applied.thread == nullptr ? 0 : s.applied.thread->cap_inheritable);
     }},
    {"user.uid", [](S s) { return of_thread(s, [](T t) { return t.uid; }); }},
    {"group.gid", [](S s) { return of_thread(s, [](T t) { return t.gid; }); }},
    {"user.loginuid",
     [](S s) {
       return of_thread(
           s, [](T t) { return t.loginuid == 0xffffffff ? -1 : std::int64_t{t.loginuid}; });
     }},
    {"container.id",
     [](S s) {
       return of_thread(s, [](T t) {
         return t.cgroups && !t.cgroups->container_id.empty()
                    ? t.cgroups->container_id.substr(0, 12)
                    : std::string("host");
       });
     }},
    {"fd.types", fd_types, true},
    {"proc.stdin.name", [](S s) { return standard_fd_name(s, 0); }},
    {"proc.stdout.name", [](S s) { return standard_fd_name(s, 1); }},
    {"proc.stderr.name", [](S s) { return standard_fd_name(s, 2); }},
    {"fd.num", [](S s) { return s.applied.thread == nullptr ? Json() : Json(s.applied.fd_number); },
     true},
    {"fd.type", [](S s) { return of_fd(s, [](F f) { return type_name(f.type); }); }, true},
    {"fd.name", [](S s) { return of_fd(s, [](F f) { return f.name; }); }, true},
    {"fd.nameraw", [](S s) { return of_fd(s, [](F f) { return f.name_raw; }); }, true},
    {"fd.l4proto", [](S s) { return of_fd(s, [](F f) { return l4proto(f); }); }, true},
    {"fd.connected", [](S s) { return of_fd(s, [](F f) { return f.is_connected; }); }, true},
    {"fd.name_changed",
     [](S s) { return of_fd(s, [&](F) { return s.applied.is_fd_name_changed; }); }, true},
    {"fd.ino", [](S s) { return of_fd(s, [](F f) { return f.inode; }); }, true},
    {"fd.is_upper_layer", [](S s) { return of_fd(s, [](F f) { return f.is_upper_layer; }); }, true},
    {"fd.is_lower_layer", [](S s) { return of_fd(s, [](F f) { return f.is_lower_layer; }); }, true},
    {"fd.cip", [](S s) { return end_of(s, true, false); }, true},
    {"fd.sip", [](S s) { return end_of(s, false, false); }, true},
    {"fd.cport", [](S s) { return end_of(s, true, true); }, true},
    {"fd.sport", [](S s) { return end_of(s, false, true); }, true},
};

}  // namespace

std::span<const StateField> state_fields() {
  return kFields;
}

}  // namespace saker::testing
