// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/matcher.h"

#include <utility>

#include "engine/ruleset/candidate_finder.h"
#include "engine/ruleset/memo.h"

namespace saker {

struct Matcher::Impl {
  Impl(const RuleProgram& p, const MatcherOptions& o)
      : program(p), options(o), memo(p, o.caches_process_facts), finder(memo, o) {}

  const RuleProgram& program;
  const MatcherOptions options;
  Memo memo;
  CandidateFinder finder;
  std::vector<RuleId> matched;
};

Matcher::Matcher(std::shared_ptr<const RuleSet> rules, const MatcherOptions& options)
    : rules_(std::move(rules)),
      match_counts_(rules_->rules().size()),
      impl_(std::make_unique<Impl>(rules_->program(), options)) {
  impl_->matched.reserve(rules_->rules().size());
}

Matcher::Matcher(std::shared_ptr<const RuleSet> rules, RuleMatching matching)
    : Matcher(std::move(rules), MatcherOptions{.matching = matching}) {}

Matcher::~Matcher() = default;

std::span<const RuleId> Matcher::match(const FieldContext& context) {
  Impl& impl = *impl_;
  impl.matched.clear();
  const TypeProgram& program = impl.program.of_type(context.event.type());
  if (program.entries.empty()) {
    return {};
  }
  const FactKey facts = fact_key(context);
  impl.memo.begin_event(facts);
  for (const IndexEntry at : impl.finder.find(program, facts, context)) {
    const TypeProgram::Entry& entry = program.entries[at];
    if (!impl.memo.run(entry.start, context)) {
      continue;
    }
    impl.matched.push_back(entry.rule);
    ++match_counts_[static_cast<std::size_t>(entry.rule)];
    if (impl.options.matching == RuleMatching::kFirst) {
      break;
    }
  }
  return impl.matched;
}

}  // namespace saker
