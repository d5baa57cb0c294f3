// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <gtest/gtest.h>

#include "bpf/user/probe.h"

namespace saker::sensor {
namespace {

TEST(ExplainFailure, NamesWhatIsMissingAndWhatWorks) {
  struct Case {
    const char* what;
    Capabilities found;
    const char* text;
  };
  Capabilities all{.has_programs = true,
                   .has_btf = true,
                   .can_use_bpf = true,
                   .has_ring_buffer = true,
                   .has_sys_enter = true,
                   .has_sys_exit = true,
                   .has_process_exec = true,
                   .has_process_exit = true,
                   .has_process_fork = true,
                   .has_task_iterator = true,
                   .missing = {}};
  Capabilities no_btf{.has_programs = true,
                      .can_use_bpf = true,
                      .has_ring_buffer = true,
                      .missing = {"/sys/kernel/btf/vmlinux cannot be read", "more"}};
  Capabilities nothing{.has_programs = true, .missing = {"the bpf system call is refused"}};
  Capabilities no_exit = all;
  no_exit.has_sys_exit = false;
  no_exit.missing = {"no tracepoint sys_exit"};
  const Case cases[] = {
      {"a refused program", all,
       "cannot watch this machine: program x refused. What works here: the bpf system call, the "
       "kernel's type information, ring buffers, results of system calls, arguments before the "
       "call, started programs, ends of processes, the task iterator; replaying captures and "
       "checking rules, as everywhere."},
      {"no BTF", no_btf,
       "cannot watch this machine: /sys/kernel/btf/vmlinux cannot be read. What works here: the "
       "bpf "
       "system call, ring buffers; replaying captures and checking rules, as everywhere."},
      {"no rights", nothing,
       "cannot watch this machine: the bpf system call is refused. What works here: replaying "
       "captures and checking rules, as everywhere."},
      {"no tracepoint", no_exit,
       "cannot watch this machine: no tracepoint sys_exit. What works here: the bpf system call, "
       "the "
       "kernel's type information, ring buffers, arguments before the call, started programs, ends "
       "of processes, the task iterator; replaying captures and checking rules, as everywhere."},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(explain_failure("program x refused", one.found), one.text) << one.what;
  }
}

}  // namespace
}  // namespace saker::sensor
