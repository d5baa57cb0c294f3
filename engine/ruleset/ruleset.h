// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// A compiled, immutable rule set, safe to read from any thread. Rule order is load order.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/field/field_catalogue.h"
#include "engine/lang/ast.h"
#include "engine/ruleset/optimisations.h"
#include "engine/ruleset/rule.h"

namespace saker {

struct RegexOptions {
  bool allow_pcre2 =
      false;  // patterns that RE2 cannot express are compiled with PCRE2 (Saker only)
};

class RuleProgram;

class RuleSet {
public:
  ~RuleSet();

  [[nodiscard]] std::span<const Rule> rules() const { return rules_; }
  [[nodiscard]] const Rule& rule(RuleId id) const { return rules_[static_cast<std::size_t>(id)]; }
  // Types for which at least one enabled rule of source "syscall" has a program.
  [[nodiscard]] const EventTypeSet& event_types() const { return event_types_; }
  [[nodiscard]] std::uint64_t generation() const { return generation_; }
  [[nodiscard]] const RuleProgram& program() const { return *program_; }
  [[nodiscard]] const FieldCatalogue& fields() const { return *fields_; }

private:
  friend class RuleSetBuilder;
  RuleSet();

  std::vector<Rule> rules_;
  EventTypeSet event_types_;
  std::uint64_t generation_ = 0;
  std::shared_ptr<const FieldCatalogue> fields_;
  std::unique_ptr<const RuleProgram> program_;
};

// Checks that a condition compiles, without adding it anywhere: names, types, operators, constants.
[[nodiscard]] Compiled<void> check_condition(const Node& condition, const FieldCatalogue& fields,
                                             const RegexOptions& options = {});

// Collects rules and compiles them together.
class RuleSetBuilder {
public:
  explicit RuleSetBuilder(std::shared_ptr<const FieldCatalogue> fields, RegexOptions options = {},
                          const Optimisations& optimisations = {});
  ~RuleSetBuilder();

  // Adds a rule whose macros and lists are expanded. Fills rule.event_types and
  // rule.condition_compiled. Rules of other sources than "syscall" and disabled rules keep their
  // place but get no program.
  [[nodiscard]] Compiled<RuleId> add(Rule rule, const Node& condition);

  [[nodiscard]] std::shared_ptr<const RuleSet> build() &&;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace saker
