// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/matcher.h"

#include <utility>

#include "engine/ruleset/adaptive_order.h"
#include "engine/ruleset/candidate_finder.h"
#include "engine/ruleset/memo.h"
#include "engine/ruleset/open_match.h"

namespace saker {

struct Matcher::Impl {
  Impl(const RuleProgram& p, const MatcherOptions& o)
      : program(p),
        options(o),
        memo(p, o.caches_process_facts, o.profile),
        finder(memo, o),
        order(p, o.adapts_after_events) {}

  const TypeProgram& choose_program(const TypePlan& plan, const FieldContext& context) {
    std::size_t answers = 0;
    for (std::size_t i = 0; i < plan.splits.size(); ++i) {
      answers |= static_cast<std::size_t>(memo.answer(plan.splits[i], context)) << i;
    }
    return program.programs()[plan.programs[answers]];
  }

  // Asks one rule and counts what it cost.
  bool ask(const TypeProgram& type, IndexEntry at, const FieldContext& context, RuleCost& cost) {
    ++cost.evaluations;
    const AdaptiveOrder::Start start = order.start_of(type, at);
    if (!is_measured) [[likely]] {
      return memo.run(start.steps, start.at, context);
    }
    const std::uint64_t start_ns = options.now_ns();
    const bool is_match = memo.run(start.steps, start.at, context);
    cost.time_ns += options.cost_sampling * (options.now_ns() - start_ns);
    return is_match;
  }

  const RuleProgram& program;
  const MatcherOptions options;
  std::uint64_t event_count = 0;
  bool is_measured = false;  // the event at hand is one whose rules' time is taken
  Memo memo;
  CandidateFinder finder;
  AdaptiveOrder order;
  std::vector<RuleId> matched;
  std::vector<bool> metadata_checks;  // by PredicateId; empty: not yet asked for
};

Matcher::Matcher(std::shared_ptr<const RuleSet> rules, const MatcherOptions& options)
    : rules_(std::move(rules)),
      match_counts_(rules_->rules().size()),
      costs_(rules_->rules().size()),
      impl_(std::make_unique<Impl>(rules_->program(), options)) {
  impl_->matched.reserve(rules_->rules().size());
  if (options.profile != nullptr) {
    options.profile->predicates.resize(rules_->program().predicates().size());
  }
}

Matcher::Matcher(std::shared_ptr<const RuleSet> rules, RuleMatching matching)
    : Matcher(std::move(rules), MatcherOptions{.matching = matching}) {}

Matcher::~Matcher() = default;

std::span<const RuleId> Matcher::match(const FieldContext& context) {
  Impl& impl = *impl_;
  impl.matched.clear();
  const TypePlan& plan = impl.program.of_type(context.event.type());
  if (plan.is_empty) {
    return {};
  }
  if (impl.options.profile != nullptr) [[unlikely]] {
    ++impl.options.profile->events;
  }
  impl.is_measured =
      impl.options.now_ns != nullptr && ++impl.event_count % impl.options.cost_sampling == 0;
  const FactKey facts = fact_key(context);
  impl.memo.begin_event(facts, context.applied.fd);
  const TypeProgram& program = impl.choose_program(plan, context);
  if (program.entries.empty()) {
    return {};
  }
  if (impl.order.note_event()) [[unlikely]] {
    impl.order.adapt(impl.memo.tallies());
  }
  for (const IndexEntry at : impl.finder.find(program, facts, context)) {
    const auto asked = static_cast<std::size_t>(program.entries[at].rule);
    if (!impl.ask(program, at, context, costs_[asked])) {
      continue;
    }
    const RuleId rule = program.entries[at].rule;
    impl.matched.push_back(rule);
    ++match_counts_[static_cast<std::size_t>(rule)];
    if (impl.options.matching == RuleMatching::kFirst) {
      break;
    }
  }
  return impl.matched;
}

OpenMatch Matcher::match_without_metadata(const FieldContext& context) {
  Impl& impl = *impl_;
  const RuleMatching matching = impl.options.matching;
  OpenMatch match{.rules = rules_, .matching = matching, .candidates = {}, .steps = {}};
  const TypePlan& plan = impl.program.of_type(context.event.type());
  if (plan.is_empty) {
    return match;
  }
  if (impl.metadata_checks.empty()) {
    impl.metadata_checks = find_metadata_checks(impl.program.predicates());
  }
  impl.memo.begin_event(fact_key(context), context.applied.fd);
  // Not through the index, which may ask for metadata itself.
  for (const TypeProgram::Entry& entry : impl.choose_program(plan, context).entries) {
    const StepIndex start = reduce_graph(
        impl.program.program().steps(), entry.start, impl.metadata_checks,
        [&](PredicateId id) { return impl.memo.answer(id, context); }, match.steps);
    if (start != kReject) {
      match.candidates.push_back({entry.rule, start});
    }
    if (start == kAccept && matching == RuleMatching::kFirst) {
      break;
    }
  }
  return match;
}

}  // namespace saker
