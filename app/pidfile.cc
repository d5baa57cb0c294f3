// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/pidfile.h"

#include <errno.h>
#include <unistd.h>

#include <fstream>

namespace saker::app {

Status write_pidfile(const std::string& path) {
  std::ofstream file(path, std::ios::trunc);
  file << ::getpid() << '\n';
  file.flush();
  if (!file) {
    return fail_errno("cannot write process id to " + path, errno);
  }
  return {};
}

}  // namespace saker::app
