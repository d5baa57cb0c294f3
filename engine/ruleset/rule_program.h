// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// All conditions of a rule set, compiled together: per event type, which rules can still match and
// where their decision graphs start.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/eval/program.h"
#include "engine/ruleset/rule.h"

namespace saker {

class RuleProgram {
public:
  struct Entry {
    RuleId rule{};
    StepIndex start = kReject;  // never kReject
  };

  [[nodiscard]] std::span<const Entry> entries(EventType type) const {
    const Range& range = ranges_[index_of(type)];
    return std::span(entries_).subspan(range.first, range.count);
  }
  [[nodiscard]] const PredicateTable& predicates() const { return predicates_; }
  [[nodiscard]] std::span<const Step> steps() const { return program_.steps(); }
  [[nodiscard]] const Program& program() const { return program_; }

private:
  friend class RuleProgramBuilder;
  struct Range {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
  };

  PredicateTable predicates_;
  Program program_;
  std::vector<Entry> entries_;
  std::array<Range, kEventTypeCount> ranges_{};
};

// Collects conditions in rule order, then specialises them per event type.
class RuleProgramBuilder {
public:
  [[nodiscard]] Compiled<void> add(RuleId rule, const Node& condition, const EventTypeSet& types,
                                   const FieldCatalogue& fields, bool allow_pcre2);
  [[nodiscard]] std::unique_ptr<const RuleProgram> build() &&;

private:
  struct Root {
    RuleId rule{};
    GraphNodeId node{};
    EventTypeSet types;
  };

  std::unique_ptr<RuleProgram> program_ = std::make_unique<RuleProgram>();
  ConditionGraph graph_;
  std::vector<Root> roots_;
};

}  // namespace saker
