// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Changing what the system trusts: accounts, policies, programs, start-up. Always in private
// folders.
#include <fcntl.h>
#include <unistd.h>

#include "app/demo/actions.h"
#include "app/demo/scenario.h"

namespace saker::demo {
namespace {

Status write_passwd() {
  return write_file("/etc/passwd");
}

Status write_hostname() {
  return write_file("/etc/hostname");
}

Status write_sudoers_and_pam() {
  SAKER_RETURN_IF_ERROR(write_file("/etc/sudoers.d/admins"));
  return write_file("/etc/pam.d/sshd");
}

Status write_authorized_keys() {
  return write_file("/mnt/home/.ssh/authorized_keys");
}

Status write_known_hosts() {
  return write_file("/mnt/home/.ssh/known_hosts");
}

Status write_program() {
  return write_file("/usr/local/bin/tool", 0755);
}

Status write_beside_program() {
  return write_file("/mnt/bin/tool", 0755);
}

Status write_library() {
  return write_file("/usr/local/lib/libdemo.so");
}

Status write_preload() {
  return write_file("/etc/ld.so.preload");
}

Status write_cron_job() {
  return write_file("/etc/cron.d/job");
}

Status write_unit() {
  return write_file("/etc/systemd/system/demo.service");
}

Status write_profile() {
  return write_file("/etc/profile.d/demo.sh");
}

Status empty_log() {
  const OwnedFd file(open("/var/log/demo.log", O_WRONLY | O_TRUNC | O_CLOEXEC));
  return file.get() >= 0 ? Status{} : failed("cannot empty the log");
}

Status append_log() {
  const OwnedFd file(open("/var/log/demo.log", O_WRONLY | O_APPEND | O_CLOEXEC));
  return file.get() >= 0 ? Status{} : failed("cannot append to the log");
}

Status empty_history() {
  const OwnedFd file(open("/mnt/home/.bash_history", O_WRONLY | O_TRUNC | O_CLOEXEC));
  return file.get() >= 0 ? Status{} : failed("cannot empty the history");
}

Status remove_history() {
  return unlink("/mnt/home/.bash_history") == 0 ? Status{} : failed("cannot remove the history");
}

Status write_release_agent() {
  return write_file("/mnt/cgroup/release_agent");
}

Status open_disk() {
  return read_file("/dev/sdz");
}

}  // namespace

std::vector<Scenario> system_file_scenarios() {
  return {
      {.name = "write-passwd",
       .what = "a program writes to the list of accounts",
       .expected = {"Account file changed"},
       .private_folders = {"/etc"},
       .run = write_passwd},
      {.name = "write-passwd-as-passwd",
       .what = "the passwd program writes to the list of accounts",
       .private_folders = {"/etc"},
       .disguise = "/usr/bin/passwd",
       .run = write_passwd},
      {.name = "write-hostname",
       .what = "a harmless file in /etc is written",
       .private_folders = {"/etc"},
       .run = write_hostname},
      {.name = "write-privilege-policy",
       .what = "the sudo policy and the PAM configuration are changed",
       .expected = {"Privilege policy changed", "Privilege policy changed"},
       .private_folders = {"/etc"},
       .is_shown_by_default = true,
       .run = write_sudoers_and_pam},
      {.name = "write-privilege-policy-as-dpkg",
       .what = "the package manager changes them",
       .private_folders = {"/etc"},
       .disguise = "/usr/bin/dpkg",
       .run = write_sudoers_and_pam},
      {.name = "write-authorized-keys",
       .what = "a key that may log in is added",
       .expected = {"SSH access changed"},
       .run = write_authorized_keys},
      {.name = "write-known-hosts",
       .what = "a harmless SSH file is written",
       .run = write_known_hosts},
      {.name = "write-program",
       .what = "a file below /usr/local/bin is written",
       .expected = {"System program changed"},
       .private_folders = {"/usr/local/bin"},
       .is_shown_by_default = true,
       .run = write_program},
      {.name = "write-program-as-dpkg",
       .what = "the package manager writes a program",
       .private_folders = {"/usr/local/bin"},
       .disguise = "/usr/bin/dpkg",
       .run = write_program},
      {.name = "write-program-elsewhere",
       .what = "a program is written to a folder of one's own",
       .run = write_beside_program},
      {.name = "write-library",
       .what = "a library is written",
       .expected = {"System library changed"},
       .private_folders = {"/usr/local/lib"},
       .run = write_library},
      {.name = "write-preload",
       .what = "a library is forced into every program",
       .expected = {"Program loader configuration changed"},
       .private_folders = {"/etc"},
       .run = write_preload},
      {.name = "write-cron-job",
       .what = "a scheduled task is added",
       .expected = {"Scheduled task changed"},
       .private_folders = {"/etc"},
       .is_shown_by_default = true,
       .run = write_cron_job},
      {.name = "write-unit",
       .what = "a service is added",
       .expected = {"Service definition changed"},
       .private_folders = {"/etc"},
       .run = write_unit},
      {.name = "write-profile",
       .what = "a login script is added",
       .expected = {"Login script changed"},
       .private_folders = {"/etc"},
       .run = write_profile},
      {.name = "empty-log",
       .what = "a log is emptied",
       .expected = {"Log tampered with"},
       .private_folders = {"/var/log"},
       .prepared_files = {"/var/log/demo.log"},
       .run = empty_log},
      {.name = "append-log",
       .what = "a line is added to a log",
       .private_folders = {"/var/log"},
       .prepared_files = {"/var/log/demo.log"},
       .run = append_log},
      {.name = "empty-history",
       .what = "a shell's history is emptied",
       .expected = {"Shell history tampered with"},
       .prepared_files = {"/mnt/home/.bash_history"},
       .run = empty_history},
      {.name = "remove-history",
       .what = "a shell's history is removed",
       .expected = {"Shell history tampered with"},
       .prepared_files = {"/mnt/home/.bash_history"},
       .run = remove_history},
      {.name = "write-release-agent",
       .what = "a program for the kernel to start is named (in a folder that is no control group)",
       .expected = {"Kernel hook written"},
       .run = write_release_agent},
      {.name = "open-disk",
       .what = "a disk is opened as a device (an ordinary file with its name)",
       .expected = {"Raw disk or memory device opened"},
       .private_folders = {"/dev"},
       .prepared_files = {"/dev/sdz"},
       .run = open_disk},
  };
}

}  // namespace saker::demo
