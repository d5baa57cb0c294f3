// SPDX-License-Identifier: Apache-2.0
// Copyright the Saker authors
//
// What a load takes besides the files: engine and plugin versions, and the configuration's `rules`,
// `priority` and `append_output`. Source: falco-compat.md 4.3.
#pragma once

#include <string>
#include <vector>

#include "engine/ruleset/ruleset.h"
#include "rules/loader/version.h"

namespace saker {

// Enables or disables rules after loading; applied in order. With both a name and a tag, each of
// them selects.
struct RuleSelector {
  bool is_enable = true;
  std::string rule;  // pattern with `*`; empty: not given
  std::string tag;   // exact; empty: not given
};

// Something to add to the output of the rules that fulfil every condition given.
struct OutputAddition {
  struct ExtraField {
    std::string key;
    std::string format;  // empty: `key` is a field, whose value is added
  };

  std::string match_source;             // empty: any
  std::vector<std::string> match_tags;  // the rule has them all
  std::string match_rule;               // empty: any
  std::string extra_output;
  std::vector<ExtraField> extra_fields;
  bool suggested_output = false;  // also every field that the catalogue suggests
};

struct LoadedPlugin {
  std::string name;
  Version version;
};

struct LoadOptions {
  Priority min_priority = Priority::kDebug;  // rules below it never match
  std::vector<RuleSelector> selectors;
  std::vector<OutputAddition> additions;
  Version engine{0, 63, 0};
  std::vector<LoadedPlugin> plugins{{"container", Version{0, 7, 1}}};
  RegexOptions regex;
  std::vector<std::string> sources{"syscall"};  // event sources that have events
  bool describes = false;                       // fill LoadResult::description
  bool keeps_trees = false;                     // fill LoadResult::trees
};

}  // namespace saker
