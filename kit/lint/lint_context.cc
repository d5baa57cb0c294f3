// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
#include "kit/lint/lint_context.h"

#include <algorithm>
#include <map>

#include "engine/base/check.h"
#include "kit/lint/lint_table.h"

namespace saker::kit {

namespace {

void visit_own(const Node& node, const LintContext::OwnCheck& at,
               const std::function<void(const LintContext::OwnCheck&)>& visit) {
  if (node.expansion != ExpansionId::kNone) {
    return;
  }
  if (node.kind == NodeKind::kCheck) {
    LintContext::OwnCheck check = at;
    check.node = &node;
    visit(check);
    return;
  }
  for (const auto& child : node.children) {
    LintContext::OwnCheck below = at;
    below.parent = &node;
    below.is_negated = at.is_negated != (node.kind == NodeKind::kNot);
    visit_own(*child, below, visit);
  }
}

}  // namespace

LintContext::LintContext(const LoadResult& loaded, const FieldCatalogue& fields,
                         std::span<const FileView> files)
    : loaded_(loaded), fields_(fields), files_(files), logic_(fields) {
  std::map<std::string_view, const Rule*> by_name;
  for (const Rule& rule : loaded.rules->rules()) {
    by_name[rule.name] = &rule;
  }
  const auto& sources = trees().definitions.rules.rows();
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const CompiledCondition* condition = trees().rules[i].get();
    const auto rule = by_name.find(sources[i].name);
    if (condition == nullptr || condition->tree == nullptr || rule == by_name.end()) {
      continue;
    }
    if (const auto literal = logic_.literal_of(*condition->tree)) {
      rules_.push_back({&sources[i], condition, rule->second, *literal,
                        rule->second->is_enabled && rule->second->source == "syscall"});
    }
  }
  for (std::size_t i = 0; i < trees().macros.size(); ++i) {
    const Node* tree = trees().macros[i].tree.get();
    if (tree == nullptr) {
      continue;
    }
    if (const auto literal = logic_.literal_of(*tree)) {
      macros_.push_back({&trees().definitions.macros.rows()[i], tree, *literal});
    }
  }
  logic_.finish();
  for (RuleView& view : rules_) {
    view.is_live = view.is_live && logic_.ask({view.literal}) != SatAnswer::kNo;
  }
}

void LintContext::report(std::string_view code, SourceSpan span, std::string message,
                         Details details) {
  const LintInfo* info = find_lint(code);
  SAKER_CHECK(info != nullptr);
  Finding finding;
  finding.code = code;
  finding.severity = info->severity;
  finding.span = to_file(span);
  finding.message = std::move(message);
  finding.item = std::move(details.item);
  finding.notes = std::move(details.notes);
  for (DiagnosticNote& note : finding.notes) {
    note.span = to_file(note.span);
  }
  finding.hint = std::move(details.hint);
  finding.witness = details.witness ? to_text(*details.witness) : "";
  finding.fix = std::move(details.fix);
  findings_.push_back(std::move(finding));
}

void LintContext::for_each_own_check(const std::function<void(const OwnCheck&)>& visit) const {
  for (const RuleView& view : rules_) {
    visit_own(*view.condition->tree,
              {.item = &view.source->name, .whole = view.literal, .rule = &view}, visit);
  }
  for (const MacroView& view : macros_) {
    visit_own(*view.tree, {.item = &view.source->name, .whole = view.literal}, visit);
  }
}

}  // namespace saker::kit
