// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "compat/cli/event_groups.h"
#include "compat/cli/list_json.h"
#include "compat/cli/listing.h"

namespace saker::cli {

namespace {

void append_flags(std::string& out, const ParamInfo& param, std::string_view mark) {
  std::string_view separator = ": ";
  for (const FlagName& flag : flag_names(param.flags)) {
    out += separator;
    out += mark;
    out += flag.name;
    out += mark;
    separator = ", ";
  }
}

void append_params(std::string& out, std::span<const ParamInfo> params, bool is_markdown) {
  const std::string_view strong = is_markdown ? "**" : "";
  const std::string_view emphasis = is_markdown ? "*" : "";
  bool is_first = true;
  for (const ParamInfo& param : params) {
    out += is_first ? "" : ", ";
    is_first = false;
    out += to_text(param.type);
    out += ' ';
    out += strong;
    out += param.name;
    out += strong;
    if (has_listed_flags(param)) {
      append_flags(out, param, emphasis);
    }
  }
}

std::string text_of(const EventGroup& group) {
  std::string out = std::string(group.title) + "\n\n";
  for (const ListedEvent& event : group.events) {
    out += event.is_enter ? "> " : "< ";
    out += event.name;
    out += '(';
    append_params(out, event.params, false);
    out += ")\n";
  }
  return out + "\n";
}

std::string markdown_of(const EventGroup& group) {
  std::string out = "## " + std::string(group.title) +
                    "\n\nDefault | Dir | Name | Params\n:-------|:----|:-----|:------\n";
  for (const ListedEvent& event : group.events) {
    out += event.is_available ? "Yes" : "No";
    out += event.is_enter ? " | `>` | `" : " | `<` | `";
    out += event.name;
    out += "` | ";
    append_params(out, event.params, true);
    out += '\n';
  }
  return out + "\n";
}

}  // namespace

std::string list_events(ListFormat format) {
  const std::vector<EventGroup> groups = event_groups();
  if (format == ListFormat::kJson) {
    return event_groups_json(groups);
  }
  std::string out;
  for (const EventGroup& group : groups) {
    out += format == ListFormat::kMarkdown ? markdown_of(group) : text_of(group);
  }
  return out;
}

std::string list_ignored_syscalls() {
  std::string out = "Ignored syscall(s):\n";
  for (const std::string_view name : ignored_events()) {
    out += "- ";
    out += name;
    out += '\n';
  }
  return out;
}

}  // namespace saker::cli
