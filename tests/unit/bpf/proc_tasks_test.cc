// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "bpf/user/proc_tasks.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace saker::sensor {
namespace {

using namespace std::string_literals;

TEST(ProcCgroup, PutsControllersInTheEventsOrder) {
  EXPECT_EQ(event_cgroups("5:memory:/m\n4:cpu,cpuacct:/c\n3:blkio:/b\n2:cpuset:/s\n0::/u\n"),
            "cpuset=/s\0cpu=/c\0cpuacct=/c\0blkio=/b\0memory=/m\0"s);
  EXPECT_EQ(event_cgroups("0::/user.slice/x.scope\n"),
            "cpuset=/user.slice/x.scope\0cpu=/user.slice/x.scope\0cpuacct=/user.slice/x.scope\0"
            "blkio=/user.slice/x.scope\0memory=/user.slice/x.scope\0"s);
  EXPECT_EQ(event_cgroups("0::/a:b\n").substr(0, 11), "cpuset=/a:b"s);
  EXPECT_EQ(event_cgroups("nonsense"), "");
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

std::string status(const std::string& ids) {
  return "Name:\tx\nTgid:\t10\n" + ids +
         "PPid:\t3\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nNSpgid:\t9\t4\n"
         "VmSize:\t     120 kB\nVmRSS:\t  40 kB\nVmSwap:\t 1 kB\n"
         "CapInh:\t0000000000000001\nCapPrm:\t00000000000000ff\nCapEff:\t0000000000000002\n";
}

TEST(ProcTasks, ReadsThreadsOfAProcess) {
  const testing::TempDir root;
  const std::filesystem::path process = root.path() / "10";
  const std::string stat = "10 (a) b) S 3 9 8 1025 -1 0 11 0 12 0 0 0 0 0 20 0 1 0 300 0 0 0\n";
  for (const char* tid : {"10", "12"}) {
    const std::filesystem::path task = process / "task" / tid;
    write(task / "status", status("NStgid:\t10\t4\nNSpid:\t"s + tid + "\t5\n"));
    write(task / "stat", stat);
    write(task / "comm", "a name\n");
    write(task / "loginuid", "1000");
    write(task / "cgroup", "0::/x\n");
  }
  write(process / "cmdline", "exe\0one\0two\0"s);
  write(process / "environ", "A=1\0B=2\0"s);
  write(process / "limits", "Limit  Soft  Hard  Units\nMax open files   1024   4096   files\n");
  std::filesystem::create_symlink("/bin/tool (deleted)", process / "exe");
  std::filesystem::create_symlink("/home/x", process / "cwd");
  std::filesystem::create_symlink("/", process / "root");
  write(root.path() / "11" / "cmdline", "ended");  // no task folder: gone

  const auto threads = scan_threads(root.path().string(), 1'000'000'000);
  ASSERT_EQ(threads.size(), 2U);
  const ThreadSnapshot& main = threads[0];
  EXPECT_EQ(main.tid, 10);
  EXPECT_EQ(main.pid, 10);
  EXPECT_EQ(main.ptid, 3);
  EXPECT_EQ(main.pgid, 9);
  EXPECT_EQ(main.sid, 8);
  EXPECT_EQ(main.tty, 1025U);
  EXPECT_EQ(main.vpid, 4);
  EXPECT_EQ(main.vtid, 5);
  EXPECT_EQ(main.vpgid, 4);
  EXPECT_EQ(main.uid, 2U);
  EXPECT_EQ(main.gid, 6U);
  EXPECT_EQ(main.loginuid, 1000U);
  EXPECT_EQ(main.comm, "a name");
  EXPECT_EQ(main.exe, "exe");
  EXPECT_EQ(main.args, "one\0two\0"s);
  EXPECT_EQ(main.env, "A=1\0B=2\0"s);
  EXPECT_EQ(main.exepath, "/bin/tool");
  EXPECT_EQ(main.cwd, "/home/x/");
  EXPECT_EQ(main.root, "/");
  EXPECT_EQ(main.fdlimit, 1024U);
  EXPECT_EQ(main.vmsize_kb, 120U);
  EXPECT_EQ(main.vmrss_kb, 40U);
  EXPECT_EQ(main.vmswap_kb, 1U);
  EXPECT_EQ(main.pfminor, 11U);
  EXPECT_EQ(main.pfmajor, 12U);
  EXPECT_EQ(main.cap_inheritable, 1U);
  EXPECT_EQ(main.cap_permitted, 0xffU);
  EXPECT_EQ(main.cap_effective, 2U);
  EXPECT_EQ(main.clone_ts_ns, 4'000'000'000U);  // 300 ticks of 10 ms after the boot
  EXPECT_EQ(main.flags & thread_flag::kIsMainThread, thread_flag::kIsMainThread);
  EXPECT_EQ(main.flags & thread_flag::kChildInPidns, thread_flag::kChildInPidns);
  const ThreadSnapshot& other = threads[1];
  EXPECT_EQ(other.tid, 12);
  EXPECT_EQ(other.pid, 10);
  EXPECT_EQ(other.exepath, "/bin/tool");
  EXPECT_EQ(other.flags & (thread_flag::kCloneThread | thread_flag::kCloneFiles),
            thread_flag::kCloneThread | thread_flag::kCloneFiles);
}

TEST(ProcTasks, SurvivesNonsense) {
  const testing::TempDir root;
  write(root.path() / "5" / "task" / "5" / "status", "Tgid:\tx\nUid:\nNStgid:\n");
  write(root.path() / "5" / "task" / "5" / "stat", "5 (no end");
  const auto threads = scan_threads(root.path().string(), 0);
  ASSERT_EQ(threads.size(), 1U);
  EXPECT_EQ(threads[0].uid, 0xffffffffU);
  EXPECT_TRUE(scan_threads("/nonexistent", 0).empty());
}

}  // namespace
}  // namespace saker::sensor
