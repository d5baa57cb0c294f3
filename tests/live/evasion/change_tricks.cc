// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Ways round rules about changed files.
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "app/demo/actions.h"
#include "tests/live/evasion/evasion.h"
#include "tests/live/evasion/means.h"

namespace saker::evasion {

using demo::write_file;

namespace {

Status go_to(const char* folder) {
  return check(chdir(folder) == 0, "cannot go there");
}

// Moves a file of the work folder's file system to `path`: the folder must be on the same one.
Status put_in_place(const char* from, const char* path) {
  SAKER_RETURN_IF_ERROR(write_file(from));
  return check(rename(from, path) == 0, "cannot rename");
}

// A file without a name gets one when it is complete.
Status link_nameless(const char* folder, const char* path) {
  const demo::OwnedFd file(open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
  SAKER_RETURN_IF_ERROR(check_call(file.get(), "O_TMPFILE"));
  const std::string own = "/proc/self/fd/" + std::to_string(file.get());
  return check(linkat(AT_FDCWD, own.c_str(), AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0,
               "cannot link the file");
}

void add_accounts(EvasionList& rows) {
  rows.rule("Account file changed");
  const Place etc{.folders = {"/etc"}, .files = {"/etc/passwd"}};
  rows.caught("passwd-relative", "relative path", etc, []() -> Status {
    SAKER_RETURN_IF_ERROR(go_to("/etc"));
    return open_close("passwd", O_WRONLY | O_APPEND);
  });
  rows.caught("passwd-rename", "another file renamed over it", etc,
              [] { return put_in_place("/etc/p", "/etc/passwd"); });
  rows.caught("passwd-exchange", "`renameat2` with `RENAME_EXCHANGE`", etc, []() -> Status {
    SAKER_RETURN_IF_ERROR(write_file("/etc/p"));
    return check(renameat2(AT_FDCWD, "/etc/passwd", AT_FDCWD, "/etc/p", RENAME_EXCHANGE) == 0,
                 "cannot exchange");
  });
  rows.caught("passwd-renameat", "`renameat` between descriptors of folders", etc, []() -> Status {
    SAKER_RETURN_IF_ERROR(write_file("/etc/p"));
    const demo::OwnedFd folder(open("/etc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return check(renameat(folder.get(), "p", folder.get(), "passwd") == 0, "cannot rename");
  });
  rows.missed(
      "passwd-truncate", "`truncate` by path", etc,
      [] { return check(truncate("/etc/passwd", 0) == 0, "cannot truncate"); },
      "Falco's catalogue has no parameters for it: the event does not name the file");
  rows.missed(
      "passwd-hard-link", "writing through a hard link that was there before", etc,
      []() -> Status {
        SAKER_RETURN_IF_ERROR(check(link("/etc/passwd", "/etc/innocent") == 0, "link"));
        return open_close("/etc/innocent", O_WRONLY | O_APPEND);
      },
      "a name is what the call says");
  rows.rule("Privilege policy changed");
  rows.caught("sudoers-nameless", "a file without a name, linked when complete",
              {.folders = {"/etc"}, .files = {"/etc/sudoers.d/README"}},
              [] { return link_nameless("/etc", "/etc/sudoers.d/intruder"); });
  rows.caught("sudoers-folder", "a whole folder renamed into place", {.folders = {"/etc"}},
              []() -> Status {
                SAKER_RETURN_IF_ERROR(write_file("/etc/prepared/intruder"));
                return check(rename("/etc/prepared", "/etc/sudoers.d") == 0, "cannot rename");
              });
  rows.rule("SSH access changed");
  rows.caught("keys-rename", "another file renamed over it", {.folders = {"/root"}},
              []() -> Status {
                SAKER_RETURN_IF_ERROR(demo::make_folders("/root/.ssh"));
                return put_in_place("/root/k", "/root/.ssh/authorized_keys");
              });
  rows.caught("keys-symlink", "a symbolic link in its place", {.folders = {"/root"}},
              []() -> Status {
                SAKER_RETURN_IF_ERROR(demo::make_folders("/root/.ssh"));
                return check(symlink("/mnt/keys", "/root/.ssh/authorized_keys") == 0, "link");
              });
  rows.missed(
      "keys-folder", "the folder `.ssh` renamed into place", {.folders = {"/root"}},
      []() -> Status {
        SAKER_RETURN_IF_ERROR(write_file("/root/prepared/authorized_keys"));
        return check(rename("/root/prepared", "/root/.ssh") == 0, "cannot rename");
      },
      "the call names only the folder, whose name says nothing about its files");
}

void add_programs(EvasionList& rows) {
  rows.rule("Program loader configuration changed");
  rows.caught("preload-nameless", "a file without a name, linked when complete",
              {.folders = {"/etc"}}, [] { return link_nameless("/etc", "/etc/ld.so.preload"); });
  rows.rule("System program changed");
  rows.caught("program-relative", "relative path", {.folders = {"/usr/local/bin"}}, []() -> Status {
    SAKER_RETURN_IF_ERROR(go_to("/usr/local/bin"));
    return open_close("tool", O_WRONLY | O_CREAT);
  });
  rows.caught("program-dirfd", "`openat` below `/usr/local`", {.folders = {"/usr/local/bin"}},
              [] { return open_below("/usr/local", "bin/tool", O_WRONLY | O_CREAT); });
  rows.missed(
      "program-bind", "writing through a bind mount", {.folders = {"/usr/local/bin"}},
      []() -> Status {
        SAKER_RETURN_IF_ERROR(demo::make_folders("/mnt/b"));
        SAKER_RETURN_IF_ERROR(
            check(mount("/usr/local/bin", "/mnt/b", nullptr, MS_BIND, nullptr) == 0, "mount"));
        return write_file("/mnt/b/tool");
      },
      "a name is what the call says; sensitive sources of bind mounts are reported only "
      "for /etc and homes of root and keys");
  rows.rule("System library changed");
  rows.caught("library-rename", "another file renamed into place", {.folders = {"/usr/local/lib"}},
              [] { return put_in_place("/usr/local/lib/l", "/usr/local/lib/libdemo.so"); });
}

void add_persistence(EvasionList& rows) {
  rows.rule("Scheduled task changed");
  rows.caught("cron-symlink", "a symbolic link instead of a file",
              {.folders = {"/etc"}, .files = {"/etc/cron.d/old"}},
              [] { return check(symlink("/mnt/job", "/etc/cron.d/job") == 0, "link"); });
  rows.rule("Service definition changed");
  rows.caught("unit-dirfd", "`openat` below `/etc`",
              {.folders = {"/etc"}, .files = {"/etc/systemd/system/old.service"}},
              [] { return open_below("/etc", "systemd/system/n.service", O_WRONLY | O_CREAT); });
  rows.rule("Login script changed");
  rows.caught("bashrc-rename", "another file renamed over it", {.folders = {"/root"}},
              [] { return put_in_place("/root/b", "/root/.bashrc"); });
  rows.rule("Log tampered with");
  const Place log{.folders = {"/var/log"}, .files = {"/var/log/demo.log"}};
  rows.caught("log-unlinkat", "`unlinkat` below a descriptor", log, []() -> Status {
    const demo::OwnedFd folder(open("/var/log", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return check(unlinkat(folder.get(), "demo.log", 0) == 0, "cannot delete");
  });
  rows.missed(
      "log-truncate", "`truncate` by path", log,
      [] { return check(truncate("/var/log/demo.log", 0) == 0, "cannot truncate"); },
      "Falco's catalogue has no parameters for it: the event does not name the file");
  rows.missed(
      "log-ftruncate", "opened for writing, then `ftruncate`", log,
      []() -> Status {
        const demo::OwnedFd file(open("/var/log/demo.log", O_WRONLY | O_CLOEXEC));
        return check(ftruncate(file.get(), 0) == 0, "cannot truncate");
      },
      "opening a log for writing is what every logger does, and see above");
  rows.rule("Shell history tampered with");
  const Place home{.folders = {"/root"}, .files = {"/root/.bash_history"}};
  rows.caught("history-comm", "the process calls itself `bash`", home, [] {
    prctl(PR_SET_NAME, "bash");
    return check(unlink("/root/.bash_history") == 0, "cannot delete");
  });
  rows.missed(
      "history-unset", "`unset HISTFILE` in the shell", home,
      [] {
        return run({"/bin/sh", "sh", "-c", "unset HISTFILE; :"});
      },
      "nothing happens outside the shell");
  rows.rule("Set-user-ID bit set");
  const Place program{.files = {"/mnt/program"}};
  rows.caught("suid-fchmod", "`fchmod` of a descriptor", program, []() -> Status {
    const demo::OwnedFd file(open("/mnt/program", O_WRONLY | O_CLOEXEC));
    return check(fchmod(file.get(), 04755) == 0, "cannot chmod");
  });
  rows.caught("suid-mknod", "made with the bit by `mknod`", {}, [] {
    return check(mknod("/mnt/program", S_IFREG | S_ISUID | 0755, 0) == 0, "cannot make it");
  });
  rows.caught("suid-create", "created with the bit by `open`", {},
              [] { return open_close("/mnt/program", O_WRONLY | O_CREAT | O_EXCL, 04755); });
  rows.missed(
      "suid-fchmodat2", "`fchmodat2` (Linux 6.6)", program,
      [] {
        constexpr long kFchmodat2 = 452;
        return check_call(syscall(kFchmodat2, AT_FDCWD, "/mnt/program", 04755, 0), "fchmodat2");
      },
      "Falco's catalogue does not have the call");
}

}  // namespace

std::vector<Evasion> change_tricks() {
  EvasionList rows;
  add_accounts(rows);
  add_programs(rows);
  add_persistence(rows);
  return std::move(rows).take();
}

}  // namespace saker::evasion
