// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// All conditions of a rule set, compiled together: per event type, which rules can still match,
// where their decision graphs start, and, for many rules, an index that tells which of them to
// ask.
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
#include "engine/ruleset/optimisations.h"
#include "engine/ruleset/rule.h"

namespace saker {

// Rules to ask, with the index that tells which of them.
struct TypeProgram {
  struct Entry {
    RuleId rule{};
    StepIndex start = kReject;  // never kReject
    bool is_stateful = false;   // must see every event
    GraphNodeId node{};         // what the program at `start` was made of
  };

  std::uint32_t id = 0;
  std::uint32_t first_entry = 0;    // position of entries[0] among those of all programs
  bool asks_process_facts = false;  // some predicate is one

  std::vector<Entry> entries;               // in rule order
  std::unique_ptr<const GuardIndex> index;  // null: few rules, all are asked
};

// What is done with the events of a type; types that agree in all that rules ask share one. Some
// cheap checks that decide many rules (evt.is_open_write, fd.num >= 0 of an open) are asked first:
// for each way to answer them there is a program in which they are decided.
struct TypePlan {
  static constexpr std::size_t kMaxSplits = 3;

  std::vector<PredicateId> splits;
  // Positions in RuleProgram::programs(), 2^splits many: bit i of an index is the answer of
  // splits[i].
  std::vector<std::uint32_t> programs;
  bool is_empty = true;  // no rule in any program
};

class RuleProgram {
public:
  [[nodiscard]] const TypePlan& of_type(EventType type) const {
    return plans_[by_type_[index_of(type)]];
  }
  [[nodiscard]] std::span<const TypeProgram> programs() const { return programs_; }
  [[nodiscard]] const PredicateTable& predicates() const { return predicates_; }
  [[nodiscard]] const Program& program() const { return program_; }
  [[nodiscard]] const ConditionGraph& graph() const { return graph_; }

private:
  friend class RuleProgramBuilder;

  PredicateTable predicates_;
  ConditionGraph graph_;
  Program program_;
  std::vector<TypeProgram> programs_;
  std::vector<TypePlan> plans_;
  std::array<std::uint32_t, kEventTypeCount> by_type_{};
};

// Collects conditions in rule order, then specialises them per event type.
class RuleProgramBuilder {
public:
  explicit RuleProgramBuilder(const Optimisations& optimisations = {});
  RuleProgramBuilder(const RuleProgramBuilder&) = delete;
  RuleProgramBuilder& operator=(const RuleProgramBuilder&) = delete;

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

  // A root as far as one program is concerned.
  struct Specialised {
    const Root* root = nullptr;
    GraphNodeId node{};
  };

  void group_by_left();
  [[nodiscard]] Truths truths_for(EventType type);
  [[nodiscard]] std::vector<Specialised> specialise(const Truths& truths,
                                                    const std::vector<bool>& is_registered);
  [[nodiscard]] std::vector<PredicateId> choose_splits(std::span<const Specialised> roots);
  [[nodiscard]] TypePlan make_plan(Truths truths, const std::vector<bool>& is_registered);
  // Returns the program's position.
  [[nodiscard]] std::uint32_t make_program(std::span<const Specialised> roots);

  const Optimisations optimisations_;
  std::unique_ptr<RuleProgram> program_ = std::make_unique<RuleProgram>();
  ConditionGraph& graph_ = program_->graph_;
  EvaluationOrder order_{graph_, program_->predicates_};
  TypeFacts facts_;
  std::vector<Root> roots_;
  std::vector<std::vector<PredicateId>> by_left_;  // by ExprId; filled by group_by_left()
};

}  // namespace saker
