// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The event catalogue as listings show it: current events by kind, and a pair of events for every
// system call without a type of its own.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "engine/event/catalogue.h"

namespace saker::cli {

struct ListedEvent {
  std::string_view name;
  bool is_enter = false;
  bool is_available = true;  // collected without base_syscalls.all
  std::span<const ParamInfo> params;
};

struct EventGroup {
  std::string_view title;
  std::vector<ListedEvent> events;
};

[[nodiscard]] std::vector<EventGroup> event_groups();

// Whether the names of the parameter's flags are listed: those of file modes are not.
[[nodiscard]] inline bool has_listed_flags(const ParamInfo& param) {
  return param.flags != FlagTable::kNone && param.type != ParamType::kMode;
}

// Names of the events that are not collected by default: they move data, often and much.
[[nodiscard]] std::span<const std::string_view> ignored_events();

}  // namespace saker::cli
