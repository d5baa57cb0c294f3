// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// clone, fork, vfork, clone3, execve, execveat, procexit as the sensor sees them.
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "bpf/user/proc_tasks.h"
#include "bpf/user/proc_text.h"
#include "tests/live/sensor/sensor_fixture.h"

namespace saker::sensor::testing {
namespace {

using namespace std::string_literals;

// Runs `program` in a child; the arguments and environment are fixed.
void run_program(const char* program) {
  const pid_t child = ::fork();
  if (child == 0) {
    const char* arguments[] = {"given-name", "one", "two words", "", nullptr};
    const char* environment[] = {"A=1", "B=", nullptr};
    ::execve(program, const_cast<char**>(arguments), const_cast<char**>(environment));
    ::_exit(44);
  }
  ::waitpid(child, nullptr, 0);
}

const std::string kOwnExe = read_link("/proc/self/exe");

TEST(SensorProcess, TellsBothSidesOfEveryKindOfClone) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Recording run = record({}, [] {
    if (call(SYS_fork) == 0) {
      ::_exit(0);
    }
    if (::vfork() == 0) {
      ::_exit(0);
    }
    if (call(SYS_clone, SIGCHLD | CLONE_CHILD_CLEARTID, 0, 0, 0, 0) == 0) {
      ::_exit(0);
    }
    clone_args arguments{};
    arguments.exit_signal = SIGCHLD;
    arguments.flags = CLONE_NEWUTS;
    if (call(SYS_clone3, &arguments, sizeof(arguments)) == 0) {
      ::_exit(0);
    }
    while (::wait(nullptr) > 0) {
    }
  });
  ASSERT_EQ(run.error, "");
  struct Kind {
    const char* name;
    std::int64_t flags;
  };
  const Kind kinds[] = {
      {"fork", 0}, {"vfork", (1 << 27) | (1 << 15)}, {"clone", 1 << 23}, {"clone3", 1 << 7}};
  for (const Kind& kind : kinds) {
    SCOPED_TRACE(kind.name);
    const Record* parent =
        run.find_if(kind.name, [](const Record& event) { return event.number("res") > 0; });
    const Record* child =
        run.find_if(kind.name, [](const Record& event) { return event.number("res") == 0; });
    ASSERT_NE(parent, nullptr) << run.describe();
    ASSERT_NE(child, nullptr) << run.describe();
    EXPECT_EQ(parent->tid(), run.child);
    EXPECT_EQ(parent->number("tid"), run.child);
    EXPECT_EQ(parent->number("pid"), run.child);
    EXPECT_EQ(parent->number("ptid"), ::getpid());
    EXPECT_EQ(parent->number("pidns_init_start_ts"), 0);
    EXPECT_EQ(child->tid(), parent->number("res"));
    EXPECT_EQ(child->number("tid"), child->tid());
    EXPECT_EQ(child->number("pid"), child->tid());
    EXPECT_EQ(child->number("vtid"), child->tid());
    EXPECT_EQ(child->number("vpid"), child->tid());
    EXPECT_EQ(child->number("ptid"), run.child);
    EXPECT_GT(child->number("pidns_init_start_ts"), 0);
    EXPECT_EQ(parent->number("flags"), kind.flags);
    EXPECT_EQ(child->number("flags"), kind.flags);
    EXPECT_TRUE(child->is_missing("cwd"));
    EXPECT_GT(child->number("fdlimit"), 0);
    EXPECT_GT(child->number("vm_size"), 0);
    EXPECT_LT(child->number("vm_rss"), 1 << 20);
    EXPECT_EQ(child->number("uid"), 0);
    EXPECT_EQ(child->number("gid"), 0);
    EXPECT_FALSE(child->text("exe").empty());
    EXPECT_EQ(child->text("comm"), kOwnExe.substr(kOwnExe.rfind('/') + 1).substr(0, 15));
  }
}

TEST(SensorProcess, TellsThreads) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Recording run = record({}, [] { std::thread([] {}).join(); });
  ASSERT_EQ(run.error, "");
  const Record* thread = nullptr;
  for (const Record& event : run.events) {
    if ((event.name() == "clone" || event.name() == "clone3") && event.number("res") == 0) {
      thread = &event;
    }
  }
  ASSERT_NE(thread, nullptr) << run.describe();
  EXPECT_NE(thread->number("tid"), run.child);
  EXPECT_EQ(thread->number("pid"), run.child);
  EXPECT_EQ(thread->number("ptid"), ::getpid());
  EXPECT_EQ(thread->number("flags") & ((1 << 13) | 1), (1 << 13) | 1);  // THREAD, FILES
}

