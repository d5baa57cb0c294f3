// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "rules/loader/condition_compiler.h"

#include <algorithm>
#include <utility>

#include "rules/loader/compile_hints.h"
#include "rules/loader/exception_check.h"
#include "rules/loader/item_names.h"
#include "rules/loader/rule_trees.h"

namespace saker {

namespace {

// Uses of macros count as nodes: macros that are made of each other have more of them than nodes.
// Those of rules count several times: unlike the nodes of most rules, they stay until the load
// ends.
constexpr std::size_t kExpansionWeight = 4;

constexpr std::string_view kBlank = " \t\n\r\b";

std::size_t count_nodes(const Node& node) {
  std::size_t count = 1;
  for (const auto& child : node.children) {
    count += count_nodes(*child);
  }
  return count;
}

bool contains(const SourceSpan& outer, const SourceSpan& inner) {
  return outer.source == inner.source && outer.begin <= inner.begin && inner.begin < outer.end;
}

// The check that `span` stands in; null when there is none.
const Node* find_check(const Node& node, const SourceSpan& span) {
  if (node.kind == NodeKind::kCheck) {
    return contains(node.span, span) ? &node : nullptr;
  }
  for (const auto& child : node.children) {
    if (const Node* found = find_check(*child, span); found != nullptr) {
      return found;
    }
  }
  return nullptr;
}

}  // namespace

ConditionCompiler::ConditionCompiler(const Definitions& definitions, const FieldCatalogue& fields,
                                     SourceMap& sources, ProblemSink& sink)
    : definitions_(definitions), fields_(fields), sources_(sources), sink_(sink) {
  expand_lists();
}

void ConditionCompiler::expand_lists() {
  const auto& rows = definitions_.lists.rows();
  lists_.resize(rows.size());
  std::vector<ListDefinition> prepared;
  prepared.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ListDefinition& list = prepared.emplace_back(ListDefinition{rows[i].name, {}});
    for (const SourceText& item : rows[i].items) {
      const ListSource* named = definitions_.lists.find(item.text);
      if (named == nullptr || named->index >= rows[i].visibility) {
        list.items.push_back(item);
        continue;
      }
      list.items.insert(list.items.end(), named->items.begin(), named->items.end());
      lists_[i].lists.push_back(named->name);
      lists_[static_cast<std::size_t>(named - rows.data())].is_used = true;
    }
    for (const SourceText& item : list.items) {
      lists_[i].items.push_back(item.text);
    }
  }
  substituter_.emplace(std::move(prepared));
}

void ConditionCompiler::compile_macros() {
  const auto& rows = definitions_.macros.rows();
  macros_.resize(rows.size());
  macro_conditions_.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    macro_index_.emplace(rows[i].name, i);
    compile_macro(i);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    resolve_macro(i);
  }
}

void ConditionCompiler::compile_macro(std::size_t index) {
  const MacroSource& macro = definitions_.macros.rows()[index];
  auto condition = parse(macro.condition, *macro.condition_context);
  macros_[index].has_failed = condition == nullptr;
  if (condition != nullptr) {
    substitutions_[condition->source] = &condition->substitution;
    macros_[index].parsed = std::move(condition->tree);
    macro_conditions_[index] = std::move(condition);
  }
}

const Node* ConditionCompiler::use_macro(std::string_view name, std::uint32_t visibility) {
  const auto found = macro_index_.find(name);
  if (found == macro_index_.end() ||
      definitions_.macros.rows()[found->second].index >= visibility) {
    return nullptr;
  }
  CompiledMacro& macro = macros_[found->second];
  macro.is_used = true;
  if (macro.has_failed) {
    return nullptr;
  }
  return macro.tree != nullptr ? macro.tree.get() : macro.parsed.get();
}

void ConditionCompiler::resolve_macro(std::size_t index) {
  const MacroSource& macro = definitions_.macros.rows()[index];
  CompiledMacro& compiled = macros_[index];
  if (compiled.has_failed) {
    return;
  }
  MacroResolver resolver([&](std::string_view name) { return use_macro(name, macro.visibility); },
                         expansions_);
  const std::size_t expansions = expansions_.size();
  auto resolved = resolver.resolve(*compiled.parsed);
  if (!resolved) {
    report_macro_error(resolved.error(), *macro_conditions_[index], *macro.context);
    compiled.has_failed = true;
  } else if (spend(count_nodes(*resolved->tree) + expansions_.size() - expansions, kMaxMacroNodes,
                   spent_macro_nodes_, *macro.context)) {
    compiled.tree = std::move(resolved->tree);
  } else {
    compiled.has_failed = true;
  }
}

