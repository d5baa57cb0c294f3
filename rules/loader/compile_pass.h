// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Compiles all definitions once: macros, then rules in order, then what is used by nobody. After
// each file of a load there is one pass; only the last one keeps what it makes.
#pragma once

#include <memory>
#include <string>

#include "rules/loader/condition_compiler.h"
#include "rules/loader/definitions.h"
#include "rules/loader/load_options.h"
#include "rules/loader/output_compiler.h"
#include "rules/loader/problem_sink.h"
#include "rules/loader/rule_trees.h"
#include "rules/loader/rules_describer.h"

namespace saker {

class CompilePass {
public:
  // What the pass is for.
  enum class Goal : std::uint8_t {
    kCheck,   // find mistakes
    kKeep,    // and make a rule set
    kRepair,  // find more mistakes in a file that has one already; nothing about unused names
  };

  // All must outlive the pass.
  CompilePass(const Definitions& definitions, const LoadOptions& options,
              std::shared_ptr<const FieldCatalogue> fields, SourceMap& sources, ProblemSink& sink);

  void run(Goal goal);

  // After kKeep without errors.
  [[nodiscard]] std::shared_ptr<const RuleSet> take_rules();
  [[nodiscard]] RulesDescription take_description() { return describer_.take(); }
  // With LoadOptions::keeps_trees; without definitions and contexts. Ends the pass.
  [[nodiscard]] std::unique_ptr<RuleTrees> take_trees();
  // Not empty where Falco ends with a run-time error.
  [[nodiscard]] const std::string& runtime_error() const { return runtime_error_; }

private:
  void compile_rule(const RuleSource& rule, Goal goal);
  [[nodiscard]] bool check(const RuleSource& rule, const CompiledCondition& condition);
  [[nodiscard]] bool add(const RuleSource& rule, const CompiledCondition& condition,
                         const OutputTemplate& output);
  void report_doubtful_fields(const RuleSource& rule, const CompiledCondition& condition);
  void report_compile_error(const RuleSource& rule, const CompiledCondition& condition,
                            const CompileError& error);
  void report_runtime_error(const RuleSource& rule, const CompiledCondition& condition,
                            const CompileError& error);
  void report_warnings(const RuleSource& rule, const CompiledCondition& condition);
  void report_pcre2(const RuleSource& rule, const CompiledCondition& condition);
  void report_many_event_types(const RuleSource& rule);
  void report_unused();
  [[nodiscard]] bool is_selected(const RuleSource& rule) const;

  const Definitions& definitions_;
  const LoadOptions& options_;
  std::shared_ptr<const FieldCatalogue> fields_;
  SourceMap& sources_;
  ProblemSink& sink_;
  ConditionCompiler conditions_;
  OutputCompiler outputs_;
  RuleSetBuilder builder_;
  RulesDescriber describer_;
  std::string runtime_error_;
  std::vector<std::unique_ptr<CompiledCondition>> kept_;  // by rule; with keeps_trees
};

}  // namespace saker
