// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// clone, fork, vfork, clone3, execve, execveat, procexit as the sensor sees them.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/live/sensor/sensor_fixture.h"

namespace saker::sensor::testing {
namespace {

TEST(SensorProcess, Dump) {
  SAKER_SKIP_WITHOUT_SENSOR();
  const Recording run = record({"openat", "close", "chdir", "mkdir", "unlink"}, [] {
    ::close(::open("/etc/hostname", O_RDONLY | O_CLOEXEC));
    ::close(::open("/nonexistent", O_RDWR));
    (void)!::chdir("/usr/../tmp");
    const pid_t child = ::fork();
    if (child == 0) {
      const char* argv[] = {"true-name", "one", "two words", nullptr};
      const char* envp[] = {"A=1", "B=", nullptr};
      ::execve("/nonexistent", const_cast<char**>(argv), const_cast<char**>(envp));
      ::execve("/bin/true", const_cast<char**>(argv), const_cast<char**>(envp));
    }
    ::waitpid(child, nullptr, 0);
  });
  std::printf("%s", run.describe().c_str());
  const Ledger& l = run.ledger;
  std::printf(
      "seen %lu submitted %lu filtered %lu lost %lu; own %lu unwanted %lu redundant %lu pf %lu "
      "trunc %lu\n",
      l.seen, l.submitted, l.filtered(), l.lost(), l.filtered_own, l.filtered_unwanted,
      l.filtered_redundant, l.flaw_page_fault, l.flaw_truncated);
}

}  // namespace
}  // namespace saker::sensor::testing
