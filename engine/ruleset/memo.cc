// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/memo.h"

#include <algorithm>
#include <utility>

#include "engine/field/container_metadata.h"

namespace saker {

namespace {

// Programs longer than this are not looked through by can_accept.
constexpr std::size_t kMaxReach = 4096;

}  // namespace

FactKey fact_key(const FieldContext& context) {
  const Thread* thread = context.applied.thread;
  return {.thread_version = thread == nullptr ? 0 : thread->facts_version,
          .epoch = context.state.facts_epoch(),
          .containers = context.containers == nullptr ? 0 : context.containers->generation()};
}

Memo::Memo(const RuleProgram& program, bool keeps_facts, MatchProfile* profile)
    : program_(program),
      profile_(profile),
      answers_(program.predicates().size()),
      lifetimes_(program.predicates().size(), kOfEvent),
      tallies_(program.predicates().size()),
      values_(program.predicates().expr_count()),
      value_stamps_(program.predicates().expr_count()),
      is_reached_(kMaxReach) {
  const PredicateTable& predicates = program.predicates();
  for (std::size_t i = 0; keeps_facts && i < lifetimes_.size(); ++i) {
    const Predicate& predicate = predicates.get(PredicateId{static_cast<std::uint32_t>(i)});
    lifetimes_[i] = predicate.is_process_fact() ? kOfFacts
                    : predicate.is_fd_fact()    ? kOfFd
                                                : kOfEvent;
  }
}

void Memo::begin_event(const FactKey& facts, const FdInfo* fd) {
  ++stamps_[kOfEvent];
  const std::uint64_t fd_id = fd == nullptr ? 0 : fd->id;
  const bool is_same_process = facts == facts_ && facts.thread_version != 0;
  if (!is_same_process) {
    facts_ = facts;
    ++stamps_[kOfFacts];
  }
  if (!is_same_process || fd_id != fd_id_ || fd_id == 0) {
    fd_id_ = fd_id;
    ++stamps_[kOfFd];
  }
}

const Value& Memo::value_of(ExprId id, const FieldContext& context) {
  const auto i = static_cast<std::size_t>(id);
  if (value_stamps_[i] != stamps_[kOfEvent]) {
    value_stamps_[i] = stamps_[kOfEvent];
    values_[i] = evaluate_operand(program_.predicates().expr(id), context);
  }
  return values_[i];
}

bool Memo::answer(PredicateId id, const FieldContext& context) {
  const auto i = static_cast<std::size_t>(id);
  std::uint64_t& cell = answers_[i];
  const std::uint64_t stamp = stamps_[lifetimes_[i]];
  if (cell >> 1U != stamp) {
    const Predicate& predicate = program_.predicates().get(id);
    if (predicate.is_stateful) [[unlikely]] {
      return answer_stateful(id, predicate, context);
    }
    cell = stamp << 1U | (evaluate(id, context) ? 1U : 0U);
  }
  return (cell & 1U) != 0;
}

bool Memo::evaluate(PredicateId id, const FieldContext& context) {
  const std::uint64_t start_ns = profile_ == nullptr ? 0 : profile_->now_ns();
  const Predicate& predicate = program_.predicates().get(id);
  const Value left = value_of(predicate.left, context);
  const Value right =
      predicate.right == ExprId::kNone ? Value() : value_of(predicate.right, context);
  const bool is_true =
      evaluate_predicate(predicate, left, right, context.arena, context.host_names);
  tallies_[static_cast<std::size_t>(id)].add(is_true);
  if (profile_ != nullptr) [[unlikely]] {
    profile_->add(profile_->predicates[static_cast<std::size_t>(id)], start_ns, is_true);
  }
  return is_true;
}

// Checks of evt.deltatime measure from the event that they themselves saw last.
bool Memo::answer_stateful(PredicateId id, const Predicate& predicate,
                           const FieldContext& context) {
  std::uint64_t& seen_ts_ns = last_seen_ts_ns_[id];
  FieldContext own = context;
  own.previous_ts_ns = std::exchange(seen_ts_ns, context.event.ts_ns());
  return evaluate_predicate(predicate,
                            evaluate_operand(program_.predicates().expr(predicate.left), own), {},
                            context.arena);
}

bool Memo::run(std::span<const Step> steps, StepIndex start, const FieldContext& context) {
  StepIndex at = start;
  while (at < kAccept) {
    const Step& step = steps[at];
    at = answer(step.predicate, context) ? step.on_true : step.on_false;
  }
  return at == kAccept;
}

bool Memo::can_accept(StepIndex start, const FieldContext& context) {
  if (start >= kAccept) {
    return start == kAccept;
  }
  const std::span<const Step> steps = program_.program().steps();
  StepIndex last = start;
  is_reached_[0] = 1;
  bool accepts = false;
  const auto reach = [&](StepIndex target) {
    if (target == kReject) {
      return;
    }
    if (target == kAccept || target - start >= kMaxReach) {
      accepts = true;
      return;
    }
    is_reached_[target - start] = 1;
    last = std::max(last, target);
  };
  // Steps only jump forward, so one pass in order reaches all.
  for (StepIndex at = start; at <= last && !accepts; ++at) {
    if (!is_reached_[at - start]) {
      continue;
    }
    const Step& step = steps[at];
    const bool is_known = lifetimes_[static_cast<std::size_t>(step.predicate)] == kOfFacts;
    const bool truth = is_known && answer(step.predicate, context);
    if (!is_known || truth) {
      reach(step.on_true);
    }
    if (!is_known || !truth) {
      reach(step.on_false);
    }
  }
  std::fill_n(is_reached_.begin(), last - start + 1, std::uint8_t{0});
  return accepts;
}

}  // namespace saker
