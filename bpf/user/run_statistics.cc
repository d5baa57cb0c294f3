// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Adapter: uses libbpf's low-level calls.
#include "bpf/user/run_statistics.h"

#include <bpf/bpf.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace saker::sensor {

Result<RunStatistics> RunStatistics::enable() {
  const int fd = bpf_enable_stats(BPF_STATS_RUN_TIME);
  if (fd < 0) {
    return fail_errno("the kernel does not measure run times of BPF programs", errno);
  }
  return RunStatistics(fd);
}

RunStatistics::RunStatistics(RunStatistics&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

RunStatistics::~RunStatistics() {
  if (fd_ >= 0) {
    ::close(fd_);
  }
}

}  // namespace saker::sensor
