// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Ways round the rules about containers; these run in one. Its /opt and /tmp are of the image's
// upper layer, /mnt is a tmpfs, /usr is the host's.
#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>
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
constexpr const char* kImageProgram = "/opt/tool";
constexpr const char* kLoader = "/lib64/ld-linux-x86-64.so.2";

void add_new_programs(EvasionList& rows) {
  rows.rule("New program run in a container");
  rows.caught("c-new-descriptor", "by a descriptor, without a path", {}, []() -> Status {
    SAKER_RETURN_IF_ERROR(copy_program(kTrue, "/opt/by-descriptor"));
    return run_descriptor(open("/opt/by-descriptor", O_RDONLY | O_CLOEXEC), "tool");
  });
  rows.caught("c-new-deleted", "the same, and deleted before", {}, []() -> Status {
    SAKER_RETURN_IF_ERROR(copy_program(kTrue, "/opt/deleted"));
    const int file = open("/opt/deleted", O_RDONLY | O_CLOEXEC);
    SAKER_RETURN_IF_ERROR(check(unlink("/opt/deleted") == 0, "cannot delete"));
    return run_descriptor(file, "tool");
  });
  rows.caught("c-new-argv0", "argv[0] is a program of the image", {}, []() -> Status {
    SAKER_RETURN_IF_ERROR(copy_program(kTrue, "/opt/renamed"));
    return run({"/opt/renamed", kImageProgram});
  });
  rows.caught("c-new-changed", "a program of the image, changed", {}, []() -> Status {
    SAKER_RETURN_IF_ERROR(open_close(kImageProgram, O_WRONLY | O_APPEND));
    return run({kImageProgram, "tool"});
  });
  rows.missed(
      "c-new-script", "a script", {},
      []() -> Status {
        SAKER_RETURN_IF_ERROR(write_script("/opt/script", "#!/bin/sh\n:\n"));
        return run({"/opt/script", "script"});
      },
      "the program is the interpreter, which is the image's");
  rows.missed(
      "c-new-loader", "started by the dynamic loader (`ld.so PROGRAM`)", {},
      []() -> Status {
        SAKER_RETURN_IF_ERROR(copy_program(kTrue, "/opt/loaded"));
        return run({kLoader, kLoader, "/opt/loaded"});
      },
      "the program is the loader, which is the image's");
  rows.missed(
      "c-new-tmpfs", "in a mounted folder (a volume, a tmpfs)", {},
      []() -> Status {
        SAKER_RETURN_IF_ERROR(copy_program(kTrue, "/mnt/program"));
        return run({"/mnt/program", "program"});
      },
      "it is in no layer of the image; what is run from `/dev/shm` or `/tmp` is reported");
  rows.missed(
      "c-new-memory", "from memory", {},
      [] { return run_descriptor(memory_file("payload", kTrue), "payload"); },
      "Program run from memory");
}

// A shell that begins without a terminal and opens one: as the first of its session it becomes its.
Status take_terminal_later() {
  return official::in_child([]() -> Status {
    const int master = posix_openpt(O_RDWR | O_NOCTTY);  // the shell keeps it open
    SAKER_RETURN_IF_ERROR(check(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0,
                                "cannot make a terminal"));
    const std::string command = std::string(": < ") + ptsname(master);  // NOLINT: one thread
    setsid();
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    return demo::failed("cannot start the shell");
  });
}

void add_shells(EvasionList& rows) {
  rows.rule("Shell with a terminal in a container");
  rows.caught("c-shell-argv0", "argv[0] says something else", {}, [] {
    return official::with_terminal(
        [] { static_cast<void>(execl("/bin/sh", "worker", "-c", ":", nullptr)); });
  });
  rows.caught("c-shell-link", "a symbolic link of another name", {}, []() -> Status {
    SAKER_RETURN_IF_ERROR(check(symlink("/bin/sh", "/mnt/worker") == 0, "cannot link"));
    return official::with_terminal(
        [] { static_cast<void>(execl("/mnt/worker", "worker", "-c", ":", nullptr)); });
  });
  rows.missed(
      "c-shell-copy", "a copy under another name", {},
      []() -> Status {
        SAKER_RETURN_IF_ERROR(copy_program("/bin/sh", "/opt/worker"));
        return official::with_terminal(
            [] { static_cast<void>(execl("/opt/worker", "worker", "-c", ":", nullptr)); });
      },
      "a shell is known by its name or path; New program run in a container");
  rows.missed("c-shell-late", "a shell that takes its terminal after its start", {},
              take_terminal_later, "looked at when a program starts");
}

void add_package_managers(EvasionList& rows) {
  rows.rule("Package manager run in a container");
  rows.caught("c-package-argv0", "argv[0] says something else", {}, []() -> Status {
    SAKER_RETURN_IF_ERROR(check(symlink(kTrue, "/mnt/apk") == 0, "cannot link"));
    return run({"/mnt/apk", "worker", "add", "nmap"});
  });
  rows.caught("c-package-link", "a symbolic link of another name", {}, []() -> Status {
    SAKER_RETURN_IF_ERROR(check(symlink("/usr/bin/dpkg", "/mnt/worker") == 0, "cannot link"));
    return run({"/mnt/worker", "worker", "--version"});
  });
  rows.caught("c-package-parent", "the parent calls itself `apt`", {}, []() -> Status {
    prctl(PR_SET_NAME, "apt");
    return run_true_as("apk", {"add", "nmap"});
  });
  rows.caught("c-package-module", "`python3 -m pip`", {}, []() -> Status {
    if (access("/usr/bin/python3", X_OK) != 0) {
      return lacking("no /usr/bin/python3");
    }
    return run({"/usr/bin/python3", "python3", "-m", "pip", "--version"});
  });
  rows.missed(
      "c-package-copy", "a copy under another name", {},
      []() -> Status {
        SAKER_RETURN_IF_ERROR(copy_program("/usr/bin/dpkg", "/opt/installer"));
        return run({"/opt/installer", "installer", "--version"});
      },
      "the name is the trait; New program run in a container");
}

}  // namespace

std::vector<Evasion> container_tricks() {
  EvasionList rows;
  rows.in_container();
  add_new_programs(rows);
  add_shells(rows);
  add_package_managers(rows);
  return std::move(rows).take();
}

}  // namespace saker::evasion
