// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A small system to try events on: init (1), a shell (600, child of init, cwd /home/alice/, fds 0
// to 2 and the directory 7 /srv/data) and a process with two threads (700 and 701, one fd table).
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "engine/state/state.h"
#include "tests/support/event_builder.h"

namespace saker::testing {

using enum EventType;

inline constexpr std::int64_t kShell = 600;
inline constexpr std::int64_t kServer = 700;
inline constexpr std::int64_t kServerThread = 701;
inline constexpr std::uint64_t kSecond = 1'000'000'000;

[[nodiscard]] inline ThreadSnapshot thread_snapshot(std::int64_t tid, std::int64_t pid,
                                                    std::int64_t ptid, std::string comm) {
  ThreadSnapshot thread;
  thread.tid = thread.vtid = tid;
  thread.pid = thread.vpid = pid;
  thread.ptid = ptid;
  thread.sid = thread.pgid = thread.vpgid = pid;
  thread.exe = thread.comm = std::move(comm);
  thread.exepath = "/usr/bin/" + thread.comm;
  thread.cwd = "/home/alice/";
  thread.root = "/";
  thread.env = pieces({"HOME=/home/alice"});
  thread.cgroups = pieces({"cpuset=/user.slice"});
  thread.fdlimit = 1024;
  thread.uid = thread.gid = 1000;
  return thread;
}

[[nodiscard]] inline FdSnapshot fd_snapshot(std::int64_t fd, FdType type, std::string name) {
  FdSnapshot snapshot;
  snapshot.fd = fd;
  snapshot.type = type;
  snapshot.name = std::move(name);
  return snapshot;
}

[[nodiscard]] inline Snapshot small_system() {
  Snapshot snapshot;
  ThreadSnapshot second = thread_snapshot(kServerThread, kServer, 1, "worker");
  second.flags = thread_flag::kCloneThread | thread_flag::kCloneFiles;
  snapshot.threads = {thread_snapshot(1, 1, 0, "init"), thread_snapshot(kShell, kShell, 1, "bash"),
                      thread_snapshot(kServer, kServer, 1, "server"), second};
  snapshot.fd_lists = {
      {kShell,
       {fd_snapshot(0, FdType::kFile, "/dev/null"), fd_snapshot(1, FdType::kFile, "/dev/null"),
        fd_snapshot(2, FdType::kFile, "/dev/null"),
        fd_snapshot(7, FdType::kDirectory, "/srv/data")}},
      {kServer, {fd_snapshot(0, FdType::kFile, "/dev/null")}}};
  InterfaceSnapshot loopback;
  loopback.name = "lo";
  loopback.address = {127, 0, 0, 1};
  loopback.netmask = {255, 0, 0, 0};
  InterfaceSnapshot ethernet;
  ethernet.name = "eth0";
  ethernet.address = {10, 0, 0, 5};
  ethernet.netmask = {255, 255, 255, 0};
  snapshot.interfaces = {loopback, ethernet};
  return snapshot;
}

// Applies events one after the other; what an event closes or ends goes when the next one comes.
class StateFixture : public ::testing::Test {
protected:
  StateFixture() { state.reset(small_system()); }

  const Applied& apply(EventBuilder builder) {
    retire();
    builder_.emplace(std::move(builder));
    view_ = builder_->view();
    is_applied_ = true;
    return state.apply(view_);
  }
  [[nodiscard]] const EventView& view() const { return view_; }
  void retire() {
    if (is_applied_) {
      state.retire(view_);
      is_applied_ = false;
    }
  }

  // A file that is open from then on.
  void open(std::int64_t tid, std::int64_t fd, std::string_view name, int flags = 1) {
    apply(EventBuilder(kSyscallOpenX)
              .tid(tid)
              .with("fd", fd)
              .with("name", name)
              .with("flags", flags));
  }
  // The child's half of a fork.
  void fork(std::int64_t parent, std::int64_t child) {
    apply(clone_event(child, 0, parent).with("pid", child).with("ptid", parent));
  }
  [[nodiscard]] static EventBuilder clone_event(std::int64_t tid, std::int64_t result,
                                                std::int64_t ptid) {
    return EventBuilder(kSyscallCloneV20X)
        .tid(tid)
        .with("res", result)
        .with("exe", "bash")
        .with("comm", "bash")
        .with("ptid", ptid)
        .with("cgroups", pieces({"cpuset=/user.slice"}))
        .with("vtid", tid)
        .with("vpid", tid)
        .with("uid", 1000)
        .with("gid", 1000);
  }
  [[nodiscard]] static EventBuilder exec_event(std::int64_t tid, std::string_view name) {
    return EventBuilder(kSyscallExecveV19X)
        .tid(tid)
        .with("exe", name)
        .with("comm", name)
        .with("pid", tid)
        .with("ptid", 1)
        .with("cgroups", pieces({"cpuset=/user.slice"}))
        .with("env", pieces({"A=1"}));
  }
  void exit(std::int64_t tid, std::int64_t reaper = 0) {
    apply(EventBuilder(kProcexitV1E).tid(tid).with("reaper_tid", reaper));
    retire();
  }

  [[nodiscard]] const Thread& thread(std::int64_t tid) const {
    const Thread* found = state.find_thread(tid);
    EXPECT_NE(found, nullptr) << tid;
    static const Thread kNone;
    return found == nullptr ? kNone : *found;
  }
  [[nodiscard]] const FdInfo* fd(std::int64_t tid, std::int64_t number) const {
    const FdTable* table = state.fds(thread(tid));
    return table == nullptr ? nullptr : table->find(number);
  }
  [[nodiscard]] std::string fd_name(std::int64_t tid, std::int64_t number) const {
    const FdInfo* info = fd(tid, number);
    return info == nullptr ? "(closed)" : info->name;
  }

  Counters counters;
  State state{StateLimits{}, counters};

private:
  std::optional<EventBuilder> builder_;
  EventView view_;
  bool is_applied_ = false;
};

}  // namespace saker::testing