std::unique_ptr<CompiledCondition> ConditionCompiler::compile(const RuleSource& rule) {
  std::vector<ExceptionText> exceptions;
  for (const RuleException& exception : rule.exceptions) {
    std::optional<ExceptionText> text = text_of(exception, sink_);
    if (!text) {
      return nullptr;
    }
    if (!text->fields.empty()) {
      exceptions.push_back(std::move(*text));
    }
  }
  auto condition = parse(add_exceptions(rule.condition, exceptions), *rule.condition_context);
  if (condition == nullptr) {
    return nullptr;
  }
  constexpr std::uint32_t kEverything = 0xffffffff;
  MacroResolver resolver([&](std::string_view name) { return use_macro(name, kEverything); },
                         expansions_);
  const std::size_t expansions = expansions_.size();
  auto resolved = resolver.resolve(*condition->tree);
  if (!resolved) {
    report_macro_error(resolved.error(), *condition, *rule.context);
    return nullptr;
  }
  const std::size_t size =
      count_nodes(*resolved->tree) + kExpansionWeight * (expansions_.size() - expansions);
  if (!spend(size, kMaxRuleNodes, spent_rule_nodes_, *rule.context)) {
    return nullptr;
  }
  condition->tree = std::move(resolved->tree);
  return condition;
}

bool ConditionCompiler::spend(std::size_t amount, std::size_t limit, std::size_t& spent,
                              const ItemContext& context) {
  const bool was_left = spent <= limit;
  spent += amount;
  if (spent > limit && was_left) {
    sink_.report(Mistake{.code = LoadCode::kCompileCondition,
                         .diagnostic = DiagnosticCode::kTooLarge,
                         .message = "the conditions are too large when lists and macros are put in",
                         .context = &context});
  }
  return spent <= limit;
}

YamlMark ConditionCompiler::position_of(SourceSpan span) {
  if (span.source != last_source_ || span.begin < last_position_.offset) {
    last_source_ = span.source;
    last_position_ = YamlMark{1, 1, 0};
  }
  const std::string_view text = sources_.text(span.source);
  for (; last_position_.offset < span.begin; ++last_position_.offset) {
    const char c = last_position_.offset < text.size() ? text[last_position_.offset] : ' ';
    const bool is_line_end = c == '\n' || c == '\r';
    last_position_.line += is_line_end ? 1 : 0;
    last_position_.column = is_line_end ? 1 : last_position_.column + 1;
  }
  return last_position_;
}

std::unique_ptr<CompiledCondition> ConditionCompiler::parse(SpannedText text,
                                                            const ItemContext& context) {
  auto condition = std::make_unique<CompiledCondition>();
  condition->text = std::move(text);
  condition->substitution = substituter_->substitute(condition->text);
  if (condition->substitution.is_too_long) {
    sink_.report(Mistake{.code = LoadCode::kCompileCondition,
                         .diagnostic = DiagnosticCode::kTooLarge,
                         .message = "condition is too long after its lists are put in",
                         .context = &context});
    return nullptr;
  }
  for (const ListUse& use : condition->substitution.uses) {
    lists_[use.list].is_used = true;
  }
  if (!spend(condition->substitution.text.size(), kMaxTextBytes, spent_bytes_, context)) {
    return nullptr;
  }
  condition->source = condition->substitution.text.register_in(sources_, context.span());
  auto tree =
      parse_condition(condition->substitution.text.text(), condition->source, kMaxRuleDepth);
  if (tree) {
    condition->tree = std::move(*tree);
    return condition;
  }
  const SourceSpan falco = tree.error().span(condition->source);
  // What is missing at the end is missing behind the last word, not behind the blanks.
  const std::string& parsed = condition->substitution.text.text();
  SourceSpan span = falco;
  if (parsed.find_first_not_of(kBlank, span.begin) == std::string::npos) {
    const std::size_t last = parsed.find_last_not_of(kBlank);
    span.begin = last == std::string::npos ? 0 : static_cast<std::uint32_t>(last + 1);
    span.end = span.begin;
  }
  report(
      Mistake{.code = LoadCode::kCompileCondition,
              .diagnostic = DiagnosticCode::kSyntax,
              .message = tree.error().message,
              .hint = sink_.wants_hints() ? syntax_hint(parsed, falco.begin, tree.error().message)
                                          : std::string()},
      ConditionPlace{condition.get(), &context, span, falco, ExpansionId::kNone, true});
  return nullptr;
}

void ConditionCompiler::move_into(RuleTrees& trees) {
  trees.lists = std::move(lists_);
  trees.macros = std::move(macros_);
  trees.macro_conditions = std::move(macro_conditions_);
  trees.expansions = std::move(expansions_);
}

void ConditionCompiler::release(const CompiledCondition& condition) {
  sources_.remove_last_virtual(condition.source);
  last_source_ = SourceId::kNone;  // the id can come again, for another text
}

