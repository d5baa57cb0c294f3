// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Adapter: uses libbpf's low-level calls.
#include "bpf/user/probe.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace saker::sensor {
namespace {

constexpr const char* kBtfPath = "/sys/kernel/btf/vmlinux";

constexpr std::string_view kRefusedType =
    "programs on tracepoints are refused: CAP_PERFMON is needed, or a security module forbids them";

struct FreeBtf {
  void operator()(btf* types) const noexcept { btf__free(types); }
};

// Loads "return 0" on a tracepoint or iterator, and lets it go again. 0, or the error's number.
int try_load(const btf* types, const char* function, bpf_attach_type attach) {
  const int id = btf__find_by_name_kind(
      types, function, attach == BPF_TRACE_ITER ? BTF_KIND_FUNC : BTF_KIND_TYPEDEF);
  if (id < 0) {
    return ENOENT;
  }
  const bpf_insn program[] = {
      {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0},
      {.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0}};
  LIBBPF_OPTS(bpf_prog_load_opts, options);
  options.expected_attach_type = attach;
  options.attach_btf_id = static_cast<__u32>(id);
  const int fd = bpf_prog_load(BPF_PROG_TYPE_TRACING, "saker_probe", "GPL", program,
                               std::size(program), &options);
  if (fd < 0) {
    return errno;
  }
  ::close(fd);
  return 0;
}

struct Attachment {
  const char* function;
  bpf_attach_type attach;
  bool Capabilities::*result;
  const char* sentence;
};
constexpr Attachment kAttachments[] = {
    {"btf_trace_sys_enter", BPF_TRACE_RAW_TP, &Capabilities::has_sys_enter,
     "the kernel does not let programs onto tp_btf/sys_enter (CONFIG_HAVE_SYSCALL_TRACEPOINTS and "
     "CONFIG_FTRACE_SYSCALLS are needed): calls' arguments cannot be seen before they run"},
    {"btf_trace_sys_exit", BPF_TRACE_RAW_TP, &Capabilities::has_sys_exit,
     "the kernel does not let programs onto tp_btf/sys_exit (CONFIG_HAVE_SYSCALL_TRACEPOINTS and "
     "CONFIG_FTRACE_SYSCALLS are needed): no system call can be seen"},
    {"btf_trace_sched_process_exec", BPF_TRACE_RAW_TP, &Capabilities::has_process_exec,
     "the kernel does not let programs onto tp_btf/sched_process_exec: started programs cannot be "
     "seen"},
    {"btf_trace_sched_process_exit", BPF_TRACE_RAW_TP, &Capabilities::has_process_exit,
     "the kernel does not let programs onto tp_btf/sched_process_exit: ends of processes cannot be "
     "seen"},
    {"btf_trace_sched_process_fork", BPF_TRACE_RAW_TP, &Capabilities::has_process_fork,
     "the kernel does not let programs onto tp_btf/sched_process_fork (only needed on arm64)"},
    {"bpf_iter_task", BPF_TRACE_ITER, &Capabilities::has_task_iterator,
     "the kernel has no task iterator (5.8 or newer): the starting state is read from /proc alone"},
};

}  // namespace

Capabilities probe() {
  Capabilities found;
#ifdef SAKER_HAS_BPF_PROGRAMS
  found.has_programs = true;
#else
  found.missing.emplace_back(
      "this build has no BPF programs: configure with SAKER_BUILD_BPF=ON (needs clang)");
#endif
  found.has_btf = ::access(kBtfPath, R_OK) == 0;
  if (!found.has_btf) {
    found.missing.emplace_back(
        "/sys/kernel/btf/vmlinux cannot be read: a kernel with CONFIG_DEBUG_INFO_BTF is needed");
  }
  const int ring = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "saker_probe", 0, 0,
                                  static_cast<__u32>(::sysconf(_SC_PAGESIZE)), nullptr);
  const int ring_errno = errno;
  found.can_use_bpf = ring >= 0 || ring_errno != EPERM;
  found.has_ring_buffer = ring >= 0;
  if (ring >= 0) {
    ::close(ring);
  } else if (!found.can_use_bpf) {
    found.missing.emplace_back(
        "the bpf system call is refused: root, or CAP_BPF and CAP_PERFMON, is needed");
  } else {
    found.missing.emplace_back(
        std::string("BPF ring buffers cannot be made (kernel 5.8 or newer): ") +
        std::strerror(ring_errno));  // NOLINT(concurrency-mt-unsafe)
  }
  const std::unique_ptr<btf, FreeBtf> types(found.has_btf ? btf__load_vmlinux_btf() : nullptr);
  for (const Attachment& attachment : kAttachments) {
    const int error =
        types == nullptr ? ENOENT : try_load(types.get(), attachment.function, attachment.attach);
    found.*attachment.result = error == 0;
    if (error == EPERM && found.can_use_bpf) {
      // Said once: the rights are missing, not the tracepoints.
      if (std::ranges::find(found.missing, kRefusedType) == found.missing.end()) {
        found.missing.emplace_back(kRefusedType);
      }
    } else if (error != 0) {
      found.missing.emplace_back(attachment.sentence);
    }
  }
  return found;
}

std::string explain_failure(const std::string& error, const Capabilities& found) {
  const std::pair<bool, std::string_view> abilities[] = {
      {found.can_use_bpf, "the bpf system call"},
      {found.has_btf, "the kernel's type information"},
      {found.has_ring_buffer, "ring buffers"},
      {found.has_sys_exit, "results of system calls"},
      {found.has_sys_enter, "arguments before the call"},
      {found.has_process_exec, "started programs"},
      {found.has_process_exit, "ends of processes"},
      {found.has_task_iterator, "the task iterator"},
  };
  std::string works;
  for (const auto& [is_there, what] : abilities) {
    if (is_there) {
      works += works.empty() ? "" : ", ";
      works += what;
    }
  }
  // What a probe found missing says more than the call that failed; a refused program is neither.
  const bool is_explained = !found.is_sufficient() && !found.missing.empty();
  return "cannot watch this machine: " + (is_explained ? found.missing.front() : error) +
         ". What works here: " + (works.empty() ? "" : works + "; ") +
         "replaying captures and checking rules, as everywhere.";
}

}  // namespace saker::sensor
