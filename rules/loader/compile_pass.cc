// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/compile_pass.h"

#include <utility>

#include "engine/base/wildcard.h"
#include "engine/eval/event_types.h"
#include "engine/lang/warnings.h"
#include "engine/ruleset/mistakes.h"
#include "rules/loader/compile_hints.h"
#include "rules/loader/deprecated_fields.h"

namespace saker {

namespace {

// Source: falco-compat.md 2.7.
constexpr std::size_t kManyEventTypes = 100;
constexpr std::string_view kSyscallSource = "syscall";
// Mistakes and patterns of one condition that are told one by one.
constexpr std::size_t kMostPerCondition = 50;
constexpr std::string_view kEventTypeRuntimeError =
    "right-hand field comparisons on `evt.type`/`syscall.type` checks are not supported by event "
    "code search";

}  // namespace

CompilePass::CompilePass(const Definitions& definitions, const LoadOptions& options,
                         std::shared_ptr<const FieldCatalogue> fields, SourceMap& sources,
                         ProblemSink& sink)
    : definitions_(definitions),
      options_(options),
      fields_(std::move(fields)),
      sources_(sources),
      sink_(sink),
      conditions_(definitions, *fields_, sources, sink),
      outputs_(options.additions, *fields_, sources, sink),
      builder_(fields_, options.regex),
      describer_(definitions, options, *fields_) {}

void CompilePass::run(Goal goal) {
  conditions_.compile_macros();
  for (const RuleSource& rule : definitions_.rules.rows()) {
    kept_.resize(kept_.size() + (options_.keeps_trees ? 1 : 0));
    if (rule.is_source_known) {
      compile_rule(rule, goal);
    }
  }
  if (!sink_.has_errors() && goal != Goal::kRepair) {
    report_unused();
    if (goal == Goal::kKeep && options_.describes) {
      describer_.add_definitions(conditions_.lists(), conditions_.macros());
    }
  }
}

std::unique_ptr<RuleTrees> CompilePass::take_trees() {
  auto trees = std::make_unique<RuleTrees>();
  conditions_.move_into(*trees);
  trees->rules = std::move(kept_);
  return trees;
}

std::shared_ptr<const RuleSet> CompilePass::take_rules() {
  return std::move(builder_).build();
}

void CompilePass::compile_rule(const RuleSource& rule, Goal goal) {
  std::optional<OutputTemplate> output = outputs_.compile(rule);
  if (!output && rule.is_skipped_if_unknown) {
    return;
  }
  const std::size_t problems = sink_.count();
  std::unique_ptr<CompiledCondition> condition = conditions_.compile(rule);
  if (condition == nullptr) {
    return;
  }
  report_doubtful_fields(rule, *condition);
  const Compiled<EventTypeSet> types = event_types_of(*condition->tree);
  const bool keeps = output && types && goal == Goal::kKeep && !sink_.has_errors();
  if (keeps ? add(rule, *condition, *output) : check(rule, *condition)) {
    if (keeps && options_.describes) {
      describer_.add_rule(rule, *condition->tree, *types, *output);
    }
    report_warnings(rule, *condition);
    if (!types) {
      report_runtime_error(rule, *condition, types.error());
    } else if (rule.source == kSyscallSource && rule.warns_about_event_types &&
               types->count() > kManyEventTypes) {
      report_many_event_types(rule);
    }
  }
  if (options_.keeps_trees) {
    kept_.back() = std::move(condition);
  } else if (sink_.count() == problems) {
    conditions_.release(*condition);
  }
}

bool CompilePass::check(const RuleSource& rule, const CompiledCondition& condition) {
  const Compiled<void> checked = check_condition(*condition.tree, *fields_, options_.regex);
  if (!checked) {
    report_compile_error(rule, condition, checked.error());
  }
  return checked.has_value();
}

bool CompilePass::add(const RuleSource& source, const CompiledCondition& condition,
                      const OutputTemplate& output) {
  Rule rule;
  rule.is_enabled = is_selected(source);
  // The builder does not look at the condition of a rule that gets no program.
  const bool has_program = rule.is_enabled && source.source == kSyscallSource;
  if (!has_program && !check(source, condition)) {
    return false;
  }
  rule.name = source.name;
  rule.description = source.description;
  rule.source = source.source;
  rule.priority = source.priority;
  rule.tags.assign(source.tags.begin(), source.tags.end());
  rule.has_capture = source.has_capture;
  rule.capture_duration_ms = source.capture_duration_ms;
  rule.condition_text = source.condition.text();
  rule.output = output;
  rule.span = source.context->span();
  const Compiled<RuleId> added = builder_.add(std::move(rule), *condition.tree);
  if (!added) {
    report_compile_error(source, condition, added.error());
  }
  return added.has_value();
}

bool CompilePass::is_selected(const RuleSource& rule) const {
  bool is_enabled = rule.is_enabled;
  for (const RuleSelector& selector : options_.selectors) {
    const bool by_name = !selector.rule.empty() && matches_wildcard(selector.rule, rule.name);
    const bool by_tag = !selector.tag.empty() && rule.tags.count(selector.tag) > 0;
    if (by_name || by_tag) {
      is_enabled = selector.is_enable;
    }
  }
  return is_enabled && rule.priority <= options_.min_priority;
}

void CompilePass::report_doubtful_fields(const RuleSource& rule,
                                         const CompiledCondition& condition) {
  const FieldFindings findings = find_doubtful_fields(*condition.tree);
  if (findings.has_unsafe_na) {
    conditions_.report(
        Mistake{.code = LoadCode::kUnsafeNaCheck,
                .diagnostic = DiagnosticCode::kUnsafeNa,
                .own_message = "a comparison with <NA> does not tell whether the field exists",
                .hint = "use 'exists'"},
        ConditionPlace{.condition = &condition,
                       .context = rule.condition_context,
                       .span = findings.unsafe_na,
                       .expansion = findings.unsafe_na_expansion});
  }
  for (const DeprecatedUse& use : findings.deprecated) {
    conditions_.report(
        Mistake{
            .code = LoadCode::kDeprecatedItem,
            .diagnostic = DiagnosticCode::kDeprecated,
            .message = deprecated_in_condition(use.field),
            .own_message = "field '" + std::string(use.field) + "' is deprecated",
            .hint = use.field == "evt.dir"
                        ? "there are no enter events: 'evt.dir = <' is always true, leave it out"
                        : "there are no enter events: the field is always 0",
            .deprecated_field = std::string(use.field)},
        ConditionPlace{.condition = &condition,
                       .context = rule.condition_context,
                       .span = use.span,
                       .expansion = use.expansion});
  }
}

void CompilePass::report_compile_error(const RuleSource& rule, const CompiledCondition& condition,
                                       const CompileError& error) {
  if (rule.is_skipped_if_unknown && is_about_unknown(error.message)) {
    conditions_.report_compile_error(condition, rule, LoadCode::kUnknownFilter, error.message,
                                     error.span);
    return;
  }
  std::vector<CompileError> mistakes =
      all_mistakes(*condition.tree, *fields_, options_.regex, kMostPerCondition);
  if (mistakes.empty()) {
    mistakes.push_back(error);  // of the condition as a whole
  }
  for (const CompileError& mistake : mistakes) {
    conditions_.report_compile_error(condition, rule, LoadCode::kCompileCondition, mistake.message,
                                     mistake.span);
  }
}

void CompilePass::report_pcre2(const RuleSource& rule, const CompiledCondition& condition) {
  for (const Literal* pattern : pcre2_patterns(*condition.tree, kMostPerCondition)) {
    conditions_.report(Mistake{.code = LoadCode::kConditionWarning,
                               .diagnostic = DiagnosticCode::kSakerOnly,
                               .message = "regular expression '" + pattern->text +
                                          "' is not RE2 and runs in PCRE2, which only Saker does",
                               .hint = "with Falco the rule does not load"},
                       conditions_.place_of(condition, rule, pattern->span));
  }
}

void CompilePass::report_runtime_error(const RuleSource& rule, const CompiledCondition& condition,
                                       const CompileError& error) {
  // Behind an error Falco would not have come here.
  if (!sink_.has_errors()) {
    runtime_error_ = kEventTypeRuntimeError;
  }
  conditions_.report_compile_error(condition, rule, LoadCode::kCompileCondition, error.message,
                                   error.span);
}

void CompilePass::report_warnings(const RuleSource& rule, const CompiledCondition& condition) {
  if (options_.regex.allow_pcre2) {
    report_pcre2(rule, condition);
  }
  const auto is_field = [&](std::string_view text) { return fields_->is_field_name(text); };
  for (const ConditionWarning& warning : find_warnings(*condition.tree, is_field)) {
    const bool is_regex = warning.kind == ConditionWarning::Kind::kSimpleRegex;
    std::string hint;
    if (warning.kind == ConditionWarning::Kind::kFieldAsText) {
      hint = "write val(...) around a field on the right side";
    }
    conditions_.report(Mistake{.code = LoadCode::kConditionWarning,
                               .diagnostic = is_regex ? DiagnosticCode::kSimpleRegex
                                                      : DiagnosticCode::kSuspiciousText,
                               .message = warning.message,
                               .hint = std::move(hint)},
                       ConditionPlace{.condition = &condition,
                                      .context = rule.condition_context,
                                      .span = warning.span,
                                      .falco = warning.right_side,
                                      .expansion = warning.expansion});
  }
}

void CompilePass::report_many_event_types(const RuleSource& rule) {
  sink_.report(Mistake{
      .code = LoadCode::kNoEvttype,
      .diagnostic = DiagnosticCode::kNoEventType,
      .message = "Rule matches too many evt.type values. This has a significant performance "
                 "penalty.",
      .context = rule.context,
      .span = rule.condition_context->span(),
      .own_message = "rule '" + rule.name + "' matches more than 100 event types",
      .hint = "restrict the condition with evt.type"});
}

void CompilePass::report_unused() {
  const auto& macros = definitions_.macros.rows();
  for (std::size_t i = 0; i < macros.size(); ++i) {
    if (!conditions_.macros()[i].is_used) {
      sink_.report(Mistake{.code = LoadCode::kUnusedMacro,
                           .diagnostic = DiagnosticCode::kUnusedMacro,
                           .message = "Macro not referred to by any other rule/macro",
                           .context = macros[i].context,
                           .own_message = "macro '" + macros[i].name + "' is not used"});
    }
  }
  const auto& lists = definitions_.lists.rows();
  for (std::size_t i = 0; i < lists.size(); ++i) {
    if (!conditions_.lists()[i].is_used) {
      sink_.report(Mistake{.code = LoadCode::kUnusedList,
                           .diagnostic = DiagnosticCode::kUnusedList,
                           .message = "List not referred to by any other rule/macro",
                           .context = lists[i].context,
                           .own_message = "list '" + lists[i].name + "' is not used"});
    }
  }
}

}  // namespace saker
