// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// The output of a rule: its own text with everything that the configuration appends, compiled.
// Source: falco-compat.md 2.7, 2.12.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "engine/ruleset/output_template.h"
#include "rules/loader/compile_hints.h"
#include "rules/loader/definitions.h"
#include "rules/loader/load_options.h"
#include "rules/loader/problem_sink.h"

namespace saker {

class OutputCompiler {
public:
  // All must outlive the compiler.
  OutputCompiler(std::span<const OutputAddition> additions, const FieldCatalogue& fields,
                 SourceMap& sources, ProblemSink& sink);

  // Nothing after reporting an error, or that the rule is skipped.
  [[nodiscard]] std::optional<OutputTemplate> compile(const RuleSource& rule);

private:
  void warn_deprecated_fields(const RuleSource& rule, const SpannedText& output);
  // `text` begins behind a '%' that no field follows.
  [[nodiscard]] Explanation explain_unknown(std::string_view text) const;
  [[nodiscard]] Explanation explain_mistake(const CompileError& error) const;
  void report(const RuleSource& rule, const CompileError& error, Explanation explanation);
  // Reports what else is wrong with a template whose first mistake is `error`.
  void report_further(const RuleSource& rule, std::string text, SourceId source,
                      CompileError error);
  std::optional<OutputTemplate> compile(const RuleSource& rule, std::string_view text,
                                        SourceId source);

  std::span<const OutputAddition> additions_;
  const FieldCatalogue& fields_;
  SourceMap& sources_;
  ProblemSink& sink_;
  std::string suggested_;  // what suggested_output appends
};

// True when the addition is meant for the rule.
[[nodiscard]] bool matches(const OutputAddition& addition, const RuleSource& rule);

}  // namespace saker
