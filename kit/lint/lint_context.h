// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What lints look at, and where they report. A lint is a function over the context; lint_rules.h
// runs all of them.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kit/lint/finding.h"
#include "kit/solve/rule_logic.h"
#include "rules/loader/load_rules.h"
#include "rules/loader/yaml_source.h"

namespace saker::kit {

// A rule with its tree.
struct RuleView {
  const RuleSource* source = nullptr;
  const CompiledCondition* condition = nullptr;
  const Rule* rule = nullptr;  // in the rule set
  SatLiteral literal;
  bool is_live = false;  // enabled, of source syscall, and can match
};

struct MacroView {
  const MacroSource* source = nullptr;
  const Node* tree = nullptr;
  SatLiteral literal;
};

// What a report may have besides code, place and message.
struct Details {
  std::string item = {};
  std::string hint = {};
  std::optional<Witness> witness = {};
  std::vector<DiagnosticNote> notes = {};
  std::vector<Edit> fix = {};
};

// A parsed file, for lints that look at items as they are written.
struct FileView {
  SourceId source = SourceId::kNone;
  const YamlFile* yaml = nullptr;
};

class LintContext {
public:
  // `loaded` has trees. All must outlive the context.
  LintContext(const LoadResult& loaded, const FieldCatalogue& fields,
              std::span<const FileView> files);

  [[nodiscard]] const LoadResult& loaded() const { return loaded_; }
  [[nodiscard]] const RuleTrees& trees() const { return *loaded_.trees; }
  [[nodiscard]] const FieldCatalogue& fields() const { return fields_; }
  [[nodiscard]] std::span<const FileView> files() const { return files_; }
  [[nodiscard]] RuleLogic& logic() { return logic_; }
  [[nodiscard]] const std::vector<RuleView>& rules() const { return rules_; }
  [[nodiscard]] const std::vector<MacroView>& macros() const { return macros_; }

  // `code` is in the table of lints. Text of nodes and definitions may be given as it is.
  void report(std::string_view code, SourceSpan span, std::string message, Details details = {});
  [[nodiscard]] std::vector<Finding> take() { return std::move(findings_); }

  // Each check that stands in the text of a rule or macro itself, not in a macro used there.
  // `is_negated`: under an odd number of `not`. `item`: the name of the rule or macro.
  struct OwnCheck {
    const Node* node = nullptr;
    const Node* parent = nullptr;  // null for the root
    bool is_negated = false;
    const std::string* item = nullptr;
    SatLiteral whole;                // the condition of the rule or macro
    const RuleView* rule = nullptr;  // null in macros
  };
  void for_each_own_check(const std::function<void(const OwnCheck&)>& visit) const;

  // Bytes of the file at a span of a condition.
  [[nodiscard]] SourceSpan to_file(SourceSpan span) const { return loaded_.sources.to_file(span); }

private:
  const LoadResult& loaded_;
  const FieldCatalogue& fields_;
  std::span<const FileView> files_;
  RuleLogic logic_;
  std::vector<RuleView> rules_;
  std::vector<MacroView> macros_;
  std::vector<Finding> findings_;
};

using LintPass = void (*)(LintContext&);

}  // namespace saker::kit
