// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The source as a whole: loading, ledger, order, snapshot, selection, enter events.
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <functional>

#include <gtest/gtest.h>

#include "bpf/user/probe.h"
#include "tests/live/sensor/sensor_fixture.h"

namespace saker::sensor::testing {
namespace {

// The verifier accepts a million; a quarter leaves room for other kernels' verifiers.
constexpr std::uint64_t kInstructionBudget = 250'000;

TEST(SensorSource, LoadsEveryProgramWithinTheBudget) {
  SAKER_SKIP_WITHOUT_SENSOR();
  Counters counters;
  auto source = LiveSource::open({}, counters);
  ASSERT_TRUE(source) << source.error().message;
  auto programs = (*source)->programs();
  std::sort(programs.begin(), programs.end(),
            [](const auto& a, const auto& b) { return a.second > b.second; });
  std::uint64_t sum = 0;
  std::size_t shown = 0;
  for (const auto& [name, instructions] : programs) {
    sum += instructions;
    EXPECT_GT(instructions, 0U) << name;
    EXPECT_LT(instructions, kInstructionBudget) << name;
    if (++shown <= 10) {
      std::printf("%8llu %s\n", static_cast<unsigned long long>(instructions), name.c_str());
    }
  }
  std::printf("%8llu in %zu programs\n", static_cast<unsigned long long>(sum), programs.size());
  RecordProperty("programs", static_cast<int>(programs.size()));
  RecordProperty("verified_instructions", static_cast<int>(sum));
  // Every call with an event type of its own has a program.
  for (const SyscallInfo& call : all_syscalls()) {
    if (call.exit_event == EventType::kGenericX || call.x86_64_number < 0) {
      continue;
    }
    const std::string name = "x_" + std::string(call.name);
    EXPECT_TRUE(std::any_of(programs.begin(), programs.end(), [&name](const auto& program) {
      return program.first == name;
    })) << name;
  }
}

TEST(SensorSource, LedgerSumsUp) {
  SAKER_SKIP_WITHOUT_SENSOR();
  LiveOptions options;
  options.drop_failed_exit = true;
  const Recording run = record(
      {"close", "getpid", "openat"},
      [] {
        for (int i = 0; i < 100; ++i) {
          call(SYS_close, 999);
          call(SYS_getpid);
          call(SYS_getppid);
        }
      },
      std::move(options));
  ASSERT_EQ(run.error, "");
  const Ledger& ledger = run.ledger;
  EXPECT_EQ(run.count("close"), 1U) << run.describe();  // the gate's; the failed are left out
  EXPECT_EQ(run.count("syscall"), 100U);
  EXPECT_GE(ledger.filtered_failed, 100U);
  EXPECT_GE(ledger.filtered_unwanted, 100U);
  EXPECT_GE(ledger.filtered_own, 1U);
  EXPECT_EQ(ledger.lost(), 0U);
  // Other processes may be inside a program while the counts are read.
  const auto sum = ledger.submitted + ledger.filtered() + ledger.lost();
  EXPECT_LE(ledger.seen - std::min(sum, ledger.seen), 2U);
  EXPECT_LE(sum - std::min(sum, ledger.seen), 50U);
}

TEST(SensorSource, CountsWhatDoesNotFit) {
  SAKER_SKIP_WITHOUT_SENSOR();
  Counters counters;
  LiveOptions options;
  options.ring_bytes = 4096;
  options.with_snapshot = false;
  options.selection.syscall_codes = {syscall_by_name("getpid")->code};
  auto source = LiveSource::open(options, counters);
  ASSERT_TRUE(source) << source.error().message;
  if (::fork() == 0) {
    for (int i = 0; i < 1000; ++i) {
      call(SYS_getpid);
    }
    ::_exit(0);
  }
  ::wait(nullptr);
  const Ledger ledger = (*source)->ledger();
  EXPECT_GT(ledger.lost_ring_full, 0U);
  EXPECT_GT(ledger.submitted, 0U);
  EXPECT_GE(ledger.submitted + ledger.lost_ring_full, 1000U);
  Batch first;
  ASSERT_TRUE((*source)->next(first));
  EXPECT_GE(counters.get(Counter::kSensorLostRingFull), ledger.lost_ring_full);
  EXPECT_GE(counters.get(Counter::kSensorSubmitted), ledger.submitted);
  // What fitted is there, and reading it makes room.
  EXPECT_FALSE(first.events.empty());
  if (::fork() == 0) {
    call(SYS_getpid);
    ::_exit(0);
  }
  ::wait(nullptr);
  Batch second;
  ASSERT_TRUE((*source)->next(second));
}

TEST(SensorSource, GivesEventsInOrder) {
  SAKER_SKIP_WITHOUT_SENSOR();
  LiveOptions options;
  options.cpus_per_ring = 1;
  const Recording run = record(
      {"getpid"},
      [] {
        for (int child = 0; child < 4; ++child) {
          if (::fork() == 0) {
            for (int i = 0; i < 2000; ++i) {
              call(SYS_getpid);
            }
            ::_exit(0);
          }
        }
        while (::wait(nullptr) > 0) {
        }
      },
      std::move(options));
  ASSERT_EQ(run.error, "");
  EXPECT_EQ(run.count("syscall"), 8000U);
  std::uint64_t last = 0;
  std::size_t backward = 0;
  for (const Record& event : run.events) {
    backward += event.view().ts_ns() < last ? 1U : 0U;
    last = event.view().ts_ns();
  }
  EXPECT_EQ(backward, 0U);
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  EXPECT_NEAR(static_cast<double>(last) / 1e9, static_cast<double>(now.tv_sec), 30.0);
}

TEST(SensorSource, GivesSnapshotFirst) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const int pipe_fd = ::open("/etc/passwd", O_RDONLY | O_CLOEXEC);
  Counters counters;
  auto source = LiveSource::open({}, counters);
  ASSERT_TRUE(source) << source.error().message;
  Batch batch;
  auto status = (*source)->next(batch);
  ASSERT_TRUE(status);
  EXPECT_EQ(*status, SourceStatus::kEvents);
  ASSERT_NE(batch.snapshot, nullptr);
  EXPECT_TRUE(batch.events.empty());
  const Snapshot& snapshot = *batch.snapshot;
  const auto self = std::find_if(snapshot.threads.begin(), snapshot.threads.end(),
                                 [](const auto& thread) { return thread.tid == ::getpid(); });
  ASSERT_NE(self, snapshot.threads.end());
  EXPECT_EQ(self->pid, ::getpid());
  EXPECT_EQ(self->ptid, ::getppid());
  EXPECT_EQ(self->uid, 0U);
  EXPECT_TRUE(self->exepath.ends_with("test_live_sensor_source")) << self->exepath;
  EXPECT_TRUE(self->cwd.ends_with("/"));
  EXPECT_GT(self->clone_ts_ns, snapshot.machine.boot_ts_ns);
  EXPECT_GT(self->pidns_init_start_ts_ns, 0U);
  const auto list = std::find_if(snapshot.fd_lists.begin(), snapshot.fd_lists.end(),
                                 [](const auto& fds) { return fds.tid == ::getpid(); });
  ASSERT_NE(list, snapshot.fd_lists.end());
  const auto file = std::find_if(list->fds.begin(), list->fds.end(),
                                 [pipe_fd](const auto& fd) { return fd.fd == pipe_fd; });
  ASSERT_NE(file, list->fds.end());
  EXPECT_EQ(file->name, "/etc/passwd");
  EXPECT_EQ(file->type, FdType::kFile);
  EXPECT_EQ(file->open_flags & 0x1003, 0x1001U);  // O_RDONLY, O_CLOEXEC
  EXPECT_FALSE(snapshot.users.empty());
  EXPECT_FALSE(snapshot.groups.empty());
  EXPECT_FALSE(snapshot.interfaces.empty());
  EXPECT_GT(snapshot.machine.cpu_count, 0U);
  ::close(pipe_fd);
}

TEST(SensorSource, TellsArgumentsBeforeTheCall) {
  SAKER_SKIP_WITHOUT_SENSOR();
  LiveOptions options;
  options.selection.events = {EventType::kSyscallOpenatV2E};
  const Recording run = record(
      {"openat"},
      [] {
        char path[] = "/nonexistent";
        call(SYS_openat, AT_FDCWD, &path[0], O_WRONLY, 0);
      },
      std::move(options));
  ASSERT_EQ(run.error, "");
  const Record* enter = run.find_if("openat", [](const Record& event) {
    return event.type() == EventType::kSyscallOpenatV2E && event.text("name") == "/nonexistent";
  });
  ASSERT_NE(enter, nullptr) << run.describe();
  EXPECT_EQ(enter->number("dirfd"), -100);
  EXPECT_EQ(enter->number("flags"), 2);
  EXPECT_EQ(enter->number("mode"), 0);
}

// A name that cannot be read when the call begins may be another one at its end.
TEST(SensorSource, TellsWhatWasOpenedWhenTheNameWasNotThere) {
  SAKER_SKIP_WITHOUT_SENSOR();
  constexpr std::size_t kPage = 4096;
  LiveOptions options;
  options.drop_failed_exit = true;
  options.selection.events = {EventType::kSyscallOpenE, EventType::kSyscallCreatE,
                              EventType::kSyscallOpenatV2E, EventType::kSyscallOpenat2E};
  const Folder folder;
  const std::string created = folder.path() + "/created";
  const Recording run = record(
      {"open", "openat", "openat2", "creat"},
      [&] {
        auto* page = static_cast<char*>(
            ::mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
        const auto name = [page, kPage](const char* text, bool is_there) {
          std::strcpy(page, text);
          ::madvise(page, kPage, is_there ? MADV_WILLNEED : MADV_DONTNEED);
          return page;
        };
        open_how how{};
        how.flags = O_RDONLY | O_CLOEXEC;
        (void)!::chdir("/etc");
        call(SYS_openat, AT_FDCWD, name("../etc/hostname", true), O_RDONLY);
        call(SYS_openat, AT_FDCWD, name("../etc/hostname", false), O_RDONLY);
        call(SYS_openat, AT_FDCWD, name("../etc/nowhere", false), O_RDONLY);
        call(SYS_openat, AT_FDCWD, name("../etc/hostname", true), O_RDONLY);
        call(SYS_openat, AT_FDCWD, 0, O_RDONLY);
        call(SYS_open, name("../etc/hostname", false), O_RDONLY);
        call(SYS_openat2, AT_FDCWD, name("../etc/hostname", false), &how, sizeof(how));
        call(SYS_creat, name((folder.path() + "/./created").c_str(), true), 0600);
        call(SYS_creat, name(("/proc/self/root" + created).c_str(), false), 0600);
        // The other way round: how it is opened is not there.
        auto* absent = reinterpret_cast<open_how*>(page);
        *absent = {};
        absent->flags = O_WRONLY | O_CREAT;
        absent->mode = 0600;
        ::madvise(page, kPage, MADV_DONTNEED);
        (void)!::chdir(folder.path().c_str());
        call(SYS_openat2, AT_FDCWD, "./created", absent, sizeof(*absent));
      },
      std::move(options));
  ASSERT_EQ(run.error, "");
  const auto names = [&run](EventType type) {
    std::vector<std::string> found;
    for (const Record& event : run.events) {
      if (event.type() == type) {
        found.push_back(event.text("name"));
      }
    }
    return found;
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(names(EventType::kSyscallOpenatV2X),
            (Names{"../etc/hostname", "/etc/hostname", "../etc/hostname"}));
  EXPECT_EQ(names(EventType::kSyscallOpenX), Names{"/etc/hostname"});
  EXPECT_EQ(names(EventType::kSyscallOpenat2X), (Names{"/etc/hostname", created}));
  EXPECT_EQ(names(EventType::kSyscallCreatX), (Names{folder.path() + "/./created", created}));
  const Record* written = run.find_if("openat2", [&](const Record& event) {
    return event.type() == EventType::kSyscallOpenat2X && event.text("name") == created;
  });
  ASSERT_NE(written, nullptr) << run.describe();
  EXPECT_EQ(written->number("flags") & 3, 2);  // O_WRONLY
}

TEST(SensorSource, ChangesSelectionWhileRunning) {
  SAKER_SKIP_WITHOUT_SENSOR();
  Counters counters;
  LiveOptions options;
  options.with_snapshot = false;
  options.poll_timeout_ms = 50;
  auto source = LiveSource::open(options, counters);
  ASSERT_TRUE(source) << source.error().message;
  const auto run_child = [] {
    if (::fork() == 0) {
      call(SYS_getpid);
      ::_exit(0);
    }
    ::wait(nullptr);
  };
  run_child();
  Batch batch;
  auto status = (*source)->next(batch);
  ASSERT_TRUE(status);
  EXPECT_EQ(*status, SourceStatus::kTimeout);
  Selection selection;
  selection.syscall_codes = {syscall_by_name("getpid")->code};
  ASSERT_TRUE((*source)->select(selection));
  run_child();
  status = (*source)->next(batch);
  ASSERT_TRUE(status);
  EXPECT_EQ(*status, SourceStatus::kEvents);
}

// Runs `body` in a child and gives its exit status.
int in_child(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(body());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(SensorSource, LeavesItselfOutEvenInsideAPidNamespace) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const int status = in_child([] {
    if (::unshare(CLONE_NEWPID) != 0) {
      return 1;
    }
    return in_child([] {
      Counters counters;
      LiveOptions options;
      options.with_snapshot = false;
      options.poll_timeout_ms = 50;
      options.selection.syscall_codes = {syscall_by_name("getpid")->code};
      auto source = LiveSource::open(options, counters);
      if (!source) {
        return 2;
      }
      for (int i = 0; i < 500; ++i) {
        call(SYS_getpid);
      }
      const Ledger ledger = (*source)->ledger();
      return ledger.filtered_own >= 500 && ledger.submitted < 500 ? 0 : 3;
    });
  });
  EXPECT_EQ(status, 0);
}

TEST(SensorSource, SaysWhatIsMissingWithoutRights) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const int status = in_child([] {
    if (::setgid(65534) != 0 || ::setuid(65534) != 0) {
      return 1;
    }
    Counters counters;
    const auto source = LiveSource::open({}, counters);
    if (source) {
      return 2;
    }
    std::fprintf(stderr, "%s\n", source.error().message.c_str());
    const Capabilities found = probe();
    return source.error().code == ErrorCode::kPermission && !found.can_use_bpf ? 0 : 3;
  });
  EXPECT_EQ(status, 0);
}

// The product gives up everything else before it opens the source.
TEST(SensorSource, NeedsNoMoreThanFourCapabilities) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const int status = in_child([] {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> data{};
    for (const unsigned kept : {CAP_BPF, CAP_PERFMON, CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH}) {
      data[kept / 32].permitted |= 1U << (kept % 32);
      data[kept / 32].effective |= 1U << (kept % 32);
    }
    if (::syscall(SYS_capset, &header, data.data()) != 0) {
      return 1;
    }
    Counters counters;
    const auto source = LiveSource::open({}, counters);
    if (!source) {
      std::fprintf(stderr, "%s\n", source.error().message.c_str());
      return 2;
    }
    return 0;
  });
  EXPECT_EQ(status, 0);
}

TEST(SensorSource, ProbeSaysWhatIsMissing) {
  const Capabilities found = probe();
  for (const std::string& sentence : found.missing) {
    std::printf("missing: %s\n", sentence.c_str());
  }
  EXPECT_EQ(found.missing.empty(),
            found.is_sufficient() && found.has_process_fork && found.has_task_iterator);
}

}  // namespace
}  // namespace saker::sensor::testing
