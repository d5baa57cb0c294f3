// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Rule files to a rule set: YAML -> definitions -> lists, macros, exceptions and overrides in place
// -> RuleSet. Every mistake becomes a diagnostic; a load with errors gives no rule set.
//
//   LoadResult loaded = load_rules(files, options, fields);
//   for (const Diagnostic& d : loaded.diagnostics.all()) { print(render_text(d, loaded.sources)); }
//   if (loaded.rules != nullptr) { ... }
//
// As in Falco, after each file everything read so far is compiled, so that every file must be
// complete with those before it. Reading files from disk is the caller's work.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/base/diagnostics.h"
#include "engine/base/source_map.h"
#include "engine/field/field_catalogue.h"
#include "engine/ruleset/ruleset.h"
#include "rules/loader/describe_rules.h"
#include "rules/loader/load_options.h"
#include "rules/loader/load_problem.h"
#include "rules/loader/rule_trees.h"

namespace saker {

struct RuleFile {
  std::string name;
  std::string text;
};

// What is to be said of one file.
struct FileReport {
  std::string name;
  bool is_valid = true;
  bool has_schema_check = false;             // false: not YAML, or no document with content
  std::vector<std::string> schema_warnings;  // none: the file fits the schema
  // In the order of the passes. Falco stops at the first error: its view ends with that.
  std::vector<LoadProblem> problems;
};

// Mistakes for which Falco ends without a word on the files.
struct FatalProblem {
  enum class Kind : std::uint8_t { kNone, kRuntime, kPluginRequirement };

  Kind kind = Kind::kNone;
  std::string message;
};

struct LoadResult {
  std::vector<FileReport> files;  // as given
  FatalProblem fatal;
  Diagnostics diagnostics;               // of all files, each problem once
  SourceMap sources;                     // what the diagnostics point at
  std::shared_ptr<const RuleSet> rules;  // null after an error
  RulesDescription description;          // only with LoadOptions::describes, and without errors
  std::unique_ptr<RuleTrees> trees;      // only with LoadOptions::keeps_trees, and without errors
};

[[nodiscard]] LoadResult load_rules(std::span<const RuleFile> files, const LoadOptions& options,
                                    std::shared_ptr<const FieldCatalogue> fields);

}  // namespace saker
