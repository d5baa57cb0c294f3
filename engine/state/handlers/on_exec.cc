// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <utility>

#include "engine/state/handlers/handlers.h"

namespace saker {

namespace {

enum Param : std::size_t {
  kResult = 0,
  kExe = 1,
  kArgs = 2,
  kPid = 4,
  kPtid = 5,
  kFdlimit = 7,
  kPfmajor = 8,
  kPfminor = 9,
  kVmsize = 10,
  kVmrss = 11,
  kVmswap = 12,
  kComm = 13,
  kCgroups = 14,
  kEnv = 15,
  kTty = 16,
  kVpgid = 17,
  kLoginuid = 18,
  kFlags = 19,
  kCapInheritable = 20,
  kCapPermitted = 21,
  kCapEffective = 22,
  kExeIno = 23,
  kExeInoCtime = 24,
  kExeInoMtime = 25,
  kUid = 26,
  kTrustedExepath = 27,
  kPgid = 28,
  kGid = 29,
};

// Bits of the flags parameter. Source: flags.json, execve_flags.
constexpr std::uint32_t kExeWritable = 1U << 0;
constexpr std::uint32_t kExeUpperLayer = 1U << 1;
constexpr std::uint32_t kExeFromMemfd = 1U << 2;
constexpr std::uint32_t kExeLowerLayer = 1U << 3;

[[nodiscard]] Ref<ExecImage> make_image(StateCore& core, const EventView& event,
                                        const Thread& thread) {
  Ref<ExecImage> image = core.images.make();
  image->comm = event.text(kComm);
  image->exe = event.text(kExe);
  assign_pieces(as_text(event.param(kArgs)), image->args);
  if (event.is_missing(kEnv)) {
    image->env = thread.image->env;  // Falco keeps it, though the program has none
  } else {
    assign_pieces(as_text(event.param(kEnv)), image->env);
  }
  if (!event.is_missing(kTrustedExepath)) {
    image->exepath = event.text(kTrustedExepath);
  }
  image->build_cmdline();
  const auto flags = event.get<std::uint32_t>(kFlags);
  image->is_writable = (flags & kExeWritable) != 0;
  image->is_upper_layer = (flags & kExeUpperLayer) != 0;
  image->is_from_memfd = (flags & kExeFromMemfd) != 0;
  image->is_lower_layer = (flags & kExeLowerLayer) != 0;
  image->ino = event.get<std::uint64_t>(kExeIno);
  image->ino_ctime_ns = event.get<std::uint64_t>(kExeInoCtime);
  image->ino_mtime_ns = event.get<std::uint64_t>(kExeInoMtime);
  image->set_process_start(thread.clone_ts_ns);
  return image;
}

// Sets a value that old captures lack only if the event has it.
template <typename T>
void update(const EventView& event, std::size_t param, T& value) {
  value = event.get<T>(param, value);
}

void update_ids(const EventView& event, Thread& thread) {
  update(event, kPid, thread.pid);
  update(event, kFdlimit, thread.fdlimit);
  update(event, kPfmajor, thread.pfmajor);
  update(event, kPfminor, thread.pfminor);
  update(event, kVmsize, thread.vmsize_kb);
  update(event, kVmrss, thread.vmrss_kb);
  update(event, kVmswap, thread.vmswap_kb);
  update(event, kTty, thread.tty);
  update(event, kVpgid, thread.vpgid);
  update(event, kPgid, thread.pgid);
  update(event, kLoginuid, thread.loginuid);
  update(event, kUid, thread.uid);
  update(event, kGid, thread.gid);
  update(event, kCapInheritable, thread.cap_inheritable);
  update(event, kCapPermitted, thread.cap_permitted);
  update(event, kCapEffective, thread.cap_effective);
}

// An exec tells enough of a thread that was not known to give it its place among the others.
void complete(StateCore& core, const EventView& event, Thread& thread) {
  update(event, kPtid, thread.ptid);
  thread.vtid = thread.tid;
  thread.vpid = thread.pid;
  core.link(thread);
}

void close_on_exec(StateCore& core, Thread& thread) {
  std::vector<std::int64_t>& doomed = core.fd_numbers;
  doomed.clear();
  Ref<FdTable>& table = thread.files->table;
  table->for_each([&](std::int64_t fd, const FdInfo& info) {
    if ((info.open_flags & open_flag::kCloexec) != 0) {
      doomed.push_back(fd);
    }
  });
  for (const std::int64_t fd : doomed) {
    core.fds.remove(table, fd);
  }
}

}  // namespace

void on_exec(StateCore& core, const EventView& event) {
  if (event.get_signed(kResult, -1) < 0) {
    return;
  }
  Thread& thread = *core.current.thread;
  // A secondary thread that execs takes over the tid of its main thread, which may be dead already.
  core.threads.revive(thread);
  thread.image = make_image(core, event, thread);
  thread.pidns_start_to_exe_ctime_ns =
      thread.pidns_init_start_ts_ns != 0 &&
              thread.image->ino_ctime_ns > thread.pidns_init_start_ts_ns
          ? thread.image->ino_ctime_ns - thread.pidns_init_start_ts_ns
          : 0;
  thread.has_env = true;
  thread.exec_ts_ns = event.ts_ns();
  thread.cgroups = core.images.cgroups(as_text(event.param(kCgroups)), thread.cgroups);
  update_ids(event, thread);
  if (thread.is_invalid) {
    complete(core, event, thread);
  }
  const std::uint32_t kept = thread.flags & thread_flag::kInverted;
  thread.flags = thread_flag::kActive | kept;
  const Ref<ThreadGroup> group = thread.group;
  if (group->live_count > 1) {
    core.threads.for_each_in_group(*group, [&](Thread& other) {
      if (!other.is_main() && &other != &thread) {
        core.remove(other);
      }
    });
  }
  // A new program shares its files with no other process.
  core.give_files(thread);
  core.detach_files(thread);
  close_on_exec(core, thread);
}

}  // namespace saker
