// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/state/thread.h"

namespace saker {

void Cgroups::reset() {
  id = 0;
  text.clear();
  container_id.clear();
  container_type.clear();
}

void Folders::reset() {
  cwd.clear();
  root.clear();
  is_of_processes = false;
}

void ThreadGroup::reset() {
  pid = -1;
  main = kNone;
  first = kNone;
  last = kNone;
  live_count = 0;
  is_reaper = false;
}

}  // namespace saker
