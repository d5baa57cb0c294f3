// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Giving up rights that watching a machine does not need: capabilities before the first thread is
// started, system calls when everything runs. What is kept and why: docs/security.md.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace saker::app {

// Numbers of capabilities (linux/capability.h).
using CapabilitySet = std::set<int>;

// "CAP_BPF" or "bpf" in any case; -1 when there is no such capability.
[[nodiscard]] int capability_by_name(std::string_view name);
[[nodiscard]] std::string capability_name(int capability);

// What the live sensor needs on this kernel.
[[nodiscard]] CapabilitySet sensor_capabilities();

// Those of the calling thread's permitted set.
[[nodiscard]] Result<CapabilitySet> permitted_capabilities();

// Keeps only `keep`, as far as the thread has them, for the calling thread and those that it starts
// from now on. Programs that they start get none, whatever their user and files say. Cannot be
// undone.
[[nodiscard]] Status keep_capabilities(const CapabilitySet& keep);

// Whether the calling thread could write `path`, or create it in its folder, with only `keep`.
[[nodiscard]] bool could_write(const std::string& path, const CapabilitySet& keep);

// From now on no core dump of this process is written: its memory holds passwords and what was
// watched. Programs that it starts get none either.
[[nodiscard]] Status forbid_core_dumps();

struct SeccompOptions {
  bool allows_programs = true;  // execve and new processes
};

// Forbids, for all threads of the process and programs that they start, system calls that neither
// need: loading kernel code, mounting, changing the clock, looking into other processes, and so on.
// They fail with EPERM, those of foreign architectures with ENOSYS. Sets no_new_privs. Cannot be
// undone.
[[nodiscard]] Status forbid_system_calls(const SeccompOptions& options);

}  // namespace saker::app
