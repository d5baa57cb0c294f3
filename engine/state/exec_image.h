// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What an exec established, shared by the process' threads and by forked children until they exec
// themselves. Immutable once published; a change makes a new image. `id` is never reused, so caches
// may be keyed by it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/pool.h"

namespace saker {

struct ExecImage : Pooled<ExecImage> {
  std::uint64_t id = 0;
  std::string comm;
  std::string exe;      // argv[0]
  std::string exepath;  // resolved by the kernel; empty when unknown
  std::string args;     // pieces after argv[0], each followed by NUL, as the event holds them
  std::string env;      // NAME=value pieces, each followed by NUL
  std::string cmdline;  // comm, then for each argument a blank and the argument
  std::uint32_t args_offset =
      0;  // of the joined arguments in `cmdline` (its size when there are none)
  std::uint64_t ino = 0;
  std::uint64_t ino_ctime_ns = 0;
  std::uint64_t ino_mtime_ns = 0;
  // From the executable's ctime to the start of the process that made the exec; wraps when the
  // executable is the younger, as rules see it in Falco. 0: unknown.
  std::uint64_t ctime_to_process_start_ns = 0;
  bool is_writable = false;
  bool is_upper_layer = false;
  bool is_lower_layer = false;
  bool is_from_memfd = false;

  void reset();  // for the pool: clears values, keeps capacity
  // Sets the duration from `ino_ctime_ns` to when the process started; 0: unknown.
  void set_process_start(std::uint64_t ts_ns);
  // Sets `cmdline` and `args_offset` from `comm` and `args`.
  void build_cmdline();
};

// Replaces `out` by `pieces`, with the NUL that the last piece may lack (a driver cuts at 4096
// bytes).
void assign_pieces(std::string_view pieces, std::string& out);
// Whether assign_pieces(pieces) would give `normalised`.
[[nodiscard]] bool same_pieces(std::string_view pieces, std::string_view normalised);

}  // namespace saker
