// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// An alert or a notice as plain data, without the rule set behind it: what the opt-in formats
// (render_formats.h) are made from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/alert/alert.h"
#include "engine/alert/notice.h"
#include "engine/alert/render_options.h"

namespace saker {

struct AlertFact {
  using Value = std::variant<std::string, std::int64_t, std::uint64_t, double, bool,
                             std::vector<std::string>>;
  std::string name;  // of the field, "proc.pid"
  Value value;
};

struct AlertFacts {
  std::string id;
  std::uint64_t ts_ns = 0;
  Priority priority = Priority::kDebug;
  std::string rule;
  std::string source;
  std::string message;  // without time and priority
  std::string hostname;
  std::vector<std::string> tags;
  std::vector<AlertFact> fields;  // those that have a value, sorted by name, each once

  // Null when there is no such field or it has no value.
  [[nodiscard]] const AlertFact* find(std::string_view name) const;
};

// Times of the event become texts like "2026-11-21T14:50:00.000000001Z".
[[nodiscard]] AlertFacts facts_of(const Alert& alert, const RenderOptions& options);
[[nodiscard]] AlertFacts facts_of(const Notice& notice, const RenderOptions& options);

// The value as text; list items are joined with ",".
[[nodiscard]] std::string text_of(const AlertFact& fact);

}  // namespace saker
