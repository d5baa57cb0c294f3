// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include <string>
#include <vector>

#include "app/control_thread.h"
#include "app/run.h"

int main(int argc, char** argv) {
  saker::app::hold_signals();
  return saker::app::run(std::vector<std::string>(argv, argv + argc));
}
