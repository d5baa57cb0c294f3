// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// All conditions of a rule set, compiled together: per event type, which rules can still match,
// where their decision graphs start, and, for many rules, an index that tells which of them to ask.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/eval/program.h"
#include "engine/eval/type_facts.h"
#include "engine/ruleset/guard_index.h"
#include "engine/ruleset/rule.h"

namespace saker {

// The rules of one event type; types that agree in all that rules ask share one.
struct TypeProgram {
  struct Entry {
    RuleId rule{};
    StepIndex start = kReject;  // never kReject
    bool is_stateful = false;   // must see every event
  };

  std::uint32_t id = 0;
  bool asks_process_facts = false;  // some predicate is one

  std::vector<Entry> entries;               // in rule order
  std::unique_ptr<const GuardIndex> index;  // null: few rules, all are asked
};

class RuleProgram {
public:
  [[nodiscard]] const TypeProgram& of_type(EventType type) const {
    return programs_[by_type_[index_of(type)]];
  }
  [[nodiscard]] const PredicateTable& predicates() const { return predicates_; }
  [[nodiscard]] const Program& program() const { return program_; }

private:
  friend class RuleProgramBuilder;

  PredicateTable predicates_;
  Program program_;
  std::vector<TypeProgram> programs_;
  std::array<std::uint32_t, kEventTypeCount> by_type_{};
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
    bool is_stateful =
        false;  // holds a check that must see every event: asked always and as it stands
  };
  // What is known of every predicate for one event type: -1 nothing, else the truth.
  using Truths = std::vector<std::int8_t>;

  [[nodiscard]] Truths truths_for(EventType type);
  [[nodiscard]] TypeProgram specialise(const Truths& truths,
                                       const std::vector<bool>& is_registered);

  std::unique_ptr<RuleProgram> program_ = std::make_unique<RuleProgram>();
  ConditionGraph graph_;
  TypeFacts facts_;
  std::vector<Root> roots_;
};

}  // namespace saker
