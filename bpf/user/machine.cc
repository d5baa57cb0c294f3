// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "bpf/user/machine.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>

namespace saker::sensor {

MachineSnapshot describe_machine(std::uint64_t boot_epoch_ns) {
  MachineSnapshot machine;
  const auto positive = [](long value) {  // NOLINT(google-runtime-int): sysconf's type
    return static_cast<std::uint64_t>(std::max(value, 0L));
  };
  machine.cpu_count = static_cast<std::uint32_t>(positive(::sysconf(_SC_NPROCESSORS_ONLN)));
  machine.memory_bytes = positive(::sysconf(_SC_PHYS_PAGES)) * positive(::sysconf(_SC_PAGESIZE));
  machine.boot_ts_ns = boot_epoch_ns;
  utsname names{};
  if (::uname(&names) == 0) {
    machine.hostname = &names.nodename[0];
  }
  return machine;
}

}  // namespace saker::sensor
