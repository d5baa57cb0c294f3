// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Makes another process call a system call, as an attacker with root would: with ptrace. x86_64.
#pragma once

#include <sys/types.h>

namespace saker::test {

// Lets process `pid` close its descriptor `fd`. Returns what close() returned there, or a negative
// errno when the process cannot be traced.
[[nodiscard]] long close_in(pid_t pid, int fd);

}  // namespace saker::test
