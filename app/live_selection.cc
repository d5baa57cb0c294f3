// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "app/live_selection.h"

#include <algorithm>
#include <array>
#include <set>

#include "compat/cli/event_groups.h"
#include "engine/event/catalogue.h"

namespace saker::app {

namespace {

// Enough to know processes, file descriptors and identities. Source: falco.yaml, base_syscalls,
// "Suggestions".
constexpr std::array<std::string_view, 26> kRepairSyscalls = {
    "clone",  "clone3", "fork",    "vfork",      "execve",    "execveat", "close",
    "socket", "bind",   "connect", "getsockopt", "accept",    "accept4",  "setresuid",
    "setsid", "setuid", "setgid",  "setpgid",    "setresgid", "setreuid", "setregid",
    "capset", "chdir",  "chroot",  "fchdir",     "prctl"};

// Conditions with more types than this do not choose by type; they want every system call.
constexpr std::size_t kManyTypes = 100;

using Codes = std::set<std::uint16_t>;

bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Whether `word` stands in `text` with nothing of a word around it.
bool has_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_word_char(text[at - 1])) &&
        (end == text.size() || !is_word_char(text[end]))) {
      return true;
    }
  }
  return false;
}

// System calls of one rule. Those without an event type of their own share one: of them a rule
// means the ones that its condition names.
void add_rule(Codes& codes, const Rule& rule) {
  const bool wants_all = rule.event_types.count() > kManyTypes;
  for (const SyscallInfo& syscall : all_syscalls()) {
    if (!rule.event_types.test(index_of(syscall.exit_event))) {
      continue;
    }
    if (wants_all || syscall.exit_event != EventType::kGenericX ||
        has_word(rule.condition_compiled, syscall.name)) {
      codes.insert(syscall.code);
    }
  }
}

void add_state(Codes& codes) {
  constexpr std::uint16_t kNeeded =
      event_flag::kModifiesState | event_flag::kCreatesFd | event_flag::kDestroysFd;
  for (const SyscallInfo& syscall : all_syscalls()) {
    // Falco does not follow what unshare does to files and folders.
    if (event_info(syscall.exit_event).has(kNeeded) ||
        syscall.exit_event == EventType::kSyscallUnshareX) {
      codes.insert(syscall.code);
    }
  }
}

template <typename Names>
void add_names(Codes& codes, const Names& names) {
  for (const std::string_view name : names) {
    if (const SyscallInfo* syscall = syscall_by_name(name); syscall != nullptr) {
      codes.insert(syscall->code);
    }
  }
}

void remove_name(Codes& codes, std::string_view name) {
  if (const SyscallInfo* syscall = syscall_by_name(name); syscall != nullptr) {
    codes.erase(syscall->code);
  }
}

// Enter events that the sensor knows, and the exit events that they belong to (one number higher).
constexpr std::array<EventType, 4> kEnterEvents = {
    EventType::kSyscallOpenE, EventType::kSyscallOpenatV2E, EventType::kSyscallOpenat2E,
    EventType::kSyscallCreatE};

std::vector<EventType> other_events(const RuleSet& rules, const Codes& codes) {
  // Without it no process would ever leave the state.
  std::vector<EventType> events = {EventType::kProcexitV1E};
  if (rules.event_types().test(index_of(EventType::kSignaldeliverE))) {
    events.push_back(EventType::kSignaldeliverE);
  }
  for (const EventType enter : kEnterEvents) {
    const bool has_exit = std::ranges::any_of(all_syscalls(), [&](const SyscallInfo& syscall) {
      return index_of(syscall.exit_event) == index_of(enter) + 1 && codes.contains(syscall.code);
    });
    if (has_exit) {
      events.push_back(enter);
    }
  }
  return events;
}

}  // namespace

sensor::Selection select_events(const config::BaseSyscalls& base, const RuleSet& rules) {
  Codes codes;
  for (const Rule& rule : rules.rules()) {
    if (rule.is_enabled) {
      add_rule(codes, rule);
    }
  }
  if (!base.all) {
    const auto ignored = cli::ignored_events();
    for (const SyscallInfo& syscall : all_syscalls()) {
      if (std::ranges::find(ignored, event_info(syscall.exit_event).name) != ignored.end()) {
        codes.erase(syscall.code);
      }
    }
  }
  std::vector<std::string_view> included;
  std::vector<std::string_view> excluded;
  for (const std::string_view name : base.custom_set) {
    if (name.starts_with('!')) {
      excluded.push_back(name.substr(1));
    } else {
      included.push_back(name);
    }
  }
  if (base.repair) {
    add_names(codes, kRepairSyscalls);
  } else if (included.empty()) {
    add_state(codes);
  }
  add_names(codes, included);
  for (const std::string_view name : excluded) {
    remove_name(codes, name);
  }
  sensor::Selection selection;
  selection.syscall_codes.assign(codes.begin(), codes.end());
  selection.events = other_events(rules, codes);
  return selection;
}

}  // namespace saker::app
