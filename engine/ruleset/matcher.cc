// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/matcher.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "engine/ruleset/rule_program.h"

namespace saker {

// Answers of the current event. A cell is valid when its epoch is the event's; the answer is the
// lowest bit.
struct Matcher::Impl {
  explicit Impl(const RuleProgram& p)
      : program(p),
        answers(p.predicates().size()),
        values(p.predicates().expr_count()),
        value_epochs(p.predicates().expr_count()) {}

  const Value& value_of(ExprId id, const FieldContext& context) {
    const auto i = static_cast<std::size_t>(id);
    if (value_epochs[i] != epoch) {
      value_epochs[i] = epoch;
      values[i] = evaluate_operand(program.predicates().expr(id), context);
    }
    return values[i];
  }

  bool answer(PredicateId id, const FieldContext& context) {
    std::uint64_t& cell = answers[static_cast<std::size_t>(id)];
    if (cell >> 1U != epoch) {
      const Predicate& predicate = program.predicates().get(id);
      if (predicate.is_stateful) [[unlikely]] {
        return answer_stateful(id, predicate, context);
      }
      const Value left = value_of(predicate.left, context);
      const Value right =
          predicate.right == ExprId::kNone ? Value() : value_of(predicate.right, context);
      cell = epoch << 1U | (evaluate_predicate(predicate, left, right, context.arena) ? 1U : 0U);
    }
    return (cell & 1U) != 0;
  }

  // Checks of evt.deltatime measure from the event that they themselves saw last.
  bool answer_stateful(PredicateId id, const Predicate& predicate, const FieldContext& context) {
    std::uint64_t& seen_ts_ns = last_seen_ts_ns[id];
    FieldContext own = context;
    own.previous_ts_ns = std::exchange(seen_ts_ns, context.event.ts_ns());
    return evaluate_predicate(predicate,
                              evaluate_operand(program.predicates().expr(predicate.left), own), {},
                              context.arena);
  }

  bool run(StepIndex at, const FieldContext& context) {
    const std::span<const Step> steps = program.program().steps();
    while (at < kAccept) {
      const Step& step = steps[at];
      at = answer(step.predicate, context) ? step.on_true : step.on_false;
    }
    return at == kAccept;
  }

  // Runs one rule; returns whether no more need to be asked.
  bool ask(const TypeProgram::Entry& entry, const FieldContext& context,
           std::vector<std::uint64_t>& counts) {
    if (!run(entry.start, context)) {
      return false;
    }
    matched.push_back(entry.rule);
    ++counts[static_cast<std::size_t>(entry.rule)];
    return matching == RuleMatching::kFirst;
  }

  // Entries that can match the event, ascending.
  std::span<const IndexEntry> candidates(const GuardIndex& index, const FieldContext& context) {
    found.clear();
    for (const GuardIndex::Group& group : index.groups()) {
      GuardIndex::find(group, value_of(group.expr, context), found, reversed);
    }
    if (found.empty()) {
      return index.always();
    }
    found.insert(found.end(), index.always().begin(), index.always().end());
    std::ranges::sort(found);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  }

  const RuleProgram& program;
  std::uint64_t epoch = 0;
  std::vector<std::uint64_t> answers;
  std::vector<Value> values;
  std::vector<std::uint64_t> value_epochs;
  std::unordered_map<PredicateId, std::uint64_t> last_seen_ts_ns;  // of stateful predicates
  std::vector<RuleId> matched;
  std::vector<IndexEntry> found;
  std::string reversed;  // memory for suffix look-ups
  RuleMatching matching = RuleMatching::kFirst;
};

Matcher::Matcher(std::shared_ptr<const RuleSet> rules, RuleMatching matching)
    : rules_(std::move(rules)),
      match_counts_(rules_->rules().size()),
      impl_(std::make_unique<Impl>(rules_->program())) {
  impl_->matching = matching;
  impl_->matched.reserve(rules_->rules().size());
}

Matcher::~Matcher() = default;

std::span<const RuleId> Matcher::match(const FieldContext& context) {
  Impl& impl = *impl_;
  impl.matched.clear();
  const TypeProgram& program = impl.program.of_type(context.event.type());
  if (program.entries.empty()) {
    return {};
  }
  ++impl.epoch;
  if (program.index == nullptr) {
    for (const TypeProgram::Entry& entry : program.entries) {
      if (impl.ask(entry, context, match_counts_)) {
        break;
      }
    }
  } else {
    for (const IndexEntry entry : impl.candidates(*program.index, context)) {
      if (impl.ask(program.entries[entry], context, match_counts_)) {
        break;
      }
    }
  }
  return impl.matched;
}

}  // namespace saker
