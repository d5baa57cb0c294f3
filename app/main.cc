// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "app/control_thread.h"
#include "app/run.h"

namespace {

// A file that is opened later must not become standard output.
void open_standard_streams() {
  int fd = 0;
  do {
    fd = ::open("/dev/null", O_RDWR);  // NOLINT: programs that are started inherit it
  } while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd > STDERR_FILENO) {
    ::close(fd);
  }
}

}  // namespace

int main(int argc, char** argv) {
  open_standard_streams();
  saker::app::hold_signals();
  return saker::app::run(std::vector<std::string>(argv, argv + argc));
}