TEST(SensorProcess, TellsNewImage) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Recording run = record({}, [] { run_program("/bin/true"); });
  ASSERT_EQ(run.error, "");
  const Record* exec = run.find("execve");
  ASSERT_NE(exec, nullptr) << run.describe();
  struct stat file {};
  ASSERT_EQ(::stat("/bin/true", &file), 0);
  EXPECT_EQ(run.count("execve"), 1U);  // not told twice
  EXPECT_EQ(exec->number("res"), 0);
  EXPECT_EQ(exec->text("exe"), "given-name");
  EXPECT_EQ(exec->bytes("args"), "one\0two words\0\0"s);
  EXPECT_EQ(exec->bytes("env"), "A=1\0B=\0"s);
  EXPECT_EQ(exec->text("comm"), "true");
  EXPECT_EQ(exec->number("tid"), exec->tid());
  EXPECT_EQ(exec->number("pid"), exec->tid());
  EXPECT_EQ(exec->number("ptid"), run.child);
  EXPECT_EQ(exec->number("exe_ino"), static_cast<std::int64_t>(file.st_ino));
  EXPECT_EQ(exec->number("exe_ino_ctime"),
            file.st_ctim.tv_sec * 1'000'000'000 + file.st_ctim.tv_nsec);
  EXPECT_EQ(exec->number("exe_ino_mtime"),
            file.st_mtim.tv_sec * 1'000'000'000 + file.st_mtim.tv_nsec);
  EXPECT_EQ(exec->text("trusted_exepath"), "/usr/bin/true");
  EXPECT_EQ(exec->text("filename"), "/bin/true");
  EXPECT_EQ(exec->number("flags"), 1);  // root may write it
  EXPECT_EQ(exec->number("uid"), 0);
  EXPECT_EQ(exec->number("gid"), 0);
  EXPECT_EQ(exec->number("pgid"), ::getpgrp());
  EXPECT_EQ(exec->number("vpgid"), ::getpgrp());
  const std::string loginuid = read_file("/proc/self/loginuid", 32);
  EXPECT_EQ(exec->number("loginuid"), parse_number(loginuid));
  const std::string status = read_file("/proc/self/status", 8192);
  EXPECT_EQ(exec->number("cap_permitted"), parse_number(line_value(status, "CapPrm:"), 16));
  EXPECT_EQ(exec->number("cap_effective"), parse_number(line_value(status, "CapEff:"), 16));
  EXPECT_EQ(exec->number("cap_inheritable"), parse_number(line_value(status, "CapInh:"), 16));
}

TEST(SensorProcess, TellsControlGroupsAsProcDoes) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Recording run = record({}, [] { run_program("/bin/true"); });
  ASSERT_EQ(run.error, "");
  ASSERT_NE(run.find("execve"), nullptr);
  std::string expected = event_cgroups(read_file("/proc/self/cgroup", 65536));
  const std::size_t io = expected.find("blkio=");
  if (io != std::string::npos) {
    expected.replace(io, 5, "io");  // the kernel's own name of the controller
  }
  EXPECT_EQ(run.find("execve")->bytes("cgroups"), expected);
}

// Folders can be deeper than any path; the beginning is what is kept.
TEST(SensorProcess, KeepsTheBeginningOfLongPaths) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Folder folder;
  const std::string name(255, 'n');
  const int start = ::open(folder.path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  const int own = ::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  ASSERT_EQ(::fchdir(start), 0);
  for (int i = 0; i < 300; ++i) {
    ASSERT_EQ(::mkdir(name.c_str(), 0700), 0);
    ASSERT_EQ(::chdir(name.c_str()), 0);
  }
  std::filesystem::copy_file("/bin/true", "program");
  const Recording run = record({}, [] { run_program("./program"); });
  ASSERT_EQ(::fchdir(own), 0);
  // The library's removal does not reach that deep.
  (void)!std::system(("rm -rf " + folder.path() + "/n*").c_str());  // NOLINT
  ::close(start);
  ::close(own);
  ASSERT_EQ(run.error, "");
  const Record* exec = run.find("execve");
  ASSERT_NE(exec, nullptr) << run.describe();
  EXPECT_EQ(exec->number("res"), 0);
  const std::string path = exec->text("trusted_exepath");
  EXPECT_EQ(path.size(), 4095U);
  EXPECT_EQ(path.substr(0, folder.path().size() + 512), folder.path() + "/" + name + "/" + name);
  EXPECT_EQ(path.find_first_not_of("n/", folder.path().size()), std::string::npos);
  EXPECT_GT(run.ledger.flaw_truncated, 0U);
}

