// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "bpf/user/snapshot_scan.h"

#include <utility>

#include "bpf/user/interfaces.h"
#include "bpf/user/machine.h"
#include "bpf/user/proc_fds.h"
#include "bpf/user/proc_tasks.h"
#include "bpf/user/proc_text.h"
#include "bpf/user/users.h"

namespace saker::sensor {
namespace {

constexpr std::size_t kMaxUserFileBytes = 4U << 20;

}  // namespace

Snapshot scan_snapshot(const std::string& proc_root, std::uint64_t boot_epoch_ns) {
  Snapshot snapshot;
  snapshot.machine = describe_machine(boot_epoch_ns);
  snapshot.threads = scan_threads(proc_root, boot_epoch_ns);
  FdScanner scanner(proc_root);
  for (const ThreadSnapshot& thread : snapshot.threads) {
    if (thread.tid == thread.pid) {
      snapshot.fd_lists.push_back(scanner.scan(thread.pid));
    }
  }
  snapshot.users = parse_passwd(read_file("/etc/passwd", kMaxUserFileBytes));
  snapshot.groups = parse_group(read_file("/etc/group", kMaxUserFileBytes));
  snapshot.interfaces = list_interfaces();
  return snapshot;
}

}  // namespace saker::sensor
