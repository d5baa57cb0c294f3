// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What the tricks are made of.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace saker::evasion {

// An error with errno's text unless `is_fine`.
[[nodiscard]] Status check(bool is_fine, const std::string& what);
// This kernel or machine lacks something; the row is skipped.
[[nodiscard]] Status lacking(const std::string& what);
// Turns ENOSYS, EOPNOTSUPP and the like into lacking().
[[nodiscard]] Status check_call(long result, const std::string& what);

[[nodiscard]] Status open_close(const std::string& path, int flags, mode_t mode = 0600);
// Opens `path` relative to `folder` with openat().
[[nodiscard]] Status open_below(const std::string& folder, const std::string& path, int flags);
// The same by openat2(), by its handle, and with an entry of io_uring.
[[nodiscard]] Status open_with_openat2(const std::string& path);
[[nodiscard]] Status open_by_handle(const std::string& path);
[[nodiscard]] Status open_with_ring(const std::string& path);
// By the 32-bit entry of the kernel.
[[nodiscard]] Status open_with_compat_call(const std::string& path);
// A socket for packets by `socketcall` of that entry.
[[nodiscard]] Status packet_socket_with_compat_call();
// With a number of which the kernel looks at the lower half only.
[[nodiscard]] Status open_with_high_number(const std::string& path);
// While the call waits for a lease on `path` to be given up, the argument is overwritten with
// `shown`. `is_absent`: the argument's page is not mapped when the call begins.
[[nodiscard]] Status open_and_hide_argument(const std::string& path, const std::string& shown,
                                            bool is_absent);
// A helper opens the folder and passes it over a unix socket; we open `name` below it.
[[nodiscard]] Status open_below_passed_folder(const std::string& folder, const std::string& name);

[[nodiscard]] Status in_child(const std::function<Status()>& action);
// In a grandchild whose parent has ended. Returns when it has ended too.
[[nodiscard]] Status in_orphan(bool with_new_session, const std::function<Status()>& action);

// Runs this program's step under another path, name or argv[0]; `program` is a path at which this
// program stands (see copy_self).
[[nodiscard]] Status run_step_as(const std::string& program, const std::string& name,
                                 const std::string& step);
[[nodiscard]] Status copy_self(const std::string& path);

// Writes an executable file.
[[nodiscard]] Status write_script(const std::string& path, const std::string& text);
// Runs `words` and ignores how they end; the first is the program's path.
[[nodiscard]] Status run(const std::vector<std::string>& words,
                         const std::vector<std::string>& environment = {});
// A memory file named `name` with the contents of `path`; not closed on exec.
[[nodiscard]] int memory_file(const char* name, const std::string& path);
// execveat() of a descriptor without a path, in a child.
[[nodiscard]] Status run_descriptor(int fd, const std::string& name);

// A connected TCP socket of a private network namespace, and the one that was accepted.
struct Connection {
  int client = -1;
  int server = -1;
};
[[nodiscard]] Result<Connection> connect_privately();

}  // namespace saker::evasion