// Groups below each other, removed at the end.
class NestedGroups {
public:
  NestedGroups(std::string top, std::size_t depth) : paths_{std::move(top)} {
    while (paths_.size() < depth) {
      paths_.push_back(paths_.back() + "/n" + std::to_string(paths_.size()));
    }
    for (const std::string& path : paths_) {
      is_made_ = ::mkdir(path.c_str(), 0755) == 0;
    }
  }
  NestedGroups(const NestedGroups&) = delete;
  NestedGroups& operator=(const NestedGroups&) = delete;
  ~NestedGroups() {
    for (auto path = paths_.rbegin(); path != paths_.rend(); ++path) {
      ::rmdir(path->c_str());
    }
  }
  [[nodiscard]] bool is_made() const { return is_made_; }
  [[nodiscard]] const std::string& path(std::size_t depth) const { return paths_[depth - 1]; }

private:
  std::vector<std::string> paths_;
  bool is_made_ = false;
};

// The outer parts tell the container; whoever may make groups can add inner ones at will.
TEST(SensorProcess, KeepsTheOutermostControlGroups) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const std::string root = "/sys/fs/cgroup/memory";
  constexpr std::size_t kKept = 32;
  constexpr std::size_t kDepths[] = {13, kKept, 45, 300};
  const NestedGroups groups(root + "/saker-test-" + std::to_string(::getpid()), kDepths[3]);
  if (!groups.is_made()) {
    GTEST_SKIP() << "SKIP: no control groups of version 1 can be made in " << root;
  }
  const Recording run = record({}, [&] {
    for (const std::size_t depth : kDepths) {
      const int procs = ::open((groups.path(depth) + "/cgroup.procs").c_str(), O_WRONLY);
      (void)!::write(procs, "0", 1);
      ::close(procs);
      run_program("/bin/true");
    }
  });
  ASSERT_EQ(run.error, "");
  for (std::size_t i = 0; i < std::size(kDepths); ++i) {
    const Record* exec = run.find("execve", i);
    ASSERT_NE(exec, nullptr) << run.describe();
    const std::string groups_text = exec->bytes("cgroups");
    const std::size_t at = groups_text.find("memory=");
    ASSERT_NE(at, std::string::npos);
    const std::string shown = groups_text.c_str() + at + std::strlen("memory=");
    const std::string kept = groups.path(std::min(kDepths[i], kKept)).substr(root.size());
    EXPECT_EQ(shown, kept) << kDepths[i];
  }
  EXPECT_GT(run.ledger.flaw_truncated, 0U);
}

TEST(SensorProcess, TellsFailedExec) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Recording run = record({}, [] {
    run_program("/nonexistent/program");
    call(SYS_execve, "/etc", nullptr, nullptr);
    char name[] = "at";
    char* arguments[] = {name, nullptr};
    call(SYS_execveat, 999, "relative", arguments, nullptr, 0);
  });
  ASSERT_EQ(run.error, "");
  const Record* exec = run.find("execve");
  const Record* bare = run.find("execve", 1);
  const Record* at = run.find("execveat");
  ASSERT_NE(exec, nullptr) << run.describe();
  ASSERT_NE(bare, nullptr) << run.describe();
  ASSERT_NE(at, nullptr) << run.describe();
  EXPECT_EQ(exec->number("res"), -2);
  EXPECT_EQ(exec->text("exe"), "given-name");
  EXPECT_EQ(exec->bytes("args"), "one\0two words\0\0"s);
  EXPECT_EQ(exec->bytes("env"), "A=1\0B=\0"s);
  EXPECT_EQ(exec->text("filename"), "/nonexistent/program");
  EXPECT_EQ(exec->text("trusted_exepath"), kOwnExe);
  EXPECT_EQ(bare->number("res"), -13);
  EXPECT_TRUE(bare->is_missing("exe"));
  EXPECT_TRUE(bare->is_missing("args"));
  EXPECT_TRUE(bare->is_missing("env"));
  EXPECT_EQ(at->number("res"), -9);
  EXPECT_EQ(at->text("exe"), "at");
  EXPECT_TRUE(at->is_missing("args"));
  const Record* end =
      run.find_if("procexit", [exec](const Record& event) { return event.tid() == exec->tid(); });
  ASSERT_NE(end, nullptr);
  EXPECT_EQ(end->number("status"), 44 << 8);
  EXPECT_EQ(end->number("ret"), 44);
}

