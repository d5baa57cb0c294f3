// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Runs something hostile in a process of its own whose time and memory the kernel bounds. Processor
// time, not the clock: a busy machine does not make such a test fail.
//
//   EXPECT_EQ(run_bounded({.cpu_seconds = 5, .memory_bytes = 256 << 20}, [] { return …; }),
//   "true");
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace saker::testing {

struct Bounds {
  unsigned cpu_seconds = 10;
  std::size_t memory_bytes = 0;  // on top of what the process has; 0: no bound
};

namespace detail {

inline void limit(int resource, rlim_t value) {
  const rlimit bound{.rlim_cur = value, .rlim_max = value};
  ::setrlimit(static_cast<__rlimit_resource>(resource), &bound);
}

// Bytes of address space in use.
inline std::size_t used_memory() {
  std::size_t pages = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r"); file != nullptr) {
    if (std::fscanf(file, "%zu", &pages) != 1) {  // NOLINT(cert-err34-c): the kernel's own text
      pages = 0;
    }
    std::fclose(file);
  }
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace detail

// What became of it: "true" or "false" as `action` returned, or "signal N" (24, SIGXCPU: too long;
// 6: usually no memory).
template <typename Action>
[[nodiscard]] std::string run_bounded(const Bounds& bounds, Action&& action) {
  const pid_t child = ::fork();
  if (child == 0) {
    detail::limit(RLIMIT_CORE, 0);
    detail::limit(RLIMIT_CPU, bounds.cpu_seconds);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    // Sanitizers need address space without end.
    if (bounds.memory_bytes != 0) {
      detail::limit(RLIMIT_AS, detail::used_memory() + bounds.memory_bytes);
    }
#endif
    ::_exit(action() ? 0 : 1);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child) {
    return "no process";
  }
  if (WIFSIGNALED(status)) {
    return "signal " + std::to_string(WTERMSIG(status));
  }
  return WEXITSTATUS(status) == 0 ? "true" : "false";
}

}  // namespace saker::testing
