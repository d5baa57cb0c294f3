// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Which events Falco's drop alerts count together. Source: falco-compat.md 3.5 for the names; the
// members follow their meaning.
#include <array>
#include <string_view>
#include <utility>

#include "bpf/user/live_options.h"
#include "engine/event/catalogue.h"

namespace saker::sensor {
namespace {

using ByName = std::pair<std::string_view, EventClass>;

constexpr ByName kClasses[] = {
    {"clone", EventClass::kCloneFork},
    {"clone3", EventClass::kCloneFork},
    {"fork", EventClass::kCloneFork},
    {"vfork", EventClass::kCloneFork},
    {"execve", EventClass::kExecve},
    {"execveat", EventClass::kExecve},
    {"connect", EventClass::kConnect},
    {"open", EventClass::kOpen},
    {"openat", EventClass::kOpen},
    {"openat2", EventClass::kOpen},
    {"creat", EventClass::kOpen},
    {"open_by_handle_at", EventClass::kOpen},
    {"dup", EventClass::kDirFile},
    {"dup2", EventClass::kDirFile},
    {"dup3", EventClass::kDirFile},
    {"chmod", EventClass::kDirFile},
    {"fchmod", EventClass::kDirFile},
    {"fchmodat", EventClass::kDirFile},
    {"chown", EventClass::kDirFile},
    {"fchown", EventClass::kDirFile},
    {"fchownat", EventClass::kDirFile},
    {"lchown", EventClass::kDirFile},
    {"link", EventClass::kDirFile},
    {"linkat", EventClass::kDirFile},
    {"mkdir", EventClass::kDirFile},
    {"mkdirat", EventClass::kDirFile},
    {"rmdir", EventClass::kDirFile},
    {"rename", EventClass::kDirFile},
    {"renameat", EventClass::kDirFile},
    {"renameat2", EventClass::kDirFile},
    {"symlink", EventClass::kDirFile},
    {"symlinkat", EventClass::kDirFile},
    {"unlink", EventClass::kDirFile},
    {"unlinkat", EventClass::kDirFile},
    {"bpf", EventClass::kOtherInterest},
    {"capset", EventClass::kOtherInterest},
    {"ptrace", EventClass::kOtherInterest},
    {"seccomp", EventClass::kOtherInterest},
    {"setns", EventClass::kOtherInterest},
    {"setpgid", EventClass::kOtherInterest},
    {"setresgid", EventClass::kOtherInterest},
    {"setresuid", EventClass::kOtherInterest},
    {"setsid", EventClass::kOtherInterest},
    {"unshare", EventClass::kOtherInterest},
    {"close", EventClass::kClose},
    {"procexit", EventClass::kProc},
};

constexpr std::array<std::string_view, kEventClassCount> kNames = {
    "other",    "clone_fork",     "execve", "connect", "open",
    "dir_file", "other_interest", "close",  "proc"};

}  // namespace

std::string_view to_text(EventClass event_class) {
  return kNames[static_cast<std::size_t>(event_class)];
}

EventClass class_of(EventType type) {
  const std::string_view name = event_info(type).name;
  for (const auto& [known, event_class] : kClasses) {
    if (known == name) {
      return event_class;
    }
  }
  return EventClass::kOther;
}

}  // namespace saker::sensor
