// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Calls on files and paths: every parameter of every event.
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "tests/live/sensor/sensor_fixture.h"

namespace saker::sensor::testing {
namespace {

// Device and inode of `path` as the events have them.
void note_file(Notes& n, std::size_t at, const char* path) {
  struct stat file {};
  ::stat(path, &file);
  n.number[at] = static_cast<std::int64_t>(file.st_dev);
  n.number[at + 1] = static_cast<std::int64_t>(file.st_ino);
}

// Opens `path` as descriptor kFd.
void open_known(const char* path, int flags) {
  rename_fd(::open(path, flags, 0644), kFd);
}

const std::vector<Case>& open_cases() {
  static const std::vector<Case> kCases = {
      {"open",
       [](Notes& n) {
         n.number[0] = call(SYS_open, "made", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
         note_file(n, 1, "made");
       },
       // O_RDWR 3, O_CREAT 4, O_EXCL 32, O_CLOEXEC 4096, O_F_CREATED 16384
       "fd={0}; name=made; flags=20519; mode=416; dev={1}; ino={2}"},
      {"open", [](Notes&) { call(SYS_open, "made", O_WRONLY | O_CREAT | O_EXCL, 0640); },
       "fd=-17; name=made; flags=38; mode=416; dev=0; ino=0"},
      {"open", [](Notes&) { call(SYS_open, nullptr, O_RDONLY, 0); },
       "fd=-14; name=<missing>; flags=1; mode=0; dev=0; ino=0"},
      {"open", [](Notes&) { call(SYS_open, "", O_RDONLY, 0); },
       "fd=-2; name=; flags=1; mode=0; dev=0; ino=0"},
      {"open",
       [](Notes& n) {
         n.number[0] = call(SYS_open, "made", O_APPEND | O_TRUNC | O_WRONLY | O_NONBLOCK, 0777);
         note_file(n, 1, "made");
       },
       "fd={0}; name=made; flags=330; mode=0; dev={1}; ino={2}"},
      {"openat",
       [](Notes& n) {
         n.number[0] = call(SYS_openat, AT_FDCWD, ".", O_RDONLY | O_DIRECTORY, 0);
         note_file(n, 1, ".");
       },
       // O_DIRECTORY 1024 and, as in Falco, O_TMPFILE 8192
       "fd={0}; dirfd=-100; name=.; flags=9217; mode=0; dev={1}; ino={2}"},
      {"openat", [](Notes&) { call(SYS_openat, 999, "none", O_RDWR | O_SYNC, 0); },
       "fd=-9; dirfd=999; name=none; flags=147; mode=0; dev=0; ino=0"},
      {"openat2",
       [](Notes& n) {
         open_how how{};
         how.flags = O_RDWR | O_CREAT;
         how.mode = 0600;
         how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
         n.number[0] = call(SYS_openat2, AT_FDCWD, "made2", &how, sizeof(how));
         note_file(n, 1, "made2");
       },
       "fd={0}; dirfd=-100; name=made2; flags=16391; mode=384; resolve=9; dev={1}; ino={2}"},
      {"creat",
       [](Notes& n) {
         n.number[0] = call(SYS_creat, "made3", 0755);
         note_file(n, 1, "made3");
       },
       "fd={0}; name=made3; mode=493; dev={1}; ino={2}; creat_flags=0"},
      {"open_by_handle_at",
       [](Notes& n) {
         alignas(file_handle) std::array<char, sizeof(file_handle) + 128> space{};
         auto* handle = reinterpret_cast<file_handle*>(space.data());
         handle->handle_bytes = 128;
         int mount = 0;
         ::name_to_handle_at(AT_FDCWD, "made", handle, &mount, 0);
         open_known(".", O_RDONLY | O_DIRECTORY);
         n.number[0] = call(SYS_open_by_handle_at, kFd, handle, O_RDONLY);
         note_file(n, 1, "made");
       },
       "fd={0}; mountfd=100; flags=1; path=*; dev={1}; ino={2}"},
  };
  return kCases;
}

const std::vector<Case>& descriptor_cases() {
  static const std::vector<Case> kCases = {
      {"close",
       [](Notes&) {
         ::dup2(0, kFd);
         call(SYS_close, kFd);
       },
       "res=0; fd=100"},
      {"close", [](Notes&) { call(SYS_close, 999); }, "res=-9; fd=999"},
      {"close_range", [](Notes&) { call(SYS_close_range, 200U, ~0U, 4U); },
       "res=0; first=200; last=4294967295; flags=4"},
      {"dup", [](Notes& n) { n.number[0] = call(SYS_dup, 0); }, "res={0}; oldfd=0"},
      {"dup2", [](Notes&) { call(SYS_dup2, 0, 101); }, "res=101; oldfd=0; newfd=101"},
      {"dup3", [](Notes&) { call(SYS_dup3, 0, 102, O_CLOEXEC); },
       "res=102; oldfd=0; newfd=102; flags=4096"},
      {"fcntl", [](Notes& n) { n.number[0] = call(SYS_fcntl, 0, F_DUPFD_CLOEXEC, 50); },
       "res={0}; fd=0; cmd=26; arg=50"},
      {"fcntl", [](Notes&) { call(SYS_fcntl, 0, F_SETFD, 0); }, "res=0; fd=0; cmd=3; arg=0"},
      {"pipe",
       [](Notes& n) {
         int fds[2];
         call(SYS_pipe, fds);
         struct stat file {};
         ::fstat(fds[0], &file);
         n.number[0] = fds[0];
         n.number[1] = fds[1];
         n.number[2] = static_cast<std::int64_t>(file.st_ino);
       },
       "res=0; fd1={0}; fd2={1}; ino={2}"},
      {"pipe2",
       [](Notes& n) {
         int fds[2];
         call(SYS_pipe2, fds, O_NONBLOCK | O_CLOEXEC);
         struct stat file {};
         ::fstat(fds[0], &file);
         n.number[0] = fds[0];
         n.number[1] = fds[1];
         n.number[2] = static_cast<std::int64_t>(file.st_ino);
       },
       "res=0; fd1={0}; fd2={1}; ino={2}; flags=4160"},
      {"pipe2", [](Notes&) { call(SYS_pipe2, nullptr, 0x77); },
       "res=-22; fd1=-1; fd2=-1; ino=0; flags=0"},
      {"flock", [](Notes&) { call(SYS_flock, 999, 6); }, "res=-9; fd=999; operation=6"},
  };
  return kCases;
}

const std::vector<Case>& path_cases() {
  static const std::vector<Case> kCases = {
      {"mkdir", [](Notes&) { call(SYS_mkdir, "dir", 0750); }, "res=0; path=dir; mode=488"},
      {"mkdirat", [](Notes&) { call(SYS_mkdirat, AT_FDCWD, "dir", 0700); },
       "res=-17; dirfd=-100; path=dir; mode=448"},
      {"chdir", [](Notes&) { call(SYS_chdir, "."); }, "res=0; path=."},
      {"fchdir", [](Notes&) { call(SYS_fchdir, 999); }, "res=-9; fd=999"},
      {"chmod",
       [](Notes&) {
         ::close(::creat("file", 0600));
         call(SYS_chmod, "file", 04711);
       },
       "res=0; filename=file; mode=2505"},
      {"fchmod", [](Notes&) { call(SYS_fchmod, 999, 0644); }, "res=-9; fd=999; mode=420"},
      {"fchmodat", [](Notes&) { call(SYS_fchmodat, AT_FDCWD, "file", 0644); },
       "res=0; dirfd=-100; filename=file; mode=420"},
      {"chown", [](Notes&) { call(SYS_chown, "file", 1, -1); },
       "res=0; path=file; uid=1; gid=4294967295"},
      {"lchown", [](Notes&) { call(SYS_lchown, "none", 1, 2); }, "res=-2; path=none; uid=1; gid=2"},
      {"fchown", [](Notes&) { call(SYS_fchown, 999, 3, 4); }, "res=-9; fd=999; uid=3; gid=4"},
      {"fchownat", [](Notes&) { call(SYS_fchownat, AT_FDCWD, "file", 0, 0, AT_EMPTY_PATH); },
       "res=0; dirfd=-100; pathname=file; uid=0; gid=0; flags=4096"},
      {"link", [](Notes&) { call(SYS_link, "file", "hard"); }, "res=0; oldpath=file; newpath=hard"},
      {"linkat",
       [](Notes&) { call(SYS_linkat, AT_FDCWD, "file", AT_FDCWD, "hard2", AT_SYMLINK_FOLLOW); },
       "res=0; olddir=-100; oldpath=file; newdir=-100; newpath=hard2; flags=1024"},
      {"symlink", [](Notes&) { call(SYS_symlink, "/etc/passwd", "soft"); },
       "res=0; target=/etc/passwd; linkpath=soft"},
      {"symlinkat", [](Notes&) { call(SYS_symlinkat, "x y", AT_FDCWD, "soft2"); },
       "res=0; target=x y; linkdirfd=-100; linkpath=soft2"},
      {"rename", [](Notes&) { call(SYS_rename, "hard", "hard3"); },
       "res=0; oldpath=hard; newpath=hard3"},
      {"renameat", [](Notes&) { call(SYS_renameat, AT_FDCWD, "hard3", AT_FDCWD, "hard4"); },
       "res=0; olddirfd=-100; oldpath=hard3; newdirfd=-100; newpath=hard4"},
      {"renameat2", [](Notes&) { call(SYS_renameat2, 7, "a", 8, "b", 1); },
       "res=-9; olddirfd=7; oldpath=a; newdirfd=8; newpath=b; flags=1"},
      {"unlink", [](Notes&) { call(SYS_unlink, "hard4"); }, "res=0; path=hard4"},
      {"unlinkat", [](Notes&) { call(SYS_unlinkat, AT_FDCWD, "dir", AT_REMOVEDIR); },
       "res=0; dirfd=-100; name=dir; flags=512"},
      {"rmdir", [](Notes&) { call(SYS_rmdir, "\xff\x01name"); }, "res=-2; path=\\xff\\x01name"},
      {"access", [](Notes&) { call(SYS_access, "file", R_OK | W_OK); }, "res=0; name=file; mode=6"},
      {"stat", [](Notes& n) { call(SYS_stat, "file", &n.number[8]); }, "res=*; path=file"},
      {"lstat", [](Notes& n) { call(SYS_lstat, "none", &n.number[8]); }, "res=-2; path=none"},
      {"fstat", [](Notes& n) { call(SYS_fstat, 999, &n.number[8]); }, "res=-9; fd=999"},
      {"newfstatat",
       [](Notes& n) { call(SYS_newfstatat, AT_FDCWD, "none", &n.number[8], AT_SYMLINK_NOFOLLOW); },
       "res=-2; dirfd=-100; path=none; flags=256"},
      {"getcwd",
       [](Notes& n) {
         char path[256];
         n.number[0] = call(SYS_getcwd, path, sizeof(path));
       },
       "res={0}; path=*"},
      {"getcwd",
       [](Notes&) {
         char path[2];
         call(SYS_getcwd, path, 2);
       },
       "res=-34; path=<missing>"},
      {"mknod", [](Notes&) { call(SYS_mknod, "fifo", S_IFIFO | 0600, makedev(7, 99)); },
       "res=0; path=fifo; mode=4480; dev=7340131"},
      {"mknodat", [](Notes&) { call(SYS_mknodat, 999, "sock", S_IFSOCK | 0644, 0); },
       "res=-9; dirfd=999; path=sock; mode=49572; dev=0"},
      {"chroot", [](Notes&) { call(SYS_chroot, "none"); }, "res=-2; path=none"},
      {"mount",
       [](Notes&) { call(SYS_mount, "source", "none", "nofs", MS_RDONLY | MS_NOSUID, nullptr); },
       "res=*; dev=source; dir=none; type=nofs; flags=3"},
      {"umount2", [](Notes&) { call(SYS_umount2, "none", MNT_DETACH); },
       "res=-2; name=none; flags=2"},
      {"fsconfig", [](Notes&) { call(SYS_fsconfig, 999, 1, "key", "value", 0); },
       "res=-9; fd=999; cmd=1; key=key; value_bytebuf=<missing>; value_charbuf=<missing>; aux=0"},
      {"quotactl", [](Notes&) { call(SYS_quotactl, 0x80000700U, "/dev/none", 5, nullptr); },
       "res=*; special=*; quotafilepath=<missing>; dqb_bhardlimit=0; dqb_bsoftlimit=0; "
       "dqb_curspace=0; dqb_ihardlimit=0; dqb_isoftlimit=0; dqb_btime=0; dqb_itime=0; "
       "dqi_bgrace=0; dqi_igrace=0; dqi_flags=0; quota_fmt_out=1; cmd=32; type=1; id=5; "
       "quota_fmt=1"},
  };
  return kCases;
}

TEST(SensorFile, TellsOpens) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Folder folder;
  check_cases(folder.inside(open_cases()));
}

TEST(SensorFile, TellsDescriptors) {
  SAKER_SKIP_WITHOUT_SENSOR();
  check_cases(descriptor_cases());
}

TEST(SensorFile, TellsPaths) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Folder folder;
  check_cases(folder.inside(path_cases()));
}

// Mounts an overlay whose lower layer holds /bin/true as `tool`, in a mount namespace of its own.
bool mount_overlay(const std::string& folder) {
  if (::unshare(CLONE_NEWNS) != 0 || ::mount("", "/", "", MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::chdir(folder.c_str()) != 0 || ::mount("saker", ".", "tmpfs", 0, nullptr) != 0 ||
      ::chdir(folder.c_str()) != 0) {
    return false;
  }
  for (const char* name : {"lower", "upper", "work", "merged"}) {
    ::mkdir(name, 0755);
  }
  std::filesystem::copy_file("/bin/true", "lower/tool");
  ::close(::creat("lower/file", 0644));
  return ::mount("saker", "merged", "overlay", 0, "lowerdir=lower,upperdir=upper,workdir=work") ==
         0;
}

TEST(SensorFile, TellsLayersOfOverlays) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Folder folder;
  const Recording run = record({"openat", "creat"}, [&folder] {
    if (!mount_overlay(folder.path())) {
      ::_exit(77);
    }
    call(SYS_openat, AT_FDCWD, "merged/file", O_RDONLY, 0);
    call(SYS_openat, AT_FDCWD, "merged/file", O_WRONLY, 0);  // copied up
    call(SYS_creat, "merged/made", 0600);
    if (::fork() == 0) {
      ::execl("merged/tool", "tool", nullptr);
    }
    ::wait(nullptr);
    ::chmod("merged/tool", 0700);  // copied up
    if (::fork() == 0) {
      ::execl("merged/tool", "tool", nullptr);
    }
    ::wait(nullptr);
  });
  ASSERT_EQ(run.error, "");
  const Record* end =
      run.find_if("procexit", [&run](const Record& event) { return event.tid() == run.child; });
  ASSERT_NE(end, nullptr);
  if (end->number("ret") == 77) {
    GTEST_SKIP() << "SKIP: no overlay can be mounted here";
  }
  const auto opens_file = [](const Record& event) { return event.text("name") == "merged/file"; };
  const auto writes_file = [](const Record& event) {
    return event.text("name") == "merged/file" && (event.number("flags") & 2) != 0;
  };
  const Record* read = run.find_if("openat", opens_file);
  const Record* write = run.find_if("openat", writes_file);
  const Record* made = run.find("creat");
  ASSERT_NE(read, nullptr) << run.describe();
  ASSERT_NE(write, nullptr) << run.describe();
  ASSERT_NE(made, nullptr) << run.describe();
  EXPECT_EQ(read->number("flags"), 0x10001);
  EXPECT_EQ(write->number("flags"), 0x8002);
  EXPECT_EQ(
      run.find_if("creat", [](const Record& event) { return event.text("name") == "merged/made"; })
          ->number("creat_flags"),
      1);
  const Record* lower = run.find("execve");
  const Record* upper = run.find("execve", 1);
  ASSERT_NE(lower, nullptr) << run.describe();
  ASSERT_NE(upper, nullptr) << run.describe();
  EXPECT_EQ(lower->number("flags"), 1 | 8);  // writable, lower layer
  EXPECT_EQ(upper->number("flags"), 1 | 2);
  EXPECT_EQ(lower->text("trusted_exepath"), folder.path() + "/merged/tool");
}

TEST(SensorFile, ResolvesPathOfHandle) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Folder folder;
  const Recording run = record({"open_by_handle_at"}, [&folder] {
    (void)!::chdir(folder.path().c_str());
    ::mkdir("deep", 0700);
    ::mkdir("deep/er", 0700);
    ::close(::creat("deep/er/file", 0600));
    alignas(file_handle) std::array<char, sizeof(file_handle) + 128> space{};
    auto* handle = reinterpret_cast<file_handle*>(space.data());
    handle->handle_bytes = 128;
    int mount = 0;
    ::name_to_handle_at(AT_FDCWD, "deep/er/file", handle, &mount, 0);
    const int directory = ::open(".", O_RDONLY | O_DIRECTORY);
    call(SYS_open_by_handle_at, directory, handle, O_RDONLY);
  });
  const Record* event = run.find("open_by_handle_at");
  ASSERT_NE(event, nullptr) << run.describe();
  EXPECT_EQ(event->text("path"), folder.path() + "/deep/er/file");
}

}  // namespace
}  // namespace saker::sensor::testing
