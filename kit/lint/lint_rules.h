// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// Everything that can be said of rule files: loading and all lints.
//
//   CheckedRules checked = lint_rules(files);
//   for (const Finding& finding : checked.findings) { … }
#pragma once

#include <span>
#include <vector>

#include "kit/lint/finding.h"
#include "rules/loader/load_rules.h"

namespace saker::kit {

struct CheckedRules {
  LoadResult loaded;              // with trees, if the rules load
  std::vector<Finding> findings;  // by file and place, with fingerprints
};

[[nodiscard]] CheckedRules lint_rules(std::span<const RuleFile> files);

// The passes of the lints, one per family (file).
class LintContext;
namespace lints {
void truth(LintContext& context);       // truth.cc: what is always true or false
void pairs(LintContext& context);       // pairs.cc: rules beside each other
void events(LintContext& context);      // events.cc: event types and directions
void nullable(LintContext& context);    // nullable.cc: fields without a value
void paths(LintContext& context);       // paths.cc: paths as programs gave them
void lists(LintContext& context);       // lists.cc: items
void names(LintContext& context);       // names.cc: equal lists and macros
void exceptions(LintContext& context);  // exceptions.cc
void overrides(LintContext& context);   // overrides.cc: items that change nothing
void cost(LintContext& context);        // cost.cc: expensive checks
void deprecated(LintContext& context);  // deprecated.cc: with migration
void outputs(LintContext& context);     // outputs.cc: fields without a value
void metadata(LintContext& context);    // metadata.cc: description, tags, priority
}  // namespace lints

}  // namespace saker::kit