// An empty argv[0] must not hide the arguments.
TEST(SensorProcess, TellsArgumentsAfterAnEmptyName) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Recording run = record({}, [] {
    for (const char* program : {"/bin/true", "/nonexistent/program"}) {
      if (::fork() == 0) {
        // On the stack: a page of constants may not be there after the fork.
        const char secret[] = "secret";
        const char* arguments[] = {"", secret, nullptr};
        const char* environment[] = {nullptr};
        ::execve(program, const_cast<char**>(arguments), const_cast<char**>(environment));
        ::_exit(1);
      }
      ::wait(nullptr);
    }
  });
  ASSERT_EQ(run.error, "");
  for (const std::size_t nth : {0U, 1U}) {
    const Record* exec = run.find("execve", nth);
    ASSERT_NE(exec, nullptr) << run.describe();
    EXPECT_EQ(exec->bytes("exe"), "\0"s) << exec->describe();
    EXPECT_EQ(exec->bytes("args"), "secret\0"s) << exec->describe();
  }
}

TEST(SensorProcess, TellsExecOfMemfdAndScript) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Folder folder;
  const Recording run = record({}, [&folder] {
    (void)!::chdir(folder.path().c_str());
    const int memory = static_cast<int>(call(SYS_memfd_create, "payload", 0));
    const int original = ::open("/bin/true", O_RDONLY);
    struct stat file {};
    ::fstat(original, &file);
    call(SYS_sendfile, memory, original, nullptr, file.st_size);
    if (::fork() == 0) {
      const char* arguments[] = {"in-memory", nullptr};
      call(SYS_execveat, memory, "", arguments, nullptr, AT_EMPTY_PATH);
      ::_exit(1);
    }
    ::wait(nullptr);
    const int script = ::open("script", O_WRONLY | O_CREAT, 0700);
    (void)!::write(script, "#!/bin/true\n", 12);
    ::close(script);
    run_program("./script");
  });
  ASSERT_EQ(run.error, "");
  const Record* memory = run.find("execve");  // as the kernel makes it look
  ASSERT_NE(memory, nullptr) << run.describe();
  EXPECT_EQ(memory->number("res"), 0);
  EXPECT_EQ(memory->text("exe"), "in-memory");
  EXPECT_EQ(memory->text("trusted_exepath"), "memfd:payload");
  EXPECT_EQ(memory->number("flags") & 4, 4);
  const Record* script = run.find("execve", 1);
  ASSERT_NE(script, nullptr) << run.describe();
  EXPECT_EQ(script->number("res"), 0);
  EXPECT_EQ(script->text("filename"), "./script");
  EXPECT_EQ(script->text("exe"), "/bin/true");
  EXPECT_EQ(script->bytes("args"), "./script\0one\0two words\0\0"s);
  EXPECT_EQ(script->text("trusted_exepath"), "/usr/bin/true");
}

