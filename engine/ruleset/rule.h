// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A rule as it is compiled and reported.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/source_map.h"
#include "engine/eval/event_types.h"
#include "engine/ruleset/output_template.h"

namespace saker {

enum class Priority : std::uint8_t {
  kEmergency,
  kAlert,
  kCritical,
  kError,
  kWarning,
  kNotice,
  kInformational,
  kDebug,
};

// "Emergency" … "Informational", "Debug".
[[nodiscard]] std::string_view to_text(Priority priority);
// Case-insensitive; also "info". False when the word is none of them.
[[nodiscard]] bool parse_priority(std::string_view text, Priority& priority);

// Index into RuleSet::rules(), in load order.
enum class RuleId : std::uint32_t {};

struct Rule {
  std::string name;
  std::string description;
  std::string source = "syscall";
  Priority priority = Priority::kDebug;
  std::vector<std::string> tags;  // sorted, unique
  bool is_enabled = true;
  bool has_capture = false;
  std::uint64_t capture_duration_ms = 0;  // 0: the configuration's default
  std::string condition_text;             // after appends, before expansion
  std::string condition_compiled;         // canonical text of the expanded condition
  OutputTemplate output;
  EventTypeSet event_types;
  SourceSpan span;  // of the rule item
};

}  // namespace saker
