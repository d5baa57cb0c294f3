// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The kernel's own measurement of how long BPF programs run (ProgramReport::run_time_ns). It costs
// every program two looks at the clock, so it runs only as long as somebody holds this.
#pragma once

#include "engine/base/result.h"

namespace saker::sensor {

class RunStatistics {
public:
  // Fails when the kernel refuses (5.8 or newer, CAP_SYS_ADMIN).
  [[nodiscard]] static Result<RunStatistics> enable();
  RunStatistics(RunStatistics&& other) noexcept;
  RunStatistics& operator=(RunStatistics&&) = delete;
  RunStatistics(const RunStatistics&) = delete;
  RunStatistics& operator=(const RunStatistics&) = delete;
  ~RunStatistics();

private:
  explicit RunStatistics(int fd) : fd_(fd) {}

  int fd_;
};

}  // namespace saker::sensor