// Mounts cost steps of a path's walk. Beyond all of them there is no path: a part of it would look
// like another one.
TEST(SensorProcess, TellsTheProgramBelowManyMounts) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Folder folder;
  const std::string program = folder.path() + "/usr/bin/passwd";
  std::filesystem::create_directories(folder.path() + "/usr/bin");
  std::filesystem::copy_file("/bin/true", program);
  const Recording run = record({}, [&] {
    const std::string path = folder.path();
    (void)!::unshare(CLONE_NEWNS);
    ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
    int made = 0;
    for (const int wanted : {61, 500, 9000}) {
      for (; made < wanted; ++made) {
        ::mount(path.c_str(), path.c_str(), nullptr, MS_BIND, nullptr);
      }
      run_program(program.c_str());
    }
  });
  ASSERT_EQ(run.error, "");
  for (const std::size_t nth : {0U, 1U}) {
    const Record* exec = run.find("execve", nth);
    ASSERT_NE(exec, nullptr) << run.describe();
    EXPECT_EQ(exec->text("trusted_exepath"), program);
  }
  const Record* last = run.find("execve", 2);
  ASSERT_NE(last, nullptr) << run.describe();
  EXPECT_EQ(last->number("res"), 0);
  EXPECT_TRUE(last->is_missing("trusted_exepath"));
  EXPECT_GT(run.ledger.flaw_truncated, 0U);
}

TEST(SensorProcess, TellsWhetherTheProgramMayBeWritten) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Recording run = record({}, [] {
    (void)!::setgid(33);
    (void)!::setuid(33);
    run_program("/bin/true");
  });
  ASSERT_EQ(run.error, "");
  const Record* exec = run.find("execve");
  ASSERT_NE(exec, nullptr) << run.describe();
  EXPECT_EQ(exec->number("flags"), 0);
  EXPECT_EQ(exec->number("uid"), 33);
  EXPECT_EQ(exec->number("gid"), 33);
  EXPECT_EQ(exec->number("cap_effective"), 0);
}

TEST(SensorProcess, CutsLongVectors) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Recording run = record({}, [] {
    const std::string big(10000, 'x');
    if (::fork() == 0) {
      const char* arguments[] = {"exe", big.c_str(), nullptr};
      const char* environment[] = {big.c_str(), nullptr};
      ::execve("/bin/true", const_cast<char**>(arguments), const_cast<char**>(environment));
    }
    ::wait(nullptr);
  });
  ASSERT_EQ(run.error, "");
  const Record* exec = run.find("execve");
  ASSERT_NE(exec, nullptr) << run.describe();
  EXPECT_EQ(exec->bytes("args"), std::string(4096 - 4 - 1, 'x') + '\0');
  EXPECT_EQ(exec->bytes("env"), std::string(4095, 'x') + '\0');
}

TEST(SensorProcess, TellsWhoAdoptsOrphans) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Recording run = record({}, [] {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    int ends[2];
    (void)!::pipe(ends);
    if (::fork() == 0) {
      if (::fork() == 0) {
        char byte = 0;
        ::close(ends[1]);
        (void)!::read(ends[0], &byte, 1);  // until the grandparent closes
        ::_exit(0);
      }
      ::_exit(0);
    }
    ::wait(nullptr);
    ::close(ends[1]);
    ::wait(nullptr);
  });
  ASSERT_EQ(run.error, "");
  const Record* middle = run.find("procexit");
  const Record* orphan = run.find("procexit", 1);
  ASSERT_NE(orphan, nullptr) << run.describe();
  EXPECT_EQ(middle->number("reaper_tid"), run.child);
  EXPECT_EQ(orphan->number("reaper_tid"), 0);
}

TEST(SensorProcess, TellsIdsInsideNamespaces) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Recording run = record({}, [] {
    if (::unshare(CLONE_NEWPID) != 0) {
      ::_exit(1);
    }
    run_program("/bin/true");
  });
  ASSERT_EQ(run.error, "");
  const Record* exec = run.find("execve");
  ASSERT_NE(exec, nullptr) << run.describe();
  const Record* birth =
      run.find_if("clone", [exec](const Record& event) { return event.tid() == exec->tid(); });
  const Record* parent =
      run.find_if("clone", [&run](const Record& event) { return event.tid() == run.child; });
  ASSERT_NE(birth, nullptr) << run.describe();
  ASSERT_NE(parent, nullptr) << run.describe();
  EXPECT_EQ(birth->number("vpid"), 1);
  EXPECT_EQ(birth->number("vtid"), 1);
  EXPECT_NE(birth->number("pid"), 1);
  EXPECT_EQ(birth->number("flags") & (1 << 29), 1 << 29);
  EXPECT_EQ(parent->number("flags") & (1 << 29), 1 << 29);
  EXPECT_EQ(parent->number("res"), birth->tid());
}

}  // namespace
}  // namespace saker::sensor::testing
