// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Joining and normalising of paths as text. Symbolic links are never followed and no byte is
// replaced.
// Source: falco-compat-fields.md 7.2, "Path joining".
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace saker {

// Stands for a directory that is not known. It is joined with a path without a slash between.
inline constexpr std::string_view kUnknownDirectory = "<UNKNOWN>";
inline constexpr std::string_view kPathTooLong = "/DIR_TOO_LONG/FILENAME_TOO_LONG";
// Longest result including a terminating NUL: Falco's SCAP_MAX_PATH_SIZE.
inline constexpr std::size_t kMaxPathBytes = 1024;

// dirfd value that means the current directory, in Falco's numbering.
inline constexpr std::int64_t kAtFdcwd = -100;

[[nodiscard]] inline bool is_absolute(std::string_view path) {
  return !path.empty() && path.front() == '/';
}

// Replaces `out` by `path` seen from directory `dir`. `dir` is taken as it stands (it should end in
// a slash) and ignored when `path` is absolute or empty; `.`, `..` and repeated slashes of `path`
// are resolved, where `..` may take away from `dir`; a trailing slash goes. kPathTooLong when both
// together do not fit in kMaxPathBytes. `out` must not overlap the others.
void join_path(std::string_view dir, std::string_view path, std::string& out);

// The same into a buffer, for callers that must not allocate. Returns the number of bytes.
[[nodiscard]] std::size_t join_path(std::string_view dir, std::string_view path,
                                    std::span<char, kMaxPathBytes> out);

// Replaces `out` by `path` with each run of slashes made one.
void remove_repeated_slashes(std::string_view path, std::string& out);

}  // namespace saker
