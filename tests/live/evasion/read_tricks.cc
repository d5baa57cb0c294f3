// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Ways round rules about reading files with secrets.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "app/demo/actions.h"
#include "tests/live/evasion/evasion.h"
#include "tests/live/evasion/means.h"

namespace saker::evasion {

using demo::read_file;

namespace {

constexpr const char* kShadow = "/etc/shadow";

Place with_shadow() {
  return {.folders = {"/etc"}, .files = {kShadow}};
}

Status go_to(const char* folder) {
  return check(chdir(folder) == 0, "cannot go there");
}

Status read_after_going(const char* folder, const char* path) {
  SAKER_RETURN_IF_ERROR(go_to(folder));
  return read_file(path);
}

Status link_to(const char* target, const char* link) {
  return check(symlink(target, link) == 0, "cannot link");
}

Status bind_folder(const char* from, const char* to) {
  SAKER_RETURN_IF_ERROR(demo::make_folders(to));
  return check(mount(from, to, nullptr, MS_BIND, nullptr) == 0, "cannot mount");
}

// Of /etc/shadow: what the name in the call looks like does not matter.
void add_names(EvasionList& rows) {
  rows.rule("Password hashes read");
  rows.caught("shadow-relative", "relative path", with_shadow(),
              [] { return read_after_going("/etc", "shadow"); });
  rows.caught("shadow-dots", "`..` and double slashes in the path", with_shadow(),
              [] { return read_file("//etc/../etc/.//shadow"); });
  rows.caught("shadow-dirfd", "`openat` below a folder's descriptor", with_shadow(),
              [] { return open_below("/etc", "shadow", O_RDONLY); });
  rows.caught("shadow-openat2", "`openat2`", with_shadow(),
              [] { return open_with_openat2(kShadow); });
  rows.caught("shadow-handle", "`open_by_handle_at`", with_shadow(),
              [] { return open_by_handle(kShadow); });
  rows.caught("shadow-compat", "the 32-bit entry of the kernel", with_shadow(),
              [] { return open_with_compat_call(kShadow); });
  rows.caught("shadow-high-number", "bits above the call's number in its register", with_shadow(),
              [] { return open_with_high_number(kShadow); });
  rows.caught("shadow-o-path", "`O_PATH`, then the descriptor's path in `/proc`", with_shadow(),
              []() -> Status {
                const demo::OwnedFd place(open(kShadow, O_PATH | O_CLOEXEC));
                return read_file("/proc/self/fd/" + std::to_string(place.get()));
              });
  rows.caught(
      "shadow-toctou", "the argument is overwritten while the call waits", with_shadow(),
      [] { return open_and_hide_argument(kShadow, "/etc/hosts", false); },
      "the argument is also read when the call begins");
  rows.caught(
      "shadow-toctou-absent", "the same, and its page is not in memory when the call begins",
      with_shadow(), [] { return open_and_hide_argument(kShadow, "/etc/hosts", true); },
      "the path is then that of the opened file");
  rows.missed(
      "shadow-symlink", "a symbolic link that was there before", with_shadow(),
      []() -> Status {
        SAKER_RETURN_IF_ERROR(link_to(kShadow, "/mnt/innocent"));
        return read_file("/mnt/innocent");
      },
      "a name is what the call says, as in Falco; making the link is reported");
  rows.missed(
      "shadow-hard-link", "a hard link that was there before", with_shadow(),
      []() -> Status {
        SAKER_RETURN_IF_ERROR(check(link(kShadow, "/etc/innocent") == 0, "cannot link"));
        return read_file("/etc/innocent");
      },
      "the same; making the link is reported");
  rows.missed(
      "shadow-bind", "a bind mount of the folder", with_shadow(),
      []() -> Status {
        SAKER_RETURN_IF_ERROR(bind_folder("/etc", "/mnt/e"));
        return read_file("/mnt/e/shadow");
      },
      "the same; the mount is reported (Link to a sensitive file)");
  rows.missed(
      "shadow-chroot", "`chroot` into the folder, then `/shadow`", with_shadow(),
      []() -> Status {
        SAKER_RETURN_IF_ERROR(check(chroot("/etc") == 0, "cannot chroot"));
        return read_file("/shadow");
      },
      "names below another root are told as the process sees them");
  rows.missed(
      "shadow-io-uring", "opened by `io_uring`", with_shadow(),
      [] { return open_with_ring(kShadow); },
      "no system call, so no event; making the ring is reported (Asynchronous I/O ring "
      "made)");
}

// Paths that other rules do not recognise.
void add_disguised_paths(EvasionList& rows) {
  rows.rule("Asynchronous I/O ring made");
  rows.caught("ring", "opened by `io_uring`", with_shadow(),
              [] { return open_with_ring(kShadow); });
  rows.rule("File reached by a disguised path");
  rows.caught("shadow-long", "4,000 bytes of `/.` in the path", with_shadow(), [] {
    std::string path = "/etc";
    for (int i = 0; i < 2000; ++i) {
      path += "/.";
    }
    return read_file(path + "/shadow");
  });
  rows.caught(
      "shadow-passed-folder", "a folder's descriptor, received over a unix socket", with_shadow(),
      [] { return open_below_passed_folder("/etc", "shadow"); },
      "by the name below it, for the best known files");
  rows.caught("shadow-proc-root", "`/proc/self/root` before the path", with_shadow(),
              [] { return read_file("/proc/self/root/etc/shadow"); });
  rows.caught("shadow-proc-cwd", "`/proc/self/cwd` before the name", with_shadow(),
              [] { return read_after_going("/etc", "/proc/self/cwd/shadow"); });
  rows.caught("shadow-proc-fd", "`/proc/self/fd/N` before the name", with_shadow(), []() -> Status {
    const demo::OwnedFd folder(open("/etc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return read_file("/proc/self/fd/" + std::to_string(folder.get()) + "/shadow");
  });
  rows.caught("passwd-proc-root", "writing through `/proc/self/root`", {.folders = {"/etc"}},
              [] { return demo::write_file("/proc/self/root/etc/cron.d/job"); });
}

// Of /etc/shadow: who opens it.
void add_disguises(EvasionList& rows) {
  rows.rule("Password hashes read");
  rows.caught("shadow-comm", "the process renames itself (`prctl`)", with_shadow(), [] {
    prctl(PR_SET_NAME, "passwd");
    return read_file(kShadow);
  });
  rows.caught("shadow-argv0", "argv[0] is `/usr/sbin/sshd`", with_shadow(),
              [] { return run_step_as("/proc/self/exe", "/usr/sbin/sshd", "read-shadow"); });
  rows.caught("shadow-copy", "the program is called `sshd`", with_shadow(), []() -> Status {
    SAKER_RETURN_IF_ERROR(copy_self("/mnt/sshd"));
    return run_step_as("/mnt/sshd", "sshd", "read-shadow");
  });
  rows.caught("shadow-link-name", "a symbolic link called `passwd` to the program", with_shadow(),
              []() -> Status {
                SAKER_RETURN_IF_ERROR(copy_self("/mnt/program"));
                SAKER_RETURN_IF_ERROR(link_to("/mnt/program", "/mnt/passwd"));
                return run_step_as("/mnt/passwd", "passwd", "read-shadow");
              });
  rows.caught("shadow-orphan", "double fork and a session of its own", with_shadow(),
              [] { return in_orphan(true, [] { return read_file(kShadow); }); });
  rows.caught("shadow-namespaces", "new pid, mount, IPC and host name namespaces", with_shadow(),
              []() -> Status {
                SAKER_RETURN_IF_ERROR(
                    check(unshare(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS) == 0,
                          "cannot make namespaces"));
                return in_child([] { return read_file(kShadow); });
              });
  rows.missed(
      "shadow-bound-program", "a program mounted over `/usr/bin/passwd`", with_shadow(),
      []() -> Status {
        SAKER_RETURN_IF_ERROR(copy_self("/mnt/program"));
        SAKER_RETURN_IF_ERROR(
            check(mount("/mnt/program", "/usr/bin/passwd", nullptr, MS_BIND, nullptr) == 0,
                  "cannot mount"));
        return run_step_as("/usr/bin/passwd", "passwd", "read-shadow");
      },
      "the path is the excepted program's; the mount is reported (System path covered by "
      "a mount)");
  rows.caught("shadow-stacked-mounts", "`/usr/bin/passwd` below 100 mounts on each other",
              with_shadow(), []() -> Status {
                SAKER_RETURN_IF_ERROR(demo::make_folders("/mnt/usr/bin"));
                SAKER_RETURN_IF_ERROR(copy_self("/mnt/usr/bin/passwd"));
                for (int i = 0; i < 100; ++i) {
                  SAKER_RETURN_IF_ERROR(
                      check(mount("/mnt", "/mnt", nullptr, MS_BIND, nullptr) == 0, "cannot mount"));
                }
                return run_step_as("/mnt/usr/bin/passwd", "passwd", "read-shadow");
              });
  rows.missed(
      "shadow-installer", "started by an installer (`dpkg`)",
      {.folders = {"/etc"}, .files = {kShadow}, .disguise = "/usr/bin/dpkg"},
      []() -> Status {
        SAKER_RETURN_IF_ERROR(copy_self("/mnt/script"));
        return run_step_as("/mnt/script", "script", "read-shadow");
      },
      "maintainer scripts may do everything; whoever can install packages is root anyway");
}

void add_links(EvasionList& rows) {
  rows.rule("Link to a sensitive file");
  rows.caught("link-symbolic", "symbolic link", with_shadow(),
              [] { return link_to(kShadow, "/mnt/innocent"); });
  rows.caught("link-dots", "`..` in the link's target", with_shadow(),
              [] { return link_to("../../etc/shadow", "/mnt/innocent"); });
  rows.caught("link-sibling", "target without a folder, beside the file", with_shadow(),
              [] { return link_to("shadow", "/etc/innocent"); });
  rows.caught("link-root", "link to `/`", with_shadow(), []() -> Status {
    SAKER_RETURN_IF_ERROR(link_to("/", "/mnt/r"));
    return read_file("/mnt/r/etc/shadow");
  });
  rows.caught("link-hard", "hard link", with_shadow(),
              [] { return check(link(kShadow, "/etc/innocent") == 0, "cannot link"); });
  rows.caught("link-bind", "bind mount of `/etc`", with_shadow(),
              [] { return bind_folder("/etc", "/mnt/e"); });
  rows.caught("link-ssh", "link to the folder of the keys", {.folders = {"/root"}},
              [] { return link_to("/root/.ssh", "/mnt/keys"); });
  rows.missed(
      "link-two-steps", "a link to a link's parent folder", with_shadow(),
      []() -> Status {
        SAKER_RETURN_IF_ERROR(link_to("/proc/self/root", "/mnt/a"));
        return link_to("/mnt/a/etc", "/mnt/b");
      },
      "the target is only text; what it leads to is not looked up");
}

void add_other_secrets(EvasionList& rows) {
  rows.rule("Sudo policy read");
  rows.caught("sudoers-dirfd", "`openat` below `/etc`",
              {.folders = {"/etc"}, .files = {"/etc/sudoers.d/admins"}},
              [] { return open_below("/etc", "sudoers.d/admins", O_RDONLY); });
  rows.rule("PAM configuration read by an unusual program");
  rows.caught("pam-relative", "relative path, `cat`",
              {.folders = {"/etc"}, .files = {"/etc/pam.d/login"}}, []() -> Status {
                SAKER_RETURN_IF_ERROR(go_to("/etc/pam.d"));
                return run({"/bin/cat", "cat", "login"});
              });
  rows.missed(
      "pam-renamed", "`cat` under another name",
      {.folders = {"/etc"}, .files = {"/etc/pam.d/login"}},
      []() -> Status {
        SAKER_RETURN_IF_ERROR(demo::copy_program("/bin/cat", "/mnt/viewer"));
        return run({"/mnt/viewer", "viewer", "/etc/pam.d/login"});
      },
      "everybody may read it, and PAM's users do; only known tools and places stand out");
  rows.rule("SSH private key read");
  rows.caught("key-relative", "relative path",
              {.folders = {"/root"}, .files = {"/root/.ssh/id_rsa"}},
              [] { return read_after_going("/root/.ssh", "id_rsa"); });
  rows.missed(
      "key-named", "a key under a name of its own",
      {.folders = {"/root"}, .files = {"/root/.ssh/work"}},
      [] { return read_file("/root/.ssh/work"); },
      "a key is known by its usual name; contents are not looked at");
  rows.rule("Cloud credentials read");
  rows.caught("cloud-relative", "relative path",
              {.folders = {"/root"}, .files = {"/root/.aws/credentials"}},
              [] { return read_after_going("/root/.aws", "credentials"); });
  rows.rule("Stored application secret read");
  rows.caught("netrc-relative", "relative path, `cat`",
              {.folders = {"/root"}, .files = {"/root/.netrc"}}, []() -> Status {
                SAKER_RETURN_IF_ERROR(go_to("/root"));
                return run({"/bin/cat", "cat", ".netrc"});
              });
  rows.missed(
      "netrc-renamed", "`cat` under another name",
      {.folders = {"/root"}, .files = {"/root/.netrc"}},
      []() -> Status {
        SAKER_RETURN_IF_ERROR(demo::copy_program("/bin/cat", "/mnt/viewer"));
        return run({"/mnt/viewer", "viewer", "/root/.netrc"});
      },
      "each program reads its own; only known tools and writable places stand out");
  rows.rule("Service account token read by a tool");
  rows.caught(
      "token-data", "the path of the real file behind the link",
      {.files = {"/mnt/secrets/kubernetes.io/serviceaccount/..data/token"}}, [] {
        return run({"/bin/cat", "cat", "/mnt/secrets/kubernetes.io/serviceaccount/..data/token"});
      });
}

}  // namespace

std::vector<Evasion> read_tricks() {
  EvasionList rows;
  add_names(rows);
  add_disguised_paths(rows);
  add_disguises(rows);
  add_links(rows);
  add_other_secrets(rows);
  return std::move(rows).take();
}

}  // namespace saker::evasion
