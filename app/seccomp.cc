// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The filter is a list of what is forbidden, not of what is allowed: it also holds for the program
// of program_output, whose needs nobody knows, and for libraries that may choose other calls
// tomorrow. Written as BPF instructions by hand; that takes less than a library for it would.
#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

#include "app/hardening.h"

namespace saker::app {

namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "name the architecture for the seccomp filter"
#endif

// Calls with numbers from here on belong to the x32 ABI.
constexpr std::uint32_t kX32Bit = 0x40000000;

constexpr long kForbidden[] = {
    // Kernel code and the kernel itself.
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_reboot,
    SYS_kexec_file_load,
    SYS_swapon,
    SYS_swapoff,
    SYS_acct,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_io_uring_setup,
    SYS_io_uring_enter,
    SYS_io_uring_register,
    SYS_syslog,
    // The tree of files and names of the machine.
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_open_tree,
    SYS_move_mount,
    SYS_fsopen,
    SYS_fsconfig,
    SYS_fsmount,
    SYS_fspick,
    SYS_quotactl,
    SYS_sethostname,
    SYS_setdomainname,
    SYS_open_by_handle_at,
    SYS_name_to_handle_at,
    SYS_mknodat,
    // Namespaces.
    SYS_setns,
    SYS_unshare,
    // Other processes' memory and files.
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_process_madvise,
    SYS_pidfd_getfd,
    SYS_kcmp,
    SYS_move_pages,
    SYS_migrate_pages,
    // Keys, clocks, oddities.
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_adjtimex,
    SYS_clock_adjtime,
    SYS_personality,
    SYS_vhangup,
    SYS_lookup_dcookie,
    SYS_nfsservctl,
#if defined(__x86_64__)
    SYS_iopl,
    SYS_ioperm,
    SYS_modify_ldt,
    SYS_uselib,
    SYS_mknod,
    SYS_create_module,
    SYS_ustat,
    SYS_sysfs,
    SYS__sysctl,
#endif
};

constexpr long kPrograms[] = {
    SYS_execve,
    SYS_execveat,
#if defined(__x86_64__)
    SYS_fork,
    SYS_vfork,
#endif
};

// Loading another program or type description; looking at and attaching what is there stays.
constexpr std::uint32_t kForbiddenBpf[] = {BPF_PROG_LOAD, BPF_BTF_LOAD, BPF_PROG_BIND_MAP};

class FilterWriter {
public:
  void load(std::uint32_t offset) { add(BPF_LD | BPF_W | BPF_ABS, offset); }
  // Ends with `action` when the loaded word equals `value`.
  void end_if_equal(std::uint32_t value, std::uint32_t action) {
    jump(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
    add(BPF_RET | BPF_K, action);
  }
  void end_unless_equal(std::uint32_t value, std::uint32_t action) {
    jump(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0);
    add(BPF_RET | BPF_K, action);
  }
  void end_if_at_least(std::uint32_t value, std::uint32_t action) {
    jump(BPF_JMP | BPF_JGE | BPF_K, value, 0, 1);
    add(BPF_RET | BPF_K, action);
  }
  void end_unless_bits(std::uint32_t bits, std::uint32_t action) {
    jump(BPF_JMP | BPF_JSET | BPF_K, bits, 1, 0);
    add(BPF_RET | BPF_K, action);
  }
  // Skips `count` instructions unless the loaded word equals `value`.
  void skip_unless_equal(std::uint32_t value, std::uint8_t count) {
    jump(BPF_JMP | BPF_JEQ | BPF_K, value, 0, count);
  }
  void end(std::uint32_t action) { add(BPF_RET | BPF_K, action); }

  [[nodiscard]] sock_fprog program() {
    return {.len = static_cast<unsigned short>(code_.size()), .filter = code_.data()};  // NOLINT
  }

private:
  void add(unsigned code, std::uint32_t k) { jump(code, k, 0, 0); }
  void jump(unsigned code, std::uint32_t k, std::uint8_t on_true, std::uint8_t on_false) {
    code_.push_back({static_cast<std::uint16_t>(code), on_true, on_false, k});
  }

  std::vector<sock_filter> code_;
};

constexpr std::uint32_t refuse(int error) {
  return SECCOMP_RET_ERRNO | (static_cast<std::uint32_t>(error) & SECCOMP_RET_DATA);
}

constexpr std::uint32_t kFirstArgument = offsetof(seccomp_data, args);  // its low half

FilterWriter make_filter(const SeccompOptions& options) {
  FilterWriter filter;
  filter.load(offsetof(seccomp_data, arch));
  filter.end_unless_equal(kArchitecture, refuse(ENOSYS));
  filter.load(offsetof(seccomp_data, nr));
#if defined(__x86_64__)
  filter.end_if_at_least(kX32Bit, refuse(ENOSYS));
#endif
  for (const long call : kForbidden) {
    filter.end_if_equal(static_cast<std::uint32_t>(call), refuse(EPERM));
  }
  constexpr std::uint8_t kBpfBlock = 2 * std::size(kForbiddenBpf) + 2;
  filter.skip_unless_equal(SYS_bpf, kBpfBlock);
  filter.load(kFirstArgument);
  for (const std::uint32_t command : kForbiddenBpf) {
    filter.end_if_equal(command, refuse(EPERM));
  }
  filter.end(SECCOMP_RET_ALLOW);
  if (!options.allows_programs) {
    for (const long call : kPrograms) {
      filter.end_if_equal(static_cast<std::uint32_t>(call), refuse(EPERM));
    }
    // Its flags are in memory, out of a filter's reach; glibc then falls back to clone.
    filter.end_if_equal(SYS_clone3, refuse(ENOSYS));
    constexpr std::uint8_t kCloneBlock = 4;
    filter.skip_unless_equal(SYS_clone, kCloneBlock);
    filter.load(kFirstArgument);
    filter.end_unless_bits(CLONE_THREAD, refuse(EPERM));
    filter.end(SECCOMP_RET_ALLOW);
  }
  filter.end(SECCOMP_RET_ALLOW);
  return filter;
}

}  // namespace

Status forbid_system_calls(const SeccompOptions& options) {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return fail_errno("cannot set no_new_privs", errno);
  }
  FilterWriter filter = make_filter(options);
  const sock_fprog program = filter.program();
  const long result =
      ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
  if (result != 0) {
    return result > 0 ? Status(fail(ErrorCode::kIo, "a thread has a seccomp filter of its own"))
                      : Status(fail_errno("cannot set a seccomp filter", errno));
  }
  return {};
}

}  // namespace saker::app
