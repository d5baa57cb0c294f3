// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What the running kernel lets the sensor do, found out by trying.
#pragma once

#include <string>
#include <vector>

namespace saker::sensor {

struct Capabilities {
  bool has_programs = false;     // this build carries BPF programs
  bool has_btf = false;          // /sys/kernel/btf/vmlinux
  bool can_use_bpf = false;      // the bpf system call is allowed to us
  bool has_ring_buffer = false;  // BPF_MAP_TYPE_RINGBUF
  bool has_sys_enter = false;    // a program on tp_btf/sys_enter loads
  bool has_sys_exit = false;
  bool has_process_exec = false;
  bool has_process_exit = false;
  bool has_process_fork = false;
  bool has_task_iterator = false;
  // One sentence per missing thing: what is missing, what for, and what to do.
  std::vector<std::string> missing;

  // All that LiveSource::open() needs.
  [[nodiscard]] bool is_sufficient() const {
    return has_programs && has_btf && can_use_bpf && has_ring_buffer && has_sys_enter &&
           has_sys_exit && has_process_exec && has_process_exit;
  }
};

[[nodiscard]] Capabilities probe();

// Why the sensor does not run, in one sentence, and what works all the same, in another. `error`:
// what LiveSource::open() said.
[[nodiscard]] std::string explain_failure(const std::string& error, const Capabilities& found);

}  // namespace saker::sensor
