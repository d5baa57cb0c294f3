// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What a process can do to make a sensor busy, fat or confused. Each function works for about
// `seconds` in the calling process and its children and undoes what it made.
#pragma once

#include <string_view>
#include <vector>

namespace saker::attacks {

struct Attack {
  std::string_view name;
  std::string_view what;  // for people
  // Empty when it did its work, else why it could not.
  std::string_view (*run)(double seconds);
};

// rename: threads rename themselves without pause. fds: as many descriptors as the kernel gives,
// copied and closed. threads: floods of threads. groups: control groups with odd names and with
// names of containers come and go. vectors: arguments, environment and paths at the kernel's
// limits. names: folders deeper than PATH_MAX, names with newlines and quotes, links to themselves.
// storm: forks and programs that end at once.
[[nodiscard]] const std::vector<Attack>& all_attacks();

// Gives this process a name, a working folder and an executable's path that a careless reader of
// /proc takes for something else. Returns the name.
std::string_view look_confusing();

}  // namespace saker::attacks
