// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "engine/ruleset/ruleset.h"

#include <atomic>

#include "engine/lang/printer.h"
#include "engine/ruleset/rule_program.h"

namespace saker {

namespace {

constexpr std::string_view kSyscallSource = "syscall";

std::uint64_t next_generation() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

}  // namespace

RuleSet::RuleSet() = default;
RuleSet::~RuleSet() = default;

Compiled<void> check_condition(const Node& condition, const FieldCatalogue& fields,
                               const RegexOptions& options) {
  PredicateTable predicates;
  ConditionGraph graph;
  SAKER_RETURN_IF_ERROR(add_condition(condition, fields, options.allow_pcre2, predicates, graph));
  return {};
}

struct RuleSetBuilder::Impl {
  explicit Impl(const Optimisations& optimisations) : program(optimisations) {}

  std::shared_ptr<const FieldCatalogue> fields;
  RegexOptions options;
  std::vector<Rule> rules;
  EventTypeSet event_types;
  RuleProgramBuilder program;
};

RuleSetBuilder::RuleSetBuilder(std::shared_ptr<const FieldCatalogue> fields, RegexOptions options,
                               const Optimisations& optimisations)
    : impl_(std::make_unique<Impl>(optimisations)) {
  impl_->fields = std::move(fields);
  impl_->options = options;
}

RuleSetBuilder::~RuleSetBuilder() = default;

Compiled<RuleId> RuleSetBuilder::add(Rule rule, const Node& condition) {
  const auto id = RuleId{static_cast<std::uint32_t>(impl_->rules.size())};
  SAKER_ASSIGN_OR_RETURN(rule.event_types, event_types_of(condition));
  rule.condition_compiled = print(condition);
  if (rule.is_enabled && rule.source == kSyscallSource) {
    // Falco registers every rule for asynchronous events too.
    EventTypeSet registered = rule.event_types;
    registered.set(index_of(EventType::kAsynceventE));
    SAKER_RETURN_IF_ERROR(
        impl_->program.add(id, condition, registered, *impl_->fields, impl_->options.allow_pcre2));
    impl_->event_types |= rule.event_types;
  }
  impl_->rules.push_back(std::move(rule));
  return id;
}

std::shared_ptr<const RuleSet> RuleSetBuilder::build() && {
  std::shared_ptr<RuleSet> set(new RuleSet());
  set->rules_ = std::move(impl_->rules);
  set->event_types_ = impl_->event_types;
  set->generation_ = next_generation();
  set->fields_ = impl_->fields;
  set->program_ = std::move(impl_->program).build();
  return set;
}

}  // namespace saker
