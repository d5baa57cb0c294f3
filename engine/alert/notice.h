// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A message about the product itself (drops, metrics, failed reloads), sent through the same
// outputs as alerts. Source: falco-compat.md 3.3.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "engine/alert/alert.h"
#include "engine/ruleset/rule.h"

namespace saker {

struct Notice {
  using FieldValue = std::variant<std::string, std::int64_t, std::uint64_t, double, bool>;

  std::uint64_t ts_ns = 0;
  Priority priority = Priority::kDebug;
  std::string rule;     // for example "Falco internal: syscall event drop"
  std::string message;  // without time and priority
  std::map<std::string, FieldValue> fields;
  std::optional<AlertId> fixed_id;  // of the notice that this one was made from

  [[nodiscard]] AlertId id() const;
};

}  // namespace saker
