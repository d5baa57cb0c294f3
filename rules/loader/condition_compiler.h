// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// From the text of a condition to a tree without lists and macros, for all macros and rules of one
// pass. Knows how Falco names the place of a mistake, and how ours leads back through lists and
// macros to the file.
//
//   ConditionCompiler conditions(definitions, fields, sources, sink);
//   conditions.compile_macros();
//   auto condition = conditions.compile(rule);   // null after reporting
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/growth_limit.h"
#include "engine/field/field_catalogue.h"
#include "engine/lang/list_substitution.h"
#include "engine/lang/macro_resolver.h"
#include "engine/lang/parser.h"
#include "rules/loader/definitions.h"
#include "rules/loader/problem_sink.h"

namespace saker {

struct RuleTrees;

// A list with the items of the lists that it names put in their place.
struct CompiledList {
  std::vector<std::string> items;
  std::vector<std::string> lists;  // named in it
  bool is_used = false;
};

struct CompiledMacro {
  std::unique_ptr<Node> parsed;  // with macro nodes; null after an error
  std::unique_ptr<Node> tree;    // without; null after an error
  bool is_used = false;
  bool has_failed = false;  // reported; what uses it is not worth another message
};

// A condition on its way. Owns what its diagnostics refer to.
struct CompiledCondition {
  SpannedText text;  // with exceptions, before lists
  SourceId source = SourceId::kNone;
  ListSubstitution substitution;
  std::unique_ptr<Node> tree;
};

// Where in a condition something is wrong.
struct ConditionPlace {
  const CompiledCondition* condition = nullptr;
  const ItemContext* context = nullptr;  // what Falco's expression step stands in
  SourceSpan span;                       // what we point at
  SourceSpan falco;                      // what Falco points at; kNone: nothing
  ExpansionId expansion = ExpansionId::kNone;
  bool shows_substituted_text = false;
};

class ConditionCompiler {
public:
  // Work of one pass over all macros and rules: text after lists are put in, nodes after macros
  // are. A small file can ask for any amount of it by naming large macros and lists many times.
  static constexpr std::size_t kMaxTextBytes = growth_limit(std::size_t{256} << 20);
  static constexpr std::size_t kMaxRuleNodes = growth_limit(30'000'000);
  static constexpr std::size_t kMaxMacroNodes =
      growth_limit(1'000'000);  // these stay until the pass ends

  // All must outlive the compiler. `sources` grows by virtual sources.
  ConditionCompiler(const Definitions& definitions, const FieldCatalogue& fields,
                    SourceMap& sources, ProblemSink& sink);

  // In index order, as Falco does: parses all, then resolves each.
  void compile_macros();
  // Parses and resolves the condition of a rule with its exceptions. Null after reporting.
  [[nodiscard]] std::unique_ptr<CompiledCondition> compile(const RuleSource& rule);
  // Frees the text of the condition that was compiled last, if nothing was reported of it.
  void release(const CompiledCondition& condition);

  // Reports with code, message, hint and own wording of `mistake` at a place in a condition.
  void report(Mistake mistake, const ConditionPlace& place);
  // The place of `span` in the checks of a rule's condition, with the macros that led there.
  [[nodiscard]] static ConditionPlace place_of(const CompiledCondition& condition,
                                               const RuleSource& rule, SourceSpan span);
  // Reports what check_condition() says of a compiled condition.
  void report_compile_error(const CompiledCondition& condition, const RuleSource& rule,
                            LoadCode code, const std::string& message, SourceSpan span);

  // Hands over lists, macros and expansions (rule_trees.h); the compiler is of no use afterwards.
  void move_into(RuleTrees& trees);

  [[nodiscard]] const std::vector<CompiledList>& lists() const { return lists_; }
  [[nodiscard]] const std::vector<CompiledMacro>& macros() const { return macros_; }

private:
  void expand_lists();
  void compile_macro(std::size_t index);
  void resolve_macro(std::size_t index);
  // Substitutes and parses; null after reporting at `context`.
  std::unique_ptr<CompiledCondition> parse(SpannedText text, const ItemContext& context);
  // The definition of a macro for whoever uses it; null when it has none.
  const Node* use_macro(std::string_view name, std::uint32_t visibility);
  void report_macro_error(const MacroError& error, const CompiledCondition& condition,
                          const ItemContext& item);
  // Counts `amount` against `limit`; false after reporting that it is used up.
  bool spend(std::size_t amount, std::size_t limit, std::size_t& spent, const ItemContext& context);
  // Line and column as the condition parser counts them.
  [[nodiscard]] YamlMark position_of(SourceSpan span);
  [[nodiscard]] bool is_broken(const std::string& macro) const;
  [[nodiscard]] std::string hint_for_macro(const MacroError& error,
                                           const CompiledCondition& condition) const;
  // The lists put into the text of a source: the condition's own, or a macro's. Null for others.
  [[nodiscard]] const ListSubstitution* lists_in(SourceId source,
                                                 const CompiledCondition& condition) const;
  [[nodiscard]] std::vector<DiagnosticNote> notes_of(const ConditionPlace& place) const;

  const Definitions& definitions_;
  const FieldCatalogue& fields_;
  SourceMap& sources_;
  ProblemSink& sink_;
  ExpansionTable expansions_;
  std::vector<CompiledList> lists_;
  std::optional<ListSubstituter> substituter_;
  std::vector<CompiledMacro> macros_;
  std::vector<std::unique_ptr<CompiledCondition>> macro_conditions_;     // as macros_
  std::unordered_map<SourceId, const ListSubstitution*> substitutions_;  // of macros
  std::unordered_map<std::string_view, std::size_t> macro_index_;
  std::size_t spent_bytes_ = 0;
  std::size_t spent_rule_nodes_ = 0;
  std::size_t spent_macro_nodes_ = 0;
  // The last answer of position_of(): problems mostly come in the order of the text.
  SourceId last_source_ = SourceId::kNone;
  YamlMark last_position_;
};

}  // namespace saker
