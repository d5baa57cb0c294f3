// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/proc_facts.h"

#include <time.h>

#include "bpf/user/proc_fds.h"
#include "bpf/user/proc_tasks.h"
#include "bpf/user/proc_text.h"

namespace saker::app {

namespace {

// Threads looked up per second in the long run, and at once. A look-up takes about 50 microseconds,
// so they are at most a twentieth of the event thread's time.
constexpr double kLookupsPerSecond = 1000;
constexpr double kLookupBurst = 5000;

// Events and /proc take the time from clocks of different steps.
constexpr std::uint64_t kClockSlackNs = 2'000'000'000;

std::uint64_t clock_ns(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace

ProcFacts::ProcFacts(std::string proc_root)
    : proc_root_(std::move(proc_root)),
      boot_epoch_ns_(clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_BOOTTIME)),
      lookups_(kLookupsPerSecond, kLookupBurst) {}

bool ProcFacts::find_thread(std::int64_t tid, ThreadSnapshot& thread, FdListSnapshot& fds) {
  if (!lookups_.take(clock_ns(CLOCK_MONOTONIC)) ||
      !sensor::scan_thread(proc_root_, tid, boot_epoch_ns_, thread)) {
    return false;
  }
  if (thread.tid == thread.pid) {
    fds = sensor::FdScanner(proc_root_).scan(thread.pid);
  }
  return true;
}

bool ProcFacts::is_alive(std::int64_t pid, std::int64_t tid, std::uint64_t seen_ts_ns) {
  constexpr std::size_t kMaxStat = 1024;
  const std::string path =
      proc_root_ + "/" + std::to_string(pid) + "/task/" + std::to_string(tid) + "/stat";
  const std::uint64_t start_ns = sensor::start_since_boot_ns(sensor::read_file(path, kMaxStat));
  return start_ns != 0 && boot_epoch_ns_ + start_ns <= seen_ts_ns + kClockSlackNs;
}

}  // namespace saker::app
