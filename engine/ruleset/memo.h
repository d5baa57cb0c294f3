// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Answers of a rule set's predicates, each found at most once per event, and those that only depend
// on facts of the process or of the fd once as long as these hold. Owned by one worker; no
// allocation after creation.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "engine/ruleset/adaptive_order.h"
#include "engine/ruleset/match_profile.h"
#include "engine/ruleset/rule_program.h"

namespace saker {

// What answers of process predicates hold for: a thread's facts and what runtimes say of
// containers.
struct FactKey {
  std::uint64_t thread_version = 0;  // Thread::facts_version; 0: no thread
  std::uint64_t epoch = 0;           // State::facts_epoch
  std::uint64_t containers = 0;      // ContainerMetadata::generation
  friend bool operator==(const FactKey&, const FactKey&) = default;
};

[[nodiscard]] FactKey fact_key(const FieldContext& context);

class Memo {
public:
  // `program` must outlive the memo, as must `profile` (may be null). Without `keeps_facts` every
  // answer is found anew per event.
  Memo(const RuleProgram& program, bool keeps_facts, MatchProfile* profile = nullptr);

  // Forgets what the last event said. `fd`: record that the event works on, may be null.
  void begin_event(const FactKey& facts, const FdInfo* fd);

  [[nodiscard]] const Value& value_of(ExprId id, const FieldContext& context);
  [[nodiscard]] bool answer(PredicateId id, const FieldContext& context);
  // Runs a program from `start` to its end.
  [[nodiscard]] bool run(std::span<const Step> steps, StepIndex start, const FieldContext& context);
  // Whether process facts leave it open that the program accepts, whatever the event says.
  [[nodiscard]] bool can_accept(StepIndex start, const FieldContext& context);

  // How the predicates were answered so far, by PredicateId.
  [[nodiscard]] std::span<const PredicateTally> tallies() const { return tallies_; }

private:
  [[nodiscard]] bool evaluate(PredicateId id, const FieldContext& context);
  [[nodiscard]] bool answer_stateful(PredicateId id, const Predicate& predicate,
                                     const FieldContext& context);

  const RuleProgram& program_;
  MatchProfile* profile_;
  FactKey facts_;
  std::uint64_t fd_id_ = 0;
  // Stamp of the current event, and of the facts that it shares with events before it: those of
  // the process, and of process and fd.
  enum Lifetime : std::uint8_t { kOfEvent, kOfFacts, kOfFd };
  std::uint64_t stamps_[3] = {0, 0, 0};
  // Of each predicate: the stamp for which its answer holds, and the answer as the lowest bit.
  std::vector<std::uint64_t> answers_;
  std::vector<Lifetime> lifetimes_;
  std::vector<PredicateTally> tallies_;
  std::vector<Value> values_;
  std::vector<std::uint64_t> value_stamps_;
  std::unordered_map<PredicateId, std::uint64_t> last_seen_ts_ns_;  // of stateful predicates
  std::vector<std::uint8_t> is_reached_;  // scratch of can_accept, zero between calls
};

}  // namespace saker
