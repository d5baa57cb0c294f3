// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A process that does a known number of known things, in a control group of its own, so that what
// the sensor counts can be compared exactly with what happened.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace saker::load {

// One iteration of each kind, and how often the kernel's tracepoints are hit by it: each system
// call's exit, the wanted enter events (openat), and the ends and beginnings of programs.
struct Workload {
  std::string_view name;
  std::uint64_t hits_per_iteration;
  void (*iterate)();
};
// "files": openat, read, close, getpid. "fork": fork, end, wait. "exec": vfork, a program that ends
// at once, wait. "connect": a TCP connection over loopback, made and accepted.
[[nodiscard]] std::span<const Workload> workloads();

// A control group (v2) that is removed at the end.
class ControlGroup {
public:
  [[nodiscard]] static Result<std::unique_ptr<ControlGroup>> make(const std::string& name);
  ~ControlGroup();
  ControlGroup(const ControlGroup&) = delete;
  ControlGroup& operator=(const ControlGroup&) = delete;

  // As the kernel side knows it.
  [[nodiscard]] std::uint64_t id() const { return id_; }
  [[nodiscard]] Status add(pid_t pid) const;

private:
  explicit ControlGroup(std::string path) : path_(std::move(path)) {}

  std::string path_;
  std::uint64_t id_ = 0;
};

struct LoadResult {
  std::uint64_t iterations = 0;
  double seconds = 0;      // of the clock
  double cpu_seconds = 0;  // of the generator and its children
};

class Generator {
public:
  // Starts the process, which waits inside `group` (null: where we are).
  [[nodiscard]] static Result<std::unique_ptr<Generator>> start(const Workload& workload,
                                                                const ControlGroup* group);
  // Ends it.
  ~Generator();
  Generator(const Generator&) = delete;
  Generator& operator=(const Generator&) = delete;

  // Iterates for `seconds`, or `max_iterations` times, at `per_second` at most (0: as fast as it
  // goes). Between two calls the process makes no system call.
  [[nodiscard]] LoadResult run(double seconds, std::uint64_t max_iterations, double per_second);

private:
  struct Shared;
  Generator() = default;

  pid_t pid_ = -1;
  Shared* shared_ = nullptr;
};

}  // namespace saker::load