void ConditionCompiler::report_macro_error(const MacroError& error,
                                           const CompiledCondition& condition,
                                           const ItemContext& item) {
  if (is_broken(error.macro)) {
    return;
  }
  const bool is_undefined = error.kind == MacroError::Kind::kUndefined;
  const DiagnosticCode code = is_undefined ? DiagnosticCode::kUndefinedMacro
                              : error.kind == MacroError::Kind::kLoop ? DiagnosticCode::kMacroLoop
                                                                      : DiagnosticCode::kTooLarge;
  report(Mistake{.code = LoadCode::kValidate,
                 .diagnostic = code,
                 .message = error.message,
                 .own_message = is_undefined ? "undefined macro '" + error.macro + "'" : "",
                 .hint = is_undefined ? hint_for_macro(error, condition) : ""},
         ConditionPlace{&condition, &item, error.span, error.span, error.expansion, false});
}

bool ConditionCompiler::is_broken(const std::string& macro) const {
  const auto found = macro_index_.find(macro);
  return definitions_.broken.count(macro) > 0 ||
         (found != macro_index_.end() && macros_[found->second].has_failed);
}

const ListSubstitution* ConditionCompiler::lists_in(SourceId source,
                                                    const CompiledCondition& condition) const {
  if (source == condition.source) {
    return &condition.substitution;
  }
  const auto macro = substitutions_.find(source);
  return macro == substitutions_.end() ? nullptr : macro->second;
}

std::string ConditionCompiler::hint_for_macro(const MacroError& error,
                                              const CompiledCondition& condition) const {
  if (!sink_.wants_hints()) {
    return {};
  }
  if (macro_index_.count(error.macro) > 0) {
    return "a macro sees only macros that are defined before it";
  }
  // The name can be an item of a list that stands where only a macro can.
  const ListSubstitution* lists = lists_in(error.span.source, condition);
  const std::uint32_t use = lists == nullptr ? ListUse::kNone : lists->use_at(error.span.begin);
  if (use != ListUse::kNone) {
    const std::string& list = definitions_.lists.rows()[lists->uses[use].list].name;
    return "'" + list + "' is a list: compare a field with it, for example 'proc.name in (" + list +
           ")'";
  }
  return did_you_mean(error.macro, names_of(definitions_.macros));
}

std::vector<DiagnosticNote> ConditionCompiler::notes_of(const ConditionPlace& place) const {
  std::vector<DiagnosticNote> notes = expansions_.notes(place.expansion);
  const ListSubstitution* lists = lists_in(place.span.source, *place.condition);
  if (lists == nullptr) {
    return notes;
  }
  std::vector<DiagnosticNote> uses;  // innermost first
  for (std::uint32_t use = lists->use_at(place.span.begin); use != ListUse::kNone;
       use = lists->uses[use].parent) {
    const ListUse& row = lists->uses[use];
    uses.push_back(DiagnosticNote{
        row.name, "in list '" + definitions_.lists.rows()[row.list].name + "', used here"});
  }
  notes.insert(notes.end(), uses.rbegin(), uses.rend());
  return notes;
}

void ConditionCompiler::report(Mistake mistake, const ConditionPlace& place) {
  const CompiledCondition& condition = *place.condition;
  mistake.context = place.context;
  mistake.span = place.span;
  const YamlMark position =
      place.falco.source == SourceId::kNone ? YamlMark{} : position_of(place.falco);
  mistake.expression = ExpressionPlace{
      place.shows_substituted_text ? condition.substitution.text.text() : condition.text.text(),
      position};
  std::vector<DiagnosticNote> notes = notes_of(place);
  mistake.notes.insert(mistake.notes.end(), notes.begin(), notes.end());
  sink_.report(std::move(mistake));
}

ConditionPlace ConditionCompiler::place_of(const CompiledCondition& condition,
                                           const RuleSource& rule, SourceSpan span) {
  ConditionPlace place{&condition, rule.condition_context, span, span, ExpansionId::kNone, false};
  if (const Node* check = find_check(*condition.tree, span); check != nullptr) {
    // Falco remembers the field that it looked at last.
    const bool is_inner =
        check->check.left.as_transformer() != nullptr && contains(check->check.left.span(), span);
    place.falco = is_inner ? span : check->span;
    place.expansion = check->expansion;
  }
  return place;
}

void ConditionCompiler::report_compile_error(const CompiledCondition& condition,
                                             const RuleSource& rule, LoadCode code,
                                             const std::string& message, SourceSpan span) {
  Explanation explanation =
      explain(message, fields_, DiagnosticCode::kInvalidCondition, sink_.wants_hints());
  const bool is_skipped = code == LoadCode::kUnknownFilter;
  if (is_skipped) {
    explanation.code = DiagnosticCode::kRuleSkipped;
    explanation.message = "rule '" + rule.name + "' is skipped: " +
                          (explanation.message.empty() ? message : explanation.message);
  }
  report(Mistake{.code = code,
                 .diagnostic = explanation.code,
                 .message = message,
                 .own_message = std::move(explanation.message),
                 .hint = std::move(explanation.hint)},
         place_of(condition, rule, span));
}

}  // namespace saker
