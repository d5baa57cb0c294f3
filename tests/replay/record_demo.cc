// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Records a command and its children into a capture: saker_record OUT.scap PROGRAM [ARG]...
// Only events of that process tree are written, and a process list that holds nothing but its root,
// so the capture says nothing about the machine beyond what the command itself shows.
// scripts/record_demo.sh makes the capture of tests/replay/demo with it.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "bpf/user/live_source.h"
#include "compat/scap/scap_writer.h"
#include "engine/base/counters.h"
#include "engine/event/event_view.h"

namespace saker {
namespace {

// Timeouts of the source in a row after the command's end that mean "nothing more is coming".
constexpr int kQuietRounds = 5;

// Position of the parameter `ptid` of the clone family. Source: engine/event/event_table.inc.
constexpr std::size_t kParentTidParam = 5;

// The threads of one process tree, followed through clone events.
class ProcessTree {
public:
  explicit ProcessTree(std::int64_t root) : tids_{root} {}

  [[nodiscard]] bool contains(const EventView& event) {
    if (tids_.contains(event.tid())) {
      if (is_clone(event) && event.get_signed(0, -1) > 0) {
        tids_.insert(event.get_signed(0, -1));
      }
      return true;
    }
    if (is_clone(event) && tids_.contains(event.get_signed(kParentTidParam, -1))) {
      tids_.insert(event.tid());
      return true;
    }
    return false;
  }

private:
  static bool is_clone(const EventView& event) {
    const std::string_view name = event.info().name;
    return name == "clone" || name == "clone3" || name == "fork" || name == "vfork";
  }

  std::set<std::int64_t> tids_;
};

Snapshot snapshot_of(pid_t root) {
  Snapshot snapshot;
  snapshot.machine.cpu_count = 1;
  snapshot.machine.hostname = "demo";
  ThreadSnapshot thread;
  thread.tid = thread.pid = thread.vtid = thread.vpid = thread.sid = root;
  thread.ptid = 1;
  thread.comm = "demo";
  thread.exe = "demo";
  thread.cwd = "/";
  thread.root = "/";
  thread.uid = thread.gid = 0;
  snapshot.threads.push_back(thread);
  snapshot.users.push_back(
      {.uid = 0, .gid = 0, .name = "root", .home = "/root", .shell = "/bin/sh"});
  snapshot.users.push_back(
      {.uid = 65534, .gid = 65534, .name = "nobody", .home = "/", .shell = "/bin/false"});
  snapshot.groups.push_back({.gid = 0, .name = "root"});
  return snapshot;
}

// The child waits for a byte, so that nothing of it happens before the recording runs.
struct Held {
  pid_t pid = -1;
  int gate = -1;
};

Held start_held(char** argv) {
  std::array<int, 2> ends = {};
  if (pipe(ends.data()) != 0) {
    return {};
  }
  const pid_t pid = fork();
  if (pid == 0) {
    close(ends[1]);
    char go = 0;
    const bool is_released = read(ends[0], &go, 1) == 1;
    close(ends[0]);
    const std::array<char*, 1> no_environment = {nullptr};
    if (is_released) {
      execve(argv[0], argv, no_environment.data());
    }
    _exit(127);
  }
  close(ends[0]);
  return {pid, ends[1]};
}

Result<std::uint64_t> record(const char* path, char** argv) {
  const Held command = start_held(argv);
  if (command.pid < 0) {
    return fail(ErrorCode::kIo, "cannot start the command");
  }
  Counters counters;
  sensor::LiveOptions options;
  options.selection.all = true;
  options.with_snapshot = false;
  SAKER_ASSIGN_OR_RETURN(auto source, sensor::LiveSource::open(options, counters));
  SAKER_ASSIGN_OR_RETURN(auto writer, scap::ScapWriter::create(path, scap::Compression::kGzip));
  SAKER_RETURN_IF_ERROR(writer->write_snapshot(snapshot_of(command.pid)));
  if (write(command.gate, "g", 1) != 1) {
    return fail(ErrorCode::kIo, "cannot release the command");
  }
  ProcessTree tree(command.pid);
  bool has_ended = false;
  for (int quiet = 0; quiet < kQuietRounds;) {
    Batch batch;
    SAKER_ASSIGN_OR_RETURN(const SourceStatus status, source->next(batch));
    bool is_quiet = status != SourceStatus::kEvents;
    for (const RawEvent& raw : batch.events) {
      EventView event;
      if (event.parse(raw.bytes) == EventFault::kNone && tree.contains(event)) {
        SAKER_RETURN_IF_ERROR(writer->write_event(raw));
        is_quiet = false;
      } else {
        is_quiet |= has_ended;
      }
    }
    has_ended = has_ended || waitpid(command.pid, nullptr, WNOHANG) == command.pid;
    quiet = has_ended && is_quiet ? quiet + 1 : 0;
  }
  SAKER_RETURN_IF_ERROR(writer->close());
  return writer->event_count();
}

}  // namespace
}  // namespace saker

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: saker_record OUT.scap PROGRAM [ARG]...\n");
    return 2;
  }
  const auto count = saker::record(argv[1], argv + 2);
  if (!count) {
    std::fprintf(stderr, "saker_record: %s\n", count.error().message.c_str());
    return 1;
  }
  std::printf("%llu events\n", static_cast<unsigned long long>(*count));
  return 0;
}
