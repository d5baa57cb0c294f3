// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Gaining rights: set-user-ID bits, setuid calls, capabilities. The processes give up root first.
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

#include "app/demo/actions.h"
#include "app/demo/scenario.h"

namespace saker::demo {
namespace {

Status set_user_id_bit() {
  SAKER_RETURN_IF_ERROR(write_file("/mnt/helper", 0755));
  if (chmod("/mnt/helper", 04755) != 0) {
    return failed("cannot chmod");
  }
  return {};
}

Status set_user_id_bit_by_descriptor() {
  SAKER_RETURN_IF_ERROR(write_file("/mnt/helper", 0755));
  const OwnedFd file(open("/mnt/helper", O_RDONLY | O_CLOEXEC));
  return fchmod(file.get(), 04711) == 0 ? Status{} : failed("cannot fchmod");
}

Status set_group_id_bit_below_folder() {
  SAKER_RETURN_IF_ERROR(write_file("/mnt/helper", 0755));
  const OwnedFd folder(open(kWorkFolder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fchmodat(folder.get(), "helper", 02755, 0) == 0 ? Status{} : failed("cannot fchmodat");
}

Status make_executable() {
  SAKER_RETURN_IF_ERROR(write_file("/mnt/helper", 0644));
  if (chmod("/mnt/helper", 0755) != 0 || chmod("/mnt/helper", 01755) != 0) {
    return failed("cannot chmod");
  }
  // The set-group-ID bit without execute permission for the group grants nothing (mandatory locking
  // of old).
  return chmod("/mnt/helper", 02644) == 0 ? Status{} : failed("cannot chmod");
}

Status fail_to_set_user_id_bit() {
  return chmod("/mnt/nothing", 04755) != 0
             ? Status{}
             : fail(ErrorCode::kIo, "changed the mode of a file that is not there");
}

Status setuid_to_root() {
  SAKER_RETURN_IF_ERROR(become_nobody_keeping_a_way_back());
  return setuid(0) == 0 ? Status{} : failed("cannot setuid");
}

Status setresuid_to_root() {
  SAKER_RETURN_IF_ERROR(become_nobody_keeping_a_way_back());
  return setresuid(0, 0, 0) == 0 ? Status{} : failed("cannot setresuid");
}

Status setreuid_to_root() {
  SAKER_RETURN_IF_ERROR(become_nobody_keeping_a_way_back());
  return setreuid(kNobody, 0) == 0 ? Status{} : failed("cannot setreuid");
}

Status setuid_to_nobody() {
  return setuid(kNobody) == 0 ? Status{} : failed("cannot setuid");
}

Status fail_to_become_root() {
  SAKER_RETURN_IF_ERROR(become_nobody());
  return setuid(0) != 0 ? Status{} : fail(ErrorCode::kPermission, "became root");
}

// Raises CAP_DAC_OVERRIDE in all sets that survive an exec of a process that is not root. See man 7
// capabilities.
Status keep_capability_over_exec() {
  if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0) {
    return failed("cannot keep capabilities");
  }
  SAKER_RETURN_IF_ERROR(become_nobody());
  __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  const std::uint32_t bit = 1u << CAP_DAC_OVERRIDE;
  std::array<__user_cap_data_struct, 2> data = {};
  data[0] = {.effective = bit, .permitted = bit, .inheritable = bit};
  if (syscall(SYS_capset, &header, data.data()) != 0) {
    return failed("cannot capset");
  }
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0) != 0) {
    return failed("cannot raise the ambient capability");
  }
  return {};
}

Status run_with_capability() {
  SAKER_RETURN_IF_ERROR(keep_capability_over_exec());
  return run_program("/bin/true", {"true"});
}

Status run_without_capability() {
  SAKER_RETURN_IF_ERROR(become_nobody());
  return run_program("/bin/true", {"true"});
}

Status grant_file_capability() {
  return run_true_as("setcap", {"cap_setuid=ep", "/mnt/helper"});
}

}  // namespace

std::vector<Scenario> privilege_scenarios() {
  return {
      {.name = "chmod-setuid",
       .what = "a program gets the set-user-ID bit",
       .expected = {"Set-user-ID bit set"},
       .is_shown_by_default = true,
       .run = set_user_id_bit},
      {.name = "fchmod-setuid",
       .what = "the same through an open file",
       .expected = {"Set-user-ID bit set"},
       .run = set_user_id_bit_by_descriptor},
      {.name = "fchmodat-setgid",
       .what = "a program gets the set-group-ID bit",
       .expected = {"Set-user-ID bit set"},
       .run = set_group_id_bit_below_folder},
      {.name = "chmod-harmless", .what = "a program becomes executable", .run = make_executable},
      {.name = "chmod-setuid-as-dpkg",
       .what = "the package manager sets the bit",
       .disguise = "/usr/bin/dpkg",
       .run = set_user_id_bit},
      {.name = "chmod-setuid-fails",
       .what = "the file does not exist",
       .run = fail_to_set_user_id_bit},
      {.name = "setuid-root",
       .what = "a process that gave up root takes it back",
       .expected = {"Root identity taken"},
       .is_shown_by_default = true,
       .run = setuid_to_root},
      {.name = "setresuid-root",
       .what = "the same with setresuid",
       .expected = {"Root identity taken"},
       .run = setresuid_to_root},
      {.name = "setreuid-root",
       .what = "the same with setreuid",
       .expected = {"Root identity taken"},
       .run = setreuid_to_root},
      {.name = "setuid-root-as-su",
       .what = "su becomes root",
       .disguise = "/usr/bin/su",
       .run = setuid_to_root},
      {.name = "setuid-nobody", .what = "a process gives up root", .run = setuid_to_nobody},
      {.name = "setuid-refused",
       .what = "the kernel refuses to make a process root",
       .expected = {"Refused attempt to become root"},
       .run = fail_to_become_root},
      {.name = "capability-outside-root",
       .what = "a process that is not root raises a capability and starts a program with it",
       .expected = {"Powerful capability outside root", "Powerful capability outside root"},
       .run = run_with_capability},
      {.name = "no-capability-outside-root",
       .what = "a process that is not root starts a program",
       .run = run_without_capability},
      {.name = "grant-file-capability",
       .what = "setcap is called (a program of that name that does nothing)",
       .expected = {"File capability granted"},
       .run = grant_file_capability},
  };
}

}  // namespace saker::demo
